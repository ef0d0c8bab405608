package report

import (
	"bufio"
	"encoding/json"
	"io"
	"strconv"
	"unicode/utf8"

	"crawl/results"
)

// Texts of strangers are cut in the table at so many bytes.
const (
	maxURL  = 2048
	maxText = 300
)

// rows are the records that the table shows: all where they are few enough,
// else the failed ones before others, and of each the first.
type rows struct {
	limit    int
	seen     int64
	failed   []row
	others   []row
	origins  names
	verdicts names
	types    names
}

// row is one record. origin, verdict and media are the places of their names.
type row struct {
	seq, index             int64 // index: -1 is none
	origin, verdict, media int
	status                 int
	size, µs               int64 // size: -1 is none
	path, final            string
	text                   string // the title, or the message of the error
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
	if len(*list) >= rs.limit {
		return
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
	default:
		w.verdict = rs.verdicts.place(cut(r.Error.Kind, maxText))
	}
	*list = append(*list, w)
}

// count is how many rows the table has, and how many of them failed.
func (rs *rows) count() (all, failed int64) {
	return int64(min(len(rs.failed)+len(rs.others), rs.limit)), int64(len(rs.failed))
}

// kept are the rows of the table in the order in which they came.
func (rs *rows) kept() []row {
	failed := rs.failed
	others := rs.others[:min(len(rs.others), rs.limit-len(failed))]
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

// cut is s, or as many whole characters of it as fit, and an ellipsis.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit] + "…"
}
