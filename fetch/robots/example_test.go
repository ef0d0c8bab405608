package robots_test

import (
	"fmt"

	"crawl/fetch/robots"
	"crawl/weburl"
)

func Example() {
	file := "User-agent: *\nDisallow: /private/\nCrawl-delay: 2\n"
	agent := robots.Token("mybot/1.0 (+https://example.com/bot)")
	rules := robots.Parse(agent, 200, []byte(file))

	for _, s := range []string{"https://example.com/", "https://example.com/private/x"} {
		u, err := weburl.Parse(s)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(u, rules.Allowed(u))
	}
	fmt.Println(rules.CrawlDelay())
	// Output:
	// https://example.com/ true
	// https://example.com/private/x false
	// 2s true
}
