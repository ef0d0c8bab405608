package results

import (
	"encoding/csv"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// everyColumn are all names without the objects that have others in them.
func everyColumn(t testing.TB, selected ...string) *Columns {
	t.Helper()
	var names []string
	for _, c := range columns(selected) {
		if c.name != "error" && c.name != "time" && c.name != "fields" {
			names = append(names, c.name)
		}
	}
	return chosen(t, strings.Join(names, ","), selected...)
}

// rawCells are the values of a record before any format has its way with them.
func rawCells(c *Columns, r *Record) []string {
	var cells []string
	for i := range c.list {
		cells = append(cells, string(c.list[i].append(nil, r, appendAsItIs)))
	}
	return cells
}

// spaced is s as CSV may say it.
func spaced(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || c == '\u2028' || c == '\u2029' {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// holdCSV fails unless encoding/csv reads back what the record says.
func holdCSV(t *testing.T, c *Columns, r *Record) {
	t.Helper()
	line := appendAll(t, CSV{c}, r)
	held(t, line)
	rows, err := csv.NewReader(strings.NewReader(line)).ReadAll()
	if err != nil || len(rows) != 1 || len(rows[0]) != len(c.list) {
		t.Fatalf("%v, %d rows in %q", err, len(rows), line)
	}
	for i, raw := range rawCells(c, r) {
		want := spaced(eachByte(raw))
		if got := rows[0][i]; got != want && got != "'"+want {
			t.Errorf("%s: %q reads back as %q", c.list[i].name, raw, got)
		}
		if c.list[i].name == "meta" {
			continue // JSON, which may be a number below zero
		}
		seen := strings.TrimLeftFunc(rows[0][i], func(c rune) bool { return unicode.IsSpace(c) || unicode.In(c, unicode.Cf, unicode.Cc) })
		if seen != "" && strings.ContainsAny(seen[:1], "=+-@") || strings.HasPrefix(seen, "＝") {
			t.Errorf("%s: %q is a formula", c.list[i].name, rows[0][i])
		}
	}
}

// eachByte puts U+FFFD for every byte that is no UTF-8, where strings.ToValidUTF8
// puts one for a run of them.
func eachByte(s string) string { return string([]rune(s)) }

// held fails if a line is not one, or not fit for a terminal.
func held(t *testing.T, line string) {
	t.Helper()
	if !utf8.ValidString(line) {
		t.Errorf("no UTF-8: %q", line)
	}
	if strings.Count(line, "\n") != 1 || !strings.HasSuffix(line, "\n") {
		t.Errorf("no line: %q", line)
	}
	for _, c := range strings.TrimSuffix(line, "\n") {
		if unicode.IsControl(c) && c != '\t' || c == '\u2028' || c == '\u2029' {
			t.Fatalf("%U is written as it is in %q", c, line)
		}
	}
}

// holdTSV fails unless the line splits at its tabs into what the record says.
func holdTSV(t *testing.T, c *Columns, r *Record) {
	t.Helper()
	line := appendAll(t, TSV{c}, r)
	held(t, line)
	cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
	raw := rawCells(c, r)
	if len(cells) != len(raw) {
		t.Fatalf("%d values in %q, want %d", len(cells), line, len(raw))
	}
	for i := range raw {
		if got, want := unescapeTSV(cells[i]), eachByte(raw[i]); got != want {
			t.Errorf("%s: %q reads back as %q", c.list[i].name, want, got)
		}
	}
}

// unescapeTSV is what a reader of the format does.
func unescapeTSV(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 't':
			b.WriteByte('\t')
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 'x':
			n, _ := strconv.ParseUint(s[i+1:i+3], 16, 8)
			b.WriteByte(byte(n))
			i += 2
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func TestATableReadsBackAsWhatTheRecordSays(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	list := samples()
	for range 3000 {
		r := randomRecord(rnd)
		for i := range r.Fields {
			r.Fields[i].Name = "f" + strconv.Itoa(i)
		}
		list = append(list, r)
	}
	c := everyColumn(t, "f0", "f1", "f2", "zeta", "alpha")
	for _, r := range list {
		holdCSV(t, c, r)
		holdTSV(t, c, r)
		held(t, appendAll(t, Text{Columns: c}, r))
		if t.Failed() {
			return
		}
	}
}

func TestCSVQuotesOnlyWhereItMust(t *testing.T) {
	for title, want := range map[string]string{
		"plain": "plain", "two words": "two words", "a,b": `"a,b"`, `say "x"`: `"say ""x"""`, " lead": `" lead"`, "end ": `"end "`,
		"it's": "it's", `\.`: `"\."`, "é日本": "é日本", "": `""`, "a\nb\tc\x1b[31m": "a b c [31m", "\xff\xfe": "\ufffd\ufffd",
		"a\u0085\u2028": "a  ", "x;y|z": "x;y|z",
	} {
		got := appendAll(t, CSV{chosen(t, "title")}, &Record{Title: title})
		if got != want+"\n" {
			t.Errorf("%q becomes %q, want %q", title, got, want)
		}
	}
}

// TestNoTextIsAFormula: whatever a stranger's title begins with. Numbers and our own
// JSON are left alone.
func TestNoTextIsAFormula(t *testing.T) {
	c := chosen(t, "title,index,links")
	for title, want := range map[string]string{
		`=HYPERLINK("http://x","y")`: `"'=HYPERLINK(""http://x"",""y"")",-1,`, "+1": "'+1,-1,", "-5 %": "'-5 %,-1,", "@you": "'@you,-1,",
		"\t=1": "' =1,-1,", "\x00 \r\n@x": "'    @x,-1,", "＝1": "'＝1,-1,", "1=1": "1=1,-1,", "a-b": "a-b,-1,", "\u0085+": "' +,-1,",
		"\ufeff=1": "'\ufeff=1,-1,", "\u200b\u200d+1": "'\u200b\u200d+1,-1,", "\u3000\u00a0@x": "'\u3000\u00a0@x,-1,", "\u2028=1": "' =1,-1,",
		"\u00ad\u2060－1": "'\u00ad\u2060－1,-1,", "\U000e0041=1": "'\U000e0041=1,-1,", "＋": "'＋,-1,", "\ufe0f＠": "'\ufe0f＠,-1,", "\ufeffa=1": "\ufeffa=1,-1,",
	} {
		got := appendAll(t, CSV{c}, &Record{Title: title, HasIndex: true, Index: -1})
		if got != want+"\n" {
			t.Errorf("%q becomes %q, want %q", title, got, want)
		}
	}
}

func TestTSVSpellsWhatItCannotHold(t *testing.T) {
	c := chosen(t, "title,links")
	for title, want := range map[string]string{
		"plain, \"q\" ": "plain, \"q\" \t", "a\tb": `a\tb` + "\t", "a\r\nb": `a\r\nb` + "\t", `c:\new`: `c:\\new` + "\t",
		"\x1b[0m\x00": `\x1b[0m\x00` + "\t", "\u009b": `\xc2\x9b` + "\t", "\u2028": `\xe2\x80\xa8` + "\t", "\xff": "\ufffd\t", "": "\t", "=1": "=1\t",
	} {
		if got := appendAll(t, TSV{c}, &Record{Title: title}); got != want+"\n" {
			t.Errorf("%q becomes %q, want %q", title, got, want)
		}
	}
	if got := appendAll(t, TSV{c}, &Record{Links: []string{`a"b\`}}); got != "\t"+`["a\\"b\\\\"]`+"\n" {
		t.Errorf("a list is %q", got)
	}
}

// TestAHeadIsTheNamesAndComesOnce: also where no record follows.
func TestAHeadIsTheNamesAndComesOnce(t *testing.T) {
	c := chosen(t, "url,error.kind")
	for n, want := range []string{"url,error.kind\n", "url,error.kind\nu,\n", "url,error.kind\nu,\nu,\n"} {
		list := []*Record{{URL: "u"}, {URL: "u"}}[:n]
		if got := string(written(t, CSV{c}, list...)); got != want {
			t.Errorf("%d records: %q", n, got)
		}
		if got := string(written(t, TSV{c}, list...)); got != strings.ReplaceAll(want, ",", "\t") {
			t.Errorf("%d records: %q", n, got)
		}
	}
}

func TestColumnsOfTextLineUp(t *testing.T) {
	c := chosen(t, "status,error.kind,time.total,title,url")
	for want, r := range map[string]*Record{
		" 200  -                  15 ms  Ä                               u\n":        {URL: "u", Status: 200, Title: "Ä", Time: Timing{Total: 15e6}},
		" 200  -                      -  日本 🎉 e\u0301                       u\n":     {URL: "u", Status: 200, Title: "日本 🎉 e\u0301"},
		"   -  redirect_scheme        -  -                               \\x1b\n":    {URL: "\x1b", Error: Failure{Kind: "redirect_scheme"}},
		" 404  http               <1 ms  a\\nb                            \\u202e\n": {URL: "\u202e", Title: "a\nb", Status: 404, Error: Failure{Kind: "http"}, Time: Timing{Total: 1000}},
	} {
		if got := appendAll(t, Text{Columns: c}, r); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
	links := appendAll(t, Text{Columns: chosen(t, "links,fields.f", "f")}, &Record{Links: []string{"a\u202eb\x1b"}, Fields: []Field{{Name: "f", Values: []string{"\u202e"}}}})
	if want := `["a\u202eb\u001b"]  ["\u202e"]` + "\n"; links != want {
		t.Errorf("lists: %q, want %q", links, want)
	}
}

func FuzzTables(f *testing.F) {
	for _, r := range samples() {
		f.Add(r.URL, r.Title, r.Error.Message, []byte(r.Meta), uint64(1))
	}
	f.Add("=1", "a,\"b\"\r\n", "\\\t\x00", []byte("\"\xff\"\n"), uint64(7))
	f.Add("\\.", " @", "\u2028\u0085", []byte("[1,2]"), uint64(9))
	f.Add("", "", "", []byte("{\"a\":\"=\\u001b\",\"b\":{\"c\":[\"\xff\u2028\"]}}"), uint64(11))
	c, own := everyColumn(f, "f0", "f1", "f2"), chosen(f, "meta.a,meta.b.c,meta.b.d,url")
	f.Fuzz(func(t *testing.T, url, title, message string, meta []byte, seed uint64) {
		r := randomRecord(rand.New(rand.NewPCG(seed, 1)))
		for i := range r.Fields {
			r.Fields[i].Name = "f" + strconv.Itoa(i)
		}
		r.URL, r.Title, r.Meta = url, title, meta
		r.Error = Failure{Kind: "http", Message: message}
		r.Links = append(r.Links, title, url)
		before := reflect.ValueOf(*r).Interface()
		holdCSV(t, c, r)
		holdTSV(t, c, r)
		held(t, appendAll(t, Text{Columns: c}, r))
		held(t, appendAll(t, JSONL{c}, r))
		holdTSV(t, own, r)
		held(t, appendAll(t, CSV{own}, r))
		held(t, appendAll(t, Text{Columns: own}, r))
		if line := appendAll(t, JSONL{own}, r); !json.Valid([]byte(line)) {
			t.Errorf("no JSON: %q", line)
		}
		if !reflect.DeepEqual(before, *r) {
			t.Error("the record is another")
		}
	})
}
