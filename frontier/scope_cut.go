package frontier

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
