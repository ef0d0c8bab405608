package extract

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// headerLabel is the charset parameter of a Content-Type value: the first that
// has one (WHATWG MIME Sniffing §4.4). Servers write it in many broken ways, and
// mime.ParseMediaType refuses the whole value for one of them. Beyond the
// standard, as Chromium: spaces around "=" and single quotes are passed over.
func headerLabel(contentType string) string {
	_, rest, _ := strings.Cut(contentType, ";")
	for rest != "" {
		rest = strings.TrimLeft(rest, headerSpace+";")
		i := strings.IndexAny(rest, ";=")
		if i < 0 {
			return ""
		}
		if rest[i] == ';' {
			rest = rest[i+1:]
			continue
		}
		name := strings.Trim(rest[:i], headerSpace)
		value := strings.TrimLeft(rest[i+1:], headerSpace)
		quoted := strings.HasPrefix(value, `"`)
		if quoted {
			value, rest = quotedString(value[1:])
			_, rest, _ = strings.Cut(rest, ";")
		} else {
			value, rest, _ = strings.Cut(value, ";")
		}
		if asciiLower(name) != "charset" {
			continue
		}
		value, _, _ = strings.Cut(value, ",") // the header came twice
		value = strings.Trim(strings.Trim(value, headerSpace), "'")
		if value != "" || quoted {
			return value
		}
	}
	return ""
}

// headerSpace is the white space of HTTP.
const headerSpace = " \t\r\n"

// quotedString reads what follows an opening quote, up to the closing one or
// the end. A backslash stands for the character behind it.
func quotedString(s string) (value, rest string) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:]
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String(), ""
}

// lookupLabel is the standard's "get an encoding" (Encoding §4.2): nil for an
// unknown label.
func lookupLabel(label string) (encoding.Encoding, string) {
	label = strings.Trim(label, " \t\n\f\r")
	if strings.ContainsFunc(label, func(r rune) bool { return r <= ' ' || r >= utf8.RuneSelf }) {
		return nil, "" // htmlindex would take other spaces for blanks, and a Kelvin sign for a k
	}
	e, err := htmlindex.Get(label)
	if err != nil {
		return nil, ""
	}
	name, err := htmlindex.Name(e)
	if err != nil {
		return nil, ""
	}
	if name == "gbk" {
		e = simplifiedchinese.GB18030 // the standard's gbk decoder is that of gb18030
	}
	return e, name
}

// lookup is the encoding of a name of the standard.
func lookup(name string) encoding.Encoding {
	e, _ := lookupLabel(name)
	return e
}

// asciiLower is s with A to Z in lower case, and nothing else changed.
func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			r |= 0x20
		}
		return r
	}, s)
}
