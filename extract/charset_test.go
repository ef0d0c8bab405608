package extract

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
)

// encode gives text in the named encoding.
func encode(t *testing.T, name, text string) []byte {
	t.Helper()
	enc := lookup(name)
	if strings.HasPrefix(name, "utf-16") { // without a BOM of its own
		endian := unicode.LittleEndian
		if name == "utf-16be" {
			endian = unicode.BigEndian
		}
		enc = unicode.UTF16(endian, unicode.IgnoreBOM)
	}
	b, err := enc.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return b
}

func TestRealTextInEachCharset(t *testing.T) {
	for name, text := range map[string]string{
		"shift_jis":    "吾輩は猫である。名前はまだ無い。\\~",
		"euc-jp":       "どこで生れたかとんと見当がつかぬ。",
		"iso-2022-jp":  "何でも薄暗いじめじめした所で",
		"gbk":          "满纸荒唐言,一把辛酸泪!",
		"gb18030":      "都云作者痴,谁解其中味?€",
		"big5":         "滾滾長江東逝水,浪花淘盡英雄。",
		"euc-kr":       "나 보기가 역겨워 가실 때에는",
		"windows-1250": "Příliš žluťoučký kůň úpěl ďábelské ódy",
		"windows-1251": "Все счастливые семьи похожи друг на друга",
		"koi8-r":       "Мой дядя самых честных правил",
		"iso-8859-2":   "Zażółć gęślą jaźń",
		"iso-8859-5":   "Скажи-ка, дядя, ведь не даром",
		"iso-8859-7":   "Στην αρχή ήταν ο λόγος",
		"iso-8859-8":   "בראשית ברא אלהים",
		"iso-8859-15":  "L'œuf coûte 1 €",
		"windows-1252": "“Où est l’œuf à 1 € ?”",
		"windows-1253": "Στην αρχή ήταν ο λόγος",
		"windows-1254": "Çağdaş ığdır şöförü",
		"windows-1256": "كان يا ما كان",
		"windows-874":  "กาลครั้งหนึ่ง",
		"utf-8":        "grün 猫 €",
		"utf-16le":     "grün 猫 €",
		"utf-16be":     "grün 猫 €",
	} {
		page := "<title>" + text + "</title><a href=\"?q=" + "x" + "\">" + text + "</a>"
		body := encode(t, name, page)
		p, err := Parse(body, "text/html; charset="+name, mustURL(t, "https://example.com/"), Options{Links: true})
		if err != nil || p.Title != text || p.Charset != name || p.CharsetSource != "header" {
			t.Errorf("%s by header: title %q, charset %q (%s), %v", name, p.Title, p.Charset, p.CharsetSource, err)
		}
		if len(p.Links) != 1 || p.Links[0] != "https://example.com/?q=x" {
			t.Errorf("%s: links %q", name, p.Links)
		}
		if strings.HasPrefix(name, "utf-16") {
			continue // a page cannot declare it in ASCII
		}
		body = encode(t, name, "<meta charset="+name+">"+page)
		p, err = Parse(body, "text/html", mustURL(t, "https://example.com/"), Options{})
		if err != nil || p.Title != text || p.Charset != name || p.CharsetSource != "meta" {
			t.Errorf("%s by meta: title %q, charset %q (%s), %v", name, p.Title, p.Charset, p.CharsetSource, err)
		}
	}
}

func TestTheStrongestSourceOfACharsetWins(t *testing.T) {
	const meta = `<meta charset=koi8-r>`
	pad := "<!--" + strings.Repeat("x", 2000) + "-->"
	for name, c := range map[string]struct{ header, body, charset, source, title string }{
		"a BOM over all":                {"text/html; charset=koi8-r", "\ufeff" + meta + "<title>ü", "utf-8", "bom", "ü"},
		"a UTF-16 BOM":                  {"text/html; charset=koi8-r", "\xfe\xff\x00<\x00t\x00i\x00t\x00l\x00e\x00>\x00\xfc", "utf-16be", "bom", "ü"},
		"the header over meta":          {"text/html; charset=windows-1252", meta + "<title>\xfc", "windows-1252", "header", "ü"},
		"an unknown header label":       {"text/html; charset=none", meta + "<title>\xc1", "koi8-r", "meta", "а"},
		"meta over valid UTF-8":         {"text/html", meta + "<title>\u0430", "koi8-r", "meta", "п╟"},
		"a late meta over a guess":      {"text/html", pad + meta + "<title>\xc1", "koi8-r", "meta", "а"},
		"a late meta under the header":  {"text/html; charset=utf-8", pad + meta + "<title>ü", "utf-8", "header", "ü"},
		"valid UTF-8":                   {"text/html", "<title>ü", "utf-8", "guess", "ü"},
		"UTF-8 cut inside a character":  {"text/html", "<title>ü</title>\xe2\x82", "utf-8", "guess", "ü"},
		"neither":                       {"text/html", "<title>\xfc\x80", "windows-1252", "default", "ü€"},
		"plain ASCII":                   {"text/html", "<title>u", "windows-1252", "default", "u"},
		"a quoted label":                {`text/html;x=y;Charset = "UTF-8"`, "<title>ü", "utf-8", "header", "ü"},
		"a label in single quotes":      {`text/html; charset='utf-8'`, "<title>ü", "utf-8", "header", "ü"},
		"an unquoted rest":              {`text/html; charset=utf-8; q=1`, "<title>ü", "utf-8", "header", "ü"},
		"latin1 is windows-1252":        {"text/html; charset=iso-8859-1", "<title>\x80", "windows-1252", "header", "€"},
		"meta that claims UTF-16":       {"text/html", "<meta charset=utf-16><title>ü", "utf-8", "meta", "ü"},
		"an XML declaration":            {"application/xhtml+xml", `<?xml version="1.0" encoding="koi8-r"?><title>` + "\xc1", "koi8-r", "meta", "а"},
		"invalid bytes under the label": {"text/html; charset=shift_jis", "<title>a\xff\x81", "shift_jis", "header", "a\ufffd\ufffd"},
		"a label that must not be used": {"text/html; charset=hz-gb-2312", "<title>x", "replacement", "header", ""},
	} {
		p, err := Parse([]byte(c.body), c.header, mustURL(t, "https://example.com/"), Options{})
		if err != nil || p.Charset != c.charset || p.CharsetSource != c.source || p.Title != c.title {
			t.Errorf("%s: %q (%s), title %q, %v; want %q (%s), %q", name, p.Charset, p.CharsetSource, p.Title, err, c.charset, c.source, c.title)
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
