package extract

import (
	"fmt"
	"strings"
	"testing"
)

func ExampleNoFollow() {
	fmt.Println(NoFollow([]string{"noindex", "otherbot: nofollow"}, "crawl"))
	fmt.Println(NoFollow([]string{"noindex", "Crawl: nofollow"}, "crawl"))
	// Output:
	// false
	// true
}

func TestAHeaderForbidsToFollow(t *testing.T) {
	for values, want := range map[string]bool{
		// as Google's documentation has them
		"noindex":           false,
		"noindex, nofollow": true,
		"none":              true,
		"all":               false,
		"unavailable_after: 25 Jun 2010 15:00:00 PST":                false,
		"unavailable_after: 25 Jun 2010 15:00:00 PST, nofollow":      true,
		"unavailable_after: Wed, 25 Jun 2010 15:00:00 GMT":           false,
		"unavailable_after: Wed, 25 Jun 2010 15:00:00 GMT, nofollow": true, // a date is no agent
		"googlebot: nofollow|otherbot: noindex, nofollow":            false,
		"BadBot: noindex, nofollow|googlebot: nofollow":              false,
		"max-snippet: 20, max-image-preview: none":                   false,
		"max-snippet:20, max-image-preview:none, nofollow":           true,
		// for us
		"crawl: nofollow":              true,
		"CRAWL : NoFollow":             true,
		"crawl: noindex, nofollow":     true,
		"crawl: noindex|nofollow":      true,
		"crawl: follow|nofollow":       true, // the stricter counts
		"nofollow|crawl: all":          true,
		"crawl: all, max-snippet: 5":   false,
		"crawler: nofollow":            false,
		"*: nofollow":                  true,
		"robots: nofollow":             true,
		"crawl: max-snippet: 5 , none": true,
		// joined by commas, on their way
		"noindex, otherbot: nofollow":                  false,
		"otherbot: nofollow, noindex, crawl: nofollow": true,
		"crawl: noindex, otherbot: nofollow":           false,
		"otherbot: max-snippet: 5, nofollow":           false,
		// as people write
		"noindex nofollow": true,
		"nofollow,":        true,
		" , ,nofollow ":    true,
		"nofollows":        false,
		"no-follow":        false,
		":nofollow":        false,
		":":                false,
		"":                 false,
	} {
		if got := NoFollow(strings.Split(values, "|"), "crawl"); got != want {
			t.Errorf("%q: %v, want %v", values, got, want)
		}
	}
	if NoFollow(nil, "crawl") || NoFollow([]string{"crawl: nofollow", ": nofollow"}, "") {
		t.Error("nofollow for nobody")
	}
}

func TestWhatAPageSaysOfItsLinks(t *testing.T) {
	for body, follow := range map[string]bool{
		`<meta name=robots content="nofollow">`:                                    false,
		`<meta name=" Robots " content="NOINDEX, NOFOLLOW">`:                       false,
		`<meta name=robots content="index,follow">`:                                true,
		`<meta name=robots content=none>`:                                          false,
		`<meta name=robots content="noindex nofollow">`:                            false,
		`<meta name=robots content="max-image-preview: none">`:                     true,
		`<meta name=robots content="max-image-preview:none, noindex">`:             true,
		`<meta name=robots content="max-image-preview: none nofollow">`:            false,
		`<meta name=robots content="max-snippet:-1,max-image-preview:large,none">`: false,
		`<meta name=robots content="unavailable_after: 25-Aug-2007 15:00:00 EST">`: true,
		`<meta name=crawl content=nofollow>`:                                       false,
		`<meta name=CRAWL content=none>`:                                           false,
		`<meta name=crawler content=nofollow>`:                                     true,
		`<meta name=googlebot content=nofollow>`:                                   true,
		`<meta name=robots content=nofollow><meta name=crawl content=follow>`:      false,
		`<meta name=crawl content=nofollow><meta name=robots content="all">`:       false,
		`<meta name=robots content=all><meta name=robots content=nofollow>`:        false,
		`<body><div><meta name=robots content=nofollow></div>`:                     false,
		`<meta property=robots content=nofollow>`:                                  true,
		`<!-- <meta name=robots content=nofollow> -->`:                             true,
		`<noscript><meta name=robots content=nofollow></noscript>`:                 true,
		`<svg><desc><meta name=robots content=nofollow></desc></svg>`:              false,
		`<meta http-equiv=x-robots-tag content=nofollow>`:                          true,
	} {
		o := Options{Follow: true, Links: true, Agent: "crawl"}
		p := parse(t, body+`<a href=/a>`, o)
		if got := len(p.Follow) == 1; got != follow || len(p.Links) != 1 {
			t.Errorf("%s: follow %v, links %v; want %v", body, p.Follow, p.Links, follow)
		}
	}
	if p := parse(t, `<meta name="" content=nofollow><meta name=crawl content=nofollow><a href=/a>`, Options{Follow: true}); len(p.Follow) != 1 {
		t.Error("nofollow for an agent without a name")
	}
}

func TestWhatALinkSaysOfItself(t *testing.T) {
	for rel, follow := range map[string]bool{
		"nofollow":            false,
		"NoFollow":            false,
		"noopener nofollow":   false,
		"ugc nofollow":        false,
		"nofollow,noreferrer": false,
		"ugc":                 true, // they say whose the link is, not that it must not be followed
		"sponsored":           true,
		"external noreferrer": true,
		"nofollows":           true,
		"none":                true,
		"":                    true,
	} {
		for _, tag := range []string{"a", "area"} {
			p := parse(t, `<`+tag+` href=/a rel="`+rel+`">`, Options{Follow: true, Links: true})
			if got := len(p.Follow) == 1; got != follow || len(p.Links) != 1 {
				t.Errorf("<%s rel=%q>: follow %v, links %v; want %v", tag, rel, p.Follow, p.Links, follow)
			}
		}
	}
}

// FuzzNoFollow holds that values add up, and that what is for all is for us.
func FuzzNoFollow(f *testing.F) {
	f.Add("noindex", "crawl: nofollow")
	f.Add("unavailable_after: 25 Jun 2010 15:00:00 PST, a:b:c", "max-image-preview: none none")
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, agent := range []string{"crawl", ""} {
			each := NoFollow([]string{a}, agent) || NoFollow([]string{b}, agent)
			if got := NoFollow([]string{a, b}, agent); got != each {
				t.Errorf("%q and %q: %v together, %v each", a, b, got, each)
			}
			if !NoFollow([]string{a, "nofollow, " + b}, agent) {
				t.Errorf("%q undoes nofollow", b)
			}
		}
	})
}
