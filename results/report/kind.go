package report

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"unicode"
)

// FormatError says that an input is known, and is none that a report can be made of.
type FormatError struct {
	Format string // what it is, in words for people: "CSV", "a WARC archive"
}

func (e *FormatError) Error() string {
	return "it is " + e.Format + "; a report is made of JSON (-format jsonl or json), gzipped or not"
}

// beginnings are those of files that people give by mistake.
var beginnings = [...]struct{ bytes, format string }{
	{"WARC/", "a WARC archive"},
	{"SQLite format 3\x00", "an SQLite database"},
	{"\x28\xb5\x2f\xfd", "compressed by zstd"},
	{"\xfd7zXZ\x00", "compressed by xz"},
	{"BZh", "compressed by bzip2"},
	{"PK\x03\x04", "a zip archive"},
	{"\xff\xfe", "UTF-16, as the > of PowerShell writes it"},
	{"\xfe\xff", "UTF-16"},
	{"<", "HTML or XML"},
}

// known is what a file that begins like this is, if that is known and no JSON.
func known(head []byte) error {
	head = bytes.TrimLeft(head, " \t\r\n")
	for _, b := range beginnings {
		if bytes.HasPrefix(head, []byte(b.bytes)) {
			return &FormatError{b.format}
		}
	}
	line, _, _ := bytes.Cut(head, []byte("\n"))
	switch {
	case isHeader(line, ","):
		return &FormatError{"CSV"}
	case isHeader(line, "\t"):
		return &FormatError{"TSV"}
	}
	return nil
}

// isHeader says that a line is the header of a table of records: names alone, and
// one that a record has.
func isHeader(line []byte, separator string) bool {
	found, names := false, 0
	for cell := range bytes.SplitSeq(bytes.TrimSpace(line), []byte(separator)) {
		name := string(bytes.Trim(cell, `"`))
		if strings.ContainsFunc(name, func(r rune) bool {
			return r != '_' && r != '.' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
		}) {
			return false
		}
		found = found || name == "url" || name == "status"
		names++
	}
	return found && names > 1
}

// unpacked reads what gzip has packed, if it has.
func unpacked(src io.Reader) (br *bufio.Reader, packed bool, err error) {
	br = bufio.NewReaderSize(src, 256<<10)
	if magic, _ := br.Peek(2); string(magic) != "\x1f\x8b" {
		return br, false, nil
	}
	gz, err := gzip.NewReader(br)
	return bufio.NewReaderSize(gz, 256<<10), true, err
}

// isSpread says that a JSON object stands on several lines, as jq prints it: the
// first line is its bracket.
func isSpread(head []byte) bool {
	rest, ok := bytes.CutPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("{"))
	rest = bytes.TrimLeft(rest, " \t\r")
	return ok && len(rest) > 0 && rest[0] == '\n'
}
