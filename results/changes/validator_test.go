package changes

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"unicode"
)

const date = "Wed, 21 Oct 2015 07:28:00 GMT"

// TestWhichTagsAreSentBack: entity-tags, and those that only lack their quotes.
func TestWhichTagsAreSentBack(t *testing.T) {
	for _, tag := range []string{
		`"x"`, `W/"x"`, `""`, `"*"`, `"a,b"`, `"!#$%&'()*+-./:;<=>?@[\]^_{|}~"`, `"5f3-gzip"`,
		"x", "bxyV1WsBXaU8VEI7_C0d", "W/x", "a=b:c/d+e==", "**", `"` + strings.Repeat("x", maxETag-2) + `"`,
	} {
		if got := entityTag(tag); got != tag {
			t.Errorf("%q is sent as %q", tag, got)
		}
	}
	for _, tag := range []string{
		"", "*", "W/", "W/*", "a,b", "*, x", `"`, `"x`, `x"`, `W/"x`, `w/"x"`, `W/ "x"`, `"x" `, ` "x"`, `"x", "y"`, `"x"-gzip`, `"a"b"`,
		"a b", `"a b"`, "\"a\tb\"", "\"a\r\nX: y\"", "\"a\x00\"", "\"a\x7f\"", "\"\u0085\"", "\"\xe9\"", `"é"`, "a\x1b[31m", "\u009b", strings.Repeat("x", maxETag+1),
	} {
		if got := entityTag(tag); got != "" {
			t.Errorf("%q is sent as %q", tag, got)
		}
	}
}

// TestWhichDatesAreSentBack: those of the one form that a request may have.
func TestWhichDatesAreSentBack(t *testing.T) {
	for _, d := range []string{date, "Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 21 Oct 2015 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		if got := httpDate(d); got != d {
			t.Errorf("%q is sent as %q", d, got)
		}
	}
	for _, d := range []string{
		"", "0", "-1", "now", "2015-10-21T07:28:00Z", "Wednesday, 21-Oct-15 07:28:00 GMT", "Wed Oct 21 07:28:00 2015",
		"Wed, 21 Oct 2015 07:28:00 UTC", "Wed, 21 Oct 2015 07:28:00 +0000", "Wed, 32 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2015 07:28:00.000 GMT",
		"Wed, 21 Oct 2015 25:28:00 GMT", "Wed, 1 Oct 2015 07:28:00 GMT", date + " ", date + "\r\nX: y", "\x00" + date[1:],
	} {
		if got := httpDate(d); got != "" {
			t.Errorf("%q is sent as %q", d, got)
		}
	}
}

// TestWhatServersSentInvalidIsNotEchoed: neither what comes now, nor what an older
// version has kept; and a 304 with an invalid one takes none away.
func TestWhatServersSentInvalidIsNotEchoed(t *testing.T) {
	path := seen(t)
	run(t, path, 2, withTags(record("u", "ok a"), `"a b"`, "yesterday", ""))
	if text := read(t, path); strings.Contains(text, "a b") || strings.Contains(text, "yesterday") {
		t.Error(text)
	}
	if v, ok := open(t, path, 2).Known(Request{URL: "u"}); ok {
		t.Error(v)
	}
	run(t, path, 2, withTags(record("u", "ok a"), `"a"`, date, ""))
	run(t, path, 2, withTags(record("u", "304"), `"a" b`, "0", ""))
	if v, _ := open(t, path, 2).Known(Request{URL: "u"}); (v != Validators{"u", `"a"`, date}) {
		t.Error(v)
	}
	must(t, os.WriteFile(path, []byte(header+`{"url":"u","state":"ok","status":200,"etag":"\"a b\"","last_modified":"0"}`+"\n"), 0o600))
	if v, ok := open(t, path, 2).Known(Request{URL: "u"}); ok {
		t.Error(v)
	}
}

// FuzzValidators: whatever a server sent, what is sent back is a field value of
// visible ASCII, the same, and no list.
func FuzzValidators(f *testing.F) {
	for _, seed := range []string{`"x"`, `W/"x"`, "x", "*", "a,b", "\"a\r\nb\"", date, "0", "\x7f", "é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if tag := entityTag(text); tag != "" {
			quotes := strings.Count(tag, `"`)
			if tag != text || strings.ContainsFunc(tag, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsGraphic(r) }) || quotes != 0 && quotes != 2 ||
				quotes == 0 && strings.ContainsAny(tag, ", ") || tag == "*" {
				t.Errorf("%q is sent as %q", text, tag)
			}
			if !isText(tag, maxETag) {
				t.Errorf("%q cannot be kept", tag)
			}
		}
		if d := httpDate(text); d != "" {
			at, err := http.ParseTime(d)
			if d != text || err != nil || at.UTC().Format(http.TimeFormat)[3:] != d[3:] {
				t.Errorf("%q is sent as %q: %v, %v", text, d, at, err)
			}
		}
	})
}
