package extract

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// literal is the prescan of the HTML standard (§13.2.3.2) step by step, as it is
// written there, one byte after the other: slow, and nothing but the standard.
type literal struct {
	b   []byte
	pos int
}

// ranOut is what the steps panic with at the end of the bytes.
type ranOut struct{}

func (l *literal) at(i int) byte {
	if i >= len(l.b) {
		panic(ranOut{})
	}
	return l.b[i]
}

func (l *literal) pointsTo(s string) bool {
	return bytes.HasPrefix(l.b[min(l.pos, len(l.b)):], []byte(s))
}

func literalPrescan(b []byte) (name string) {
	b = b[:min(len(b), 1024)]
	defer func() {
		if r := recover(); r == (ranOut{}) {
			name = xmlLabel(b)
		} else if r != nil {
			panic(r)
		}
	}()
	l := &literal{b: b}
	switch {
	case l.pointsTo("<\x00?\x00x\x00"):
		return "utf-16le"
	case l.pointsTo("\x00<\x00?\x00x"):
		return "utf-16be"
	}
	for ; ; l.pos++ {
		l.at(l.pos)
		letter := func(i int) bool { return i < len(b) && isLetter(b[i]) }
		switch {
		case l.pointsTo("<!--"):
			for l.pos += 2; !l.pointsTo("-->"); l.pos++ {
				l.at(l.pos)
			}
			l.pos += 2
		case len(b) > l.pos+5 && strings.EqualFold(string(b[l.pos:l.pos+5]), "<meta") && strings.ContainsRune("\t\n\f\r /", rune(b[l.pos+5])):
			l.pos += 5
			if name := l.meta(); name != "" {
				return name
			}
		case l.pointsTo("<") && letter(l.pos+1), l.pointsTo("</") && letter(l.pos+2):
			for !strings.ContainsRune("\t\n\f\r >", rune(l.at(l.pos))) {
				l.pos++
			}
			for ok := true; ok; {
				_, _, ok = l.attribute()
			}
		case l.pointsTo("<!"), l.pointsTo("</"), l.pointsTo("<?"):
			for l.at(l.pos) != '>' {
				l.pos++
			}
		}
	}
}

func (l *literal) meta() string {
	list := map[string]bool{}
	gotPragma, needPragma, name := false, "null", "null"
	for {
		attr, value, ok := l.attribute()
		if !ok {
			break
		}
		if list[attr] {
			continue
		}
		list[attr] = true
		switch attr {
		case "http-equiv":
			if value == "content-type" {
				gotPragma = true
			}
		case "content":
			if enc := metaLabel(value); enc != "" && name == "null" {
				name, needPragma = enc, "true"
			}
		case "charset":
			_, name = lookupLabel(value)
			needPragma = "false"
		}
	}
	switch {
	case needPragma == "null", needPragma == "true" && !gotPragma, name == "":
		return ""
	case name == "utf-16be", name == "utf-16le":
		return "utf-8"
	case name == "x-user-defined":
		return "windows-1252"
	}
	return name
}

// attribute is "get an attribute".
func (l *literal) attribute() (name, value string, ok bool) {
	small := func(c byte) string {
		if 'A' <= c && c <= 'Z' {
			c += 0x20
		}
		return string([]byte{c})
	}
	for strings.ContainsRune("\t\n\f\r /", rune(l.at(l.pos))) {
		l.pos++
	}
	if l.at(l.pos) == '>' {
		return "", "", false
	}
	for {
		c := l.at(l.pos)
		if c == '=' && name != "" {
			break
		}
		if strings.ContainsRune("\t\n\f\r ", rune(c)) {
			for strings.ContainsRune("\t\n\f\r ", rune(l.at(l.pos))) {
				l.pos++
			}
			if l.at(l.pos) != '=' {
				return name, "", true
			}
			break
		}
		if c == '/' || c == '>' {
			return name, "", true
		}
		name += small(c)
		l.pos++
	}
	l.pos++ // past the "="
	for strings.ContainsRune("\t\n\f\r ", rune(l.at(l.pos))) {
		l.pos++
	}
	if q := l.at(l.pos); q == '"' || q == '\'' {
		for l.pos++; l.at(l.pos) != q; l.pos++ {
			value += small(l.at(l.pos))
		}
		l.pos++
		return name, value, true
	}
	for !strings.ContainsRune("\t\n\f\r >", rune(l.at(l.pos))) {
		value += small(l.at(l.pos))
		l.pos++
	}
	return name, value, true
}

func samePrescan(t *testing.T, body []byte) {
	t.Helper()
	got := prescan(body)
	if want := literalPrescan(body); got != want {
		t.Fatalf("%q: got %q, the standard %q", body, got, want)
	}
	if _, name := lookupLabel(got); name != got || got == "x-user-defined" {
		t.Fatalf("%q: %q is no name of an encoding that a page may declare", body, got)
	}
}

func TestThePrescanIsTheStandards(t *testing.T) {
	pieces := strings.Split(`<|>|</|<!|<!--|-->|--|<?xml |<meta|<META|<metax|<a|</a|/|=|"|'|;|!|?|charset|CharSet|content|http-equiv|content-type|charset=|utf-8|utf-16|big5|x-user-defined|none|encoding=`, "|")
	pieces = append(pieces, " ", "\t", "\f", "\n", "\r", "\v", "\x00", "\xff", `<meta charset=`, `<meta http-equiv=content-type `, `content="charset=gbk"`)
	rnd := rand.New(rand.NewPCG(9, 10))
	declared := 0
	for range 10_000 {
		var b []byte
		if rnd.IntN(2) == 0 {
			b = append(b, "<meta "...)
		}
		for range 1 + rnd.IntN(14) {
			b = append(b, pieces[rnd.IntN(len(pieces))]...)
		}
		if rnd.IntN(2) == 0 {
			b = append(b, " charset=gbk>"...)
		}
		if rnd.IntN(4) == 0 { // about the end of what is looked at
			b = append(bytes.Repeat([]byte("."), prescanLen-rnd.IntN(len(b)+1)), b...)
		}
		samePrescan(t, b)
		if prescan(b) != "" {
			declared++
		}
	}
	if declared < 500 {
		t.Errorf("only %d declare anything", declared)
	}
}

func FuzzPrescan(f *testing.F) {
	for _, s := range []string{
		`<!-- x --><META http-equiv = 'Content-Type' content="a; charset=koi8-r">`, `<meta charset=utf-16><meta/charset="big5"/>`,
		`<a =b c/d = e f='>'><meta x charset=none content=charset=big5 http-equiv=content-type>`, `<?xml version="1.0" encoding='gbk'?></x y=z><!x><meta charset`,
		"<\x00?\x00x\x00", "\x00<\x00?\x00x", `<!--><meta charset=" UTF-8 ">`, `<meta charset=x-user-defined charset=gbk>`, `< meta><metaa charset=gbk><meta`,
	} {
		f.Add([]byte(s))
		f.Add(append(bytes.Repeat([]byte(" "), prescanLen-len(s)), s...))
	}
	f.Fuzz(samePrescan)
}
