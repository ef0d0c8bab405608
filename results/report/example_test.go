package report_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"crawl/results/report"
)

func Example() {
	output := `{"schema":1,"index":0,"url":"https://example.com/","status":200,"ok":true,"title":"Example Domain","size":1256}
{"schema":1,"index":1,"url":"https://nowhere.example/","ok":false,"error":{"kind":"dns","message":"no such host","phase":"dns"}}
a line that is no record
`
	r := report.New(report.Options{})
	skipped, err := r.Read(context.Background(), "out.jsonl", strings.NewReader(output))
	if err != nil {
		fmt.Println(err)
		return
	}
	var page strings.Builder
	if err := r.WriteHTML(&page, time.Now()); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Records(), "records,", skipped.Lines, "skipped")
	fmt.Println(strings.Contains(page.String(), "1 of 2 failed (50.0 %)."))
	// Output:
	// 2 records, 1 skipped
	// true
}
