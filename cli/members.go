package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"crawl/frontier/list"
	"crawl/results"
)

// unknownMembers has the first line with a member that does not count told, where it
// may have been meant to. The parts of a record are not told: what one run wrote is a
// list for the next.
func (o *options) unknownMembers(stderr io.Writer) list.Unknown {
	if o.quiet {
		return nil
	}
	ours := results.ColumnNames(nil)
	return func(source string, line int64, names []string) (more bool) {
		names = slices.DeleteFunc(names, func(name string) bool { return slices.Contains(ours, name) })
		if len(names) == 0 {
			return true
		}
		notice(o, stderr, memberText(source, line, names))
		return false
	}
}

// memberText tells of the members of a line that do not count: of one that is nearly
// one that does, or else of the first.
func memberText(source string, line int64, names []string) string {
	where := source
	if line > 0 {
		where = fmt.Sprintf("%s:%d", source, line)
	}
	known := list.Members()
	for _, name := range names {
		if near := likest(strings.ToLower(name), known); near != "" {
			return fmt.Sprintf("%s: member %q does not count; did you mean %s?", where, name, near)
		}
	}
	return fmt.Sprintf("%s: member %q does not count, here and in other lines; %s and %s do",
		where, names[0], strings.Join(known[:len(known)-1], ", "), known[len(known)-1])
}
