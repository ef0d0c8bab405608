package extract

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

const (
	utf8Name    = "utf-8"
	defaultName = "windows-1252"
)

// charset is how a body is to be read.
type charset struct {
	enc    encoding.Encoding // never nil, except in the zero value
	name   string            // the WHATWG name, lower case
	source string            // bom, header, meta, guess, default
	bom    int               // bytes of byte order mark to skip
}

// sniffCharset determines the encoding as the HTML standard (§13.2.3.2) has it: byte
// order mark, header, meta prescan, and then, where browsers ask the user's
// locale, valid UTF-8 or windows-1252. Pure ASCII without a label is windows-1252, as in a browser: the bytes
// give no reason to guess anything else, and they read the same.
func sniffCharset(body []byte, contentType string, k kind) charset {
	if name, n := byteOrderMark(body); n > 0 {
		return charset{lookup(name), name, "bom", n}
	}
	if e, name := lookupLabel(headerLabel(contentType)); e != nil {
		return charset{e, name, "header", 0}
	}
	name := ""
	switch k {
	case hyper, xhyper:
		name = prescan(body)
	case data:
		name = xmlLabel(body[:min(len(body), prescanLen)])
	}
	if name != "" {
		return charset{lookup(name), name, "meta", 0}
	}
	if validUTF8(body) && !ascii(body) {
		return charset{unicode.UTF8, utf8Name, "guess", 0}
	}
	if k == data || k == xhyper {
		return charset{unicode.UTF8, utf8Name, "default", 0}
	}
	return charset{lookup(defaultName), defaultName, "default", 0}
}

// change is the standard's "changing the encoding while parsing" (§13.2.3.5): a
// <meta> beyond the prescan counts where nothing but a guess stands against it.
func (c charset) change(name string) (charset, bool) {
	if name == "" || c.source != "guess" && c.source != "default" {
		return c, false
	}
	return charset{lookup(name), name, "meta", 0}, true
}

// decode gives the body as UTF-8 text. It does no work where the bytes read the
// same as they are: UTF-8 (invalid bytes are left to the strings taken out of it,
// see [clean]), and ASCII in an encoding that contains it.
func (c charset) decode(body []byte) []byte {
	body = body[min(c.bom, len(body)):]
	if c.name == utf8Name || asciiCompatible(c.name) && ascii(body) {
		return body
	}
	out, err := c.enc.NewDecoder().Bytes(body)
	if err != nil {
		return body // decoders put U+FFFD and do not fail; the bytes are then cleaned as UTF-8
	}
	return out
}

// asciiCompatible reports whether the bytes below 0x80 mean ASCII under the name, alone and
// in any order: the encodings of the standard but these.
func asciiCompatible(name string) bool {
	switch name {
	case "", "utf-16be", "utf-16le", "iso-2022-jp", "replacement":
		return false
	}
	return true
}

func byteOrderMark(b []byte) (name string, n int) {
	switch {
	case bytes.HasPrefix(b, []byte{0xef, 0xbb, 0xbf}):
		return utf8Name, 3
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		return "utf-16be", 2
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}):
		return "utf-16le", 2
	}
	return "", 0
}

// headerLabel is the charset parameter of a Content-Type value. Servers write
// it in many broken ways, so it is found as browsers do (WHATWG MIME Sniffing
// §4.4) and not by mime.ParseMediaType, which refuses the whole value.
func headerLabel(contentType string) string {
	_, rest, _ := strings.Cut(contentType, ";")
	for rest != "" {
		var param string
		rest = strings.TrimLeft(rest, " \t\r\n;")
		i := strings.IndexAny(rest, ";=")
		if i < 0 {
			return ""
		}
		if rest[i] == ';' {
			rest = rest[i+1:]
			continue
		}
		name := rest[:i]
		rest = strings.TrimLeft(rest[i+1:], " \t")
		if strings.HasPrefix(rest, `"`) {
			param, rest, _ = strings.Cut(rest[1:], `"`)
			_, rest, _ = strings.Cut(rest, ";")
		} else {
			param, rest, _ = strings.Cut(rest, ";")
		}
		if strings.EqualFold(strings.TrimSpace(name), "charset") {
			param, _, _ = strings.Cut(param, ",") // the header came twice
			return strings.Trim(strings.TrimSpace(param), "'")
		}
	}
	return ""
}

// lookupLabel is the standard's "get an encoding": nil for an unknown label.
func lookupLabel(label string) (encoding.Encoding, string) {
	if label == "" {
		return nil, ""
	}
	e, err := htmlindex.Get(label)
	if err != nil {
		return nil, ""
	}
	name, err := htmlindex.Name(e)
	if err != nil {
		return nil, ""
	}
	return e, name
}

// lookup is the encoding of a name of the standard.
func lookup(name string) encoding.Encoding {
	e, _ := lookupLabel(name)
	return e
}

// validUTF8 is utf8.Valid, but a body that was cut may end inside a character.
func validUTF8(b []byte) bool {
	if utf8.Valid(b) {
		return true
	}
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if tail := b[len(b)-n:]; utf8.RuneStart(tail[0]) {
			return !utf8.FullRune(tail) && utf8.Valid(b[:len(b)-n])
		}
	}
	return false
}

// ascii reports whether b has no byte over 0x7f, eight bytes at a time.
func ascii(b []byte) bool {
	for len(b) >= 8 {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// clean makes a string that was taken out of a page valid UTF-8 without NUL: each invalid
// sequence becomes one U+FFFD, as the Encoding Standard's decoder does it.
func clean(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "\ufffd")
	}
	if utf8.ValidString(s) {
		return s
	}
	if t, err := unicode.UTF8.NewDecoder().String(s); err == nil {
		return t
	}
	return strings.ToValidUTF8(s, "\ufffd")
}
