package http1

import "math"

// Limits of a line with a chunk's size. What it has beyond usualSizeLine bytes,
// extensions or padding, is charged to the budget of the header.
const (
	maxSizeLine   = 4 << 10
	usualSizeLine = 18 // 16 digits and CRLF
)

// part is what comes next in a chunked body (RFC 9112 section 7.1).
type part uint8

const (
	sizeLine part = iota
	data
	dataEnd
	trailer
)

// readChunks fills p from as many chunks as have come. It blocks only while it
// has nothing to give.
func (b *body) readChunks(p []byte) (n int, err error) {
	in := &b.c.in
	for b.err == nil {
		if b.part == data {
			if n == len(p) || n > 0 && in.r == in.w {
				return n, nil
			}
			m, err := in.read(p[n:], b.left)
			if err != nil {
				return n, inside(err)
			}
			n += m
			if b.left -= int64(m); b.left == 0 {
				b.part = dataEnd
			}
			continue
		}
		if n > 0 && !in.hasLine() {
			return n, nil
		}
		if err := b.frameLine(); err != nil {
			return n, inside(err)
		}
	}
	return n, b.err
}

// frameLine reads one line that is not data.
func (b *body) frameLine() error {
	c := b.c
	switch b.part {
	case sizeLine:
		line, err := c.in.line(maxSizeLine)
		if err == errLongLine {
			return &ProtocolError{Text: "endless line of a chunk's size"}
		}
		if err != nil {
			return err
		}
		if c.budget -= max(0, len(line)-usualSizeLine); c.budget < 0 {
			return c.tooLarge()
		}
		text, bare := trimEnd(line)
		if b.left, err = chunkSize(text); err != nil {
			return err
		}
		if b.bare = bare; bare {
			c.keep = false
		}
		if b.part = data; b.left == 0 {
			b.part = trailer
		}
	case dataEnd:
		line, err := c.in.line(len("\r\n"))
		if err == errLongLine || err == nil && string(line) != "\r\n" && !(b.bare && string(line) == "\n") {
			return &ProtocolError{Text: "a chunk does not end where its size says"}
		}
		b.part = sizeLine
		return err
	case trailer:
		line, bare, err := c.line()
		if err != nil {
			return err
		}
		c.keep = c.keep && !bare
		if len(line) == 0 {
			b.end()
		}
	}
	return nil
}

// chunkSize parses a chunk's size; extensions are passed over. A line may have
// spaces after the size, and none before it.
func chunkSize(line []byte) (int64, error) {
	var n int64
	digits := 0
	for _, b := range line {
		v := hex(b)
		if v < 0 {
			break
		}
		if digits++; n > math.MaxInt64>>4 || digits > 16 {
			return 0, &ProtocolError{Text: "the size of a chunk is too large: " + quoted(line)}
		}
		n = n<<4 | int64(v)
	}
	rest := line[digits:]
	for len(rest) > 0 && space(rest[0]) {
		rest = rest[1:]
	}
	if digits == 0 || len(rest) > 0 && rest[0] != ';' {
		return 0, &ProtocolError{Text: "malformed size of a chunk " + quoted(line)}
	}
	for _, b := range rest {
		if b == '\r' {
			return 0, &ProtocolError{Text: "malformed size of a chunk " + quoted(line)}
		}
	}
	return n, nil
}

// hex is the value of a hexadecimal digit, -1 of any other byte.
func hex(b byte) int {
	switch {
	case digit(b):
		return int(b - '0')
	case 'a' <= b|0x20 && b|0x20 <= 'f':
		return int(b|0x20-'a') + 10
	}
	return -1
}
