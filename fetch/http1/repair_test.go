package http1

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// repair makes of an answer that we forgive the one that net/http should read in
// the same way, and says what was wrong with it.
func repair(wire []byte) (fixed []byte, reasons []string) {
	add := func(reason string) {
		if !slices.Contains(reasons, reason) {
			reasons = append(reasons, reason)
		}
	}
	out := []byte{}
	for {
		trimmed := bytes.TrimLeft(wire, "\r\n")
		if len(trimmed) < len(wire) {
			add(emptyLines)
		}
		head, rest, whole := cutHeader(trimmed)
		if !whole {
			return append(out, trimmed...), reasons
		}
		status, fields, _ := strings.Cut(string(head), "\n")
		if regexp.MustCompile(`^HTTP/1\.\d +1`).MatchString(status) {
			if fields != "" {
				add(informational)
			}
			out = append(out, status+"\n\r\n"...)
			wire = rest
			continue
		}
		out = append(out, repairFields(status+"\n", fields, add)...)
		out = append(out, '\r', '\n')
		return append(out, rest...), reasons
	}
}

// cutHeader cuts an answer after its first empty line, which is left out.
func cutHeader(wire []byte) (head, rest []byte, whole bool) {
	for i := 0; ; {
		n := bytes.IndexByte(wire[i:], '\n')
		if n < 0 {
			return wire, nil, false
		}
		if line := string(wire[i : i+n]); line == "" || line == "\r" {
			return wire[:i], wire[i+n+1:], true
		}
		i += n + 1
	}
}

func repairFields(status, fields string, add func(string)) string {
	out := strings.Builder{}
	var lines []string // with their folds
	for _, l := range strings.SplitAfter(fields, "\n") {
		switch {
		case l == "":
		case len(lines) > 0 && (l[0] == ' ' || l[0] == '\t'):
			lines[len(lines)-1] += l
		default:
			lines = append(lines, l)
		}
	}
	name := regexp.MustCompile("^([!#$%&'*+.^_`|~0-9A-Za-z-]+):")
	coding := false
	for _, l := range lines {
		m := name.FindStringSubmatch(l)
		if m == nil {
			add(noField)
			continue
		}
		value := l[len(m[0]):]
		ended := strings.ReplaceAll(value, "\r\n", "\n")
		if tidied := tidyValue(ended); tidied != ended {
			add(controls)
			ended = tidied
		}
		switch strings.ToLower(m[1]) {
		case "content-length":
			if first, _, list := strings.Cut(ended, ","); list {
				add(lengthList)
				ended = strings.TrimRight(first, " \t\n") + "\n"
			}
		case "transfer-encoding":
			var known []string
			for _, s := range strings.Split(ended, ",") {
				if s = strings.TrimSpace(s); strings.EqualFold(s, "identity") {
					add(identity)
				} else {
					known = append(known, s)
				}
			}
			if len(known) == 0 {
				continue
			}
			if coding || len(known) > 1 {
				add(chunkedTwice)
			}
			if coding {
				continue
			}
			coding = true
			ended = known[0] + "\n"
			if strings.HasPrefix(status, "HTTP/1.0") {
				add(chunked10)
				status = "HTTP/1.1" + status[len("HTTP/1.0"):]
			}
		case "trailer":
			add(trailerNames)
			continue
		}
		out.WriteString(m[0] + ended)
	}
	return status + out.String()
}

// tidyValue makes a space of a CR and a question mark of other control bytes.
func tidyValue(v string) string {
	b := []byte(v)
	for i, c := range b {
		switch {
		case c == '\r':
			b[i] = ' '
		case c == '\n' || c == '\t':
		case c < ' ' && c != 0, c == 0x7f:
			b[i] = '?'
		}
	}
	return string(b)
}
