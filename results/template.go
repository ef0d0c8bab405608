package results

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
	"time"
	"unicode/utf8"
)

// Template encodes records by a text/template, each with one line end behind it,
// whether the template ends with one or not. It sees the fields of Record by their
// names in Go, with two that are easier on templates: Fields is a map of the selected fields by name, each a string or a
// list of them, and Meta is JSON text. In the text between actions \t and \n are a tab
// and a line end, as they are for curl's -w. Beside the functions of text/template
// there are
//
//	json VALUE        as JSON, the whole record too: {{json .}}
//	join SEP LIST     a list as one text: {{join " " .Links}}
//	get NAME JSON     a member of .Meta, "" where there is none
//	ms DURATION       milliseconds, as in JSON: {{ms .Time.Total}}
//	date LAYOUT TIME  in UTC, "" where there is none: {{date "15:04" .StartedAt}}
//
// and slice and index count characters, and give what there is: {{slice .Title 0 80}}
// of a short title is all of it.
//
// Control characters in strings of the record are spaces, so that a terminal obeys
// nothing from the network and a record is a line unless the template has line ends
// itself; what is no UTF-8 comes out as U+FFFD. Safe from any goroutine.
type Template struct {
	t        *template.Template
	text     string
	selected []string
	oneLine  bool
}

// templateFuncs are the functions beside those of text/template, or in their place.
// What a pipe brings comes last, but for slice and index, where it comes first.
func templateFuncs() template.FuncMap {
	return template.FuncMap{
		"json":  templateJSON,
		"join":  templateJoin,
		"get":   templateGet,
		"slice": templateSlice,
		"index": templateIndex,
		"ms":    templateMillis,
		"date": func(layout string, at time.Time) string {
			if at.IsZero() {
				return ""
			}
			return at.UTC().Format(layout)
		},
	}
}

// ErrNoUTF8 is NewTemplate's error for a text that is none.
var ErrNoUTF8 = errors.New("the text is no UTF-8")

// NewTemplate understands text. selected are the names of the fields that there
// will be. A name that does not exist is a *TemplateError, wherever it stands; so is
// whatever fails on a record without values, or on one that has them all.
func NewTemplate(text string, selected []string) (*Template, error) {
	if !utf8.ValidString(text) {
		return nil, ErrNoUTF8
	}
	text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), `\n`) // a line ends anyway
	tree, set := parse.New(templateName), map[string]*parse.Tree{}
	tree.Mode = parse.SkipFuncCheck // to name what there is
	if _, err := tree.Parse(text, "", "", set); err != nil {
		return nil, templateFault(text, err)
	}
	e := &Template{t: template.New(templateName).Option("missingkey=error").Funcs(templateFuncs()), text: text, selected: selected, oneLine: true}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		part := set[name]
		if err := checkNames(text, part.Root, name == templateName, selected); err != nil {
			return nil, err
		}
		spellText(part.Root)
		e.oneLine = e.oneLine && !hasLineEnd(part.Root)
		if _, err := e.t.AddParseTree(name, part); err != nil {
			return nil, templateFault(text, err)
		}
	}
	failed := everyField(selected)
	failed.OK = false
	for _, r := range []*Record{{}, everyField(selected), failed} {
		if _, err := e.Append(nil, r); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// templateName is what text/template calls a template of ours.
const templateName = "record"

// OneLine says that a record is one line: the template brings no line ends.
func (e *Template) OneLine() bool { return e.oneLine }

// Append implements Encoder. Its error is a *TemplateError; what the template brought
// until then is appended all the same, and a line end.
func (e *Template) Append(dst []byte, r *Record) ([]byte, error) {
	start := len(dst)
	out := &appender{dst}
	err := e.t.Execute(out, e.see(r))
	if !utf8.Valid(out.b[start:]) { // a string was cut in the midst of a letter
		out.b = append(out.b[:start], bytes.ToValidUTF8(out.b[start:], []byte("\ufffd"))...)
	}
	if err != nil {
		return append(out.b, '\n'), templateFault(e.text, err)
	}
	return append(out.b, '\n'), nil
}

// appender is a writer to a slice.
type appender struct{ b []byte }

var _ io.Writer = (*appender)(nil)

func (a *appender) Write(p []byte) (int, error) {
	a.b = append(a.b, p...)
	return len(p), nil
}

// everyField is a record with a value in every field.
func everyField(selected []string) *Record {
	r := &Record{
		HasIndex: true, Line: 1, Input: "x", URL: "x", FinalURL: "x", Status: 200, OK: true,
		Error: Failure{"x", "x", "x"}, Title: "x", Description: "x", Canonical: "x", Refresh: "x", Lang: "x",
		Links: []string{"x", "x"}, Location: "x", ContentType: "x", Charset: "x", CharsetSource: "x",
		Size: 1, WireSize: 1, Truncated: true, Digest: "x", File: "x", Protocol: "x", IP: "x", Attempts: 1,
		Redirects: []Redirect{{"x", 301}, {"x", 302}}, HasDepth: true, Depth: 1, Referrer: "x", FromCache: true, Change: "x",
		Duplicate: true, DuplicateOf: 1, Meta: []byte(`{"x":1}`), StartedAt: time.Unix(1, 0),
		Time: Timing{1e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1e6},
	}
	for _, name := range selected {
		r.Fields = append(r.Fields, Field{Name: name, Value: "x"})
	}
	return r
}

// templateRecord is what a template sees.
type templateRecord struct {
	*Record
	Fields map[string]any
	Meta   string

	whole *Record // as it came
}

// String is the record as JSON.
func (v templateRecord) String() string { return string(AppendJSON(nil, v.whole)) }

// MarshalJSON is that of the record.
func (v templateRecord) MarshalJSON() ([]byte, error) { return AppendJSON(nil, v.whole), nil }

// see makes one of r. Whatever it has not is there, and empty.
func (e *Template) see(r *Record) templateRecord {
	v := templateRecord{Record: blanked(r), Fields: map[string]any{}, whole: r}
	for _, name := range e.selected {
		v.Fields[name] = ""
	}
	for _, f := range v.Record.Fields {
		if v.Fields[f.Name] = any(f.Value); f.Values != nil {
			v.Fields[f.Name] = f.Values
		}
	}
	if len(r.Meta) > 0 {
		v.Meta = string(appendRaw(nil, r.Meta))
	}
	return v
}
