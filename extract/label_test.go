package extract

import (
	"mime"
	"strings"
	"testing"
)

// labels are all of the Encoding Standard (§4.2), by the name of their encoding.
var labels = map[string]string{
	"utf-8":          "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8",
	"ibm866":         "866 cp866 csibm866 ibm866",
	"iso-8859-2":     "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2",
	"iso-8859-3":     "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3",
	"iso-8859-4":     "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4",
	"iso-8859-5":     "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988",
	"iso-8859-6":     "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987",
	"iso-8859-7":     "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek",
	"iso-8859-8":     "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 visual",
	"iso-8859-8-i":   "csiso88598i iso-8859-8-i logical",
	"iso-8859-10":    "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6",
	"iso-8859-13":    "iso-8859-13 iso8859-13 iso885913",
	"iso-8859-14":    "iso-8859-14 iso8859-14 iso885914",
	"iso-8859-15":    "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9",
	"iso-8859-16":    "iso-8859-16",
	"koi8-r":         "cskoi8r koi koi8 koi8-r koi8_r",
	"koi8-u":         "koi8-ru koi8-u",
	"macintosh":      "csmacintosh mac macintosh x-mac-roman",
	"windows-874":    "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874",
	"windows-1250":   "cp1250 windows-1250 x-cp1250",
	"windows-1251":   "cp1251 windows-1251 x-cp1251",
	"windows-1252":   "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252",
	"windows-1253":   "cp1253 windows-1253 x-cp1253",
	"windows-1254":   "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254 x-cp1254",
	"windows-1255":   "cp1255 windows-1255 x-cp1255",
	"windows-1256":   "cp1256 windows-1256 x-cp1256",
	"windows-1257":   "cp1257 windows-1257 x-cp1257",
	"windows-1258":   "cp1258 windows-1258 x-cp1258",
	"x-mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
	"gbk":            "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk",
	"gb18030":        "gb18030",
	"big5":           "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
	"euc-jp":         "cseucpkdfmtjapanese euc-jp x-euc-jp",
	"iso-2022-jp":    "csiso2022jp iso-2022-jp",
	"shift_jis":      "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis",
	"euc-kr":         "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949",
	"replacement":    "csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-kr replacement",
	"utf-16be":       "unicodefffe utf-16be",
	"utf-16le":       "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le",
	"x-user-defined": "x-user-defined",
}

func TestEveryLabelOfTheStandardIsKnown(t *testing.T) {
	total := 0
	for name, list := range labels {
		for label := range strings.FieldsSeq(list) {
			total++
			if e, got := lookupLabel(label); got != name || e == nil {
				t.Errorf("%q is %q, want %q", label, got, name)
			}
		}
	}
	if total != 228 || len(labels) != 40 {
		t.Errorf("%d labels of %d encodings", total, len(labels))
	}
}

func TestALabelMayHaveOddCaseAndSpaces(t *testing.T) {
	for label, want := range map[string]string{
		"UTF-8": "utf-8", "uTf8": "utf-8", " utf-8 ": "utf-8", "\t\n\f\r utf-8\t\n\f\r ": "utf-8",
		"Shift_JIS": "shift_jis", "ISO-8859-1": "windows-1252", "GB2312": "gbk", "X-User-Defined": "x-user-defined",
		"": "", " ": "", "none": "", "utf 8": "", "utf-8;": "", "\"utf-8\"": "", "utf-7": "", "utf-32": "", "cesu-8": "",
		"\vutf-8": "", "utf-8\u00a0": "", "\u2003utf-8": "", "utf-8\x00": "", // no blanks of the standard
		"\u212aoi8-r": "", "\xffutf-8": "", "a\u017fcii": "", // no letters of it either
	} {
		if _, got := lookupLabel(label); got != want {
			t.Errorf("%q is %q, want %q", label, got, want)
		}
		page := "<meta charset='" + label + "'>"
		if want == "x-user-defined" {
			want = "windows-1252"
		}
		if got := prescan([]byte(page)); got != want {
			t.Errorf("%q in a <meta>: %q, want %q", label, got, want)
		}
		if got := parse(t, page, Options{}); got.Charset != "utf-8" || got.CharsetSource != "header" {
			t.Errorf("%q in a <meta> beats the header: %q (%s)", label, got.Charset, got.CharsetSource)
		}
	}
}

func TestTheHeadersLabelHoweverItIsWritten(t *testing.T) {
	for header, want := range map[string]string{
		"text/html; charset=utf-8":                    "utf-8",
		"text/html;charset=utf-8":                     "utf-8",
		"text/html; CHARSET=UTF-8":                    "UTF-8",
		`text/html; charset="utf-8"`:                  "utf-8",
		`text/html; charset="utf-8`:                   "utf-8",
		`text/html; a="x;charset=y"; charset=utf-8`:   "utf-8",
		"text/html; boundary=x; charset=utf-8 ; q=1":  "utf-8",
		"text/html;;; charset=utf-8":                  "utf-8",
		"text/html; charset":                          "",
		"text/html; charset=":                         "",
		"text/html; charset; charset=utf-8":           "utf-8",
		"text/html charset=utf-8":                     "",
		"text/html":                                   "",
		"":                                            "",
		";charset=utf-8":                              "utf-8",
		"text/html; xcharset=utf-8":                   "",
		"text/html; charset =utf-8":                   "utf-8",
		"text/html; charset= utf-8":                   "utf-8",
		"text/html; charset='utf-8'":                  "utf-8",
		"text/html; charset=utf-8; charset=big5":      "utf-8",
		"text/html; charset=; charset=big5":           "big5",
		`text/html; charset=""; charset=big5`:         "",
		"text/html; charset=utf-8, text/html":         "utf-8",
		`text/html; charset="utf\-8"`:                 "utf-8",
		`text/html; a="\";charset=y"; charset=utf-8`:  "utf-8",
		`text/html; charset="utf-8" x; q=1`:           "utf-8",
		`text/html; a="b"charset=big5; charset=utf-8`: "utf-8",
		`text/html; a="x`:                             "",
		`text/html; charset="utf-8\`:                  `utf-8\`,
		"text/html; char\u017fet=utf-8":               "",
		"text/html; charset=\tutf-8\t":                "utf-8",
		"text/html; charset=utf-8;":                   "utf-8",
		"; ; =; charset=utf-8":                        "utf-8",
	} {
		if got := headerLabel(header); got != want {
			t.Errorf("%q: got %q, want %q", header, got, want)
		}
	}
}

// What the standard library understands, we understand the same way; anything
// else gives some answer.
func FuzzHeaderLabel(f *testing.F) {
	for _, s := range []string{"text/html; charset=utf-8", `a/b; c="d\";e" ; Charset="x;y" z`, ";charset=", "; ; =; charset", `x;charset="`, "a;charset='b',c", "text/html;charset=\xff\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		got := headerLabel(header)
		if len(got) > len(header) || !strings.Contains(strings.ReplaceAll(header, `\`, ""), strings.ReplaceAll(got, `\`, "")) {
			t.Fatalf("%q is not in %q", got, header)
		}
		if got != "" && !strings.Contains(asciiLower(header), "charset") {
			t.Fatalf("%q of %q", got, header)
		}
		_, params, err := mime.ParseMediaType(header)
		if err != nil || strings.ContainsAny(header, `\*,'`) {
			return // *: RFC 2231, which no browser knows here
		}
		if want := strings.Trim(params["charset"], headerSpace); got != want {
			t.Fatalf("%q: got %q, want %q", header, got, want)
		}
	})
}
