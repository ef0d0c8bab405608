package results_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"crawl/results"
)

func Example() {
	w := results.NewWriter(os.Stdout, results.JSONL{})
	list := []*results.Record{
		{HasIndex: true, Index: 0, Line: 1, URL: "https://example.com/", Status: 200, OK: true, Title: "Example Domain", Size: 1256, Attempts: 1},
		{HasIndex: true, Index: 1, Line: 2, URL: "https://nowhere.example/", Error: results.Failure{Kind: "dns", Message: "no such host", Phase: "dns"}, Attempts: 1},
	}
	for _, r := range list {
		if err := w.Write(r); err != nil {
			fmt.Println(err)
		}
	}
	if err := w.Close(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"schema":1,"index":0,"line":1,"url":"https://example.com/","status":200,"ok":true,"title":"Example Domain","size":1256,"attempts":1}
	// {"schema":1,"index":1,"line":2,"url":"https://nowhere.example/","ok":false,"error":{"kind":"dns","message":"no such host","phase":"dns"},"attempts":1}
}

// A table of chosen columns.
func ExampleParseColumns() {
	columns, err := results.ParseColumns("status,url,error.kind,fields.price", []string{"price"})
	if err != nil {
		fmt.Println(err)
		return
	}
	w := results.NewWriter(os.Stdout, results.CSV{Columns: columns})
	for _, r := range []*results.Record{
		{URL: "https://example.com/tea", Status: 200, OK: true, Fields: []results.Field{{Name: "price", Value: "3,50"}}},
		{URL: "https://nowhere.example/", Error: results.Failure{Kind: "dns"}},
	} {
		if err := w.Write(r); err != nil {
			fmt.Println(err)
		}
	}
	if err := w.Close(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// status,url,error.kind,fields.price
	// 200,https://example.com/tea,,"3,50"
	// ,https://nowhere.example/,dns,
}

// A line of one's own for each record.
func ExampleNewTemplate() {
	enc, err := results.NewTemplate(`{{.Status}} {{.URL}}{{with .Title}} ({{.}}){{end}} {{ms .Time.Total}} ms`, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	w := results.NewWriter(os.Stdout, enc)
	err = w.Write(&results.Record{URL: "https://example.com/", Status: 200, OK: true, Title: "Example Domain", Time: results.Timing{Total: 15 * time.Millisecond}})
	if err := errors.Join(err, w.Close()); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 200 https://example.com/ (Example Domain) 15 ms
}

// Records arrive as they finish and leave in the order of the input.
func ExampleOrdered() {
	o := results.NewOrdered(results.NewWriter(os.Stdout, results.Text{}), results.Options{})
	for _, index := range []int64{2, 0, 1} {
		err := o.Write(&results.Record{Index: index, HasIndex: true, URL: fmt.Sprintf("https://example.com/%d", index), Status: 200, OK: true, Size: 100, Time: results.Timing{Total: 15 * time.Millisecond}})
		if err != nil {
			fmt.Println(err)
		}
	}
	if err := o.Close(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 200                 100 B    15 ms  https://example.com/0
	// 200                 100 B    15 ms  https://example.com/1
	// 200                 100 B    15 ms  https://example.com/2
}

// A file appears when it is whole.
func ExampleCreate() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "out.jsonl")

	f, err := results.Create(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer f.Abort() // does nothing after Commit
	w := results.NewWriter(f, results.JSONL{})
	if err := w.Write(&results.Record{URL: "https://example.com/", Status: 204, OK: true}); err != nil {
		fmt.Println(err)
		return
	}
	if err := w.Close(); err != nil {
		fmt.Println(err)
		return
	}
	_, err = os.Stat(path)
	fmt.Println("before Commit it exists:", err == nil)
	if err := f.Commit(); err != nil {
		fmt.Println(err)
		return
	}
	b, _ := os.ReadFile(path)
	fmt.Print(string(b))
	// Output:
	// before Commit it exists: false
	// {"schema":1,"url":"https://example.com/","status":204,"ok":true,"size":0}
}

// Bodies are kept under names that follow from their URLs.
func ExampleSaver() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	s, err := results.NewSaver(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	for _, n := range []results.Name{
		{Scheme: "https", Host: "example.com", Port: "443", Path: "/", Type: "text/html"},
		{Scheme: "https", Host: "example.com", Port: "443", Path: "/about", Type: "text/html"},
		{Scheme: "https", Host: "example.com", Port: "443", Path: "/find", Query: "?q=Tea", Type: "text/html"},
		{Scheme: "https", Host: "example.com", Port: "443", Path: "/../../etc/passwd"},
	} {
		file, err := s.Save(n, []byte("a body"))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(file)
	}
	// Output:
	// example.com/index.html
	// example.com/about~.html
	// example.com/find_q=tea~ejiixw4ifvqc72rc.html
	// example.com/__/__/etc/passwd~xzk2xahhrmmvb7gh.bin
}

func ExampleSummary() {
	s := results.Summary{Tried: 3, Answers: 2, Elapsed: 250 * time.Millisecond}
	s.Add(&results.Record{URL: "https://example.com/", Status: 200, OK: true, Size: 1256, Attempts: 1})
	s.Add(&results.Record{URL: "https://example.com/x", Status: 404, Error: results.Failure{Kind: "http"}, Attempts: 1})
	s.Add(&results.Record{URL: "https://example.com/", Duplicate: true})
	s.Add(&results.Record{URL: "https://nowhere.example/", Error: results.Failure{Kind: "dns"}, Attempts: 1})
	fmt.Print(s.String())
	// Output:
	// 4 lines in 250 ms (16/s): 1 ok, 2 failed, 1 duplicate
	//   failed    1 dns, 1 http
	//   status    1 2xx, 1 4xx
	//   requests  3
	//   bytes     1.2 KiB, 4.9 KiB/s
}

// A path is compared with another before either is written.
func ExampleLocate() {
	a, b := results.Locate("out.jsonl"), results.Locate("./out.jsonl")
	fmt.Println(a.Same(b), a.Exists())
	// Output: true false
}
