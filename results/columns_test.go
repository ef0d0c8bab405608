package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// chosen are the columns of these names.
func chosen(t testing.TB, names string, selected ...string) *Columns {
	t.Helper()
	c, err := ParseColumns(names, selected)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// appendAll is what enc makes of the records, without a frame.
func appendAll(t testing.TB, enc Encoder, list ...*Record) string {
	t.Helper()
	var all []byte
	for _, r := range list {
		var err error
		if all, err = enc.Append(all, r); err != nil {
			t.Fatal(err)
		}
	}
	return string(all)
}

// written is what enc writes of the records, with its frame.
func written(t testing.TB, enc Encoder, list ...*Record) []byte {
	t.Helper()
	var out strings.Builder
	w := NewWriter(&out, enc)
	for _, r := range list {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return []byte(out.String())
}

// TestEveryKeyOfARecordIsAColumn: and the other way round, in the same order.
func TestEveryKeyOfARecordIsAColumn(t *testing.T) {
	r := full()
	r.Meta, r.Time.Parse, r.Duplicate = json.RawMessage("1"), time.Millisecond, true
	ofDuplicate := keys(t, encode(t, r))
	r.Duplicate = false
	want := keys(t, encode(t, r))
	want = slices.Insert(want, slices.Index(want, "meta"), "duplicate_of")
	want = slices.DeleteFunc(want, func(k string) bool { return strings.HasPrefix(k, "redirects.") })
	got := ColumnNames([]string{"zeta", "alpha", "none"})
	if !slices.Equal(got, want) {
		t.Errorf("columns\n%q\nkeys\n%q", got, want)
	}
	if !slices.Contains(ofDuplicate, "duplicate_of") {
		t.Error("a duplicate does not say of what")
	}
}

// TestAllColumnsAreTheRecord: written as JSON they are what the whole record is.
func TestAllColumnsAreTheRecord(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	list := samples()
	for range 2000 {
		list = append(list, randomRecord(rnd))
	}
	for _, r := range list {
		var selected, whole, parts []string
		for _, f := range r.Fields {
			selected = append(selected, f.Name)
		}
		for _, c := range columns(selected) {
			if len(c.path) == 1 {
				whole = append(whole, c.name)
			}
			if !slices.Contains([]string{"error", "fields", "time"}, c.name) {
				parts = append(parts, c.name)
			}
		}
		if len(r.Fields) > 0 && strings.ContainsAny(strings.Join(selected, ""), ", \t") {
			continue // no name of a flag
		}
		want := string(encode(t, r))
		for _, names := range [][]string{whole, parts} {
			c, err := ParseColumns(strings.Join(names, ","), selected)
			if err != nil {
				continue // a name of spaces only
			}
			if got := appendAll(t, JSONL{c}, r); got != want {
				t.Fatalf("columns\n%s\nrecord\n%s", got, want)
			}
		}
	}
}

func TestColumnsComeInTheOrderAskedFor(t *testing.T) {
	r := full()
	for names, want := range map[string]string{
		"url":                                      `{"url":"https://example.com/a"}`,
		"ok,url":                                   `{"ok":false,"url":"https://example.com/a"}`,
		" ok , url ":                               `{"ok":false,"url":"https://example.com/a"}`,
		"error.phase,status,error.kind,ok":         `{"error":{"phase":"body","kind":"http"},"status":500,"ok":false}`,
		"fields.alpha,status,fields.zeta":          `{"fields":{"alpha":["one","two"],"zeta":"last letter, first flag"},"status":500}`,
		"time.total,time.queue,started_at":         `{"time":{"total":61001,"queue":1.5},"started_at":"2026-11-22T11:00:00.123Z"}`,
		"time.parse,time.dns":                      `{"time":{"dns":2}}`,
		"time.parse,fields.absent,duplicate_of":    `{}`,
		"time.parse,schema":                        `{"schema":1}`,
		"error,redirects":                          `{"error":{"kind":"http","message":"500 Internal Server Error","phase":"body"},"redirects":[{"url":"https://example.com/a","status":301},{"url":"https://example.com/b","status":302}]}`,
		"status,time.total,url,time.dns,ok,size":   `{"status":500,"time":{"total":61001,"dns":2},"url":"https://example.com/a","ok":false,"size":1048576}`,
		"fields.a.b,error.kind,time.dns,meta,line": `{"error":{"kind":"http"},"time":{"dns":2},"meta":{"id": 12345678901234567890, "n":1.10},"line":8}`,
	} {
		got := appendAll(t, JSONL{chosen(t, names, "zeta", "alpha", "none", "absent", "a.b")}, r)
		if got != want+"\n" {
			t.Errorf("%s\n got %swant %s", names, got, want)
		}
		if !json.Valid([]byte(got)) {
			t.Errorf("%s is no JSON", got)
		}
	}
}

func TestNamesThatAreNoColumns(t *testing.T) {
	for names, want := range map[string]string{
		"url,title,statsu": "statsu", "URL": "URL", "fields.heading": "fields.heading", "time.": "time.", "kind": "kind", "redirects.url": "redirects.url",
		"meta.": "meta.", "meta..a": "meta..a", "meta.a.": "meta.a.", "metta.id": "metta.id",
	} {
		_, err := ParseColumns(names, []string{"other"})
		var unknown *UnknownColumnError
		if !errors.As(err, &unknown) || unknown.Name != want {
			t.Errorf("%s: %v", names, err)
		}
	}
	for _, names := range []string{"", ",", "url,", "url,status,url", "error,error.kind", "time.dns,time", "fields.x,fields", "meta,meta.a", "meta.a.b,meta.a", "meta.a,url,meta.a", "meta.a,url,meta.a.b.c"} {
		_, err := ParseColumns(names, []string{"x"})
		wants(t, err, ErrColumns)
	}
}

// TestAMemberOfMetaIsAColumn: by its path, a string as such, anything else as JSON.
func TestAMemberOfMetaIsAColumn(t *testing.T) {
	r := &Record{URL: "u", Status: 200, Time: Timing{Total: time.Second}, Meta: json.RawMessage(
		`{"id": 42, "name":"a,\u001b\tb", "to":{"a":{"x":1.10},"b":["c" ,"d"],"=":"=1"}, "none":null, "empty":"", "big":12345678901234567890, "n":-1}`)}
	names := "meta.id,url,meta.name,meta.to.a.x,status,meta.to.b,meta.none,meta.nope,meta.empty,meta.big,meta.n,meta.to.=,time.total"
	c := chosen(t, names)
	for want, enc := range map[string]Encoder{
		`42,u,"a,  b",1.10,200,"[""c"" ,""d""]",,,,12345678901234567890,-1,'=1,1000` + "\n":         CSV{c},
		"42\tu\ta,\\x1b\\tb\t1.10\t200\t[\"c\" ,\"d\"]\t\t\t\t12345678901234567890\t-1\t=1\t1000\n": TSV{c},
		`42                u                                         a,\x1b\tb         1.10               200  ["c" ,"d"]        -                 -                 -                 12345678901234567890  -1                =1                 1.00 s` + "\n": Text{Columns: c},
		`{"meta":{"id":42,"name":"a,\u001b\tb","to":{"a":{"x":1.10},"b":["c" ,"d"],"=":"=1"},"empty":"","big":12345678901234567890,"n":-1},"url":"u","status":200,"time":{"total":1000}}` + "\n":                                                                 JSONL{c},
	} {
		if got := appendAll(t, enc, r); got != want {
			t.Errorf("%T\n got %q\nwant %q", enc, got, want)
		}
	}
	for _, meta := range []string{"", "42", `"id"`, "null", "[1]", "no JSON", "{}", `{"a":1}`, `{"id":null}`} {
		if got := appendAll(t, JSONL{chosen(t, "meta.id,meta.a.b")}, &Record{Meta: json.RawMessage(meta)}); got != "{}\n" {
			t.Errorf("meta %s: %s", meta, got)
		}
	}
	odd := chosen(t, "meta.a\"b,url")
	if got := (CSV{odd}).Head(); got != `"meta.a""b",url`+"\n" {
		t.Errorf("names in CSV: %q", got)
	}
	if got := (TSV{chosen(t, "meta.a\tb,url")}).Head(); got != `meta.a\tb`+"\turl\n" {
		t.Errorf("names in TSV: %q", got)
	}
}

func TestTheDefaultColumnsExist(t *testing.T) {
	selected := []string{"heading", "price.net"}
	names := chosen(t, DefaultColumns(selected), selected...).Names()
	if !slices.Equal(names[len(names)-2:], []string{"fields.heading", "fields.price.net"}) || names[1] != "url" {
		t.Errorf("columns %q", names)
	}
}

func TestTheJSONArrayIsWholeWithAnyNumberOfRecords(t *testing.T) {
	for n := range 4 {
		for _, c := range []*Columns{nil, chosen(t, "title,error.kind")} {
			out := written(t, JSON{c}, samples()[:n]...)
			var list []json.RawMessage
			if err := json.Unmarshal(out, &list); err != nil || len(list) != n {
				t.Fatalf("%d records: %v in %s", n, err, out)
			}
			for i, got := range list {
				want := strings.TrimSuffix(appendAll(t, JSONL{c}, samples()[i]), "\n")
				if string(got) != want {
					t.Errorf("record %d is %s, want %s", i, got, want)
				}
			}
			if lines := strings.Count(string(out), "\n"); lines != n+2 {
				t.Errorf("%d lines of %d records", lines, n)
			}
		}
	}
}

// tableNames are columns of every sort.
const tableNames = "index,url,status,ok,error.kind,error.message,title,fields.zeta,fields.alpha,links,redirects,meta,size,started_at,time.total,truncated"

// TestEveryFormatLooksAsItDidBefore: the golden files are what users read.
func TestEveryFormatLooksAsItDidBefore(t *testing.T) {
	selected := []string{"zeta", "alpha"}
	c := chosen(t, tableNames, selected...)
	golden(t, "records.json", written(t, JSON{}, samples()...))
	golden(t, "records.csv", written(t, CSV{c}, samples()...))
	golden(t, "records.tsv", written(t, TSV{c}, samples()...))
	golden(t, "default.csv", written(t, CSV{chosen(t, DefaultColumns(selected), selected...)}, samples()...))
	golden(t, "columns.jsonl", written(t, JSONL{c}, samples()...))
	golden(t, "columns.txt", written(t, Text{Columns: chosen(t, "status,error.kind,size,time.total,fields.alpha,ip,url,title", selected...)}, textSamples()...))
	golden(t, "columns-color.txt", written(t, Text{Color: true, Columns: chosen(t, "ok,status,error.kind,title")}, textSamples()...))
}

func TestTablesAllocateNothing(t *testing.T) {
	c := chosen(t, tableNames+",content_type,charset,digest,file,duplicate_of,time.dns", "zeta", "alpha")
	for _, enc := range []Encoder{CSV{c}, TSV{c}, JSONL{c}, JSON{c}} {
		for i, r := range samples() {
			buf := make([]byte, 0, 16<<10)
			if n := testing.AllocsPerRun(50, func() { buf, _ = enc.Append(buf[:0], r) }); n != 0 {
				t.Errorf("%T, sample %d: %v allocations", enc, i, n)
			}
		}
	}
}

func BenchmarkFormats(b *testing.B) {
	tmpl, err := NewTemplate("{{.Status}} {{.URL}} {{.Title}}", nil)
	if err != nil {
		b.Fatal(err)
	}
	few, some := chosen(b, "url,status,title"), chosen(b, DefaultColumns(nil))
	for _, f := range []struct {
		name string
		enc  Encoder
	}{
		{"jsonl", JSONL{}}, {"json", JSON{}}, {"csv", CSV{some}}, {"tsv", TSV{some}}, {"text", Text{}},
		{"jsonl-3", JSONL{few}}, {"csv-3", CSV{few}}, {"tsv-3", TSV{few}}, {"text-3", Text{Columns: few}}, {"template-3", tmpl},
	} {
		b.Run(fmt.Sprint(f.name), func(b *testing.B) {
			b.ReportAllocs()
			r := samples()[1]
			var buf []byte
			for b.Loop() {
				buf, _ = f.enc.Append(buf[:0], r)
			}
			b.SetBytes(int64(len(buf)))
		})
	}
}
