package extract

import "testing"

// Where the scanner is after a piece of markup decides whether what follows is
// text or markup: here a <style> with a link in it.
func TestWhereADrawingEnds(t *testing.T) {
	for before, inside := range map[string]bool{
		``:                                     false,
		`<svg>`:                                true,
		`<SVG viewBox="0 0 1 1">`:              true,
		`<svg/>`:                               false,
		`<svg></svg>`:                          false,
		`<svg><svg></svg>`:                     true,
		`<svg><g></g>`:                         true,
		`<svg><a href=x></a>`:                  true,
		`<svg><p>`:                             false,
		`<svg><font>`:                          true,
		`<svg><font color=red>`:                false,
		`<svg></p>`:                            false,
		`<section><svg></section>`:             false,
		`<svg><foreignObject>`:                 false,
		`<svg><foreignObject/>`:                true,
		`<svg><foreignObject></foreignObject>`: true,
		`<svg><desc><svg>`:                     true,
		`<math>`:                               true,
		`<math><mi>`:                           false,
		`<math><desc>`:                         true,
		`<svg><mi>`:                            true,
		`<math><annotation-xml>`:               true,
		`<math><annotation-xml encoding=text/html>`:               false,
		`<math><annotation-xml encoding="application/XHTML+xml">`: false,
	} {
		p := parse(t, before+`<style><a href=/x></a></style>`, Options{Links: true, MaxLinks: 10})
		found := false
		for _, l := range p.Links {
			found = found || l == "https://example.com/x"
		}
		if found != inside {
			t.Errorf("%s: a style is markup: %v, want %v", before, found, inside)
		}
		sameAsGoquery(t, []byte(before+`<style><a href=/x></a></style>`))
	}
}
