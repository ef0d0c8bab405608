package weburl_test

import (
	"errors"
	"fmt"

	"crawl/weburl"
)

func ExampleParseInput() {
	u, _ := weburl.ParseInput("BÜCHER.example:443/a/../b?q=ä#top")
	fmt.Println(u)
	_, err := weburl.ParseInput("ftp://joe:secret@example.com/")
	fmt.Println(errors.Is(err, weburl.ErrScheme), err)
	// Output:
	// https://xn--bcher-kva.example/b?q=%C3%A4
	// true "ftp://***@example.com/": scheme "ftp" is not http or https
}

func ExampleURL_Resolve() {
	page, _ := weburl.Parse("https://example.com/a/b")
	next, err := page.Resolve("../c?q=1#part")
	fmt.Println(next, err)
	// Output: https://example.com/c?q=1 <nil>
}
