package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"crawl/results"
	"crawl/results/report"
)

// However absurd the members of a record are, the page is small, is UTF-8, and says
// no number that overflowed.
func TestAbsurdRecordsMakeASmallPage(t *testing.T) {
	ten := strings.Repeat("a<", 5<<20)
	lines := []string{
		`{"url":"https://a.example/","ok":true,"status":200,"title":"` + ten + `","content_type":"` + ten + `","protocol":"` + ten + `","charset":"` + ten + `"}`,
		`{"url":"https://` + ten + `/","ok":false,"error":{"kind":"` + ten + `","message":"` + ten + `","phase":"` + ten + `"}}`,
		`{"url":"https://a.example/` + ten + `","final_url":"https://b.example/` + ten + `","status":200,"ok":true,"redirects":[{"url":"` + ten + `","status":301}]}`,
		`{"url":"https://a.example/deep","ok":true,"meta":` + strings.Repeat(`{"a":[`, 4000) + strings.Repeat("]}", 4000) + `}`,
		`{"url":"https://a.example/bytes` + "\xff\xfe\xed\xa0\x80" + `","ok":true,"title":"` + "\xc3(\u2028" + `"}`,
		`{"url":"NaN","ok":true,"title":"-Infinity"}`,
		`{"url":"","ok":null}`,
		`{"url":"https://a.example/less"}`,
	}
	const huge = `{"url":"https://a.example/huge","ok":true,"status":2147483647,"size":9223372036854775807,"wire_size":9223372036854775807,"attempts":2147483647,"index":9223372036854775807,"depth":-2147483648,"time":{"total":1e308,"queue":-1e308,"ttfb":1e-300},"started_at":"9999-12-31T23:59:59Z"}`
	const negative = `{"url":"https://a.example/negative","ok":true,"status":-200,"size":-5,"wire_size":-5,"attempts":-5,"index":-5,"time":{"total":-5},"started_at":"0000-01-01T00:00:00Z"}`
	for range 50 {
		lines = append(lines, huge, negative)
	}
	r := report.New(report.Options{})
	skipped, err := r.Read(t.Context(), "out\xff.jsonl", strings.NewReader(strings.Join(lines, "\n")))
	if err != nil || skipped.Lines != 0 || r.Records() != int64(len(lines)) {
		t.Fatalf("%+v, %v, %d records of %d", skipped, err, r.Records(), len(lines))
	}
	var page bytes.Buffer
	if err := r.WriteHTML(&page, made); err != nil {
		t.Fatal(err)
	}
	switch {
	case page.Len() > 400<<10:
		t.Errorf("%d bytes", page.Len())
	case !utf8.Valid(page.Bytes()):
		t.Error("the page is not UTF-8")
	case strings.Contains(page.String(), "<dd>-") || strings.Contains(page.String(), ">-5") || strings.Contains(page.String(), "NaN</dd>"):
		t.Error("a number overflowed")
	}
}

// The texts of the table have 1 KiB a row on average, however long each is and
// however it is written in JSON; failed records are kept before others.
func TestThePageIsBoundedWhateverTheTexts(t *testing.T) {
	const n = 2000
	long := strings.Repeat("<", 2000)
	for _, failed := range []bool{false, true} {
		r := report.New(report.Options{Rows: n})
		for i := range 2 * n {
			rec := results.Record{URL: fmt.Sprintf("https://a.example/%d/%s", i, long), FinalURL: long + fmt.Sprint(i), Status: 200, OK: true, Title: long}
			if failed && i >= n {
				rec.OK, rec.Error = false, results.Failure{Kind: fmt.Sprint("kind", i), Message: long}
			}
			r.Add(&rec)
		}
		var page bytes.Buffer
		if err := r.WriteHTML(&page, made); err != nil {
			t.Fatal(err)
		}
		data := len(dataOf(page.Bytes()))
		if data > n*(1024+100) || data < n*512 {
			t.Errorf("failed %v: %d bytes for %d rows", failed, data, n)
		}
		if page.Len() > n*(1024+100)+1<<20 {
			t.Errorf("failed %v: a page of %d bytes", failed, page.Len())
		}
		if !strings.Contains(page.String(), "The table has ") {
			t.Error("it does not say that there is more")
		}
	}
}
