package frontier

import (
	"strings"

	"crawl/weburl"
)

// pathTree is a set of paths by origin that answers whether one of them is the
// beginning of a URL, in one step for each segment, whatever their number. Its
// nodes are numbers and all its edges stand in one map: a map for each node
// would take several times the memory.
type pathTree struct {
	edges map[edge]node
}

// edge leads from a node by a segment of a path; from the root, 0, by an origin.
type edge struct {
	from    uint32
	segment string
}

type node struct {
	id  uint32
	all bool // everything below is in the set
}

// add puts the path of u up to its last "/" into the set.
func (t *pathTree) add(u weburl.URL) {
	if t.edges == nil {
		t.edges = make(map[edge]node)
	}
	at := edge{segment: u.Origin()}
	rest := u.Path()[1:]
	for {
		n, known := t.edges[at]
		if n.all {
			return // a shorter path is there
		}
		next, after, more := strings.Cut(rest, "/")
		if !known {
			n.id = uint32(len(t.edges)) + 1
		}
		if n.all = !more; n.all || !known {
			at.segment = strings.Clone(at.segment) // or it would keep the whole URL
			t.edges[at] = n
		}
		if n.all {
			return
		}
		at, rest = edge{n.id, next}, after
	}
}

// holds reports whether a path of the set is the beginning of that of u.
func (t *pathTree) holds(u weburl.URL) bool {
	at := edge{segment: u.Origin()}
	rest := u.Path()[1:]
	for {
		n, known := t.edges[at]
		if !known || n.all {
			return known
		}
		next, after, more := strings.Cut(rest, "/")
		if !more {
			return false // the last segment is a file, not a folder
		}
		at, rest = edge{n.id, next}, after
	}
}
