package extract

import (
	"strings"
	"testing"

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
	texts := map[string]string{
		"shift_jis":      "吾輩は猫である。名前はまだ無い。\\~",
		"euc-jp":         "どこで生れたかとんと見当がつかぬ。",
		"iso-2022-jp":    "何でも薄暗いじめじめした所で",
		"gbk":            "满纸荒唐言,一把辛酸泪!",
		"gb18030":        "都云作者痴,谁解其中味?€",
		"big5":           "滾滾長江東逝水,浪花淘盡英雄。",
		"euc-kr":         "나 보기가 역겨워 가실 때에는",
		"windows-1250":   "Příliš žluťoučký kůň úpěl ďábelské ódy",
		"windows-1251":   "Все счастливые семьи похожи друг на друга",
		"koi8-r":         "Мой дядя самых честных правил",
		"iso-8859-2":     "Zażółć gęślą jaźń",
		"iso-8859-5":     "Скажи-ка, дядя, ведь не даром",
		"iso-8859-7":     "Στην αρχή ήταν ο λόγος",
		"iso-8859-8":     "בראשית ברא אלהים",
		"iso-8859-15":    "L'œuf coûte 1 €",
		"windows-1252":   "“Où est l’œuf à 1 € ?”",
		"windows-1253":   "Στην αρχή ήταν ο λόγος",
		"windows-1254":   "Çağdaş ığdır şöförü",
		"windows-1256":   "كان يا ما كان",
		"windows-874":    "กาลครั้งหนึ่ง",
		"windows-1255":   "בְּרֵאשִׁית בָּרָא",
		"windows-1257":   "Glāžšķūņa rūķīši, žąsų ęė",
		"windows-1258":   "Quê hương, đương ơ ư ă",
		"iso-8859-3":     "Eĥoŝanĝo ĉiuĵaŭde",
		"iso-8859-4":     "Glāžšķūņa rūķīši, čáhci ŧŋ",
		"iso-8859-6":     "كان يا ما كان",
		"iso-8859-8-i":   "בראשית ברא אלהים",
		"iso-8859-10":    "Kæmi ný öxi hér, čáhci ŋ",
		"iso-8859-13":    "Įlinkdama fechtuotojo špaga „ė“",
		"iso-8859-14":    "Ŵyth ŷd, ḃeaċ ṫuaṫ",
		"iso-8859-16":    "Știință și țară, „œuvre” €",
		"koi8-u":         "Їжак і ґава, ў",
		"ibm866":         "Привет, Ёжик №5",
		"macintosh":      "“naïve Œuvre” €",
		"x-mac-cyrillic": "Їжак і ґава €",
		"utf-8":          "grün 猫 €",
		"utf-16le":       "grün 猫 €",
		"utf-16be":       "grün 猫 €",
	}
	for name := range labels {
		if texts[name] == "" && name != "replacement" && name != "x-user-defined" {
			t.Errorf("no text in %s", name)
		}
	}
	for name, text := range texts {
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
		"one in a meta":                 {"text/html", "<meta charset=iso-2022-kr><title>x", "replacement", "meta", ""},
		"a UTF-8 BOM over UTF-16":       {"text/html; charset=utf-16le", "\ufeff<title>ü", "utf-8", "bom", "ü"},
		"a late meta in capitals":       {"text/html", pad + `<META HTTP-EQUIV=Content-Type CONTENT="TEXT/HTML; CHARSET=KOI8-R"><title>` + "\xc1", "koi8-r", "meta", "а"},
		"a late meta, nearly":           {"text/html", pad + "<meta http-equiv=content-type content='charset=\u212aoi8-r'><title>ü", "utf-8", "guess", "ü"},
		"XML by its declaration":        {"application/rss+xml", `<?xml version="1.0" encoding="koi8-r"?><rss/>`, "koi8-r", "meta", ""},
		"XML without":                   {"application/rss+xml", `<?xml version="1.0"?><rss/>`, "utf-8", "default", ""},
		"XHTML without":                 {"application/xhtml+xml", `<html><title>x</title></html>`, "utf-8", "default", "x"},
		"JSON":                          {"application/json", `"<meta charset=koi8-r>"`, "utf-8", "default", ""},
		"plain text":                    {"text/plain", `<meta charset=koi8-r>`, "windows-1252", "default", ""},
		"plain text in UTF-8":           {"text/plain", `ü`, "utf-8", "guess", ""},
		"half a BOM is none":            {"text/html", "\xef\xbb<title>x", "windows-1252", "default", "x"},
		"x-user-defined by the header":  {"text/html; charset=x-user-defined", "<title>a\x80\xff", "x-user-defined", "header", "a\uf780\uf7ff"},
		"x-user-defined by a meta":      {"text/html", "<meta charset=x-user-defined><title>\x80", "windows-1252", "meta", "€"},
		"the header over valid UTF-8":   {"text/html; charset=windows-1251", "<title>ü", "windows-1251", "header", "Гј"},
		"a late meta over UTF-8":        {"text/html", pad + meta + "<title>\u0430", "koi8-r", "meta", "п╟"},
		"one byte that is not UTF-8":    {"text/html", "<title>ü</title>\xfc.", "windows-1252", "default", "Ã¼"},
	} {
		p, err := Parse([]byte(c.body), c.header, mustURL(t, "https://example.com/"), Options{})
		if err != nil || p.Charset != c.charset || p.CharsetSource != c.source || p.Title != c.title {
			t.Errorf("%s: %q (%s), title %q, %v; want %q (%s), %q", name, p.Charset, p.CharsetSource, p.Title, err, c.charset, c.source, c.title)
		}
	}
}
