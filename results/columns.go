package results

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Columns are chosen parts of a record in a chosen order: the columns of CSV and
// TSV, and what the other formats write where not all is wanted. They are a value
// that does not change, safe from any goroutine.
type Columns struct {
	list    []column // as they were asked for
	grouped []column // those of one object side by side, for JSON
}

// column is one part of a record.
type column struct {
	name string   // as in -fields: "url", "error.kind"
	path []string // the objects that it is in, and its name there: error, kind
	key  string   // `"kind":`
	// append appends the value, or nothing where there is none: a string by way of
	// text, all else as JSON.
	append func(dst []byte, r *Record, text escape) []byte
	json   bool                               // it may be a list or an object
	people func(dst []byte, r *Record) []byte // the same, if not nil, for people
	width  int                                // that most values take; 0: any
	number bool                               // it lines up on the right
}

// escape appends a string in the manner of a format.
type escape func(dst []byte, s string) []byte

// UnknownColumnError says that a record has no such part.
type UnknownColumnError struct{ Name string }

func (e *UnknownColumnError) Error() string { return fmt.Sprintf("a record has no %q", e.Name) }

// ErrColumns is wrapped by ParseColumns's error for names that do not go together.
var ErrColumns = errors.New("want names with commas between them, each once")

// ParseColumns understands "url,status,error.kind": names of the record's members,
// in any order, and of members of error, time, fields and meta with a point between,
// as in meta.customer.id. selected are the names that fields may have; meta may have
// any. The errors are *UnknownColumnError, or wrap ErrColumns.
func ParseColumns(names string, selected []string) (*Columns, error) {
	known := columns(selected)
	c := &Columns{}
	for name := range strings.SplitSeq(names, ",") {
		name = strings.TrimSpace(name)
		i := slices.IndexFunc(known, func(k column) bool { return k.name == name })
		var col column
		switch own, ofMeta := metaColumn(name); {
		case name == "":
			return nil, fmt.Errorf("a name is empty: %w", ErrColumns)
		case i >= 0:
			col = known[i]
		case ofMeta:
			col = own
		default:
			return nil, &UnknownColumnError{name}
		}
		for _, other := range c.list {
			switch n := common(col.path, other.path); {
			case name == other.name:
				return nil, fmt.Errorf("%q comes twice: %w", name, ErrColumns)
			case n == len(col.path):
				return nil, fmt.Errorf("%q has %q in it: %w", name, other.name, ErrColumns)
			case n == len(other.path):
				return nil, fmt.Errorf("%q has %q in it: %w", other.name, name, ErrColumns)
			}
		}
		c.list = append(c.list, col)
	}
	c.group()
	return c, nil
}

// group puts members of one object side by side, at the place of the first.
func (c *Columns) group() {
	for _, col := range c.list {
		at, most := len(c.grouped), 1
		for i, other := range c.grouped {
			if n := common(col.path, other.path); n >= most {
				at, most = i+1, n
			}
		}
		c.grouped = slices.Insert(c.grouped, at, col)
	}
}

// common is how many names two paths begin with together.
func common(a, b []string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// Names are the names of the columns, in their order.
func (c *Columns) Names() []string {
	names := make([]string, len(c.list))
	for i := range c.list {
		names[i] = c.list[i].name
	}
	return names
}

// ColumnNames are all names that ParseColumns takes.
func ColumnNames(selected []string) []string {
	return (&Columns{list: columns(selected)}).Names()
}

// DefaultColumns are those of a table where none are asked for: what became of
// each line, and all that was selected.
func DefaultColumns(selected []string) string {
	names := "index,url,final_url,status,ok,error.kind,error.message,title,content_type,size,attempts,started_at,time.total,duplicate_of"
	for _, s := range selected {
		names += ",fields." + s
	}
	return names
}

// appendJSON appends the columns as one object; those without a value are left
// out.
func (c *Columns) appendJSON(dst []byte, r *Record) []byte {
	return closed(appendMembers(append(dst, '{'), c.grouped, 0, r))
}

// appendMembers appends columns that are in an object depth deep, each with a comma
// behind it.
func appendMembers(dst []byte, cols []column, depth int, r *Record) []byte {
	for len(cols) > 0 {
		before := len(dst)
		n := 1
		if path := cols[0].path; depth == len(path)-1 {
			dst = append(dst, cols[0].key...)
			value := len(dst)
			if dst = cols[0].append(dst, r, appendString); len(dst) > value {
				dst = append(dst, ',')
			} else {
				dst = dst[:before]
			}
		} else {
			for n < len(cols) && common(path, cols[n].path) > depth {
				n++
			}
			dst = append(appendString(dst, path[depth]), ":{"...)
			start := len(dst)
			if dst = appendMembers(dst, cols[:n], depth+1, r); len(dst) > start {
				dst = append(closed(dst), ',')
			} else {
				dst = dst[:before]
			}
		}
		cols = cols[n:]
	}
	return dst
}

// closed ends an object whose members each have a comma behind them.
func closed(dst []byte) []byte {
	if dst[len(dst)-1] == ',' {
		dst[len(dst)-1] = '}'
		return dst
	}
	return append(dst, '}')
}
