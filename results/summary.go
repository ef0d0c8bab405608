package results

import (
	"cmp"
	"io"
	"maps"
	"slices"
	"time"
)

// Summary counts what became of a run. It has no clock and no output of its
// own; the zero value is an empty run. It is for one goroutine.
//
// Add counts what a record shows. The rest is the run's to set, because no
// record shows it: a record has only its last answer, robots.txt has none, and
// a line that was left has none either.
type Summary struct {
	// OK, Failed and Duplicates are the records; each is one of them, so that
	// they add up to Lines. Set by Add, as all up to Redirects.
	OK         int64
	Failed     int64
	Duplicates int64
	// Kinds are the failed ones by Error.Kind and add up to Failed.
	Kinds map[string]int64
	// Classes are the records with an answer by the class of its status:
	// Classes[2] counts 2xx. Classes[0] is for what is no class.
	Classes [6]int64
	// Bytes and WireBytes are the sums of Size and WireSize.
	Bytes     int64
	WireBytes int64
	// Attempts, Retries and Redirects are the sums over the records; Retries
	// are the attempts beyond each record's first.
	Attempts  int64
	Retries   int64
	Redirects int64

	// Changes are the records of a change feed by Change; nil, or empty, where
	// none came. In a run with a feed it is set, be it empty.
	Changes map[string]int64

	// Tried is how many requests were started, of any sort, and Answers how
	// many HTTP answers came, of any status. Set by the run.
	Tried   int64
	Answers int64
	// Crawl says that links or sitemaps were followed, so that not all records are of
	// lines. Cuts counts the links that were not followed by the rule that was
	// against it; they have no record. Sitemaps is how many were read,
	// LostSitemaps how many could not be. Set by the run.
	Crawl        bool
	Cuts         map[string]int64
	Sitemaps     int64
	LostSitemaps int64
	// Unrecorded is how many lines were read and have no record, because the
	// run was interrupted. Set by the run.
	Unrecorded int64
	// Uncounted says that the input went on behind what was read and counted:
	// Unrecorded is what is known. Set by the run.
	Uncounted bool
	// Interrupted says what ended the run early, such as "SIGINT"; "" when
	// nothing did. Set by the run.
	Interrupted string
	// Earlier is what earlier runs have done, which are in no other count. Set by the
	// caller of a run that goes on where another ended.
	Earlier Earlier
	// Slowest are hosts whose requests took the longest, the slowest first. Set by
	// the run.
	Slowest []HostTime
	// Started is when the run began, and Elapsed how long it took; 0 leaves the
	// rates out. Set by the run.
	Started time.Time
	Elapsed time.Duration
}

// Earlier counts the lines whose records earlier runs have written.
type Earlier struct {
	OK, Failed, Duplicates int64
	Tried, Answered        bool // any of the lines was asked for, or had an answer
	Cuts                   map[string]int64
}

// Lines is how many there are.
func (e Earlier) Lines() int64 { return e.OK + e.Failed + e.Duplicates }

// Add counts one record.
func (s *Summary) Add(r *Record) {
	if r.Duplicate {
		s.Duplicates++ // no request was made for it
		return
	}
	if r.OK {
		s.OK++
	} else {
		s.Failed++
		if s.Kinds == nil {
			s.Kinds = map[string]int64{}
		}
		s.Kinds[r.Error.Kind]++
	}
	if r.Change != "" {
		if s.Changes == nil {
			s.Changes = map[string]int64{}
		}
		s.Changes[r.Change]++
	}
	if r.Status != 0 {
		class := r.Status / 100
		if class < 1 || class >= len(s.Classes) {
			class = 0
		}
		s.Classes[class]++
	}
	s.Bytes += r.Size
	s.WireBytes += r.WireSize
	s.Attempts += int64(r.Attempts)
	s.Retries += int64(max(0, r.Attempts-1))
	s.Redirects += int64(len(r.Redirects))
}

// Lines is how many lines have their record.
func (s *Summary) Lines() int64 { return s.OK + s.Failed + s.Duplicates }

// Read is how many lines were read: those with a record and the others.
func (s *Summary) Read() int64 { return s.Lines() + s.Unrecorded }

// NoAnswer reports that requests went out and not one HTTP answer came, in earlier
// runs neither: most likely the fault is on our side of the network.
func (s *Summary) NoAnswer() bool {
	return (s.Tried > 0 || s.Earlier.Tried) && s.Answers == 0 && !s.Earlier.Answered
}

// WriteText writes the summary for people, in one write: a sentence whose
// counts add up to the lines read, and a line for each thing worth knowing.
//
//	1,012 lines in 12.3 s (82/s): 970 ok, 25 failed, 5 duplicates, 12 unrecorded
//	  failed    20 http, 3 timeout, 2 dns
//	  status    960 2xx, 10 3xx, 20 4xx
//	  requests  1,040 (12 retries, 30 redirects)
//	  bytes     12 MiB (4.1 MiB on the wire), 1.0 MiB/s
//	  slowest   a.example:443 3.20 s, b.example:443 1.04 s, c.example:80 310 ms (mean)
//	  stopped   by SIGINT
func (s *Summary) WriteText(w io.Writer) error {
	_, err := w.Write(s.appendText(nil))
	return err
}

// String is what WriteText writes.
func (s *Summary) String() string { return string(s.appendText(nil)) }

func (s *Summary) appendText(dst []byte) []byte {
	lines := number(s.Read(), "line", "lines")
	if s.Crawl {
		lines = number(s.Read(), "page", "pages")
	}
	dst = append(append(appendCount(dst, lines.n), ' '), lines.name...)
	if s.Elapsed > 0 {
		dst = appendDuration(append(dst, " in "...), s.Elapsed)
		if s.Lines() > 0 {
			dst = append(appendRate(append(dst, " ("...), s.Lines(), s.Elapsed), ')')
		}
	}
	if s.Uncounted {
		dst = append(dst, " (and more that were not read)"...)
	}
	if lines.n > 0 {
		dst = appendCounts(append(dst, ": "...), counted{s.OK, "ok"}, counted{s.Failed, "failed"},
			number(s.Duplicates, "duplicate", "duplicates"), counted{s.Unrecorded, "unrecorded"})
	}
	dst = append(dst, '\n')
	if s.Failed > 0 {
		dst = append(appendCounts(append(dst, "  failed    "...), s.kinds()...), '\n')
	}
	if s.Classes != [6]int64{} {
		dst = append(appendCounts(append(dst, "  status    "...), s.classes()...), '\n')
	}
	if s.Changes != nil {
		dst = append(append(append(dst, "  changes   "...), s.changes()...), '\n')
	}
	if len(s.Cuts) > 0 {
		dst = append(appendCounts(append(dst, "  cut       "...), byCount(s.Cuts)...), '\n')
	}
	if s.Sitemaps+s.LostSitemaps > 0 {
		dst = append(appendCounts(append(dst, "  sitemaps  "...), counted{s.Sitemaps, "read"}, counted{s.LostSitemaps, "not to be had"}), '\n')
	}
	dst = s.appendTraffic(dst)
	dst = s.appendSlowest(dst)
	if e := s.Earlier; e.Lines() > 0 {
		dst = append(appendCounts(append(dst, "  earlier   "...), counted{e.OK, "ok"}, counted{e.Failed, "failed"},
			number(e.Duplicates, "duplicate", "duplicates"), counted{sumOf(e.Cuts), "cut"}), '\n')
	}
	if s.Interrupted != "" {
		dst = append(appendVisible(append(dst, "  stopped   by "...), s.Interrupted, 0), '\n')
	}
	return dst
}

// appendTraffic appends what went over the network.
func (s *Summary) appendTraffic(dst []byte) []byte {
	if s.Tried > 0 {
		dst = appendCount(append(dst, "  requests  "...), s.Tried)
		more := appendCounts(nil, number(s.Retries, "retry", "retries"), number(s.Redirects, "redirect", "redirects"))
		if len(more) > 0 {
			dst = append(append(append(dst, " ("...), more...), ')')
		}
		if s.NoAnswer() {
			dst = append(dst, ", not one answer"...)
		}
		dst = append(dst, '\n')
	}
	if s.Bytes == 0 && s.WireBytes == 0 {
		return dst
	}
	dst = appendBytes(append(dst, "  bytes     "...), s.Bytes)
	if s.WireBytes != s.Bytes && s.WireBytes != 0 {
		dst = append(appendBytes(append(dst, " ("...), s.WireBytes), " on the wire)"...)
	}
	if s.Elapsed > 0 {
		if rate := int64(float64(s.Bytes) / s.Elapsed.Seconds()); rate > 0 {
			dst = append(appendBytes(append(dst, ", "...), rate), "/s"...)
		}
	}
	return append(dst, '\n')
}

// textHosts is how many hosts the text names, and textHost how many characters of
// each: the JSON has the whole.
const textHosts, textHost = 3, 60

// appendSlowest appends the slowest hosts and the mean time of their requests.
// One host alone is not slower than others.
func (s *Summary) appendSlowest(dst []byte) []byte {
	if len(s.Slowest) < 2 {
		return dst
	}
	for i, h := range s.Slowest[:min(textHosts, len(s.Slowest))] {
		if i == 0 {
			dst = append(dst, "  slowest   "...)
		} else {
			dst = append(dst, ", "...)
		}
		dst = appendDuration(append(appendVisible(dst, h.Host, textHost), ' '), h.Mean())
	}
	return append(dst, " (mean)\n"...)
}

// kinds are the failures, the most frequent first.
func (s *Summary) kinds() []counted {
	list := byCount(s.Kinds)
	for i := range list {
		if list[i].name == "" {
			list[i].name = "without a reason"
		}
	}
	return list
}

func sumOf(m map[string]int64) (n int64) {
	for _, v := range m {
		n += v
	}
	return n
}

// byCount are the counts by name, the largest first.
func byCount(m map[string]int64) []counted {
	var list []counted
	for _, name := range slices.Sorted(maps.Keys(m)) {
		list = append(list, counted{m[name], name})
	}
	slices.SortStableFunc(list, func(a, b counted) int { return cmp.Compare(b.n, a.n) })
	return list
}

// changes are the records of a feed, in the order of its words.
func (s *Summary) changes() []byte {
	var list []counted
	for _, word := range []string{New, Changed, Gone, Failing, Recovered} {
		list = append(list, counted{s.Changes[word], word})
	}
	if text := appendCounts(nil, list...); len(text) > 0 {
		return text
	}
	return []byte("none")
}

// classes are the answers by the class of their status.
func (s *Summary) classes() []counted {
	var list []counted
	for _, class := range []int{1, 2, 3, 4, 5, 0} {
		name := string(rune('0'+class)) + "xx"
		if class == 0 {
			name = "other"
		}
		list = append(list, counted{s.Classes[class], name})
	}
	return list
}
