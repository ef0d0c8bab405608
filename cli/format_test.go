package cli

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"crawl/results"
)

// elsewhere are settings of another source, for flags that have no value yet.
func elsewhere(settings ...string) source {
	return func(o *options, fs *pflag.FlagSet) error {
		for _, s := range settings {
			name, value, _ := strings.Cut(s, "=")
			if err := o.fill(fs, name, []string{value}, "elsewhere"); err != nil {
				return err
			}
		}
		return nil
	}
}

// TestOneFormatIsMeant: by whichever flag; the command line counts for more than
// what other sources say.
func TestOneFormatIsMeant(t *testing.T) {
	for _, tt := range []struct {
		typed, elsewhere, want string
	}{
		{"", "", "jsonl"}, {"-json", "", "jsonl"}, {"-json -format jsonl", "", "jsonl"}, {"-json=false -format csv", "", "csv"},
		{"-format csv", "", "csv"}, {"-format tsv", "", "tsv"}, {"-format json", "", "json"}, {"-format text", "", "text"},
		{"-template x", "", "template"}, {"-template x -format template", "", "template"},
		{"", "format=csv", "csv"}, {"-json", "format=csv", "jsonl"}, {"-template x", "format=csv", "template"}, {"-template x", "fields=url", "template"},
		{"-format csv", "template=x", "csv"}, {"-format template", "template=x", "template"}, {"", "template=x", "template"},
		{"-format tsv", "json=true", "tsv"},
	} {
		var more []source
		if tt.elsewhere != "" {
			more = append(more, elsewhere(tt.elsewhere))
		}
		o, _, err := parse(append(strings.Fields(tt.typed), "http://a.example/"), more...)
		if err != nil {
			t.Errorf("%q, %q: %v", tt.typed, tt.elsewhere, err)
			continue
		}
		if _, got := o.shape.encoder(false, noEnv); got != tt.want {
			t.Errorf("%q, %q: %s, want %s", tt.typed, tt.elsewhere, got, tt.want)
		}
	}
}

func noEnv(string) string { return "" }

func TestFormatsThatCannotBeMeant(t *testing.T) {
	for typed, want := range map[string]string{
		"-json -format csv": "-format and -json mean two formats", "-template x -json": "-json and -template mean two formats", "-template x -format text": "two formats",
		"-format template": "needs a -template", "-template {{": "-template: unclosed action",
		"-template {{.status}}": "-template: column 3: no field .status; did you mean .Status?", "-template {{.final_url}}": "did you mean .FinalURL?", "-template {{.time.total}}": "no field .time.total; did you mean .Time.Total?", "-template {{.Zzzzz}}": "no field .Zzzzz; crawl -help lists",
		"-template {{.Fields.h}}": "no field .Fields.h; -select h=CSS adds it", "-template {{.Meta.id}}": `did you mean get "id" .Meta?`, "-template {{$.Error.kind}}": "did you mean $.Error.Kind?",
		"-template {{.URL|jsonn}}": "column 8: no function jsonn; did you mean json? There are and, call, date, eq,", "-template {{.URL|frobnicate}}": "no function frobnicate; there are and, call,",
		"-template x -fields url": "says itself what it shows", "-fields url,titel": `no "titel"; did you mean title?`, "-fields zzzzz": "crawl -help lists",
		"-fields kind": `no "kind"`, "-fields URL": `no "URL"; did you mean url?`, "-fields fields.h": "-select h=CSS adds it", "-fields metta.id": "did you mean meta.id?", "-fields eror.kind": "did you mean error.kind?", "-fields meta.": `no "meta."; did you mean meta?`, "-fields url,url": "comes twice", "-fields ,": "empty",
		"-fields links": "give -links too", "-format csv -fields url,links": "give -links too", "-format xml": "want jsonl or json or csv or tsv or text or template",
		"-color red": "want auto or always or never", "-state s -format json": "cannot be gone on with", "-state s -template {{range(.Links)}}{{.}}\\n{{end}}": "one line",
	} {
		if _, _, err := parse(append(strings.Fields(typed), "http://a.example/")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", typed, err, want)
		}
	}
	_, _, err := parse([]string{"http://a.example/"}, elsewhere("json=true", "format=csv"))
	if err == nil || !strings.Contains(err.Error(), "two formats") {
		t.Errorf("two formats from elsewhere: %v", err)
	}
}

// TestTextIsForPeople: where nothing else is asked for, and a person looks on.
func TestTextIsForPeople(t *testing.T) {
	for _, tt := range []struct {
		typed    string
		terminal bool
		env      string
		want     results.Encoder
	}{
		{"", true, "TERM=", results.Text{Color: runtime.GOOS == "windows"}}, {"", false, "", results.JSONL{}}, {"-json", true, "", results.JSONL{}},
		{"-format text", false, "", results.Text{}}, {"", true, "NO_COLOR=1", results.Text{}}, {"", true, "TERM=dumb", results.Text{}}, {"", true, "TERM=xterm", results.Text{Color: true}},
		{"-color never", true, "", results.Text{}}, {"-color always -format text", false, "", results.Text{Color: true}},
		{"-color always", true, "TERM=dumb", results.Text{Color: true}}, {"-color always", true, "NO_COLOR=1", results.Text{}}, {"-color auto -format text", false, "", results.Text{}},
	} {
		o, _, err := parse(append(strings.Fields(tt.typed), "http://a.example/"))
		if err != nil {
			t.Fatal(err)
		}
		name, value, _ := strings.Cut(tt.env, "=")
		got, _ := o.shape.encoder(tt.terminal, func(n string) string {
			if n == name {
				return value
			}
			return ""
		})
		if got != tt.want {
			t.Errorf("%q, terminal %v, %s: %+v, want %+v", tt.typed, tt.terminal, tt.env, got, tt.want)
		}
	}
}

// TestColumnsReachEveryFormat: and a table has some where none are asked for.
func TestColumnsReachEveryFormat(t *testing.T) {
	r := &results.Record{URL: "http://a.example/", Status: 200, OK: true, Title: "A", Digest: "d", File: "f", Links: []string{"l"}, Fields: []results.Field{{Name: "h", Value: "H"}}}
	for typed, want := range map[string]string{
		"-fields status,fields.h": `{"status":200,"fields":{"h":"H"}}` + "\n", "-fields status,fields.h -format json": "\n" + `{"status":200,"fields":{"h":"H"}}`,
		"-fields fields.h,title -format csv": "H,A\n", "-fields fields.h,title -format tsv": "H\tA\n", "-fields title,status -format text": "A                                200\n",
		"-format csv": ",http://a.example/,,200,true,,,A,,0,,,,,H\n", "-format tsv": "\thttp://a.example/\t\t200\ttrue\t\t\tA\t\t0\t\t\t\t\tH\n",
		"-template {{.Status}}{{.Fields.h}}": "200H\n",
		"-format csv -changes f -sitemap":    ",,http://a.example/,,200,true,,,A,,0,,,,,H,,\n",
		"-format csv -links":                 ",http://a.example/,,200,true,,,A,,0,,,,,H\n",
		"-format csv -digest":                ",http://a.example/,,200,true,,,A,,0,,,,,H,d\n",
		"-format csv -warc x.warc.gz":        ",http://a.example/,,200,true,,,A,,0,,,,,H,d\n",
		"-format tsv -save p -depth 1":       "\thttp://a.example/\t\t200\ttrue\t\t\tA\t\t0\t\t\t\t\tH\td\tf\t\t\n",
	} {
		o, _, err := parse(append(strings.Fields(typed), "http://a.example/", "-select", "h=h1"))
		if err != nil {
			t.Errorf("%s: %v", typed, err)
			continue
		}
		enc, _ := o.shape.encoder(false, noEnv)
		if got, err := enc.Append(nil, r); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v, want %q", typed, got, err, want)
		}
	}
}

// TestWhatAStateKeepsOfTheFormat: what an older state has, and no more, unless it
// was asked for.
func TestWhatAStateKeepsOfTheFormat(t *testing.T) {
	for typed, want := range map[string]string{
		"": "[{-format jsonl}]", "-fields ok,url": "[{-format jsonl} {-fields ok,url}]", "-template {{.URL}}": "[{-format template} {-template {{.URL}}}]",
		"-format csv":          "[{-format csv} {-fields " + results.DefaultColumns(nil) + "}]",
		"-format tsv -depth 1": "[{-format tsv} {-fields " + results.DefaultColumns(nil) + ",depth,referrer}]",
	} {
		o, _, err := parse(append(strings.Fields(typed), "http://a.example/", "-state", "s"))
		if err != nil {
			t.Fatal(err)
		}
		_, format := o.shape.encoder(false, noEnv)
		if got := fmt.Sprint(o.shape.settings(format)); got != want {
			t.Errorf("%s: %s, want %s", typed, got, want)
		}
	}
}
