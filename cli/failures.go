package cli

import (
	"errors"
	"strconv"
	"strings"

	"crawl/results"
)

// failures is the value of -max-failures: how many failed lines are taken for no
// failure of the run, as a number or as a share of the lines.
type failures struct {
	n       int64
	percent float64
	share   bool // percent counts
}

func (f *failures) String() string {
	if f.share {
		return strconv.FormatFloat(f.percent, 'g', -1, 64) + "%"
	}
	return strconv.FormatInt(f.n, 10)
}
func (f *failures) Type() string { return "N|N%" }
func (f *failures) Set(s string) error {
	number, share := strings.CutSuffix(strings.TrimSpace(s), "%")
	wrong := errors.New("want a number of lines, or a share of them from 0% to 100%")
	if !share {
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil || n < 0 {
			return wrong
		}
		*f = failures{n: n}
		return nil
	}
	percent, err := strconv.ParseFloat(number, 64)
	if err != nil || !(percent >= 0 && percent <= 100) {
		return wrong
	}
	*f = failures{percent: percent, share: true}
	return nil
}

// exceeded says that more lines of the whole list failed, or in a change feed were
// told to. Of a share, duplicates are no lines (cli.md §9).
func (f *failures) exceeded(sum *results.Summary) bool {
	e := sum.Earlier
	failed := sum.Failed + e.Failed
	if sum.Changes != nil {
		failed = sum.Changes[results.Gone] + sum.Changes[results.Failing]
	}
	if !f.share {
		return failed > f.n
	}
	lines := sum.Read() - sum.Duplicates + e.OK + e.Failed
	return float64(failed)*100 > f.percent*float64(lines)
}
