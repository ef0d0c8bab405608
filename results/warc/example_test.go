package warc_test

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"crawl/results/warc"
	"crawl/results/warc/warctest"
)

func Example() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "site.warc.gz")

	a, err := warc.Create(path, warc.Options{Info: []warc.Field{{Name: "software", Value: "example/1.0"}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	c := a.Capture()
	c.Answer([]byte("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"), []byte("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"))
	c.Wire([]byte("hello"))
	c.Payload([]byte("hello"))
	err = a.Write(c, warc.Exchange{URI: "http://example.com/", Date: time.Now()})
	c.Discard()
	fmt.Println(err, a.Close())

	records, err := warctest.ReadFile(path)
	for _, r := range records {
		fmt.Printf("%s %q %q\n", r.Type, r.Fields["WARC-Target-URI"], r.Payload)
	}
	fmt.Println(err)
	// Output:
	// <nil> <nil>
	// warcinfo "" ""
	// response "http://example.com/" "hello"
	// request "http://example.com/" ""
	// <nil>
}
