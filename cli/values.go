package cli

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// The types of flag values. Each fits pflag.Value by shape and says in plain
// words what it does not take.

// count is a whole number of a range.
type count struct {
	n        *int
	min, max int
}

func (c count) String() string {
	if c.n == nil {
		return "0"
	}
	return strconv.Itoa(*c.n)
}
func (c count) Type() string { return "N" }
func (c count) Set(s string) error {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < c.min || n > c.max {
		return fmt.Errorf("want a whole number from %d to %d", c.min, c.max)
	}
	*c.n = n
	return nil
}

// span is a time: "30s", "1m30s", or a number of seconds.
type span struct {
	d    *time.Duration
	none bool // 0 is a value, and means none
}

func (v span) String() string {
	if v.d == nil {
		return "0s"
	}
	return shortest(*v.d)
}

// shortest is a time without zeros at its end: 1m0s is 1m.
func shortest(d time.Duration) string {
	s := d.String()
	if d >= time.Minute {
		s = strings.TrimSuffix(strings.Replace(s, "h0m0s", "h", 1), "m0s")
		if !strings.HasSuffix(s, "h") && !strings.HasSuffix(s, "s") {
			s += "m"
		}
	}
	return s
}
func (v span) Type() string { return "TIME" }
func (v span) Set(s string) error {
	d, err := parseSpan(s)
	switch {
	case err == nil && (d > 0 || d == 0 && v.none):
	case v.none:
		return errors.New("want a time such as 500ms or 1m30s; a bare number is seconds")
	default:
		return errors.New("want a time above zero, such as 30s or 1m30s; a bare number is seconds")
	}
	*v.d = d
	return nil
}

func parseSpan(s string) (time.Duration, error) {
	s = strings.TrimSpace(s)
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		if math.IsNaN(f) || f < 0 || f > math.MaxInt64/float64(time.Second) {
			return 0, strconv.ErrRange
		}
		return time.Duration(f * float64(time.Second)), nil
	}
	return time.ParseDuration(s)
}

// pace is a rate: "100/s", "30/m", "5/h", or a number per second; 0 is no limit.
type pace struct{ l *rate.Limit }

func (v pace) String() string {
	if v.l == nil || *v.l == 0 {
		return "0"
	}
	return strconv.FormatFloat(float64(*v.l), 'g', 4, 64) + "/s"
}
func (v pace) Type() string { return "RATE" }
func (v pace) Set(s string) error {
	number, unit, _ := strings.Cut(strings.TrimSpace(s), "/")
	per := map[string]float64{"": 1, "s": 1, "m": 60, "h": 3600}[unit]
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || per == 0 || n < 0 || math.IsInf(n, 0) || math.IsNaN(n) {
		return errors.New("want a rate such as 10/s, 30/m or 100/h; a bare number is per second")
	}
	*v.l = rate.Limit(n / per)
	return nil
}

// choice is one word of a few.
type choice struct {
	s     *string
	words []string
}

func (v choice) String() string {
	if v.s == nil {
		return ""
	}
	return *v.s
}
func (v choice) Type() string { return strings.Join(v.words, "|") }
func (v choice) Set(s string) error {
	for _, w := range v.words {
		if s == w {
			*v.s = s
			return nil
		}
	}
	return fmt.Errorf("want %s", strings.Join(v.words, " or "))
}

// text is a word that cannot be empty. What is wrong with it otherwise is told
// once all flags are known.
type text struct {
	s    *string
	what string
}

func (v text) String() string {
	if v.s == nil {
		return ""
	}
	return *v.s
}
func (v text) Type() string { return v.what }
func (v text) Set(s string) error {
	if s == "" {
		return fmt.Errorf("want %s", v.what)
	}
	*v.s = s
	return nil
}

// given is a text that may be empty: nil is a flag that was not given. Its text
// may hold a secret, and is never shown.
type given struct {
	s    **string
	what string
}

func (v given) String() string { return "" }
func (v given) Type() string   { return v.what }
func (v given) Set(s string) error {
	*v.s = &s
	return nil
}

// many gathers every use of a flag; two flags may share one.
type many struct {
	ss   *[]string
	what string
}

func (v many) String() string { return "" }
func (v many) Type() string   { return v.what }
func (v many) Set(s string) error {
	if s == "" {
		return fmt.Errorf("want %s", v.what)
	}
	*v.ss = append(*v.ss, s)
	return nil
}
