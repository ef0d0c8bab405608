package extract

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// decodeAs is text in the named encoding, as UTF-8.
func decodeAs(name, text string) string {
	return string(charset{enc: lookup(name), name: name}.decode([]byte(text)))
}

// The bytes are those of Python's codecs: another hand's tables.
func TestTextThatOthersEncoded(t *testing.T) {
	for name, c := range map[string]struct{ bytes, text string }{
		"shift_jis":    {"\x8c\xe1\x94y\x82\xcd\x94L\x82\xc5\x82\xa0\x82\xe9\x81B", "吾輩は猫である。"},
		"euc-jp":       {"\xa4\xc9\xa4\xb3\xa4\xc7\xc0\xb8\xa4\xec\xa4\xbf\xa4\xab", "どこで生れたか"},
		"iso-2022-jp":  {"\x1b$B2?$G$bGv0E$$\x1b(B", "何でも薄暗い"},
		"gbk":          {"\xc2\xfa\xd6\xbd\xbb\xc4\xcc\xc6\xd1\xd4", "满纸荒唐言"},
		"gb18030":      {"\xb6\xbc\xd4\xc6\xd7\xf7\xd5\xdf\xb3\xd5\xa2\xe3\x819\xee9", "都云作者痴€㐀"},
		"big5":         {"\xbau\xbau\xaa\xf8\xa6\xbf\xaaF\xb3u\xa4\xf4", "滾滾長江東逝水"},
		"euc-kr":       {"\xb3\xaa \xba\xb8\xb1\xe2\xb0\xa1 \x8cc\xb9\xe6\xb0\xa2\xc7\xcf", "나 보기가 똠방각하"},
		"windows-1250": {"\x9elu\x9dou\xe8k\xfd k\xf9\xf2", "žluťoučký kůň"},
		"windows-1251": {"\xc2\xf1\xe5 \xf1\xf7\xe0\xf1\xf2\xeb\xe8\xe2\xfb\xe5", "Все счастливые"},
		"windows-1253": {"\xd3\xf4\xe7\xed \xe1\xf1\xf7\xde", "Στην αρχή"},
		"windows-1254": {"\xc7a\xf0da\xfe", "Çağdaş"},
		"windows-1255": {"\xe1\xc0\xcc\xf8\xc5\xe0\xf9\xc4\xd1\xe9\xfa", "בְּרֵאשִׁית"},
		"windows-1256": {"\xdf\xc7\xe4 \xed\xc7 \xe3\xc7 \xdf\xc7\xe4", "كان يا ما كان"},
		"windows-874":  {"\xa1\xd2\xc5\xa4\xc3\xd1\xe9\xa7", "กาลครั้ง"},
		"iso-8859-2":   {"Za\xbf\xf3\xb3\xe6 g\xea\xb6l\xb1", "Zażółć gęślą"},
		"iso-8859-5":   {"\xc1\xda\xd0\xd6\xd8-\xda\xd0", "Скажи-ка"},
		"iso-8859-7":   {"\xd3\xf4\xe7\xed \xe1\xf1\xf7\xde", "Στην αρχή"},
		"iso-8859-8":   {"\xe1\xf8\xe0\xf9\xe9\xfa", "בראשית"},
		"iso-8859-15":  {"\xbduf 1 \xa4", "œuf 1 €"},
		"koi8-r":       {"\xed\xcf\xca \xc4\xd1\xc4\xd1", "Мой дядя"},
		"koi8-u":       {"\xb7\xd6\xc1\xcb \xa6 \xad\xc1\xd7\xc1", "Їжак і ґава"},
		"ibm866":       {"\x8f\xe0\xa8\xa2\xa5\xe2", "Привет"},
		"macintosh":    {"na\x95ve \xceuvre", "naïve Œuvre"},
		"utf-16le":     {"g\x00r\x00\xfc\x00n\x00 \x00+s \x00=\xd8\x08\xdc", "grün 猫 🐈"},
		"utf-16be":     {"\x00g\x00r\x00\xfc\x00n\x00 s+\x00 \xd8=\xdc\x08", "grün 猫 🐈"},
	} {
		if got := decodeAs(name, c.bytes); got != c.text {
			t.Errorf("%s: %q, want %q", name, got, c.text)
		}
	}
}

func TestWhereTheStandardDiffersFromTheLibrary(t *testing.T) {
	for _, c := range []struct{ name, bytes, want string }{
		{"gbk", "\x819\xee9\x954\xb25\x949\xfc6", "㐀𠮷😀"}, // four bytes, under the older label
		{"gbk", "\x80", "€"},
		{"windows-1252", "\x80\x81\x8d\x8f\x90\x9d\xff", "€\u0081\u008d\u008f\u0090\u009dÿ"},
		{"windows-1250", "\x81\x98", "\u0081\u0098"},
		{"windows-1253", "\x81\xaa\xd2\xff", "\u0081\ufffd\ufffd\ufffd"},
		{"iso-8859-2", "\x80\x9f\xa0", "\u0080\u009f\u00a0"},
		{"iso-8859-8-i", "\x80\xe0\xa1", "\u0080א\ufffd"},
		{"windows-874", "\x81\xdb", "\u0081\ufffd"},
		{"x-user-defined", "a\x80\xff", "a\uf780\uf7ff"},
		{"shift_jis", "\x80", "\u0080"},
	} {
		if got := decodeAs(c.name, c.bytes); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.name, c.bytes, got, c.want)
		}
	}
}

// Which of the library's tables have U+FFFD below 0xa0 does not matter: the
// standard's have none there, and the same everywhere else.
func TestEverySingleByteTableIsTheLibrarysButForC1(t *testing.T) {
	tables := 0
	for name := range labels {
		m := singleByte(charset{enc: lookup(name), name: name})
		if m == nil {
			continue
		}
		tables++
		for i := range 256 {
			b := byte(i)
			want := m.DecodeByte(b)
			if want == utf8.RuneError && b < 0xa0 {
				want = rune(b)
			}
			if got := decodeAs(name, string([]byte{b})); got != string(want) {
				t.Errorf("%s %#x: %q, want %q", name, b, got, want)
			}
		}
	}
	if tables != 29 {
		t.Errorf("%d single-byte encodings", tables)
	}
	if m := singleByte(charset{enc: lookup("iso-8859-8-i"), name: "iso-8859-8-i"}); m != charmap.ISO8859_8 {
		t.Errorf("iso-8859-8-i by %v", m)
	}
}

func TestAByteOrderMarkIsNoText(t *testing.T) {
	for _, body := range []string{"\xef\xbb\xbfx", "\xff\xfex\x00", "\xfe\xff\x00x", "\xef\xbb\xbf"} {
		text := sniffCharset([]byte(body), "text/html; charset=koi8-r", hyper).decode([]byte(body))
		if strings.TrimSuffix(string(text), "x") != "" {
			t.Errorf("%q reads %q", body, text)
		}
	}
}

// A lead byte without its trail must not swallow the markup behind it.
func TestABrokenCharacterTakesNoMarkupWithIt(t *testing.T) {
	for _, name := range []string{"shift_jis", "euc-jp", "gbk", "gb18030", "big5", "euc-kr", "utf-8", "windows-1253"} {
		for _, bad := range []string{"\x81", "\x8f", "\x8f\xa1", "\xfe", "\xff", "\x815", "\xe0", "\xa1", "\xd2"} {
			page := "<a title=\"" + bad + "\" href=\"/x\"><title>" + bad + "</title>"
			p, err := Parse([]byte(page), "text/html; charset="+name, mustURL(t, "https://example.com/"), Options{Links: true})
			if err != nil || len(p.Links) != 1 || !utf8.ValidString(p.Title) || strings.Contains(p.Title, "<") {
				t.Errorf("%s %q: links %q, title %q, %v", name, bad, p.Links, p.Title, err)
			}
		}
	}
}

func TestNoWorkWhereBytesReadTheSame(t *testing.T) {
	ascii := bytes.Repeat([]byte("plain "), 10_000)
	mixed := bytes.Repeat([]byte("grün "), 10_000)
	for _, c := range []struct {
		charset string
		body    []byte
		same    bool
	}{
		{"utf-8", mixed, true}, {"windows-1252", ascii, true}, {"shift_jis", ascii, true}, {"gbk", ascii, true},
		{"windows-1252", mixed, false}, {"utf-16le", ascii, false}, {"iso-2022-jp", ascii, false},
	} {
		out := charset{enc: lookup(c.charset), name: c.charset}.decode(c.body)
		if same := &out[0] == &c.body[0]; same != c.same {
			t.Errorf("%s: decoded in place %v, want %v", c.charset, same, c.same)
		}
	}
}

// faults.md row 21: whatever the bytes, every string of the page is valid UTF-8.
func FuzzEveryStringIsValidUTF8(f *testing.F) {
	f.Add([]byte("<title>a\xff\x00</title><a href=\"\xc3\">"), "text/html; charset=utf-8")
	f.Add([]byte("\xff\xfe<\x00t\x00i\x00t\x00l\x00e\x00>\x00\x00\xd8"), "")
	f.Add([]byte("<meta charset=iso-2022-jp><title>\x1b$B\x1b(B</title>"), "text/html")
	f.Add([]byte("<?xml version='1.0' encoding='big5'?><html lang='\xff'>"), "application/xhtml+xml")
	f.Add([]byte("<meta http-equiv=refresh content='0;url=\xe2'><meta name=description content=\xff>"), ";charset=")
	sel, err := ParseSelector("all[]=*@href")
	if err != nil {
		f.Fatal(err)
	}
	txt, err := ParseSelector("txt=body")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		before := bytes.Clone(body)
		p, err := Parse(body, contentType, mustURL(t, "https://example.com/a"), Options{Links: true, Select: []Selector{sel, txt}})
		if p == nil || err != nil && p.Fields != nil {
			t.Fatalf("page %v, error %v", p, err)
		}
		if !bytes.Equal(before, body) {
			t.Fatal("the body was changed")
		}
		all := append([]string{p.Title, p.Description, p.Canonical, p.Lang, p.Refresh, p.Charset}, p.Links...)
		for _, v := range p.Fields {
			switch v := v.(type) {
			case string:
				all = append(all, v)
			case []string:
				all = append(all, v...)
			}
		}
		for _, s := range all {
			if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
				t.Fatalf("%q is not valid text", s)
			}
		}
	})
}
