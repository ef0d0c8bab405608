package http1

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The oracle is net/http's parser. Where the two differ, one of these is why;
// each is looked for in the answer itself.
const (
	// We forgive, net/http does not. Of most of these a repaired answer is made,
	// on which both must agree.
	emptyLines    = "empty lines before the status line"
	informational = "the fields of a 1xx are not looked at"
	noField       = "a line that is no field is passed over; net/http refuses it, or keeps a name with spaces"
	controls      = "control bytes in a value; net/http refuses them"
	lengthList    = "one length, listed"
	identity      = "the identity coding"
	chunkedTwice  = "chunked, said twice"
	chunked10     = "chunks in HTTP/1.0; net/http does not see them"
	trailerNames  = "net/http judges the names that Trailer announces"
	bareLF        = "LF alone in the framing of chunks"
	sizeSpace     = "a space between a chunk's size and its extension"
	oddTrailer    = "trailers are not looked at"
	// We refuse, net/http does not.
	oddStatus    = "a status below 100, or a sign in it"
	otherVersion = "a version that is not 1.x"
	switching    = "a 101"
	storm        = "more than 20 informational answers"
	mangledField = "a name with spaces that may say where the body ends"
	unknown10    = "a coding in HTTP/1.0 that is not known"
	longSizeLine = "a line of a chunk's size of 4 KiB"
	hugeChunk    = "a chunk of 2^63 bytes or more"
)

// theirs is what net/http makes of an answer, as its Transport calls it.
func theirs(wire []byte, method string) (res result, left int) {
	src := bytes.NewReader(wire)
	br := bufio.NewReaderSize(src, 64<<10)
	for {
		resp, err := http.ReadResponse(br, &http.Request{Method: method})
		if err != nil {
			return result{err: err}, 0
		}
		if resp.StatusCode >= 100 && resp.StatusCode < 200 && resp.StatusCode != http.StatusSwitchingProtocols {
			continue
		}
		b, err := io.ReadAll(resp.Body)
		res.a = Answer{Status: resp.StatusCode, Proto: resp.Proto, Header: resp.Header, Length: resp.ContentLength, Chunked: len(resp.TransferEncoding) > 0}
		res.body, res.bodyErr, res.reusable = string(b), err, !resp.Close
		return res, br.Buffered() + src.Len()
	}
}

// agree compares all that a caller sees. repaired says that theirs saw another
// answer, made of ours.
func agree(ours, theirs result, left int, repaired bool) string {
	switch {
	case (ours.err != nil) != (theirs.err != nil):
		return "one refuses the answer"
	case ours.err != nil:
		return ""
	case ours.a.Status != theirs.a.Status:
		return "status"
	case (ours.bodyErr != nil) != (theirs.bodyErr != nil):
		return "one says that the body is broken"
	case ours.body != theirs.body:
		return "body"
	case ours.a.Chunked != theirs.a.Chunked && ours.a.Status != 204 && ours.a.Status != 304:
		return "chunked"
	case !sameHeader(ours.a, theirs.a):
		return "header"
	case ours.reusable && (!theirs.reusable || left > 0):
		return "ours keeps a connection that must end"
	case !ours.reusable && theirs.reusable && left == 0 && ours.bodyErr == nil && !repaired && !doubtful(ours.a):
		return "ours ends a connection that may be kept"
	}
	return ""
}

// doubtful: framing that costs the connection here, and not in net/http.
func doubtful(a Answer) bool {
	length, coding := len(a.Header["Content-Length"]) > 0, len(a.Header["Transfer-Encoding"]) > 0
	return coding && length || a.Status == 204 && (coding || length)
}

// sameHeader compares all but what net/http takes out or adds.
func sameHeader(ours, theirs Answer) bool {
	clean := func(h http.Header) map[string][]string {
		m := map[string][]string{}
		for name, values := range h {
			switch name {
			case "Transfer-Encoding", "Content-Length", "Connection", "Trailer", "Cache-Control":
				continue
			}
			for _, v := range values {
				m[name] = append(m[name], printable(strings.Trim(v, " \t")))
			}
		}
		return m
	}
	return maps.EqualFunc(clean(ours.Header), clean(theirs.Header), slices.Equal)
}

// printable makes one byte of all control bytes but the tab.
func printable(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c < ' ' && c != '\t' || c == 0x7f {
			b[i] = '?'
		}
	}
	return string(b)
}

// mayDiffer names the reasons, among those that no repair shows, for which the
// two may differ on an answer.
func mayDiffer(wire []byte, ours, theirs result) (reasons []string) {
	add := func(reason string, is bool) {
		if is {
			reasons = append(reasons, reason)
		}
	}
	if ours.err != nil { // and theirs is not
		text := ours.err.Error()
		add(oddStatus, regexp.MustCompile(`(?m)^HTTP/1\.\d +(0\d\d|[+-]\d\d)( |\r?$)`).Match(wire))
		add(otherVersion, regexp.MustCompile(`(?m)^HTTP/[02-9]\.\d `).Match(wire))
		add(switching, theirs.a.Status == 101 || strings.Contains(text, "101"))
		add(storm, strings.Contains(text, "informational"))
		add(mangledField, strings.HasPrefix(text, "malformed header line"))
		add(unknown10, bytes.Contains(wire, []byte("HTTP/1.0")) && strings.HasPrefix(text, "unknown Transfer-Encoding"))
		return reasons
	}
	if theirs.err == nil && ours.a.Chunked && theirs.bodyErr != nil && strings.HasPrefix(ours.body, theirs.body) {
		_, body, _ := cutHeader(wire)
		add(bareLF, regexp.MustCompile(`(^|[^\r])\n`).Match(body))
		add(sizeSpace, regexp.MustCompile(`[ \t]+;`).Match(body))
		add(oddTrailer, regexp.MustCompile(`(?s)(^|\n)0+[ \t]*(;[^\n]*)?\r\n[^\r]`).Match(body))
	}
	if theirs.err == nil && ours.a.Chunked && ours.bodyErr != nil && strings.HasPrefix(theirs.body, ours.body) {
		add(longSizeLine, strings.Contains(ours.bodyErr.Error(), "endless line"))
		add(hugeChunk, strings.Contains(ours.bodyErr.Error(), "too large"))
	}
	return reasons
}

// check holds ours to theirs on one answer; it returns the reasons for which they
// differ, if they may.
func check(t *testing.T, wire []byte, method string) []string {
	t.Helper()
	request := get()
	request.Method = method
	ours := exchange(answers(string(wire), Options{}), request, 0)
	their, left := theirs(wire, method)
	differ := agree(ours, their, left, false)
	if differ == "" {
		return nil
	}
	if reasons := mayDiffer(wire, ours, their); len(reasons) > 0 {
		return reasons
	}
	fixed, reasons := repair(wire)
	if len(reasons) == 0 {
		t.Errorf("%s: they differ in: %s\nours   %+v\ntheirs %+v", method, differ, ours, their)
	}
	their, left = theirs(fixed, method)
	if differ = agree(ours, their, left, true); differ != "" && len(mayDiffer(fixed, ours, their)) == 0 {
		t.Errorf("%s: repaired for %q they differ in: %s\nwire   %q\nfixed  %q\nours   %+v\ntheirs %+v", method, reasons, differ, wire, fixed, ours, their)
	}
	return reasons
}

// checkPackets: what comes does not depend on how it comes, or is read.
func checkPackets(t *testing.T, wire []byte, method string) {
	t.Helper()
	request := get()
	request.Method = method
	src := bytes.NewReader(wire)
	want := exchange(NewConn(&peer{send: src}, Options{}), request, 0)
	alone := want.reusable && src.Len() == 0
	for how, by := range packets {
		for _, size := range []int{1, 7, 6000} {
			src := bytes.NewReader(wire)
			got := exchange(NewConn(&peer{send: by(src)}, Options{}), request, size)
			if got.body != want.body || !sameError(got.err, want.err) || !sameError(got.bodyErr, want.bodyErr) ||
				got.a.Status != want.a.Status || !maps.EqualFunc(got.a.Header, want.a.Header, slices.Equal) ||
				how != endAtOnce && (got.reusable && src.Len() == 0) != alone {
				t.Errorf("%q\nsent as %s, read by %d: got %+v\nwant %+v", wire, how, size, got, want)
			}
		}
	}
}

// sameError: of the same kind.
func sameError(a, b error) bool {
	return protocol(a) == protocol(b) && errors.Is(a, io.EOF) == errors.Is(b, io.EOF) &&
		errors.Is(a, io.ErrUnexpectedEOF) == errors.Is(b, io.ErrUnexpectedEOF) && (a == nil) == (b == nil)
}

func seeds() (wires []string) {
	for _, cases := range [][]answerCase{forgiven(), noHTTP(), brokenOff(), chunkCases()} {
		for _, tc := range cases {
			wires = append(wires, tc.wire)
		}
	}
	return append(wires, page(100, false), page(100, true), page(20_000, true),
		"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
		"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx", ok+"Connection: Close\r\nContent-Length: 1\r\n\r\nxy",
		ok+"Trailer: Content-Length\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "HTTP/1.0 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
		"HTTP/1.1 103 Early Hints\r\nno field\r\n\r\n"+ok+"\r\n", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 21)+ok+"\r\n",
		inChunks+"1;"+strings.Repeat("x", 4093)+"\r\nx\r\n0\r\n\r\n",
		ok+"Pragma: no-cache\r\nX: a\r\n \r\n  b\r\n\t\r\n\r\nbody")
}

// They agree, but for the reasons above, of which each is seen.
func TestNetHTTPAgrees(t *testing.T) {
	seen := map[string]bool{}
	for _, wire := range seeds() {
		for _, method := range []string{"GET", "HEAD"} {
			for _, reason := range check(t, []byte(wire), method) {
				seen[reason] = true
			}
			checkPackets(t, []byte(wire), method)
		}
	}
	for _, reason := range []string{emptyLines, informational, noField, controls, lengthList, identity, chunkedTwice, chunked10, trailerNames,
		bareLF, sizeSpace, oddTrailer, oddStatus, otherVersion, switching, storm, mangledField, unknown10, longSizeLine, hugeChunk} {
		if !seen[reason] {
			t.Errorf("no answer shows the difference: %s", reason)
		}
		delete(seen, reason)
	}
	if len(seen) > 0 {
		t.Errorf("differences without a name: %v", seen)
	}
}

func FuzzAnswer(f *testing.F) {
	for _, wire := range seeds() {
		f.Add([]byte(wire), false)
		f.Add([]byte(wire), true)
	}
	f.Fuzz(func(t *testing.T, wire []byte, head bool) {
		if len(wire) > 16<<10 {
			return // limits have tests of their own
		}
		method := "GET"
		if head {
			method = "HEAD"
		}
		check(t, wire, method)
		checkPackets(t, wire, method)
	})
}
