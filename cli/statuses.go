package cli

import (
	"errors"
	"strconv"
	"strings"
)

// statuses is a set of HTTP statuses: "2xx,304,500-503".
type statuses struct {
	text string
	in   [maxStatus + 1]bool
}

const minStatus, maxStatus = 100, 599

var errStatuses = errors.New("want statuses such as 200, 2xx or 200-299, with commas between them")

func (v *statuses) String() string { return v.text }
func (v *statuses) Type() string   { return "STATUSES" }

// Set takes the place of what was given before.
func (v *statuses) Set(s string) error {
	set := statuses{text: s}
	for part := range strings.SplitSeq(s, ",") {
		from, to, err := statusRange(strings.ToLower(strings.TrimSpace(part)))
		if err != nil {
			return err
		}
		for n := from; n <= to; n++ {
			set.in[n] = true
		}
	}
	*v = set
	return nil
}

// statusRange reads "200", "2xx" or "200-299".
func statusRange(s string) (from, to int, err error) {
	if class, ok := strings.CutSuffix(s, "xx"); ok {
		s = class + "00-" + class + "99"
	}
	first, last, ok := strings.Cut(s, "-")
	if !ok {
		last = first
	}
	from, err1 := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	if errors.Join(err1, err2) != nil || from < minStatus || to > maxStatus || from > to {
		return 0, 0, errStatuses
	}
	return from, to, nil
}

// accept is nil where no set was given: the default is the engine's.
func (v *statuses) accept() func(status int) bool {
	if v.text == "" {
		return nil
	}
	in := v.in
	return func(status int) bool { return 0 <= status && status < len(in) && in[status] }
}
