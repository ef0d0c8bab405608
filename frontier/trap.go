package frontier

import (
	"strings"

	"crawl/weburl"
)

// TrapKind is the rule by which a link looks like a crawler trap: a part of a
// site that makes ever new URLs without end. The set is closed; the zero value
// is no trap.
type TrapKind uint8

// The kinds of traps.
const (
	TrapNone    TrapKind = iota
	TrapLength           // the URL is longer than MaxLinkLen
	TrapPath             // segments of the path repeat
	TrapSession          // a session id stands in path or query
)

// String is the name under which a summary counts the kind.
func (k TrapKind) String() string {
	switch k {
	case TrapNone:
		return "none"
	case TrapLength:
		return "long_url"
	case TrapPath:
		return "repeated_path"
	case TrapSession:
		return "session_id"
	}
	return "unknown"
}

// MaxLinkLen is the longest URL in bytes, without userinfo, that is no trap.
const MaxLinkLen = 2048

// Trap judges a link (faults.md row 25). It is pure: it may be called from any
// goroutine, does not block, allocates nothing, and takes time linear in the
// length of u. It is meant for links alone: whoever writes a URL into a list
// wants it fetched.
//
// The rules, and whose they are:
//   - Length: over [MaxLinkLen] bytes, as Scrapy's URLLENGTH_LIMIT.
//   - Path: a run of up to eight segments stands three times in a row, as in
//     Heritrix's PathologicalPathDecideRule (/news/old/news/old/news/old/); or one segment
//     stands six times with fewer than eight others between one and the next
//     (/en/news/en/about/en/…), which Nutch and StormCrawler cut at three; but
//     node_modules and package names nest deeper than that. What is a number
//     or has at most two bytes is a date, a map tile or a shard of an id
//     (/11/11/11/, /000/000/000/), so it counts only next to other segments,
//     or six times in a row.
//   - Session: the ids that Heritrix's StripSessionIDs and Nutch's normaliser
//     remove, where name and value leave no doubt. They cut the id out and go
//     on; we do not, because what is left often leads to a page with the next id.
//
// A calendar looks like any other path: the limit of pages per host ends it.
func Trap(u weburl.URL) TrapKind {
	switch {
	case len(u.Scheme())+len("://")+len(u.Host())+len(u.RequestURI()) > MaxLinkLen:
		return TrapLength
	case repeats(u.Path()):
		return TrapPath
	case hasSession(u.RequestURI()):
		return TrapSession
	}
	return TrapNone
}

const (
	maxPeriod  = 8 // segments of a run, and the reach of a segment's count
	copies     = 3 // in a row
	weakCopies = 6 // the same for a run of numbers and of short segments
	maxSpread  = 6 // of one segment, not in a row
)

// repeats applies the rule of the path in one pass: each segment is compared
// with the eight before it.
func repeats(path string) bool {
	type run struct {
		n      int // how many segments equal the one a period before them
		strong bool
	}
	var (
		last  [maxPeriod]string
		count [maxPeriod]int     // how often that of last was seen so far
		runs  [maxPeriod + 1]run // by period
	)
	path = strings.TrimPrefix(path, "/")
	for i := 0; path != ""; i++ {
		var segment string
		segment, path, _ = strings.Cut(path, "/")
		strong, seen := !isWeak(segment), 1
		for p := 1; p <= min(i, maxPeriod); p++ {
			before := (i - p) % maxPeriod
			if last[before] != segment {
				runs[p] = run{}
				continue
			}
			if seen == 1 { // the nearest has the count
				seen += count[before]
			}
			runs[p].n++
			runs[p].strong = runs[p].strong || strong
			if runs[p].n >= limit(runs[p].strong)*p {
				return true
			}
		}
		if strong && seen >= maxSpread {
			return true
		}
		last[i%maxPeriod], count[i%maxPeriod] = segment, seen
	}
	return false
}

// limit is how many copies after the first make a trap.
func limit(strong bool) int {
	if strong {
		return copies - 1
	}
	return weakCopies - 1
}

// isWeak: the segment says little when it is seen again.
func isWeak(segment string) bool {
	return len(segment) <= 2 || strings.Trim(segment, "0123456789") == ""
}

// hasSession looks at every part of path and query between delimiters.
func hasSession(s string) bool {
	for s != "" {
		part, rest := s, ""
		if i := strings.IndexAny(s, "/;?&"); i >= 0 {
			part, rest = s[:i], s[i+1:]
		}
		name, value, ok := strings.Cut(part, "=")
		if ok && value != "" && isSession(name, value) || !ok && isCookieless(part) {
			return true
		}
		s = rest
	}
	return false
}

// isSession: the name is that of a session and of nothing else, or it may be
// and the value looks like an id: a "sid" is also a story, a "session" a talk.
func isSession(name, value string) bool {
	for _, sure := range [...]string{"jsessionid", "phpsessid", "cftoken", "bv_sessionid"} {
		if strings.EqualFold(name, sure) {
			return true
		}
	}
	const asp = "aspsessionid" // and eight letters
	if len(name) == len(asp)+8 && strings.EqualFold(name[:len(asp)], asp) {
		return true
	}
	for _, likely := range [...]string{"sid", "sessid", "sessionid", "session_id", "oscsid", "zenid"} {
		if strings.EqualFold(name, likely) {
			return len(value) >= phpID && isRandom(value)
		}
	}
	return false
}

// Lengths of ids in bytes: PHP's shortest usual one, 128 bits in base 32, and
// ASP.NET's.
const (
	phpID = 26
	aspID = 24
)

// isRandom: letters and digits, some of each, and nothing else.
func isRandom(value string) bool {
	letters, digits := 0, 0
	for i := range len(value) {
		switch c := value[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			letters++
		}
	}
	return letters+digits == len(value) && letters > 0 && digits > 0
}

// isCookieless knows the segment that ASP.NET puts into the path of a visitor
// without cookies: an id in parentheses, or (S(id)), with further letters for
// other purposes, as in (A(…)S(id)F(…)).
func isCookieless(segment string) bool {
	inner, ok := strings.CutPrefix(segment, "(")
	if ok {
		inner, ok = strings.CutSuffix(inner, ")")
	}
	if !ok {
		return false
	}
	if len(inner) == aspID {
		return isRandom(inner)
	}
	for inner != "" {
		value, rest, ok := strings.Cut(inner, ")")
		if !ok || len(value) < len("S(") || value[1] != '(' {
			return false
		}
		if value[0]|0x20 == 's' && len(value) == len("S(")+aspID {
			return isRandom(value[len("S("):])
		}
		inner = rest
	}
	return false
}
