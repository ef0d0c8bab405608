package frontier

import (
	"regexp"
	"strings"

	"golang.org/x/net/publicsuffix"

	"crawl/weburl"
)

// ScopeKind says how far from its seeds a crawl may go. The zero value is
// ScopeHost, the default.
type ScopeKind uint8

// The kinds of scope, by what a link shares with a seed.
const (
	ScopeHost   ScopeKind = iota // the name of its host, whatever scheme and port
	ScopeDomain                  // its registrable domain, see Scope
	ScopePrefix                  // its origin, and its path up to the last "/"
	ScopeAny                     // nothing
)

// String is the word for the kind on the command line.
func (k ScopeKind) String() string {
	switch k {
	case ScopeHost:
		return "host"
	case ScopeDomain:
		return "domain"
	case ScopePrefix:
		return "prefix"
	case ScopeAny:
		return "any"
	}
	return "unknown"
}

// Scope judges which links a crawl follows: those within reach of its seeds
// whose URL the patterns let through and that look like no trap (cli.md §7). It
// is meant for links and the redirects of links. Seeds and list lines, and their
// redirects, are not judged.
//
// A registrable domain is a public suffix and the label before it
// (publicsuffix.org, the private part of the list included: a.github.io and
// b.github.io are two). A host without one is alone: an IP address, a public
// suffix itself, and a name under a suffix that the list does not know, as in
// networks of one's own. A dot at the end makes another host and another domain,
// as in browsers.
//
// Judge may be called from any number of goroutines while none calls AddSeed; no call
// blocks. AddSeed keeps a
// host, a domain or a folder once: some 40 bytes and its name, and by folders that
// for each segment.
type Scope struct {
	kind             ScopeKind
	include, exclude []*regexp.Regexp
	names            map[string]struct{} // hosts or domains
	paths            pathTree
}

// NewScope makes a scope without seeds: until AddSeed it holds nothing, unless
// kind is ScopeAny. The patterns are searched for in the normal form of a URL
// without userinfo, as records print it. With include, one at least must be
// found; with exclude, none may. Neither slice is changed.
func NewScope(kind ScopeKind, include, exclude []*regexp.Regexp) *Scope {
	return &Scope{kind: kind, include: include, exclude: exclude, names: make(map[string]struct{})}
}

// AddSeed takes the surroundings of a seed into the scope. It is also for the
// URL at which a seed's redirects end. The zero URL adds nothing.
func (s *Scope) AddSeed(u weburl.URL) {
	switch {
	case u.IsZero() || s.kind == ScopeAny:
	case s.kind == ScopePrefix:
		s.paths.add(u)
	default:
		name := s.name(u)
		if _, ok := s.names[name]; !ok {
			s.names[strings.Clone(name)] = struct{}{} // or it would keep the whole URL
		}
	}
}

// Judge is CutNone for a URL that may be followed, and else the first rule that
// says no: scope, then exclude, include and the traps of [Trap]. The zero URL is
// out of scope. It takes time linear in the length of u, whatever the number of
// seeds.
func (s *Scope) Judge(u weburl.URL) Cut {
	if !s.holds(u) {
		return CutScope
	}
	text := u.String()
	switch {
	case matchAny(s.exclude, text):
		return CutExclude
	case len(s.include) > 0 && !matchAny(s.include, text):
		return CutInclude
	}
	return cutOf(Trap(u))
}

// holds: u is within reach of a seed.
func (s *Scope) holds(u weburl.URL) bool {
	switch {
	case u.IsZero():
		return false
	case s.kind == ScopeAny:
		return true
	case s.kind == ScopePrefix:
		return s.paths.holds(u)
	}
	_, ok := s.names[s.name(u)]
	return ok
}

// name is what u must share with a seed.
func (s *Scope) name(u weburl.URL) string {
	if s.kind == ScopeDomain {
		return registrable(u.Hostname())
	}
	return u.Hostname()
}

// registrable is the registrable domain of a host, or the host where it has none.
func registrable(host string) string {
	name := strings.TrimSuffix(host, ".")
	suffix, icann := publicsuffix.PublicSuffix(name)
	if !icann && !strings.Contains(suffix, ".") {
		return host // no rule of the list: an address, or a name of one's own network
	}
	rest := strings.TrimSuffix(name[:len(name)-len(suffix)], ".") // "" before a public suffix itself
	return host[strings.LastIndexByte(rest, '.')+1:]
}

func matchAny(patterns []*regexp.Regexp, text string) bool {
	for _, re := range patterns {
		if re.MatchString(text) {
			return true
		}
	}
	return false
}
