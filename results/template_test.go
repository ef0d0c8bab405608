package results

import (
	"cmp"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
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
		`{{json .Redirects}} {{json (index .Redirects 0)}}`:                                  `[{"url":"https://example.com/a","status":301},{"url":"https://example.com/b","status":302}] {"url":"https://example.com/a","status":301}`,
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

// A part of the record is the same JSON by itself, and what is not there is null.
func TestJSONOfAPartIsThatOfTheRecord(t *testing.T) {
	for name, r := range map[string]*Record{"full": full(), "empty": {}} {
		var whole map[string]json.RawMessage
		if err := json.Unmarshal(encode(t, r), &whole); err != nil {
			t.Fatal(err)
		}
		for goes, key := range map[string]string{".Error": "error", ".Time": "time", ".Redirects": "redirects", ".StartedAt": "started_at", ".Links": "links"} {
			want := cmp.Or(string(whole[key]), "null")
			if got := appendAll(t, parsed(t, "{{json "+goes+"}}"), r); got != want+"\n" {
				t.Errorf("%s %s is %s, want %s", name, goes, got, want)
			}
		}
		if got := appendAll(t, parsed(t, `{"total":{{json .Time.Total}}}`), r); !json.Valid([]byte(got)) {
			t.Errorf("%s", got)
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
	for text, want := range map[string]string{
		"{{.URL": "unclosed action", "a\n{{end}}": "line 2: unexpected {{end}}", "{{break}}": "outside",
		`{{join "," .Status}}`: `column 3: at <join "," .Status>: error calling join: join takes a list`, `ä {{get "a" .Links}}`: "column 5: at <get",
		`{{template "x"}}`: `template "x" not defined`, "{{ms .Status}}": "column 6: at <.Status>: wrong type", `a\n{{ms .Status}}`: "column 9: at <.Status>",
		"\n{{len .Status}}": "line 2, column 3: at <len", `{{if not .OK}}{{eq .Status "404"}}{{end}}`: "incompatible types", `{{if .OK}}{{eq .Status "404"}}{{end}}`: "incompatible types",
		`{{if .Status}}{{if not .OK}}{{len .Size}}{{end}}{{end}}`: "error calling len", "{{(index .Redirects 0).Nope}}": "Nope",
		`{{index .Links "a"}}`: "index cannot take place a", "{{index .Fields 0}}": "index cannot take place 0", "{{index .Status 0}}": "index takes a list", "{{slice .Status 1}}": "slice takes a text", "{{slice .URL 1 2 3}}": "two places at most",
		"{{slice .URL 2147483648.5}}": "expected integer",
	} {
		_, err := NewTemplate(text, []string{"f"})
		var fault *TemplateError
		if !errors.As(err, &fault) || fault.Err == nil || fault.Name != "" || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "record") {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	_, err := NewTemplate("a\xff", nil)
	wants(t, err, ErrNoUTF8)
	var exec template.ExecError
	if _, err := NewTemplate("{{ms .Status}}", nil); !errors.As(err, &exec) {
		t.Errorf("error %v", err)
	}
}

// TestANameThatDoesNotExistIsToldWithItsPlace: whatever stands around it, also where
// no record comes by, and with the names that there are.
func TestANameThatDoesNotExistIsToldWithItsPlace(t *testing.T) {
	for text, want := range map[string]struct {
		err, known string
	}{
		"{{.status}}": {"column 3: no field .status", ".Status"}, "{{.Error.Kidn}}": {"column 3: no field .Error.Kidn", ".Error.Kind"}, "ä {{.error.kind}}": {"column 5: no field .error.kind", ".Error.Kind"},
		"a\n\t {{ .Statsu }}": {"line 2, column 6: no field .Statsu", ".Status"}, "{{.Fields.other}}": {"column 3: no field .Fields.other", ".Fields.f"}, "{{.URL.Host}}": {"column 3: no field .URL.Host", ""}, "{{.Meta.id}}": {"column 3: no field .Meta.id", ""},
		"{{if .Status}}{{else if not .OK}}{{.Nope}}{{end}}": {"column 36: no field .Nope", ".URL"}, "{{range .Redirects}}{{.Nope}}{{end}}": {"column 23: no field .Nope", ".Status"}, "{{range .Redirects}}{{else}}{{.Nope}}{{end}}": {"column 31: no field .Nope", ".Title"},
		"{{range $i, $r := .Redirects}}{{$i}}{{$r.Nope}}{{end}}": {"column 39: no field $r.Nope", "$r.URL"}, "{{range .Redirects}}{{$.Nope}}{{end}}": {"column 23: no field $.Nope", "$.Time.Total"},
		"{{with .Error}}{{.Nope}}{{end}}": {"column 18: no field .Nope", ".Kind"}, "{{with .Error}}{{else}}{{.Nope}}{{end}}": {"column 26: no field .Nope", ".Error.Kind"}, "{{with $x := .Time}}{{$x.Nope}}{{end}}": {"column 23: no field $x.Nope", "$x.TTFB"},
		"{{$x := .Time}}{{$x.Nope}}": {"column 18: no field $x.Nope", "$x.TTFB"}, "{{(.Error).Nope}}": {"column 11: no field .Error.Nope", ".Error.Kind"}, "{{printf \"%s\" (join .Nope .Links)}}": {"column 21: no field .Nope", ".Links"}, "{{.Nope | json}}": {"column 3: no field .Nope", ".Links"},
		"{{.whole}}": {"column 3: no field .whole", ".URL"}, "{{.Record}}": {"column 3: no field .Record", ".URL"}, "{{.Basis}}": {"column 3: no field .Basis", ".URL"}, "{{.Basis.ETag}}": {"column 3: no field .Basis.ETag", ".URL"},
		"{{upper .URL}}": {"column 3: no function upper", "join"}, "{{if false}}{{.URL | nofunc}}{{end}}": {"column 22: no function nofunc", "printf"}, `{{define "x"}}{{nofunc}}{{end}}`: {"column 17: no function nofunc", "slice"}, `{{template "x" .Nope}}{{define "x"}}{{.A}}{{end}}`: {"column 16: no field .Nope", ".OK"},
	} {
		_, err := NewTemplate(text, []string{"f"})
		var fault *TemplateError
		if !errors.As(err, &fault) || err.Error() != want.err || fault.Name == "" || !strings.HasSuffix(want.err, fault.Name) {
			t.Errorf("%s: %v, want %s", text, err, want.err)
			continue
		}
		if want.known != "" && !slices.Contains(fault.Known, want.known) || slices.ContainsFunc(fault.Known, func(s string) bool { return strings.Contains(s, "Basis") || strings.Contains(s, "whole") }) {
			t.Errorf("%s: known are %q", text, fault.Known)
		}
	}
}

// TestNamesThatMayExistAreLeftToTheRecord: what the types do not tell, and all that
// there is.
func TestNamesThatMayExistAreLeftToTheRecord(t *testing.T) {
	_, err := NewTemplate("{{.Nope}}", []string{"f"})
	var fault *TemplateError
	if !errors.As(err, &fault) {
		t.Fatal(err)
	}
	for _, name := range fault.Known {
		parsed(t, "{{"+name+"}}{{$"+name+"}}", "f")
	}
	for _, name := range builtins {
		if _, err := template.New("x").Parse("{{" + name + "}}"); err != nil {
			t.Errorf("%s is no function: %v", name, err)
		}
	}
	for _, text := range []string{
		"{{.Time.Total.Seconds}} {{.StartedAt.Unix}} {{.Failed}} {{.String}}", "{{(index .Redirects 0).URL}}{{with index .Redirects 0}}{{.URL}}{{end}}", `{{define "x"}}{{.Kind}}{{end}}{{template "x" .Error}}`,
		"{{range .Links}}{{.}}{{break}}{{end}}", "{{$x := .URL}}{{$x = .Title}}{{$x}}", "{{range $i, $l := .Links}}{{$i}}{{$l}}{{end}}{{with $.Fields}}{{.f}}{{end}}", `{{block "x" .}}{{.URL}}{{end}}`, "{{range 3}}{{.}}{{end}}",
		"{{$x := .Time}}{{if .OK}}{{$x := .Error}}{{$x.Kind}}{{end}}{{$x.Total}}", "{{$x := .Error}}{{if .OK}}{{$x.Kind}}{{$x = .Time}}{{$x.Total}}{{end}}", "{{$ = .Error}}{{$.Kind}}", "{{$x := .}}{{$x = .Error}}{{$x.Kind}}",
		"{{$i := 1}}{{$l := .Error}}{{$l.Kind}}{{range $i, $l = .Redirects}}{{$l.URL}}{{end}}",
	} {
		parsed(t, text, "f")
	}
}

// TestWhatIsNotThereIsEmpty: a template that cuts a text or takes the first of a list
// is right, also where that is too short.
func TestWhatIsNotThereIsEmpty(t *testing.T) {
	r := full()
	r.Title = "Übergröße"
	for text, want := range map[string]string{
		"{{slice .Title 0 5}}": "Überg", "{{slice .Title 5}}": "röße", "{{slice .Title 2 100}}": "ergröße", "{{slice .Title 50 60}}": "", "{{slice .Title 3 1}}": "", "{{slice .Title -3 2}}": "Üb", "{{slice .Title}}": "Übergröße",
		"{{slice .Lang 0 2 | printf \"%s!\"}}": "de!", "{{join \" \" (slice .Links 0 1)}}": "https://example.com/x", "{{len (slice .Redirects 1)}}": "1", "{{slice .Fields.alpha 1}}": "[two]",
		"{{index .Links 1}}": "https://example.com/y?a=1&b=2", "{{index .Links 2}}{{index .Links -1}}": "", "{{(index .Redirects 1).Status}}": "302", "{{(index .Redirects 9).URL}}": "", "{{index .Title 0}}": "Ü", "{{index .Title 90}}": "",
		`{{index .Fields "zeta"}}`: "last letter, first flag", `{{index .Fields "alpha" 1}}`: "two", `{{index .Fields "nope"}}`: "", `{{index .Fields "alpha" 7 0}}`: "",
	} {
		e := parsed(t, text, "zeta", "alpha")
		if got := appendAll(t, e, r); got != want+"\n" {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
		appendAll(t, e, &Record{})
	}
}

// TestALineEndAtTheEndIsTheOne: as people have it for curl's -w, or at the end of a
// text of TOML.
func TestALineEndAtTheEndIsTheOne(t *testing.T) {
	for text, want := range map[string]string{
		`{{.URL}}\n`: "u\n", "{{.URL}}\n": "u\n", "{{.URL}}": "u\n", `{{.URL}}\n\n`: "u\n\n", `a\n{{.URL}}\n`: "a\nu\n", `\n`: "\n", `{{.URL}}\n{{if .OK}}{{end}}`: "u\n\n",
	} {
		if got := appendAll(t, parsed(t, text), &Record{URL: "u"}); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestATemplateThatFailsOnARecordNamesIt: and others are written.
func TestATemplateThatFailsOnARecordNamesIt(t *testing.T) {
	var out strings.Builder
	w := NewWriter(&out, parsed(t, `{{.Title}}{{if eq .Status 404}}{{eq .Status "x"}}{{end}}`))
	must(t, w.Write(&Record{URL: "a", Title: "Ti"}))
	err := w.Write(&Record{URL: "http://b/", Status: 404})
	var exec template.ExecError
	if !errors.As(err, &exec) || !strings.Contains(err.Error(), "http://b/") {
		t.Errorf("error %v", err)
	}
	must(t, w.Write(&Record{URL: "c", Title: "W"}))
	must(t, w.Close())
	if out.String() != "Ti\nW\n" {
		t.Errorf("wrote %q", out.String())
	}
}

// TestATemplateIsOneLineUnlessItBreaksIt: whatever the record holds.
func TestATemplateIsOneLineUnlessItBreaksIt(t *testing.T) {
	for text, want := range map[string]bool{
		"{{.URL}}": true, `{{.URL}}\n{{.Title}}`: false, "a\nb": false, `{{range .Links}}{{.}}{{"\n"}}{{end}}`: false, `{{join "\n" .Links}}`: false, `{{.}}`: true, "": true,
		`{{.URL}}\n`: true, `{{if eq .Status 1}}{{(index .Fields "\n").X}}{{end}}`: false, `{{if eq .Status 404}}\n{{end}}.`: false, `{{range .Links}}{{else}}{{(print "\n")}}{{end}}`: false, `{{with .Title}}{{else}}\n{{end}}.`: false, `{{define "x"}}a\nb{{end}}{{template "x"}}`: false,
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
