package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"crawl/results"
	"crawl/results/report"
)

// good is a line that is a record.
const good = `{"schema":1,"url":"https://a.example/","ok":true,"status":200}`

// Whatever stands between the records, each of them is in the report, and the
// rest is counted with its first line.
func TestWhatIsNoRecordIsPassedOver(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		records int64
		skipped int64
		first   int64
	}{
		"nothing":                 {"", 0, 0, 0},
		"white space":             {" \n\t\r\n\n", 0, 0, 0},
		"records":                 {good + "\n" + good + "\n", 2, 0, 0},
		"no last newline":         {good + "\n" + good, 2, 0, 0},
		"BOM and CRLF":            {"\xef\xbb\xbf" + good + "\r\n\r\n" + good + "\r\n", 2, 0, 0},
		"text":                    {"200 https://a.example/\n" + good + "\n", 1, 1, 1},
		"a torn record":           {good + "\n" + good[:20] + "\n" + good, 2, 1, 2},
		"two on a line":           {good + good + "\n" + good, 1, 1, 1},
		"other JSON":              {"1\n\"x\"\nnull\n{}\n{\"url\":null}\n" + good, 1, 5, 1},
		"another schema":          {`{"schema":2,"url":"https://a.example/","ok":true}` + "\n" + good, 1, 1, 1},
		"other types":             {`{"url":"https://a.example/","status":"200"}` + "\n" + `{"url":1}` + "\n", 0, 2, 1},
		"an array":                {"\n[" + good + ",\n" + good + "]\n", 2, 0, 0},
		"an array with others":    {"[1," + good + ",{}]", 1, 2, 1},
		"an empty array":          {" [ ] ", 0, 0, 0},
		"an array that breaks":    {"[" + good + ",{\"url\":", 1, 1, 2},
		"an array without an end": {"[" + good, 1, 1, 2},
		"no array":                {"[" + good + " " + good + "]", 1, 1, 2},
		"a bracket":               {"[", 0, 1, 1},
	} {
		r := report.New(report.Options{})
		skipped, err := r.Read(t.Context(), name, strings.NewReader(c.text))
		if err != nil || r.Records() != c.records || skipped.Lines != c.skipped || skipped.First != c.first || (skipped.Why == nil) != (c.skipped == 0) {
			t.Errorf("%s: %d records, %+v, %v; want %+v", name, r.Records(), skipped, err, c)
		}
	}
}

// A line of any length is passed over without being held.
func TestALineThatIsTooLongIsPassedOver(t *testing.T) {
	for name, c := range map[string]struct{ before, after string }{
		"line":    {good + "\n", "\n" + good + "\n"},
		"element": {"[" + good + ",\"", "\"]"},
	} {
		const length = 65 << 20
		src := io.MultiReader(strings.NewReader(c.before), io.LimitReader(endless{}, length), strings.NewReader(c.after))
		r := report.New(report.Options{})
		skipped, err := r.Read(t.Context(), name, src)
		if err != nil || skipped.Lines != 1 || skipped.First != 2 || skipped.Why.Error() != "it is longer than 64 MiB" {
			t.Errorf("%s: %+v, %v", name, skipped, err)
		}
		if want := int64(strings.Count(c.before+c.after, good)); r.Records() != want {
			t.Errorf("%s: %d records, want %d", name, r.Records(), want)
		}
	}
}

// An array may be longer than a record may be.
func TestAnArrayOfAnyLengthIsRead(t *testing.T) {
	const n = 70
	element := strings.NewReplacer("TITLE", strings.Repeat("a", 1<<20)).Replace(`{"url":"http://a/","ok":true,"title":"TITLE"},`)
	parts := []io.Reader{strings.NewReader("[")}
	for range n {
		parts = append(parts, strings.NewReader(element))
	}
	r := report.New(report.Options{})
	skipped, err := r.Read(t.Context(), "x", io.MultiReader(append(parts, strings.NewReader("{}]"))...))
	if err != nil || r.Records() != n || skipped.Lines != 1 || skipped.First != n+1 {
		t.Errorf("%d records, %+v, %v", r.Records(), skipped, err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

// A fault of the reader is told as it is, and so is the end of ctx.
func TestAReaderThatFailsIsTold(t *testing.T) {
	fire := errors.New("disk on fire")
	for _, before := range []string{"", good + "\n", "[" + good + ",", "[" + good[:9]} {
		r := report.New(report.Options{})
		_, err := r.Read(t.Context(), "x", io.MultiReader(strings.NewReader(before), failing{fire}))
		if !errors.Is(err, fire) || r.Records() != int64(strings.Count(before, good)) {
			t.Errorf("%q: %d records, %v", before, r.Records(), err)
		}
	}
	for _, text := range []string{good, "[" + good + "]"} {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(fire)
		if _, err := report.New(report.Options{}).Read(ctx, "x", strings.NewReader(text)); !errors.Is(err, fire) {
			t.Errorf("%v", err)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// Whatever is read, each line is a record or is counted, the page can be
// written, and its data is JSON that no text of a stranger ends.
func FuzzRead(f *testing.F) {
	for _, r := range append(hostile(), site(1)...) {
		f.Add(results.AppendJSON(nil, r))
	}
	f.Add([]byte("[" + good + "," + good + "]"))
	f.Add([]byte(good + "\nx\n" + good))
	f.Add([]byte(`{"url":"http://x","started_at":"0000-01-01T00:00:00Z","time":{"total":1e300,"queue":-1},"status":-5,"size":-1,"redirects":[{"url":"http://x"}],"depth":3,"change":"new"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r := report.New(report.Options{Rows: 3})
		skipped, err := r.Read(t.Context(), "x", bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(bytes.TrimPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("\xef\xbb\xbf")), []byte("[")) {
			lines := int64(0)
			for line := range bytes.Lines(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))) {
				if len(bytes.TrimSpace(line)) > 0 {
					lines++
				}
			}
			if r.Records()+skipped.Lines != lines {
				t.Fatalf("%d records and %d skipped of %d lines", r.Records(), skipped.Lines, lines)
			}
		}
		var page bytes.Buffer
		if err := r.WriteHTML(&page, made); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(strings.ToLower(page.String()), "</script"); n != 2 {
			t.Fatalf("%d scripts end", n)
		}
		if !json.Valid(dataOf(page.Bytes())) {
			t.Fatal("the data is no JSON")
		}
	})
}

// dataOf is the data of a page's table.
func dataOf(page []byte) []byte {
	_, rest, _ := bytes.Cut(page, []byte(`<script id="data" type="application/json">`))
	data, _, _ := bytes.Cut(rest, []byte("</script>"))
	return data
}
