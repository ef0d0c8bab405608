package weburl

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The Web Platform Tests' data lies beside the repository, not in it.
const wptDir = "../../shared/data/wpt"

type wptCase struct {
	Input   string  `json:"input"`
	Base    *string `json:"base"`
	Href    string  `json:"href"`
	Failure bool    `json:"failure"`
}

// wptMisses names every case on which we differ from the browsers, and why.
// The key is input, then the base after a "|" where there is one.
var wptMisses = map[string]string{}

// toASCIIMisses are the hosts on which golang.org/x/net/idna, which the library
// stands on, differs from the browsers. None is the name of a known site.
var toASCIIMisses = map[string]string{
	"=\u0338": symbol, "<\u0338": symbol, ">\u0338": symbol,
	"=\u00ad\u0338": symbol, "<\u00ad\u0338": symbol, ">\u00ad\u0338": symbol,
	"look\u180eout.net": tables, "look\u206bout.net": tables,
	"\u04c0.com": tables, "\U0002f868.com": tables, "\u2183.com": tables,
	"\u1e9e.com": tables, "\u1e9e.foo.com": tables,
}

const (
	symbol = "idna's STD3 rule refuses = < > before a combining slash, which browsers compose first"
	tables = "idna's mapping tables are of an older revision of UTS #46"
)

func wptCases(t testing.TB, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(wptDir, name))
	if os.IsNotExist(err) {
		t.Skip("no Web Platform Tests data: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

func loadURLCases(t testing.TB) []wptCase {
	t.Helper()
	var raw []json.RawMessage
	wptCases(t, "urltestdata.json", &raw)
	var cases []wptCase
	for _, r := range raw {
		if r[0] != '{' {
			continue // a comment
		}
		var c wptCase
		if err := json.Unmarshal(r, &c); err != nil {
			t.Fatal(err)
		}
		cases = append(cases, c)
	}
	return cases
}

// webScheme reports whether s is text of an http or https URL.
func webScheme(s string) bool {
	scheme, _ := cutScheme(stripBreaks(trimSpace(s)))
	return scheme == "http" || scheme == "https"
}

// forUs picks the http(s) cases: the base, where there is one, is http(s), and
// the answer is an http(s) href, or a failure of something that is not openly
// another scheme.
func (c wptCase) forUs() bool {
	if c.Base != nil && !webScheme(*c.Base) {
		return c.Failure == false && webScheme(c.Input) || c.Failure && webScheme(c.Input)
	}
	if c.Failure {
		scheme, _ := cutScheme(stripBreaks(trimSpace(c.Input)))
		return webScheme(c.Input) || c.Base != nil && scheme == ""
	}
	return webScheme(c.Href)
}

func (c wptCase) key() string {
	if c.Base != nil {
		return c.Input + "|" + *c.Base
	}
	return c.Input
}

func (c wptCase) want() string {
	if c.Failure {
		return "failure"
	}
	href, _, _ := strings.Cut(c.Href, "#")
	return href
}

func (c wptCase) got() string {
	var base URL
	if c.Base != nil && webScheme(*c.Base) {
		b, err := Parse(*c.Base)
		if err != nil {
			return "failure"
		}
		base = b
	}
	u, err := parse(base, c.Input)
	if err != nil {
		return "failure"
	}
	return u.Identity()
}

func TestBrowsersAgreeOnHrefAndFailure(t *testing.T) {
	total, missed := 0, 0
	for _, c := range loadURLCases(t) {
		if !c.forUs() {
			continue
		}
		total++
		why, listed := wptMisses[c.key()]
		switch got := c.got(); {
		case got == c.want() && listed:
			t.Errorf("%q passes now: take it off the list of misses (%s)", c.key(), why)
		case got == c.want():
		case listed:
			missed++
		default:
			missed++
			t.Errorf("%q: got %q, browsers give %q", c.key(), got, c.want())
		}
	}
	t.Logf("%d of %d http(s) cases agree, %d misses", total-missed, total, missed)
	if missed*100 > total {
		t.Errorf("%d of %d http(s) cases differ from the browsers: over 1 %%", missed, total)
	}
}

func TestOtherSchemesAreRefused(t *testing.T) {
	n := 0
	for _, c := range loadURLCases(t) {
		if c.Base != nil || c.Failure || webScheme(c.Href) {
			continue
		}
		n++
		if _, err := Parse(c.Input); !isErr(err, ErrScheme) {
			t.Errorf("Parse(%q): %v, want ErrScheme", c.Input, err)
		}
	}
	if n == 0 {
		t.Error("no case of another scheme found")
	}
}

func TestHostsBecomeASCIIAsInABrowser(t *testing.T) {
	var raw []json.RawMessage
	wptCases(t, "toascii.json", &raw)
	total, missed := 0, 0
	for _, r := range raw {
		var c struct {
			Input  string  `json:"input"`
			Output *string `json:"output"`
		}
		if r[0] != '{' || json.Unmarshal(r, &c) != nil {
			continue
		}
		total++
		want := "failure"
		if c.Output != nil {
			want = *c.Output
		}
		got := "failure"
		if u, err := Parse("https://" + c.Input + "/x"); err == nil {
			got = u.Host()
		}
		why, listed := toASCIIMisses[c.Input]
		if got == want && listed {
			t.Errorf("%+q passes now: take it off the list of misses (%s)", c.Input, why)
		}
		if got != want {
			missed++
			if !listed {
				t.Errorf("%+q: got %q, browsers give %q", c.Input, got, want)
			}
		}
	}
	t.Logf("%d of %d hosts agree, %d misses", total-missed, total, missed)
	if total == 0 {
		t.Error("no case found")
	}
}

func TestQueriesAreEscapedAsInABrowser(t *testing.T) {
	var raw []json.RawMessage
	wptCases(t, "percent-encoding.json", &raw)
	total := 0
	for _, r := range raw {
		var c struct {
			Input  string            `json:"input"`
			Output map[string]string `json:"output"`
		}
		if r[0] != '{' || json.Unmarshal(r, &c) != nil {
			continue
		}
		total++
		u, err := Parse("https://example.com/?" + c.Input)
		if want := "?" + c.Output["utf-8"]; err != nil || u.Query() != want {
			t.Errorf("%+q: got %q, %v; browsers give %q", c.Input, u.Query(), err, want)
		}
	}
	if total == 0 {
		t.Error("no case found")
	}
}
