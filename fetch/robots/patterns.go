package robots

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// end stands behind a path, and in place of the "$" that ends a pattern: so an
// anchored pattern is a prefix like any other, and as long as it was. Neither a
// URL nor a line of a file has one inside.
const end = "\n"

// patterns are those of one kind of line, laid out for finding the longest that
// matches.
type patterns struct {
	plain   prefixes // without stars
	starred table    // the longest first
	passes  int      // over a path, that starred costs at most
}

// compile takes patterns as they stand in a file, in any order.
func compile(raw []string) patterns {
	for i, p := range raw {
		if rest, anchored := strings.CutSuffix(p, "$"); anchored {
			raw[i] = rest + end
		}
	}
	slices.Sort(raw)
	var plain, starred []string
	passes := 0
	for _, p := range slices.Compact(raw) {
		if strings.Contains(p, "*") {
			starred = append(starred, p)
			passes += 1 + len(p)/64
		} else {
			plain = append(plain, p)
		}
	}
	slices.SortStableFunc(starred, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return patterns{newPrefixes(plain), newTable(starred), passes}
}

// longest is the length of the longest pattern that matches path, which ends with
// end; 0 where none does.
func (p *patterns) longest(path string) int {
	best := p.plain.longest(path)
	for i := range p.starred.ends {
		s := p.starred.at(i)
		if len(s) <= best {
			break
		}
		if matches(path, s) {
			return len(s)
		}
	}
	return best
}

// matches reports whether path begins with pattern, in which "*" is for any bytes.
// Taking each piece between stars at its first place is enough, since a later
// piece only gains room by it; so no backtracking.
func matches(path, pattern string) bool {
	piece, rest, more := strings.Cut(pattern, "*")
	if !strings.HasPrefix(path, piece) {
		return false
	}
	path = path[len(piece):]
	for more {
		piece, rest, more = strings.Cut(rest, "*")
		i := strings.Index(path, piece)
		if i < 0 {
			return false
		}
		path = path[i+len(piece):]
	}
	return true
}

// table is a list of strings in one piece: each takes four bytes beside its own,
// where a string of Go takes sixteen.
type table struct {
	text string
	ends []uint32
}

// newTable copies ss, so that a few lines do not keep a whole file in memory.
func newTable(ss []string) table {
	size := 0
	for _, s := range ss {
		size += len(s)
	}
	var text strings.Builder
	text.Grow(size)
	ends := make([]uint32, len(ss))
	for i, s := range ss {
		text.WriteString(s)
		ends[i] = uint32(text.Len())
	}
	return table{text.String(), ends}
}

func (t *table) at(i int) string {
	if i == 0 {
		return t.text[:t.ends[0]]
	}
	return t.text[t.ends[i-1]:t.ends[i]]
}

// size is the memory that t keeps, in bytes.
func (t *table) size() int { return len(t.text) + 4*len(t.ends) }

// prefixes is a sorted table for finding the longest string that another begins
// with.
type prefixes struct {
	table
	shorter []int32 // for each, where the longest is that it begins with; -1: nowhere
}

// newPrefixes takes strings that are sorted and different.
func newPrefixes(ss []string) prefixes {
	p := prefixes{newTable(ss), make([]int32, len(ss))}
	for i, s := range ss {
		p.shorter[i] = p.begins(s, int32(i)-1)
	}
	return p
}

// longest is the length of the longest that path begins with; 0 where there is
// none. It takes one search: whatever path begins with, the last string up to
// path in order begins with too.
func (p *prefixes) longest(path string) int {
	n := sort.Search(len(p.ends), func(i int) bool { return p.at(i) > path })
	if i := p.begins(path, int32(n)-1); i >= 0 {
		return len(p.at(int(i)))
	}
	return 0
}

// begins finds the longest that s begins with, at i or among those that the string
// there begins with; -1 where there is none.
func (p *prefixes) begins(s string, i int32) int32 {
	for i >= 0 && !strings.HasPrefix(s, p.at(int(i))) {
		i = p.shorter[i]
	}
	return i
}

// size is the memory that p keeps, in bytes.
func (p *prefixes) size() int { return p.table.size() + 4*len(p.shorter) }
