package report_test

import (
	"bytes"
	"compress/gzip"
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
		torn    bool
	}{
		"nothing":                 {"", 0, 0, 0, false},
		"white space":             {" \n\t\r\n\n", 0, 0, 0, false},
		"records":                 {good + "\n" + good + "\n", 2, 0, 0, false},
		"no last newline":         {good + "\n" + good, 2, 0, 0, false},
		"BOM and CRLF":            {"\xef\xbb\xbf" + good + "\r\n\r\n" + good + "\r\n", 2, 0, 0, false},
		"text":                    {"200 https://a.example/\n" + good + "\n", 1, 1, 1, false},
		"a torn record":           {good + "\n" + good[:20] + "\n" + good, 2, 1, 2, false},
		"two on a line":           {good + good + "\n" + good, 1, 1, 1, false},
		"other JSON":              {"1\n\"x\"\nnull\n{}\n{\"url\":null}\n" + good, 1, 5, 1, false},
		"another schema":          {`{"schema":2,"url":"https://a.example/","ok":true}` + "\n" + good, 1, 1, 1, false},
		"other types":             {`{"url":"https://a.example/","status":"200"}` + "\n" + `{"url":1}` + "\n", 0, 2, 1, false},
		"an array":                {"\n[" + good + ",\n" + good + "]\n", 2, 0, 0, false},
		"an array with others":    {"[1," + good + ",{}]", 1, 2, 1, false},
		"an empty array":          {" [ ] ", 0, 0, 0, false},
		"an array that breaks":    {"[" + good + ",{\"url\":", 1, 0, 0, true},
		"an array without an end": {"[" + good, 1, 0, 0, true},
		"no array":                {"[" + good + " " + good + "]", 1, 1, 2, false},
		"a bracket":               {"[", 0, 0, 0, true},
		"a torn last line":        {good + "\n" + good[:20], 1, 0, 0, true},
		"a broken last line":      {good + "\n" + good[:20] + "\n", 1, 1, 2, false},
		"a last line of another":  {good + "\nthe end", 1, 1, 2, false},
		"no JSON at the end":      {good + "\n{\"url\":]}", 1, 1, 2, false},
		"a torn line alone":       {good[:20], 0, 0, 0, true},
		"jq's":                    {"{\n" + good[1:] + "\n{\r\n \"x\": 1\n}\n" + good + "\n", 2, 1, 2, false},
		"jq's, torn":              {" {\n" + good[1:] + "\n{\n \"url\": \"http", 1, 0, 0, true},
		"jq's, broken":            {"{\n" + good[1:] + "\n{\n \"url\": ]\n" + good, 1, 1, 2, false},
	} {
		r := report.New(report.Options{})
		skipped, err := r.Read(t.Context(), name, strings.NewReader(c.text))
		if err != nil || r.Records() != c.records || skipped.Lines != c.skipped || skipped.First != c.first || (skipped.Why == nil) != (c.skipped == 0) || skipped.Torn != c.torn {
			t.Errorf("%s: %d records, %+v, %v; want %+v", name, r.Records(), skipped, err, c)
		}
	}
}

// Known files that are none of JSON are told by name, at once.
func TestAnotherFormatIsNamed(t *testing.T) {
	for text, want := range map[string]string{
		"url,status\nhttps://a.example/,200\n":        "CSV",
		"\xef\xbb\xbfindex,\"url\"\r\n":               "CSV",
		"status\turl\n200\thttps://a.example/\n":      "TSV",
		"WARC/1.1\r\nWARC-Type: warcinfo\r\n":         "a WARC archive",
		packed("WARC/1.1\r\nWARC-Type: warcinfo\r\n"): "a WARC archive",
		"<!DOCTYPE html>":                             "HTML or XML",
		"SQLite format 3\x00":                         "an SQLite database",
		"\x28\xb5\x2f\xfd\x00":                        "compressed by zstd",
		"\xff\xfe{\x00\"\x00":                         "UTF-16, as the > of PowerShell writes it",
		"PK\x03\x04\x00":                              "a zip archive",
		"url\nhttps://a.example/":                     "", // one column may be anything
		"https://a.example/?a,url":                    "",
		good:                                          "",
	} {
		_, err := report.New(report.Options{}).Read(t.Context(), "x", strings.NewReader(text))
		var other *report.FormatError
		if errors.As(err, &other) != (want != "") || want != "" && other.Format != want {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func packed(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
}

// What gzip has packed is read as it is, in several members too; one that is cut off
// gives what it holds, and one that is damaged is told.
func TestWhatGzipHasPackedIsRead(t *testing.T) {
	many := packed(strings.Repeat(good+"\n", 100_000))
	damaged := []byte(packed(good + "\n"))
	damaged[len(damaged)-5] ^= 1 // its checksum
	for name, c := range map[string]struct {
		text          string
		least, most   int64
		torn, damaged bool
	}{
		"lines":    {packed(good + "\n" + good + "\n"), 2, 2, false, false},
		"array":    {packed("[" + good + "," + good + "]"), 2, 2, false, false},
		"members":  {packed(good+"\n") + packed(good), 2, 2, false, false},
		"empty":    {packed(""), 0, 0, false, false},
		"torn":     {many[:len(many)/2], 1000, 99_999, true, false},
		"no end":   {many[:len(many)-8], 100_000, 100_000, true, false},
		"only two": {"\x1f\x8b", 0, 0, true, false},
		"damaged":  {string(damaged), 0, 1, false, true},
		"no gzip":  {"\x1f\x8b and so on, which is none", 0, 0, false, true},
	} {
		r := report.New(report.Options{})
		skipped, err := r.Read(t.Context(), name, strings.NewReader(c.text))
		if n := r.Records(); n < c.least || n > c.most || skipped.Torn != c.torn || skipped.Lines != 0 || (err != nil) != c.damaged {
			t.Errorf("%s: %d records, %+v, %v", name, n, skipped, err)
		}
	}
}

// JSON of another program is left out, with the member that is not a record's.
func TestJSONOfOtherProgramsIsTold(t *testing.T) {
	for text, want := range map[string]string{
		`{"timestamp":"x","url":"https://a.example","title":"A","status_code":200,"time":"12.3ms"}`: "its time is a string, which is none of a record",
		`{"request":{"endpoint":"https://a.example"}}`:                                              "it has no url",
		`{"url":"https://a.example/","size":1e999}`:                                                 "its size is a number 1e999, which is none of a record",
		`{"url":"https://a.example/","started_at":"NaN"}`:                                           "",
		`"https://a.example/"`:                                                                      "it is no object but a string",
	} {
		skipped, err := report.New(report.Options{}).Read(t.Context(), "x", strings.NewReader(text+"\n"))
		if err != nil || skipped.Lines != 1 || want != "" && skipped.Why.Error() != want {
			t.Errorf("%s: %+v, %v; want %q", text, skipped, err, want)
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
		if bytes.HasPrefix(text, []byte("\x1f\x8b")) {
			return // a fault of gzip's is its own to tell
		}
		var other *report.FormatError
		if errors.As(err, &other) {
			return
		}
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
			if skipped.Torn {
				lines--
			}
			if !skipped.Elements && r.Records()+skipped.Lines != lines {
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
