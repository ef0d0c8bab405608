package frontier

import (
	"encoding/json"
	"fmt"
)

// Cut is the rule by which a link, or a redirect of one, is not fetched. The
// set is closed; the zero value is no cut. A link that is cut has no record: a
// summary counts it under the rule's name (cli.md §7).
type Cut uint8

// The cuts. Those of [Scope.Judge] come first, then those of [Budget.Take];
// CutRobots is for whoever asks robots.txt, so that all are counted in one place.
const (
	CutNone      Cut = iota
	CutScope         // outside of the scope of the seeds
	CutExclude       // matches a pattern to exclude
	CutInclude       // matches no pattern to include
	CutLength        // a trap: TrapLength
	CutPath          // a trap: TrapPath
	CutSession       // a trap: TrapSession
	CutPages         // the run has all its pages
	CutHostPages     // the host has all its pages
	CutRobots        // robots.txt says no
	NumCuts      int = iota
)

// String is the name under which a summary counts the cut. Those of traps are
// the names of their [TrapKind].
func (c Cut) String() string {
	switch c {
	case CutNone:
		return "none"
	case CutScope:
		return "scope"
	case CutExclude:
		return "exclude"
	case CutInclude:
		return "include"
	case CutLength:
		return TrapLength.String()
	case CutPath:
		return TrapPath.String()
	case CutSession:
		return TrapSession.String()
	case CutPages:
		return "max_pages"
	case CutHostPages:
		return "host_pages"
	case CutRobots:
		return "robots"
	}
	return "unknown"
}

// Cuts counts by Cut.
type Cuts [NumCuts]int64

// Add adds those of other.
func (c *Cuts) Add(other Cuts) {
	for i, n := range other {
		c[i] += n
	}
}

// MarshalText writes the counts that are not 0 as a JSON object by the names of
// the cuts. It never fails.
func (c Cuts) MarshalText() ([]byte, error) { return json.Marshal(c.ByName()) }

// UnmarshalText reads what MarshalText wrote. A name that is no cut is an error.
func (c *Cuts) UnmarshalText(text []byte) error {
	var m map[string]int64
	if err := json.Unmarshal(text, &m); err != nil {
		return err
	}
	*c = Cuts{}
	for i := range c {
		name := Cut(i).String()
		c[i] = m[name]
		delete(m, name)
	}
	for name := range m {
		return fmt.Errorf("no cut is named %q", name)
	}
	return nil
}

// ByName are the counts that are not 0, by the names of their cuts.
func (c Cuts) ByName() map[string]int64 {
	m := map[string]int64{}
	for i, n := range c {
		if n != 0 {
			m[Cut(i).String()] = n
		}
	}
	return m
}

// IsTrap says that it is one of the rules of [Trap].
func (c Cut) IsTrap() bool { return c == CutLength || c == CutPath || c == CutSession }

// CutError is why an item that waited is not asked: a limit was reached.
type CutError struct{ Cut Cut }

func (e *CutError) Error() string {
	switch e.Cut {
	case CutPages:
		return "the run has all the pages that it may have"
	case CutHostPages:
		return "the host has all the pages that it may have"
	}
	return "cut: " + e.Cut.String()
}

// cutOf is the cut of a trap.
func cutOf(k TrapKind) Cut {
	switch k {
	case TrapLength:
		return CutLength
	case TrapPath:
		return CutPath
	case TrapSession:
		return CutSession
	}
	return CutNone
}
