package changes

import (
	"bufio"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"crawl/results"
)

// Options of a Memory.
type Options struct {
	// FailAfter is in how many runs in a row a line must fail to be told as failing;
	// 0: DefaultFailAfter.
	FailAfter int
}

// DefaultFailAfter is that of Options.
const DefaultFailAfter = 2

// Validate reports what cannot be meant.
func (o Options) Validate() error {
	if o.FailAfter < 0 {
		return fmt.Errorf("fail after %d runs: want 0 for the default, or more", o.FailAfter)
	}
	return nil
}

// FormatError says that a file is no memory of a change feed, or not in every line.
type FormatError struct {
	Path   string
	Line   int64 // 0: the file as such
	Reason string
}

func (e *FormatError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s %s", e.Path, e.Reason)
	}
	return fmt.Sprintf("%s: line %d %s", e.Path, e.Line, e.Reason)
}

// Memory is what earlier runs saw, and what this one sees. See the package for who
// may call what.
type Memory struct {
	path      string
	failAfter int
	salt      []byte

	old   *os.File // nil: there was none
	index index

	file    *results.File // the new one
	w       *bufio.Writer
	enc     *json.Encoder // to w
	entries int64         // in it
}

// Open reads the memory at path, or begins one; two at once on one path are for the
// caller to prevent. It blocks for as long as the file takes to be read: some
// seconds for a million entries. The error is a *FormatError where the file is there
// and is none, and otherwise a *fs.PathError.
func Open(path string, o Options) (*Memory, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if !results.CanGrow(path) {
		return nil, &FormatError{Path: path, Reason: "is no regular file"}
	}
	m := &Memory{path: path, failAfter: o.FailAfter}
	if m.failAfter == 0 {
		m.failAfter = DefaultFailAfter
	}
	err := m.read()
	if err == nil {
		m.file, err = results.CreatePrivate(path)
	}
	if err == nil {
		m.w = bufio.NewWriterSize(m.file, 64<<10)
		m.enc = newEncoder(m.w)
		_, err = m.w.Write(encode(head{Format: format, Version: version, Salt: hex.EncodeToString(m.salt)}))
	}
	if err != nil {
		m.Abort()
		return nil, err
	}
	return m, nil
}

// read takes in the old file.
func (m *Memory) read() error {
	var err error
	m.old, err = os.Open(m.path)
	if errors.Is(err, fs.ErrNotExist) {
		m.old, m.salt = nil, make([]byte, 16)
		rand.Read(m.salt) // it never fails
		m.index = newIndex(nil)
		return nil
	}
	if err != nil {
		return err
	}
	m.index = newIndex(m.old)
	m.salt, err = m.index.load(m.path)
	return err
}

// Own is what a Request is to have in Own, for a line with credentials or headers of
// its own, which identity is to tell from those of others. It is salted: the same in
// every run with this file, and in no other.
func (m *Memory) Own(identity string) string {
	mac := hmac.New(sha256.New, m.salt)
	mac.Write([]byte(identity))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Known gives the validators of a request's last answer, if it may be asked with
// them. It blocks on the disk; where that fails, nothing is known.
func (m *Memory) Known(q Request) (Validators, bool) {
	e, _, err := m.index.find(q)
	if err != nil {
		return Validators{}, false // Write meets the error again, and tells it
	}
	return e.validators()
}

// take judges a record, remembers it, and returns the word for it.
func (m *Memory) take(r *results.Record) (string, error) {
	q := Request{URL: r.URL, Method: r.Basis.Method, Own: r.Basis.Own}
	was, at, err := m.index.find(q)
	if err != nil {
		return "", err
	}
	m.index.meet(at)
	word, now := judge(was, r, m.failAfter)
	m.entries++
	return word, m.enc.Encode(now)
}

// Commit keeps what was met in this run, and of all else what was known before: the
// new file replaces the old one, or on an error does not.
func (m *Memory) Commit() error {
	err := m.index.unmet(func(line []byte) error {
		_, err := m.w.Write(line)
		m.entries++
		return err
	})
	if err == nil {
		_, err = m.w.Write(encode(foot{&m.entries}))
	}
	err = errors.Join(err, m.w.Flush())
	m.close() // before the rename: not every system replaces a file that is open
	if err != nil {
		m.file.Abort()
		return err
	}
	return m.file.Commit()
}

// Abort gives up what was met in this run: the old file stays. After Commit it does
// nothing.
func (m *Memory) Abort() {
	m.close()
	if m.file != nil {
		m.file.Abort()
	}
}

func (m *Memory) close() {
	if m.old != nil {
		m.old.Close()
	}
}
