// Package warctest reads WARC files for tests, strictly: what a lenient reader would
// forgive is an error here. It shares nothing with the room that writes them.
package warctest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// Record is one record of a file.
type Record struct {
	Type    string            // WARC-Type
	Fields  map[string]string // all, by their names as written
	Block   string            // as it is in the file
	Payload string            // of a response: its body without chunks, coded as it came
	Status  int               // of a response or revisit
}

// ReadFile reads a whole file and checks it: each record is a gzip member of its own
// and ends where it says; digests are right; identifiers are there once; what is
// referred to came before, and is what it is said to be. earlier are the records
// of the files of the same series before it.
func ReadFile(path string, earlier ...Record) ([]Record, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Read(b, earlier...)
}

// Read is ReadFile for what a file holds.
func Read(file []byte, earlier ...Record) ([]Record, error) {
	known := map[string]Record{}
	for _, r := range earlier {
		known[r.Fields["WARC-Record-ID"]] = r
	}
	var records []Record
	for br := bufio.NewReader(bytes.NewReader(file)); ; {
		if _, err := br.Peek(1); err == io.EOF {
			break
		}
		r, err := next(br)
		if err == nil {
			err = r.check(known)
		}
		if err != nil {
			return records, fmt.Errorf("record %d: %w", len(records), err)
		}
		if first := len(records) == 0; first != (r.Type == "warcinfo") {
			return records, fmt.Errorf("record %d is a %s", len(records), r.Type)
		}
		known[r.Fields["WARC-Record-ID"]] = r
		records = append(records, r)
	}
	if len(records) == 0 {
		return nil, errors.New("an empty file")
	}
	return records, nil
}

// next reads one member, which is one record.
func next(br *bufio.Reader) (Record, error) {
	z, err := gzip.NewReader(br)
	if err != nil {
		return Record{}, err
	}
	z.Multistream(false)
	b, err := io.ReadAll(z)
	if err != nil {
		return Record{}, err
	}
	return parse(string(b))
}

func parse(text string) (Record, error) {
	head, rest, ok := strings.Cut(text, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	if !ok || lines[0] != "WARC/1.1" {
		return Record{}, fmt.Errorf("it begins with %.100q", text)
	}
	r := Record{Fields: map[string]string{}}
	for _, line := range lines[1:] {
		name, value, ok := strings.Cut(line, ": ")
		if _, twice := r.Fields[name]; !ok || twice || strings.ContainsAny(value, "\r\n") || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-") != "" {
			return r, fmt.Errorf("the field %q", line)
		}
		r.Fields[name] = value
	}
	n, err := strconv.Atoi(r.Fields["Content-Length"])
	if err != nil || len(rest) != n+4 || rest[n:] != "\r\n\r\n" {
		return r, fmt.Errorf("a block of %s in %d bytes", r.Fields["Content-Length"], len(rest))
	}
	r.Type, r.Block = r.Fields["WARC-Type"], rest[:n]
	return r, nil
}

// uriBytes are those that may be anywhere in a URI (RFC 3986 section 2).
var uriBytes = regexp.MustCompile(`^([A-Za-z0-9._~:/?#@!$&'()*+,;=\[\]-]|%[0-9A-Fa-f]{2})*$`)

// check judges a record by itself and by those before it.
func (r *Record) check(known map[string]Record) error {
	for _, name := range []string{"WARC-Record-ID", "WARC-Date", "WARC-Type", "Content-Type"} {
		if r.Fields[name] == "" {
			return fmt.Errorf("a %s without %s", r.Type, name)
		}
	}
	if _, twice := known[r.Fields["WARC-Record-ID"]]; twice {
		return errors.New("an identifier twice")
	}
	if got := digest(r.Block); got != r.Fields["WARC-Block-Digest"] {
		return fmt.Errorf("block %s, its digest should be %s", got, r.Fields["WARC-Block-Digest"])
	}
	for _, name := range []string{"WARC-Target-URI", "WARC-Refers-To-Target-URI"} {
		if u := r.Fields[name]; !uriBytes.MatchString(u) {
			return fmt.Errorf("the URI %q", u)
		}
	}
	switch r.Type {
	case "warcinfo":
		return nil
	case "request":
		of, ok := known[r.Fields["WARC-Concurrent-To"]]
		if !ok || of.Fields["WARC-Target-URI"] != r.Fields["WARC-Target-URI"] || of.Fields["WARC-Date"] != r.Fields["WARC-Date"] {
			return errors.New("a request of nothing")
		}
		_, err := http.ReadRequest(bufio.NewReader(strings.NewReader(r.Block)))
		return err
	case "response", "revisit":
		return r.checkAnswer(known)
	}
	return fmt.Errorf("type %q", r.Type)
}

func (r *Record) checkAnswer(known map[string]Record) error {
	resp, err := http.ReadResponse(bufio.NewReader(strings.NewReader(r.Block)), nil)
	if err != nil {
		return err
	}
	r.Status = resp.StatusCode
	if r.Type == "revisit" {
		of, ok := known[r.Fields["WARC-Refers-To"]]
		for mine, its := range map[string]string{"WARC-Payload-Digest": "WARC-Payload-Digest", "WARC-Refers-To-Date": "WARC-Date", "WARC-Refers-To-Target-URI": "WARC-Target-URI"} {
			ok = ok && r.Fields[mine] == of.Fields[its]
		}
		if !ok || of.Type != "response" || !strings.HasSuffix(r.Block, "\r\n\r\n") {
			return errors.New("a revisit of nothing")
		}
		return nil
	}
	payload, err := io.ReadAll(resp.Body)
	r.Payload = string(payload)
	if err != nil && r.Fields["WARC-Truncated"] == "" && len(payload) > 0 { // without: an answer to HEAD
		return err
	}
	if got := digest(r.Payload); r.Fields["WARC-Payload-Digest"] != got && (r.Payload != "" || r.Fields["WARC-Payload-Digest"] != "") {
		return fmt.Errorf("payload %s, its digest should be %s", got, r.Fields["WARC-Payload-Digest"])
	}
	return nil
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256:" + hex.EncodeToString(sum[:])
}
