package robots

import (
	"errors"
	"fmt"
	"time"
)

// maxSteps bounds what judging one path may cost, in bytes looked at: some 2 ms.
const maxSteps = 4 << 20

// ruleset is what the groups say that apply to one agent. It is immutable.
type ruleset struct {
	allow, disallow side
	delay           time.Duration
	told            bool // there is a delay
}

// side is what the lines of one kind say.
type side struct {
	common  patterns
	literal patterns // those that speak of a star or a dollar itself
}

func newRuleset(f found) *ruleset {
	return &ruleset{newSide(f.allow), newSide(f.disallow), f.delay, f.told}
}

func newSide(raw []string) side {
	var common, literal []string
	for _, p := range raw {
		if hasSpecial(p) {
			literal = append(literal, p)
		} else {
			common = append(common, p)
		}
	}
	return side{compile(common), compile(literal)}
}

// errDisallowed is the reason of a Disallow line.
var errDisallowed = errors.New("disallowed by robots.txt")

// judge says why a path with its query is not to be asked, or nil: the longest
// matching pattern wins, Allow wins a tie (RFC 9309 section 2.2.2). What would
// cost more than maxSteps is refused instead, and costs nothing.
func (s *ruleset) judge(path string) error {
	asked := path + end
	verbatim := asked
	if special := escapeSpecial(path); special != path {
		verbatim = special + end
	}
	if s.steps(asked, verbatim) > maxSteps {
		return fmt.Errorf("robots.txt has too many patterns to judge a path of %d bytes", len(path))
	}
	disallow := s.disallow.longest(asked, verbatim)
	if disallow > 0 && disallow > s.allow.longest(asked, verbatim) {
		return errDisallowed
	}
	return nil
}

// steps is what judging a path costs at most: a pass over it for each pattern
// with stars. Those without are found by a search, which is cheap.
func (s *ruleset) steps(path, verbatim string) int64 {
	return s.allow.steps(path, verbatim) + s.disallow.steps(path, verbatim)
}

func (s *side) steps(path, verbatim string) int64 {
	n := int64(s.common.passes+s.literal.passes) * int64(len(path))
	if verbatim != path {
		n += int64(s.literal.passes) * int64(len(verbatim))
	}
	return n
}

func (s *side) longest(path, verbatim string) int {
	n := max(s.common.longest(path), s.literal.longest(path))
	if verbatim != path {
		n = max(n, s.literal.longest(verbatim))
	}
	return n
}

// size is the memory that s keeps, in bytes.
func (s *ruleset) size() int {
	n := 0
	for _, p := range []*patterns{&s.allow.common, &s.allow.literal, &s.disallow.common, &s.disallow.literal} {
		n += p.plain.size() + p.starred.size()
	}
	return n
}
