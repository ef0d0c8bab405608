package netrc

import "strings"

// scanner takes a file apart into words.
type scanner struct {
	rest string
	line int // of rest's beginning, from 1
}

const blank = " \t\r\n\v\f"

// skipBlank goes on to the next word.
func (s *scanner) skipBlank() {
	word := strings.TrimLeft(s.rest, blank)
	s.advance(len(s.rest) - len(word))
}

// advance passes n bytes.
func (s *scanner) advance(n int) {
	s.line += strings.Count(s.rest[:n], "\n")
	s.rest = s.rest[n:]
}

// keyword is the next word where a keyword may stand: there, what begins with #
// is a comment to the end of its line. A password may well begin with #.
func (s *scanner) keyword() (word string, ok bool) {
	for {
		s.skipBlank()
		if !strings.HasPrefix(s.rest, "#") {
			break
		}
		end := strings.IndexByte(s.rest, '\n')
		if end < 0 {
			end = len(s.rest)
		}
		s.advance(end)
	}
	return s.plain()
}

// value is the next word where a value stands: it may be quoted.
func (s *scanner) value() (word string, ok bool, err error) {
	s.skipBlank()
	if strings.HasPrefix(s.rest, `"`) {
		word, err = s.quoted()
		return word, err == nil, err
	}
	word, ok = s.plain()
	return word, ok, nil
}

func (s *scanner) plain() (word string, ok bool) {
	end := strings.IndexAny(s.rest, blank)
	if end < 0 {
		end = len(s.rest)
	}
	word = s.rest[:end]
	s.advance(end)
	return word, word != ""
}

// quoted reads "…", in which \n, \r and \t are characters, and a backslash before
// any other stands for that one.
func (s *scanner) quoted() (string, error) {
	var b strings.Builder
	for i := 1; i < len(s.rest) && s.rest[i] != '\n'; i++ {
		c := s.rest[i]
		if c == '"' {
			s.advance(i + 1)
			return b.String(), nil
		}
		if c == '\\' && i+1 < len(s.rest) && s.rest[i+1] != '\n' {
			i++
			c = s.rest[i]
			if escape := strings.IndexByte("nrt", c); escape >= 0 {
				c = "\n\r\t"[escape]
			}
		}
		b.WriteByte(c)
	}
	return "", &SyntaxError{s.line, "a quote that does not end on its line"}
}

// skipMacro passes a macro of ftp: all up to a blank line.
func (s *scanner) skipMacro() {
	for first := true; s.rest != ""; first = false {
		line, _, _ := strings.Cut(s.rest, "\n")
		s.advance(min(len(line)+1, len(s.rest)))
		if !first && strings.Trim(line, blank) == "" {
			return
		}
	}
}
