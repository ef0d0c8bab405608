package netrc

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxFile bounds the file, which people write by hand.
const maxFile = 1 << 20

// File is what a netrc file holds. It never changes.
type File struct{ entries []entry }

// entry is what stands under one machine, or under default.
type entry struct {
	host            string // lower case; "" is default
	login, password string
	given           bool // one of the two
}

// SyntaxError says where a file cannot be read. It shows nothing of the file.
type SyntaxError struct {
	Line   int
	Reason string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// Parse reads a file to its end. The error is r's, a *SyntaxError, or tells of
// a file of more than 1 MiB.
func Parse(r io.Reader) (*File, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxFile {
		return nil, errors.New("longer than 1 MiB")
	}
	f := &File{}
	s := &scanner{rest: strings.TrimPrefix(string(text), "\ufeff"), line: 1}
	for {
		word, ok := s.keyword()
		if !ok {
			return f, nil
		}
		if err := f.take(word, s); err != nil {
			return nil, err
		}
	}
}

// take reads what belongs to a keyword.
func (f *File) take(word string, s *scanner) error {
	switch word {
	case "default":
		f.entries = append(f.entries, entry{})
		return nil
	case "macdef":
		s.skipMacro()
		return nil
	case "machine", "login", "password", "account":
	default:
		return nil // of another tool
	}
	line := s.line
	value, ok, err := s.value()
	switch {
	case err != nil:
		return err
	case !ok:
		return &SyntaxError{line, word + " without a value"}
	case word == "machine":
		f.entries = append(f.entries, entry{host: normal(value)})
		return nil
	case len(f.entries) == 0 || word == "account":
		return nil // of no host; of ftp alone
	}
	e := &f.entries[len(f.entries)-1]
	e.given = true
	if word == "login" {
		e.login = value
	} else {
		e.password = value
	}
	return nil
}

// Find returns the name and password of a host, which has no port: those of the
// first machine of this name, else those of default. ok is false where there is
// neither a name nor a password.
func (f *File) Find(host string) (name, password string, ok bool) {
	host = normal(host)
	var found *entry
	for i := range f.entries {
		e := &f.entries[i]
		if e.host == host && host != "" {
			found = e
			break
		}
		if e.host == "" && found == nil {
			found = e
		}
	}
	if found == nil {
		return "", "", false
	}
	return found.login, found.password, found.given
}

// normal is a host as it is compared: letters of either case are the same, and
// so is an IPv6 address with brackets and without.
func normal(host string) string {
	if strings.HasPrefix(host, "[") {
		host = strings.TrimSuffix(host[1:], "]")
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}
