package robots

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"crawl/fetch"
	"crawl/weburl"
)

// Verdict says where Rules come from.
type Verdict int

const (
	AllowAll    Verdict = iota // there is no robots.txt: 4xx, or a redirect to nowhere; also the zero Rules
	Found                      // a file was read
	DisallowAll                // 5xx: the site cannot say now, so nothing may be asked
	Unreachable                // the file could not be had; Err says why
)

func (v Verdict) String() string {
	switch v {
	case Found:
		return "found"
	case DisallowAll:
		return "disallow all"
	case Unreachable:
		return "unreachable"
	}
	return "allow all"
}

// MaxSize is how much of a robots.txt is read (RFC 9309 section 2.5).
const MaxSize = 500 << 10

// Rules is what one origin's robots.txt says to one agent. It is immutable; the
// zero value allows everything.
type Rules struct {
	verdict  Verdict
	status   int
	err      *fetch.Error
	set      *ruleset // with Found
	sitemaps table
}

// Parse judges the answer to a request for robots.txt: status and decoded body.
// agent is a product token (see Token); what the file says to others is not kept.
// It never fails; of a body longer than MaxSize it reads the whole lines that
// fit. It keeps nothing of body.
func Parse(agent string, status int, body []byte) Rules {
	r := Rules{status: status}
	switch {
	case status >= 200 && status <= 299:
		r.verdict = Found
		f, sitemaps := read(agent, cut(body))
		r.set, r.sitemaps = newRuleset(f), newTable(sitemaps)
	case status >= 300 && status <= 499:
		r.verdict = AllowAll
	default:
		r.verdict = DisallowAll
	}
	return r
}

// cut drops what is past MaxSize, the line that was cut in two included: half a
// pattern would match too much.
func cut(body []byte) string {
	if len(body) <= MaxSize {
		return string(body)
	}
	text := string(body[:MaxSize])
	return text[:strings.LastIndexAny(text, "\r\n")+1]
}

// Failed makes the Rules of an origin whose robots.txt could not be had. The
// error's kind is kept, and its phase becomes robots (cli.md section 3).
func Failed(err error) Rules {
	e := &fetch.Error{Op: "get", Kind: fetch.KindInternal, Err: err}
	var known *fetch.Error
	if errors.As(err, &known) {
		*e = *known
	}
	e.Phase = fetch.PhaseRobots
	return Rules{verdict: Unreachable, err: e}
}

// Verdict says where the rules come from.
func (r Rules) Verdict() Verdict { return r.verdict }

// Status is the status of the answer; 0 where none came.
func (r Rules) Status() int { return r.status }

// Err is why the file could not be had: an error of phase robots with Verdict
// Unreachable, otherwise nil.
func (r Rules) Err() *fetch.Error { return r.err }

// Sitemaps lists the values of the Sitemap lines as they are written, in order.
// They are a stranger's text: parse them as URLs before use.
func (r Rules) Sitemaps() []string {
	var ss []string
	for i := range r.sitemaps.ends {
		ss = append(ss, strings.Clone(r.sitemaps.at(i)))
	}
	return ss
}

// Size is how much memory r keeps of the file, in bytes: about its length at most,
// and three times that if it is all of bytes over 0x7f, which become escapes.
func (r Rules) Size() int {
	if r.set == nil {
		return 0
	}
	return r.set.size() + r.sitemaps.size()
}

// Allowed reports whether u may be asked. The file itself always may. It takes
// some milliseconds at most, whatever file and URL: a URL that would take more is
// not allowed.
func (r Rules) Allowed(u weburl.URL) bool { return r.Check(u) == nil }

// Check is Allowed with the reason: nil where u may be asked, otherwise the
// error that u's record is to carry.
func (r Rules) Check(u weburl.URL) *fetch.Error {
	if u.Path() == "/robots.txt" {
		return nil
	}
	e := r.Refusal()
	if e == nil && r.set != nil {
		if why := r.set.judge(upperEscapes(u.RequestURI())); why != nil {
			e = denied(why)
		}
	}
	if e != nil {
		e.URL = u.String()
	}
	return e
}

// Refusal is why nothing at all may be asked of the origin, for lack of rules: a
// 5xx, or Err. It is nil where there are rules, even if they forbid everything.
func (r Rules) Refusal() *fetch.Error {
	switch r.verdict {
	case DisallowAll:
		return denied(fmt.Errorf("robots.txt answered %d", r.status))
	case Unreachable:
		e := *r.err
		return &e
	}
	return nil
}

func denied(why error) *fetch.Error {
	return &fetch.Error{Op: "get", Kind: fetch.KindRobots, Phase: fetch.PhaseRobots, Err: why}
}

// CrawlDelay is how long to wait between requests, where the file says so: the
// largest value of the groups that apply, at most a day.
func (r Rules) CrawlDelay() (time.Duration, bool) {
	if r.set == nil {
		return 0, false
	}
	return r.set.delay, r.set.told
}

// Token is the product token of a User-Agent, by which robots.txt names its
// groups (RFC 9309 section 2.2.1): the first word up to "/", or, in the style
// "Mozilla/5.0 (compatible; examplebot/1.0)", the word after "compatible;".
func Token(userAgent string) string {
	token := leadingToken(strings.TrimSpace(userAgent))
	if strings.EqualFold(token, "Mozilla") {
		if _, rest, ok := strings.Cut(userAgent, "compatible;"); ok {
			if inner := leadingToken(strings.TrimSpace(rest)); inner != "" {
				return inner
			}
		}
	}
	return token
}
