package results

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"text/template"
	"time"
	"unicode"
	"unicode/utf8"
)

func parsed(t testing.TB, text string, selected ...string) *Template {
	t.Helper()
	e, err := NewTemplate(text, selected)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return e
}

func TestATemplateSeesTheRecordByItsNamesInGo(t *testing.T) {
	r := full()
	r.Duplicate, r.DuplicateOf = true, 4
	for text, want := range map[string]string{
		"{{.Status}} {{.URL}}": "500 https://example.com/a", "": "", "plain": "plain",
		"{{.Error.Kind}}: {{.Error.Message}}":                                       "http: 500 Internal Server Error",
		"{{.Time.Total}} {{ms .Time.Total}} {{ms .Time.Queue}} {{ms .Time.Parse}}.": "1m1.001s 61001 1.5 .",
		`{{date "2006-01-02T15:04" .StartedAt}}`:                                    "2026-11-22T11:00",
		`{{join " " .Links}}`:                                                       "https://example.com/x https://example.com/y?a=1&b=2",
		`{{.Links | join ","}}`:                                                     "https://example.com/x,https://example.com/y?a=1&b=2",
		`{{.Fields.zeta}}|{{join "+" .Fields.alpha}}|{{join "+" .Fields.none}}|{{.Fields.absent}}|{{join "," .Fields.zeta}}`: "last letter, first flag|one+two|||last letter, first flag",
		`{{range .Redirects}}{{.Status}}>{{.URL}} {{end}}`:                                                                   "301>https://example.com/a 302>https://example.com/b ",
		`{{.Meta}}`: `{"id": 12345678901234567890, "n":1.10}`,
		`{{get "id" .Meta}} {{get "n" .Meta}} {{get "x" .Meta}}{{get "y" (get "x" .Meta)}}.`: "12345678901234567890 1.10 .",
		`{{json .Title}} {{json .Links}} {{json .Fields.alpha}}`:                             `"A title" ["https://example.com/x","https://example.com/y?a=1&b=2"] ["one","two"]`,
		`{{json .}}`: strings.TrimSpace(string(encode(t, r))), `{{.}}`: strings.TrimSpace(string(encode(t, r))),
		`{{if .OK}}ok{{else}}not{{end}} {{.Failed}} {{.DuplicateOf}}`: "not false 4",
		`{{.Status}}\t{{.Size}}\n{{with .Lang}}\t{{.}}{{end}}`:        "500\t1048576\n\tde-AT", "{{`\\t`}}": `\t`,
		`{{printf "%-5s|%d" .Lang .Attempts}}`: "de-AT|3",
	} {
		if got := appendAll(t, parsed(t, text, "zeta", "alpha", "none", "absent"), r); got != want+"\n" {
			t.Errorf("%s\n got %q\nwant %q", text, got, want)
		}
	}
}

func TestATemplateOfARecordWithoutValues(t *testing.T) {
	for text, want := range map[string]string{
		"{{.Status}} {{.Title}}|{{.Meta}}|{{.Fields.f}}": "0 |||", `{{date "2006" .StartedAt}}{{ms .Time.Total}}{{join "," .Links}}{{get "a" .Meta}}`: "",
		`{{range .Links}}x{{end}}{{if .Error.Kind}}failed{{end}}`: "", `{{with .Fields.f}}x{{end}}`: "",
	} {
		if got := appendAll(t, parsed(t, text, "f"), &Record{}); strings.TrimSuffix(got, "\n") != strings.TrimSuffix(want, "|") {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// TestATemplateThatCannotWorkIsRefusedAtOnce: also where the fault hides behind a
// condition.
func TestATemplateThatCannotWorkIsRefusedAtOnce(t *testing.T) {
	for _, text := range []string{
		"{{.Statsu}}", "{{.URL", "{{nofunc .URL}}", "{{.Error.Kidn}}", "{{.Fields.other}}", "{{if .OK}}{{.Nope}}{{end}}", "{{if not .OK}}{{.Nope}}{{end}}",
		"{{index .Links 0}}", "{{.URL.Host}}", "{{join \",\" .Status}}", "{{get \"a\" .Links}}", "{{range .Redirects}}{{.Nope}}{{end}}", "{{template \"x\"}}", "{{ms .Status}}",
	} {
		if _, err := NewTemplate(text, []string{"f"}); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
	_, err := NewTemplate("a\xff", nil)
	wants(t, err, ErrNoUTF8)
	var exec template.ExecError
	if _, err := NewTemplate("{{.Nope}}", nil); !errors.As(err, &exec) || !strings.Contains(err.Error(), "Nope") {
		t.Errorf("error %v", err)
	}
}

// TestATemplateThatFailsOnARecordNamesIt: and others are written.
func TestATemplateThatFailsOnARecordNamesIt(t *testing.T) {
	var out strings.Builder
	w := NewWriter(&out, parsed(t, `{{slice .Title 0 (len .Lang)}}`))
	must(t, w.Write(&Record{URL: "a", Title: "Title", Lang: "de"}))
	err := w.Write(&Record{URL: "http://b/", Lang: "de"})
	var exec template.ExecError
	if !errors.As(err, &exec) || !strings.Contains(err.Error(), "http://b/") {
		t.Errorf("error %v", err)
	}
	must(t, w.Write(&Record{URL: "c", Title: "Word", Lang: "d"}))
	must(t, w.Close())
	if out.String() != "Ti\nW\n" {
		t.Errorf("wrote %q", out.String())
	}
}

// TestATemplateIsOneLineUnlessItBreaksIt: whatever the record holds.
func TestATemplateIsOneLineUnlessItBreaksIt(t *testing.T) {
	for text, want := range map[string]bool{
		"{{.URL}}": true, `{{.URL}}\n{{.Title}}`: false, "a\nb": false, `{{range .Links}}{{.}}{{"\n"}}{{end}}`: false, `{{join "\n" .Links}}`: false, `{{.}}`: true, "": true,
	} {
		if got := parsed(t, text).OneLine(); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// allOf is a template that shows every string of a record.
const allOf = `{{.Input}}{{.URL}}{{.FinalURL}}{{.Error}}{{.Title}}{{.Description}}{{.Canonical}}{{.Refresh}}{{.Lang}}{{.Links}}{{.Fields}}` +
	`{{.Location}}{{.ContentType}}{{.Charset}}{{.CharsetSource}}{{.Digest}}{{.File}}{{.Protocol}}{{.IP}}{{.Redirects}}{{.Referrer}}{{.Change}}` +
	`{{.Meta}}{{get "a" .Meta}}{{get "b" .Meta}}{{json .}}{{.}}{{json .Fields}}{{json .Meta}}{{json .Redirects}}{{printf "%.5s" .Title}}{{with .Title}}{{slice . 0 1}}{{end}}`

func TestATerminalObeysNoTemplate(t *testing.T) {
	e := parsed(t, allOf, "f")
	rnd := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		r := randomRecord(rnd)
		r.Meta = json.RawMessage("{\"a\":\"\\u001b\\n\x7f\u009b\xff\",\"b\":{\"c\":\"\\u009b\u009b\u2028\"}}")
		held(t, appendAll(t, e, r))
		if t.Failed() {
			return
		}
	}
}

// TestEveryStringOfARecordIsBlanked: one that is forgotten is noticed, and the
// record itself stays as it is.
func TestEveryStringOfARecordIsBlanked(t *testing.T) {
	const bad = "\x1b\x9b\n"
	r := &Record{}
	var spoil func(v reflect.Value)
	spoil = func(v reflect.Value) {
		if v.Type() == reflect.TypeFor[time.Time]() || v.Type() == reflect.TypeFor[json.RawMessage]() {
			return
		}
		switch v.Kind() {
		case reflect.String:
			v.SetString(bad)
		case reflect.Struct:
			for i := range v.NumField() {
				spoil(v.Field(i))
			}
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			spoil(v.Index(0))
			spoil(v.Index(1))
		}
	}
	spoil(reflect.ValueOf(r).Elem())
	var look func(path string, v reflect.Value, want string)
	look = func(path string, v reflect.Value, want string) {
		switch v.Kind() {
		case reflect.String:
			if v.String() != want {
				t.Errorf("%s is %q, want %q", path, v.String(), want)
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type() != reflect.TypeFor[time.Time]() {
					look(path+"."+v.Type().Field(i).Name, v.Field(i), want)
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				look(path, v.Index(i), want)
			}
		}
	}
	b := blanked(r)
	if b.Basis != (Basis{}) {
		t.Errorf("what a change feed judges by is shown: %+v", b.Basis)
	}
	b.Basis = Basis{" \ufffd ", " \ufffd ", " \ufffd ", " \ufffd ", " \ufffd "}
	look("blanked", reflect.ValueOf(*b), " \ufffd ")
	look("the record", reflect.ValueOf(*r), bad)
}

// TestTheRecordThatTemplatesAreTriedOnHasEveryField: else a name could be refused
// that exists.
func TestTheRecordThatTemplatesAreTriedOnHasEveryField(t *testing.T) {
	var look func(path string, v reflect.Value)
	look = func(path string, v reflect.Value) {
		if v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0 {
			t.Errorf("%s has no value", path)
		}
		if v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]() {
			for i := range v.NumField() {
				if name := v.Type().Field(i).Name; name != "Index" && name != "Basis" {
					look(path+"."+name, v.Field(i))
				}
			}
		}
	}
	look("", reflect.ValueOf(*everyField([]string{"f"})))
}

func FuzzTemplate(f *testing.F) {
	f.Add("{{.URL}}", "title", []byte(`{"a":1}`))
	f.Add(allOf, "\x1b\xff", []byte(`"`))
	f.Add(`{{get "a" .Meta}}{{json .Title}}\n`, "\u2028", []byte(`{"a":"\u001b"}`))
	f.Add(`{{slice .Title 1}}`, "é", []byte(``))
	f.Fuzz(func(t *testing.T, text, title string, meta []byte) {
		if strings.Contains(text, "range") || strings.Contains(text, "printf") || strings.Contains(text, "template") || strings.Contains(text, "define") || strings.Contains(text, "block") {
			t.Skip("it could run for ever, and that is the user's own affair")
		}
		e, err := NewTemplate(text, []string{"f"})
		if err != nil {
			return
		}
		r := &Record{URL: title, Title: title, Meta: meta, Fields: []Field{{Name: "f", Value: title}}}
		out, err := e.Append([]byte("before"), r)
		if !strings.HasPrefix(string(out), "before") || !utf8.Valid(out) {
			t.Errorf("%q, %v", out, err)
		}
		if err == nil && !strings.ContainsFunc(text, func(c rune) bool { return unicode.IsControl(c) || c == '\\' || c == 0x2028 || c == 0x2029 }) {
			held(t, string(out))
		}
	})
}
