package engine

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"

	"crawl/fetch"
	"crawl/frontier"
	"crawl/frontier/list"
	"crawl/results"
)

// instant is a network without any cost.
type instant struct{}

var instantBody = []byte("<html><head><title>Page</title></head><body><p>Hello</p></body></html>")

func (instant) Do(_ context.Context, req *fetch.Request) (*fetch.Response, error) {
	return &fetch.Response{URL: req.URL, Status: 200, ContentType: "text/html", Body: instantBody, Size: int64(len(instantBody))}, nil
}

// BenchmarkRun is what the engine itself costs per line: claim, dispatch, task,
// two executor jobs, parse, record, encode, settle; the fetch costs nothing.
func BenchmarkRun(b *testing.B) {
	for name, format := range map[string]string{"one-host": "http://a.example/%d", "host-each": "http://h%d.example/"} {
		b.Run(name, func(b *testing.B) {
			text := many(b.N, format)
			b.ReportAllocs()
			b.ResetTimer()
			f := list.New(context.Background(), []list.Source{{R: strings.NewReader(text), Regular: true}}, list.Options{})
			defer f.Close()
			o := Options{Fetcher: instant{}, Logger: slog.New(slog.DiscardHandler), Politeness: frontier.Politeness{PerHost: 64}}
			sum, err := Run(context.Background(), o, f, results.NewWriter(io.Discard, results.JSONL{}))
			if err != nil || sum.OK != int64(b.N) {
				b.Fatal(sum.OK, err)
			}
		})
	}
}
