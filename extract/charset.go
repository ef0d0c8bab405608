package extract

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
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
