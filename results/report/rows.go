package report

import (
	"bufio"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"crawl/results"
)

// Texts of strangers are cut in the table at so many bytes.
const (
	maxURL  = 2048
	maxText = 300
	perRow  = 1024 // of texts, as they are written, on average: it bounds the page
)

// rows are the records that the table shows: all where they are few enough,
// else the failed ones before others, and of each the first.
type rows struct {
	limit    int
	seen     int64
	failed   rowList
	others   rowList
	origins  names
	verdicts names
	types    names
}

// rowList are rows of one sort, and what their texts weigh.
type rowList struct {
	rows   []row
	weight int64
	full   bool // whatever comes later is not the first any more
}

// row is one record. origin, verdict and media are the places of their names.
type row struct {
	seq, index             int64 // index: -1 is none
	origin, verdict, media int
	status                 int
	size, µs               int64 // size: -1 is none
	path, final            string
	text                   string // the title, or the message of the error
	weight                 int64
}

// The verdicts that are there from the start; after them come the error kinds.
const (
	verdictOK = iota
	verdictDuplicate
	verdictUnknown // failed without a kind
)

func newRows(limit int) rows {
	first := [...]string{verdictOK: "ok", verdictDuplicate: "duplicate", verdictUnknown: "failed"}
	return rows{limit: limit, verdicts: names{list: first[:]}} // a kind of the same name is another one
}

// add keeps a record, if there is room for it.
func (rs *rows) add(r *results.Record, origin, path, media string) {
	rs.seen++
	list := &rs.others
	if r.Failed() {
		list = &rs.failed
	}
	if list.full = list.full || len(list.rows) >= rs.limit; list.full {
		return
	}
	if len(origin) > maxText {
		origin, path = "", r.URL
	}
	w := row{
		seq: rs.seen, index: -1, origin: rs.origins.place(origin), media: rs.types.place(media), status: r.Status,
		size: -1, µs: r.Time.Total.Microseconds(), path: cut(path, maxURL), final: cut(r.FinalURL, maxURL), text: r.Title,
	}
	if r.HasIndex {
		w.index = r.Index
	}
	if r.Status != 0 {
		w.size = r.Size
	}
	if r.Error.Message != "" {
		w.text = r.Error.Message
	}
	w.text = cut(w.text, maxText)
	switch {
	case r.Duplicate:
		w.verdict = verdictDuplicate
	case r.OK:
		w.verdict = verdictOK
	case r.Error.Kind == "":
		w.verdict = verdictUnknown
	case len(rs.verdicts.list) >= maxNames: // the set is closed; this file has other names
		w.verdict = verdictUnknown
	default:
		w.verdict = rs.verdicts.place(cut(r.Error.Kind, maxText))
	}
	w.weight = weight(origin) + weight(media) + weight(w.path) + weight(w.final) + weight(w.text)
	if list.weight+w.weight > rs.budget() {
		list.full = true
		return
	}
	list.rows, list.weight = append(list.rows, w), list.weight+w.weight
}

// budget is what the texts of all rows may weigh.
func (rs *rows) budget() int64 { return int64(rs.limit) * perRow }

// weight is how many bytes a text has in JSON, or some more.
func weight(s string) int64 {
	n := int64(len(s)) + 3
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c == '<', c == '>', c == '&':
			n += 5 // \u003c
		case c == '"', c == '\\':
			n++
		case c == 0xe2: // perhaps U+2028
			n += 3
		}
	}
	return n
}

// count is how many rows the table has, and how many of them failed.
func (rs *rows) count() (all, failed int64) {
	failed = int64(len(rs.failed.rows))
	return failed + int64(len(rs.fitting())), failed
}

// fitting are the others that have room beside the failed ones.
func (rs *rows) fitting() []row {
	room, left := rs.limit-len(rs.failed.rows), rs.budget()-rs.failed.weight
	for i, w := range rs.others.rows {
		if left -= w.weight; i >= room || left < 0 {
			return rs.others.rows[:i]
		}
	}
	return rs.others.rows
}

// kept are the rows of the table in the order in which they came.
func (rs *rows) kept() []row {
	failed, others := rs.failed.rows, rs.fitting()
	list := make([]row, 0, len(failed)+len(others))
	for len(failed)+len(others) > 0 {
		from := &others
		if len(others) == 0 || len(failed) > 0 && failed[0].seq < others[0].seq {
			from = &failed
		}
		list = append(list, (*from)[0])
		*from = (*from)[1:]
	}
	return list
}

// write writes the table as one JSON object for the script of the page: a list
// for each column. A text that came before in its column is the number of the
// row where it did. Nothing in it can end the script element that it stands in:
// encoding/json escapes <, > and &.
func (rs *rows) write(w io.Writer, list []row) error {
	bw := bufio.NewWriterSize(w, 64<<10)
	_, _ = bw.WriteString("{")
	writeNames(bw, "origins", rs.origins.list)
	writeNames(bw, "verdicts", rs.verdicts.list)
	writeNames(bw, "types", rs.types.list)
	writeNumbers(bw, "index", list, func(r *row) int64 { return r.index })
	writeNumbers(bw, "origin", list, func(r *row) int64 { return int64(r.origin) })
	writeNumbers(bw, "verdict", list, func(r *row) int64 { return int64(r.verdict) })
	writeNumbers(bw, "type", list, func(r *row) int64 { return int64(r.media) })
	writeNumbers(bw, "status", list, func(r *row) int64 { return int64(r.status) })
	writeNumbers(bw, "size", list, func(r *row) int64 { return r.size })
	writeNumbers(bw, "time", list, func(r *row) int64 { return r.µs })
	writeTexts(bw, "path", list, func(r *row) string { return r.path })
	writeTexts(bw, "final", list, func(r *row) string { return r.final })
	writeTexts(bw, "text", list, func(r *row) string { return r.text })
	_, _ = bw.WriteString(`"rows":` + strconv.Itoa(len(list)) + "}")
	return bw.Flush() // the first error of all
}

func writeNames(bw *bufio.Writer, key string, list []string) {
	_, _ = bw.WriteString(`"` + key + `":[`)
	for i, s := range list {
		separate(bw, i)
		_, _ = bw.Write(quote(s))
	}
	_, _ = bw.WriteString("],\n")
}

func writeNumbers(bw *bufio.Writer, key string, list []row, of func(*row) int64) {
	_, _ = bw.WriteString(`"` + key + `":[`)
	for i := range list {
		separate(bw, i)
		_, _ = bw.Write(strconv.AppendInt(bw.AvailableBuffer(), of(&list[i]), 10))
	}
	_, _ = bw.WriteString("],\n")
}

func writeTexts(bw *bufio.Writer, key string, list []row, of func(*row) string) {
	const short = 8 // a number is no shorter
	seen := map[string]int{}
	_, _ = bw.WriteString(`"` + key + `":[`)
	for i := range list {
		separate(bw, i)
		text := of(&list[i])
		if at, again := seen[text]; again {
			_, _ = bw.WriteString(strconv.Itoa(at))
			continue
		}
		if len(text) > short {
			seen[text] = i
		}
		_, _ = bw.Write(quote(text))
	}
	_, _ = bw.WriteString("],\n")
}

func separate(bw *bufio.Writer, i int) {
	if i > 0 {
		_ = bw.WriteByte(',')
	}
}

// quote is s as a JSON string. Strings always have one.
func quote(s string) []byte {
	b, _ := json.Marshal(s)
	return b
}

// names gives each name a place in a list.
type names struct {
	list   []string
	places map[string]int
}

func (n *names) place(name string) int {
	at, known := n.places[name]
	if !known {
		if n.places == nil {
			n.places = map[string]int{}
		}
		at = len(n.list)
		n.places[name], n.list = at, append(n.list, name)
	}
	return at
}

// cut is s, or as many whole characters of it as fit, and an ellipsis. What it
// returns is UTF-8.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return strings.ToValidUTF8(s, "\ufffd")
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return strings.ToValidUTF8(s[:limit], "\ufffd") + "…"
}
