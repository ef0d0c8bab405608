package robots

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/jimsmart/grobotstxt"
)

// maxDelay bounds a Crawl-delay; more is no wish but a mistake.
const maxDelay = 24 * time.Hour

// group is one or more User-agent lines and the rules that follow them.
type group struct {
	agents   []string // product tokens
	global   bool     // one of them is "*"
	rules    []rule
	delay    time.Duration
	hasDelay bool
}

type rule struct {
	allow   bool
	pattern string
}

// applies reports whether g speaks to agent; specific says that some group
// names it, and then the global ones are not meant.
func (g *group) applies(agent string, specific bool) bool {
	if specific {
		return g.has(agent)
	}
	return g.global
}

func (g *group) has(agent string) bool {
	return slices.ContainsFunc(g.agents, func(a string) bool { return strings.EqualFold(a, agent) })
}

// names reports whether any group names agent.
func (r Rules) names(agent string) bool {
	return slices.ContainsFunc(r.groups, func(g group) bool { return g.has(agent) })
}

// allowed judges a path with its query: the longest matching pattern wins,
// allow wins a tie (RFC 9309 section 2.2.2).
func (r Rules) allowed(agent, path string) bool {
	specific := r.names(agent)
	verbatim := escapeSpecial(path)
	allow, disallow := 0, 0
	for i := range r.groups {
		g := &r.groups[i]
		if !g.applies(agent, specific) {
			continue
		}
		for _, rule := range g.rules {
			n := rule.match(path)
			if n == 0 && verbatim != path && hasSpecial(rule.pattern) {
				n = rule.match(verbatim)
			}
			switch {
			case rule.allow:
				allow = max(allow, n)
			default:
				disallow = max(disallow, n)
			}
		}
	}
	return disallow <= allow
}

// match is the length of the pattern that matches path; 0 where none does.
// As Google does, "Allow: /a/index.html" also allows exactly "/a/".
func (r rule) match(path string) int {
	if matches(path, r.pattern) {
		return len(r.pattern)
	}
	if !r.allow {
		return 0
	}
	slash := strings.LastIndexByte(r.pattern, '/')
	if slash < 0 || !strings.HasPrefix(r.pattern[slash:], "/index.htm") {
		return 0
	}
	if dir := r.pattern[:slash+1]; matches(path, dir+"$") {
		return len(dir) + 1
	}
	return 0
}

// matches reports whether pattern is a prefix of path, with "*" for any bytes
// and a last "$" for the end. Taking each piece between stars at its first place
// is enough, since a later piece only gains room by it; so no backtracking.
func matches(path, pattern string) bool {
	pattern, anchored := strings.CutSuffix(pattern, "$")
	first, rest, more := strings.Cut(pattern, "*")
	if !strings.HasPrefix(path, first) {
		return false
	}
	path = path[len(first):]
	for more {
		var piece string
		piece, rest, more = strings.Cut(rest, "*")
		if anchored && !more {
			return strings.HasSuffix(path, piece)
		}
		i := strings.Index(path, piece)
		if i < 0 {
			return false
		}
		path = path[i+len(piece):]
	}
	return !anchored || path == ""
}

// read collects the groups and sitemaps of a file.
func read(text string) ([]group, []string) {
	c := new(collector)
	grobotstxt.Parse(text, c)
	return c.groups, c.sitemaps
}

// collector takes what Google's parser finds. Only Allow and Disallow end a run
// of User-agent lines; anything else may stand between them. Strings are copied,
// so that a few rules do not keep a whole file in memory.
type collector struct {
	groups   []group
	sitemaps []string
	closed   bool // the last group has had a rule: the next User-agent begins a new one
}

func (c *collector) HandleRobotsStart() {}
func (c *collector) HandleRobotsEnd()   {}

func (c *collector) HandleUserAgent(_ int, value string) {
	if c.closed || len(c.groups) == 0 {
		c.groups, c.closed = append(c.groups, group{}), false
	}
	g := c.last()
	if global(value) {
		g.global = true
		return
	}
	g.agents = append(g.agents, strings.Clone(leadingToken(value)))
}

func (c *collector) HandleAllow(_ int, value string)    { c.rule(true, value) }
func (c *collector) HandleDisallow(_ int, value string) { c.rule(false, value) }

func (c *collector) rule(allow bool, pattern string) {
	if g := c.last(); g != nil { // rules before any User-agent bind nobody
		g.rules = append(g.rules, rule{allow, repairEscapes(pattern)})
		c.closed = true
	}
}

func (c *collector) HandleSitemap(_ int, value string) {
	c.sitemaps = append(c.sitemaps, strings.Clone(value))
}

func (c *collector) HandleUnknownAction(_ int, action, value string) {
	g := c.last()
	if g == nil || !strings.EqualFold(action, "crawl-delay") {
		return
	}
	if d, ok := seconds(value); ok {
		g.delay, g.hasDelay = max(g.delay, d), true
	}
}

func (c *collector) last() *group {
	if len(c.groups) == 0 {
		return nil
	}
	return &c.groups[len(c.groups)-1]
}

// seconds reads "10" or "0.5".
func seconds(v string) (time.Duration, bool) {
	s, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsNaN(s) || s < 0 {
		return 0, false
	}
	return time.Duration(math.Round(min(s, maxDelay.Seconds()) * float64(time.Second))), true
}

// global: "*", also with something after a space, as Google reads it.
func global(value string) bool {
	return value != "" && value[0] == '*' && (len(value) == 1 || unicode.IsSpace(rune(value[1])))
}

// leadingToken is the part of s that can be a product token (RFC 9110 section
// 5.6.2, in the port's reading).
func leadingToken(s string) string {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
			strings.IndexByte("~#$%'*+-.^_`|", c) >= 0) {
			return s[:i]
		}
	}
	return s
}

// repairEscapes copies a pattern and undoes a fault of the parser (v1.0.3): where
// it writes escapes in upper case, it clears bit 5 of the digits as well, so that
// "%e3" becomes "%E\x13".
func repairEscapes(pattern string) string {
	b := []byte(pattern)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			for j := i + 1; j <= i+2; j++ {
				if 0x10 <= b[j] && b[j] <= 0x19 {
					b[j] |= 0x20
				}
			}
		}
	}
	return string(b)
}

// upperEscapes writes the hex digits of escapes in upper case, as the parser
// does with patterns.
func upperEscapes(path string) string {
	if strings.IndexByte(path, '%') < 0 {
		return path
	}
	b := []byte(path)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' && isHex(b[i+1]) && isHex(b[i+2]) {
			b[i+1], b[i+2] = upper(b[i+1]), upper(b[i+2])
			i += 2
		}
	}
	return string(b)
}

// A pattern speaks of a star or a dollar itself by its escape (RFC 9309 section
// 2.2.3), whereas in a URL both may stand as they are.
const star, dollar = "%2A", "%24"

func hasSpecial(pattern string) bool {
	return strings.Contains(pattern, star) || strings.Contains(pattern, dollar)
}

// escapeSpecial writes the stars and dollars of a path as such a pattern has them.
func escapeSpecial(path string) string {
	if !strings.ContainsAny(path, "*$") {
		return path
	}
	return strings.NewReplacer("*", star, "$", dollar).Replace(path)
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'f' {
		return c - 'a' + 'A'
	}
	return c
}
