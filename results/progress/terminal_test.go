package progress

import (
	"bytes"
	"strconv"
	"strings"
)

// terminal is a small one: rows of text, a cursor, and as much of ECMA-48 as the
// screen uses. Long lines are broken, and broken anew when the width changes.
type terminal struct {
	width    int
	lines    []string // whole ones, unbroken
	row, col int      // of lines; col may be anywhere
}

func newTerminal(width int) *terminal { return &terminal{width: width, lines: []string{""}} }

func (t *terminal) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		c := rest[0]
		rest = rest[1:]
		switch {
		case c == '\n':
			t.row, t.col = t.row+1, 0
			if t.row == len(t.lines) {
				t.lines = append(t.lines, "")
			}
		case c == '\r':
			t.col = t.rowStart()
		case c == 0x1b:
			end := 1 + bytes.IndexAny(rest[1:], "AJK")
			t.obey(rest[end], string(rest[1:end]))
			rest = rest[end+1:]
		default:
			line := t.lines[t.row]
			line += strings.Repeat(" ", max(0, t.col-len(line)))
			t.lines[t.row] = line[:t.col] + string(c) + line[min(len(line), t.col+1):]
			t.col++
		}
	}
	return len(p), nil
}

// rowStart is the column of the line where the cursor's row begins. Behind a full
// row the cursor hangs at its end.
func (t *terminal) rowStart() int {
	if t.col > 0 && t.col%t.width == 0 && t.col == len(t.lines[t.row]) {
		return t.col - t.width
	}
	return t.col - t.col%t.width
}

func (t *terminal) obey(c byte, arg string) {
	switch c {
	case 'A':
		up, _ := strconv.Atoi(arg)
		t.col = max(0, t.rowStart()-up*t.width)
	case 'K', 'J': // with one line below the others they do the same
		t.lines[t.row] = t.lines[t.row][:min(t.col, len(t.lines[t.row]))]
	}
}

// text is all that can be read.
func (t *terminal) text() string { return strings.Join(t.lines, "\n") }
