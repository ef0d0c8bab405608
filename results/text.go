package results

import (
	"math"
	"strconv"
	"strings"
)

// Text encodes records for people at a terminal, one line each:
//
//	200               1.2 KiB    15 ms  https://example.com/  Example Domain
//	timeout                 -   30.0 s  https://slow.example/  no answer within 30s
//
// which is the status, or the kind of failure; the size; the time; the URL,
// whole however long it is, and where its redirects ended; then the title, or
// why it failed. Columns come before the URL because only they have a width.
// In a change feed its word goes before all that.
// The line is no contract: programs read another format.
//
// Nothing from the network is obeyed by the terminal: control characters come
// as visible escapes. Safe from any goroutine; never fails.
type Text struct {
	// Color paints the status and dims what is beside the point.
	Color bool
	// Columns, if set, are what is written instead, two spaces apart; "-" is one
	// without a value.
	Columns *Columns
	// Width, if set, is that of the terminal: a title ends where its row does.
	Width int
}

const (
	outcomeWidth  = len("redirect_scheme") // the longest kinds
	changeWidth   = len(Recovered)
	sizeWidth     = len("1023 KiB")
	durationWidth = len("999 ms") + 1
	urlWidth      = 40  // in columns: longer ones stand out
	titleWidth    = 30  // in columns
	ownWidth      = 16  // what the caller selected, or gave
	titleLimit    = 120 // characters
	titleLeast    = 12  // columns that are worth a title
)

const (
	red, green, yellow, cyan = "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[36m"
	dim, plain               = "\x1b[2m", "\x1b[0m"
)

// Append implements Encoder.
func (t Text) Append(dst []byte, r *Record) ([]byte, error) {
	if t.Columns != nil {
		return t.appendColumns(dst, r), nil
	}
	line := len(dst)
	if r.Change != "" {
		start := len(dst)
		dst = append(padRight(appendVisible(dst, r.Change, 0), start, changeWidth), "  "...)
	}
	dst = t.on(dst, outcomeColor(r))
	start := len(dst)
	dst = padRight(appendOutcomeWord(dst, r), start, outcomeWidth)
	dst = append(t.off(dst), "  "...)

	start = len(dst)
	if r.Status != 0 {
		dst = appendBytes(dst, r.Size)
	} else {
		dst = append(dst, '-')
	}
	dst = append(padLeft(dst, start, sizeWidth), "  "...)

	start = len(dst)
	if r.Time.Total > 0 {
		dst = appendDuration(dst, r.Time.Total)
	} else {
		dst = append(dst, '-')
	}
	dst = append(padLeft(dst, start, durationWidth), "  "...)

	dst = appendVisible(dst, r.URL, 0)
	if r.FinalURL != "" {
		dst = append(t.on(dst, dim), " → "...)
		dst = t.off(appendVisible(dst, r.FinalURL, 0))
	}
	return append(t.appendSaid(dst, line, r), '\n'), nil
}

// appendColumns appends a line of the columns. What has a usual width is filled
// up to it.
func (t Text) appendColumns(dst []byte, r *Record) []byte {
	for i := range t.Columns.list {
		c := &t.Columns.list[i]
		if i > 0 {
			dst = append(dst, "  "...)
		}
		painted := c.name == "status" || c.name == "ok" || c.name == "error.kind"
		if painted {
			dst = t.on(dst, outcomeColor(r))
		}
		start := len(dst)
		if dst = c.appendVisible(dst, r); len(dst) == start {
			dst = append(dst, '-')
		}
		if c.number {
			dst = padLeft(dst, start, c.width)
		} else if i < len(t.Columns.list)-1 {
			for n := textWidth(dst[start:]); n < c.width; n++ {
				dst = append(dst, ' ')
			}
		}
		if painted {
			dst = t.off(dst)
		}
	}
	return append(dst, '\n')
}

// appendVisible appends a value for people.
func (c *column) appendVisible(dst []byte, r *Record) []byte {
	if c.people != nil {
		return c.people(dst, r)
	}
	start := len(dst)
	dst = c.append(dst, r, visible)
	if !c.json {
		return dst
	}
	return rewrite(dst, start, func(dst, raw []byte) []byte { return visible(dst, string(raw)) })
}

func visible(dst []byte, s string) []byte { return appendVisible(dst, s, 0) }

// appendSaid appends what there is to say behind the URL, in the line that begins at
// line.
func (t Text) appendSaid(dst []byte, line int, r *Record) []byte {
	switch {
	case r.Duplicate:
		dst = append(dst, "  the same as index "...)
		return strconv.AppendInt(dst, r.DuplicateOf, 10)
	case r.Error.Message != "":
		// The line begins with the status: "404 Not Found" need not repeat it.
		var room [24]byte
		status := append(strconv.AppendInt(room[:0], int64(r.Status), 10), ' ')
		message := strings.TrimPrefix(r.Error.Message, string(status))
		return appendVisible(append(dst, "  "...), message, 0)
	case r.Title != "":
		room := t.room(dst[line:])
		if room < titleLeast {
			return dst
		}
		dst = t.on(append(dst, "  "...), dim)
		start := len(dst)
		return t.off(fitWidth(appendVisible(dst, r.Title, titleLimit), start, room))
	}
	return dst
}

// room is how many columns a title may take behind a line.
func (t Text) room(line []byte) int {
	if t.Width <= 0 {
		return math.MaxInt
	}
	used := textWidth(line) + len("  ")
	return (t.Width - used%t.Width) % t.Width
}

// on and off begin and end a colour, if there are colours.
func (t Text) on(dst []byte, color string) []byte {
	if !t.Color {
		return dst
	}
	return append(dst, color...)
}

func (t Text) off(dst []byte) []byte { return t.on(dst, plain) }

// appendOutcomeWord appends the one word for what became of the record. A
// status that is not accepted speaks for itself.
func appendOutcomeWord(dst []byte, r *Record) []byte {
	switch kind := r.Error.Kind; {
	case r.Duplicate:
		return append(dst, "duplicate"...)
	case kind != "" && (kind != "http" || r.Status == 0):
		return appendVisible(dst, kind, 0)
	case r.Status != 0:
		return strconv.AppendInt(dst, int64(r.Status), 10)
	case r.OK:
		return append(dst, "ok"...)
	}
	return append(dst, "failed"...)
}

func outcomeColor(r *Record) string {
	switch {
	case r.Duplicate:
		return dim
	case r.Error.Kind == "cancelled", r.Error.Kind == "deadline":
		return yellow
	case !r.OK:
		return red
	case r.Status >= 300 && r.Status < 400:
		return cyan
	}
	return green
}
