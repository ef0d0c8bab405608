package report

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Numbers as the page shows them.

// count is n with commas between the thousands.
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// numbered is n with its noun, whose plural has an s.
func numbered(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return count(n) + " " + noun + "s"
}

// size is a number of bytes: "312 B", "1.2 KiB", "64 KiB".
func size(n int64) string {
	if n < 1024 {
		return strconv.FormatInt(n, 10) + " B"
	}
	const units = "KMGTPE"
	v, unit := float64(n)/1024, 0
	for v >= 1023.5 {
		v /= 1024
		unit++
	}
	if v < 9.95 {
		return fmt.Sprintf("%.1f %ciB", v, units[unit])
	}
	return fmt.Sprintf("%.0f %ciB", v, units[unit])
}

// span is a time with three digits: "0.35 ms", "12.3 ms", "1.23 s", "2 min 05 s".
func span(d time.Duration) string {
	switch {
	case d <= 0:
		return "0"
	case d < 999500*time.Microsecond:
		return digits(float64(d)/float64(time.Millisecond)) + " ms"
	case d < 59950*time.Millisecond:
		return digits(d.Seconds()) + " s"
	}
	s := int64(d.Round(time.Second) / time.Second)
	switch {
	case s < 3600:
		return fmt.Sprintf("%d min %02d s", s/60, s%60)
	case s < 48*3600:
		return fmt.Sprintf("%d h %02d min", s/3600, s/60%60)
	}
	return fmt.Sprintf("%d days %d h", s/86400, s/3600%24)
}

// digits is v with three digits of worth, but no more than two decimals.
func digits(v float64) string {
	switch {
	case v < 0.005:
		return "<0.01"
	case v < 9.995:
		return strconv.FormatFloat(v, 'f', 2, 64)
	case v < 99.95:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return count(int64(v + 0.5))
}

// share is n of all in percent. What is not all or nothing is never said to be.
func share(n, all int64) string {
	switch {
	case all == 0 || n == 0:
		return "0 %"
	case n == all:
		return "100 %"
	}
	p := 100 * float64(n) / float64(all)
	switch {
	case p < 0.1:
		return "<0.1 %"
	case p > 99.9:
		return ">99.9 %"
	}
	return fmt.Sprintf("%.1f %%", p)
}

// perSecond is n over d.
func perSecond(n float64, d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return digits(n/d.Seconds()) + "/s"
}

// moment is a point of time, in UTC.
func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") + " UTC" }

// statusText is what a status is called.
func statusText(code int) string { return strings.ToLower(http.StatusText(code)) }

// isWeb says that a URL may be made a link: what it leads to is no script.
func isWeb(url string) bool {
	origin, _ := split(url)
	return origin != ""
}
