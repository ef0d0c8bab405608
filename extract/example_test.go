package extract_test

import (
	"fmt"

	"crawl/extract"
	"crawl/weburl"
)

func ExampleParse() {
	base, _ := weburl.Parse("https://example.com/shop/")
	price, _ := extract.ParseSelector("price=.price@data-amount")
	body := []byte(`<title>Tea &amp;
		Coffee</title><a href=tea>Tea</a> <a href="../about#us">About</a>
		<b class=price data-amount=4.20>4,20</b>`)
	page, err := extract.Parse(body, "text/html; charset=utf-8", base, extract.Options{
		Links:  true,
		Select: []extract.Selector{price},
	})
	fmt.Println(page.Title, page.Links, page.Fields["price"], page.Charset, page.CharsetSource, err)
	// Output: Tea & Coffee [https://example.com/shop/tea https://example.com/about] 4.20 utf-8 header <nil>
}

func ExampleParseSelector() {
	_, err := extract.ParseSelector("price=div[")
	fmt.Println(err)
	s, err := extract.ParseSelector(`mail[]=a[href*="@"]@href`)
	fmt.Println(s.Name(), err)
	// Output:
	// selector "price=div[": CSS "div[": expected identifier, found EOF instead
	// mail <nil>
}
