package extract

import (
	"bytes"
	"net/http"
	"strings"
)

// kind is what a body is taken for.
type kind int

const (
	opaque kind = iota // nothing to tell
	plain              // text: the charset only
	data               // XML and JSON: text whose charset is UTF-8 unless labelled
	hyper              // HTML
	xhyper             // XHTML: HTML in which <script/> is closed
)

// kindOf judges by the content type, and by the bytes where there is none, or
// one that servers send for "unknown" (WHATWG MIME Sniffing §7), or XML.
func kindOf(contentType string, body []byte) kind {
	media, _, _ := strings.Cut(contentType, ";")
	media, _, _ = strings.Cut(media, ",") // the header came twice
	media = strings.ToLower(strings.Trim(media, " \t\r\n"))
	switch media {
	case "text/html":
		return hyper
	case "application/xhtml+xml":
		return xhyper
	case "text/xml", "application/xml":
		if looksXHTML(body) {
			return xhyper
		}
		return data
	case "application/json", "application/x-ndjson", "application/jsonl", "application/manifest+json":
		return data
	case "application/javascript", "application/x-javascript", "application/ecmascript":
		return plain
	case "", "*/*", "unknown/unknown", "application/unknown":
		return sniff(body)
	}
	switch {
	case strings.HasSuffix(media, "+json"), strings.HasSuffix(media, "+xml"):
		return data
	case strings.HasPrefix(media, "text/"):
		return plain
	case !strings.Contains(media, "/"):
		return sniff(body) // no media type at all
	}
	return opaque
}

// sniff judges by the bytes alone, by the table that browsers share and the
// standard library has.
func sniff(body []byte) kind {
	if enc, n := byteOrderMark(body); n > 0 {
		head := body[n:min(len(body), 2048)]
		if enc != utf8Name {
			head = charset{enc: lookup(enc)}.decode(head)
		}
		if k := sniff(head); k != opaque {
			return k
		}
		return plain
	}
	media := http.DetectContentType(body)
	switch {
	case strings.HasPrefix(media, "text/html"):
		return hyper
	case strings.HasPrefix(media, "text/xml"):
		if looksXHTML(body) {
			return xhyper
		}
		return data
	case strings.HasPrefix(media, "text/") && len(body) > 0:
		return plain
	}
	return opaque
}

// looksXHTML reports whether the first element of an XML document is <html>.
func looksXHTML(body []byte) bool {
	head := body[:min(len(body), prescanLen)]
	for {
		i := bytes.IndexByte(head, '<')
		if i < 0 || i+1 == len(head) {
			return false
		}
		head = head[i+1:]
		switch {
		case bytes.HasPrefix(head, []byte("!--")):
			end := bytes.Index(head, []byte("-->"))
			if end < 0 {
				return false
			}
			head = head[end:]
		case head[0] != '!' && head[0] != '?':
			return len(head) > 4 && strings.EqualFold(string(head[:4]), "html") && !isLetter(head[4])
		}
	}
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
