package list

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// Members are the names that count in a line which is a JSON object, in any case.
func Members() []string { return []string{"url", "meta", "method", "headers", "timeout"} }

// Unknown is told of a line that is a JSON object with members that do not count:
// the source's name, the line's number (0 where it has none) and their names, in
// their order. It is called by the goroutine that reads, for one line after the
// other, until it says that it need not hear more.
type Unknown func(source string, line int64, names []string) (more bool)

// look tells u of a line, and returns whom to tell of the next one.
func (u Unknown) look(src *Source, text []byte, line int64) Unknown {
	if u == nil || text[0] != '{' {
		return u
	}
	names := unknownMembers(text)
	if len(names) == 0 || !json.Valid(text) {
		return u
	}
	if src.NoLines {
		line = 0
	}
	if u(src.Name, line, names) {
		return u
	}
	return nil
}

// unknownMembers are the names in a JSON object that do not count. It is quick beside
// what reads the object, and of text that is no JSON it says anything.
func unknownMembers(text []byte) (names []string) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"':
			start := i
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			if i >= len(text) || depth != 1 || !bytes.HasPrefix(bytes.TrimLeft(text[i+1:], " \t\r\n"), []byte(":")) {
				continue
			}
			var name string
			if json.Unmarshal(text[start:i+1], &name) == nil && !slices.ContainsFunc(Members(), func(m string) bool { return strings.EqualFold(m, name) }) {
				names = append(names, name)
			}
		}
	}
	return names
}
