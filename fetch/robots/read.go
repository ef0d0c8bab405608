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

// read takes from a file what applies to agent, and the sitemaps. The strings are
// parts of text.
func read(agent, text string) (found, []string) {
	c := &collector{agent: agent, closed: true}
	grobotstxt.Parse(text, c)
	if c.own.any {
		return c.own, c.sitemaps
	}
	return c.global, c.sitemaps
}

// found is what some groups of a file say together.
type found struct {
	any             bool // there is such a group
	allow, disallow []string
	delay           time.Duration
	told            bool // there is a delay
}

func (f *found) setDelay(d time.Duration) { f.delay, f.told = max(f.delay, d), true }

// collector takes what Google's parser finds. A group is one or more User-agent
// lines and what follows them; only Allow and Disallow end a run of User-agent
// lines, anything else may stand between them. What the groups of other agents
// say is passed over.
type collector struct {
	agent    string
	own      found // what the groups say that name agent
	global   found // and those for all that have none of their own
	sitemaps []string

	group  []*found // whom the present group speaks to, of the two
	delay  found    // its delay so far, for agents that it names later
	closed bool     // it has had a rule: the next User-agent begins a new one
}

func (c *collector) HandleRobotsStart() {}
func (c *collector) HandleRobotsEnd()   {}

func (c *collector) HandleUserAgent(_ int, value string) {
	if c.closed {
		c.group, c.delay, c.closed = nil, found{}, false
	}
	switch {
	case global(value):
		c.address(&c.global)
	case strings.EqualFold(leadingToken(value), c.agent):
		c.address(&c.own)
	}
}

// address has the present group speak to f too.
func (c *collector) address(f *found) {
	f.any = true
	if !slices.Contains(c.group, f) {
		c.group = append(c.group, f)
	}
	if c.delay.told {
		f.setDelay(c.delay.delay)
	}
}

func (c *collector) HandleAllow(_ int, value string) {
	c.closed = true
	value = repairEscapes(value)
	if !canMatch(value) {
		return
	}
	for _, f := range c.group {
		f.allow = append(f.allow, value)
		if dir := directory(value); dir != "" {
			f.allow = append(f.allow, dir+"$")
		}
	}
}

func (c *collector) HandleDisallow(_ int, value string) {
	c.closed = true
	value = repairEscapes(value)
	if !canMatch(value) {
		return
	}
	for _, f := range c.group {
		f.disallow = append(f.disallow, value)
	}
}

// canMatch: a path begins with a slash. An empty pattern matches nothing.
func canMatch(pattern string) bool {
	return pattern != "" && (pattern[0] == '/' || pattern[0] == '*')
}

// directory is "/a/" for "/a/index.html", which as an Allow line also allows
// exactly that, as Google has it; otherwise it is empty.
func directory(pattern string) string {
	slash := strings.LastIndexByte(pattern, '/')
	if slash < 0 || !strings.HasPrefix(pattern[slash:], "/index.htm") {
		return ""
	}
	return pattern[:slash+1]
}

func (c *collector) HandleSitemap(_ int, value string) { c.sitemaps = append(c.sitemaps, value) }

func (c *collector) HandleUnknownAction(_ int, action, value string) {
	if !strings.EqualFold(action, "crawl-delay") {
		return
	}
	if d, ok := seconds(value); ok {
		c.delay.setDelay(d)
		for _, f := range c.group {
			f.setDelay(d)
		}
	}
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
