package changes

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// FuzzLoad: whatever stands in the file, it is refused in words, or every entry can
// be found, is kept over a run that meets none, and may be written anew.
func FuzzLoad(f *testing.F) {
	const e = `{"url":"u","state":"ok","status":200}` + "\n"
	for _, text := range []string{"", header, header + e, header + e + e, header + e[:10], header + "{\"url\":\"u\",\"failed\":3}",
		header + "\n", header + `{"url":"\u0000","method":"HEAD","own":"x","etag":"\"x\"","last_modified":"now","final_url":"v","state":"ok","status":200}`,
		strings.Repeat("\n", 9), header[1:], header2 + e + "{\"entries\":1}\n", header2 + e, header2 + "{\"entries\":0}", header2 + e + "{\"entries\":2}", header2 + "{\"entries\":0}\n" + e, header + `{"URL":"u"}` + "\r\n" + e, header + `{"url":"` + "\xff" + `"}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		x := newIndex(bytes.NewReader(text))
		salt, err := x.load("seen")
		if err != nil {
			var format *FormatError
			if !errors.As(err, &format) || format.Path != "seen" {
				t.Fatal(err)
			}
			return
		}
		kept := []byte(header2)
		must(t, x.unmet(func(line []byte) error {
			kept = append(kept, line...)
			e, err := decode(line)
			must(t, err)
			found, at, err := x.find(e.request())
			if err != nil || at < 0 || found.request() != e.request() {
				t.Fatalf("%+v is not found: %+v (%v)", e, found, err)
			}
			found.validators()
			var b bytes.Buffer
			must(t, newEncoder(&b).Encode(e))
			if again, err := decode(b.Bytes()); err != nil || again != e {
				t.Fatalf("%+v is written as %s (%v)", e, b.Bytes(), err)
			}
			return nil
		}))
		n := int64(len(x.slots))
		kept = append(kept, encode(foot{&n})...)
		y := newIndex(bytes.NewReader(kept))
		if _, err := y.load("kept"); err != nil || len(y.slots) != len(x.slots) || len(salt) != 16 {
			t.Fatalf("%d entries have become %d (%v)", len(x.slots), len(y.slots), err)
		}
	})
}
