package results

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemaFile is the published JSON Schema of a record.
const schemaFile = "record.schema.json"

func recordSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fits validates JSON against the schema.
func fits(t testing.TB, s *jsonschema.Schema, text []byte) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return s.Validate(v)
}

// extremes are records at the ends of what their types hold.
func extremes() []*Record {
	whole := everyField([]string{"a", "list"})
	whole.Error, whole.Duplicate, whole.CharsetSource, whole.Change = Failure{}, false, "bom", New
	whole.Digest = strings.Repeat("0f", 32)
	whole.Fields[1].Values = []string{}
	long := strings.Repeat("https://example.com/\x00\xff\u2028\U0001f389", 5000)
	return []*Record{
		{}, {OK: true}, {Duplicate: true}, whole,
		{URL: long, Input: long, Title: long, Links: []string{long, ""}, Error: Failure{Kind: "internal", Message: long}},
		{Index: math.MaxInt64, HasIndex: true, Line: math.MaxInt64, Status: 999, OK: true, Size: math.MaxInt64, WireSize: math.MaxInt64, Attempts: math.MaxInt32,
			StartedAt: time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC), Time: Timing{Queue: math.MaxInt64, DNS: 500, Total: math.MaxInt64}},
		{OK: true, StartedAt: time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC), Meta: json.RawMessage("null"), Redirects: []Redirect{{"", 100}}},
		{OK: true, StartedAt: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), Meta: json.RawMessage("{broken")},
		{OK: true, Meta: json.RawMessage(`[1e400,{"a":[]},-0]`), Fields: []Field{{Name: "", Value: ""}}},
	}
}

// withError is a failed record without one; only the hand-made ones are such.
func withError(r *Record) *Record {
	c := *r
	if c.Failed() && c.Error.Kind == "" {
		c.Error.Kind = "internal"
	}
	return &c
}

func TestEveryRecordFitsTheSchema(t *testing.T) {
	s := recordSchema(t)
	for _, r := range slices.Concat(samples(), extremes()) {
		r = withError(r)
		for _, out := range [][]byte{encode(t, r), []byte(appendAll(t, JSONL{chosen(t, "url,schema,ok,error,duplicate_of")}, r))} {
			if err := fits(t, s, out); err != nil {
				t.Errorf("%.300s\n%v", out, err)
			}
		}
	}
}

func TestWhatIsNoRecordDoesNotFitTheSchema(t *testing.T) {
	s := recordSchema(t)
	for _, text := range []string{
		`{}`, `[]`, `{"schema":1,"url":"u"}`, `{"schema":2,"url":"u","ok":true}`, `{"schema":1,"ok":true}`, `{"schema":1,"url":"u","ok":false}`,
		`{"schema":1,"url":"u","ok":true,"error":{"kind":"http"}}`, `{"schema":1,"url":"u","ok":true,"duplicate_of":1}`, `{"schema":1,"url":"u","duplicate_of":1,"error":{"kind":"http"}}`,
		`{"schema":1,"url":"u","ok":false,"error":{"kind":"bad luck"}}`, `{"schema":1,"url":"u","ok":true,"status":0}`, `{"schema":1,"url":"u","ok":true,"title":""}`,
		`{"schema":1,"url":"u","ok":true,"time":{}}`, `{"schema":1,"url":"u","ok":true,"time":{"total":0}}`, `{"schema":1,"url":"u","ok":true,"started_at":"2026-11-25"}`,
		`{"schema":1,"url":"u","ok":true,"started_at":"2026-13-45T00:00:00.000Z"}`,
		`{"schema":1,"url":"u","ok":true,"links":null}`, `{"schema":1,"url":"u","ok":true,"fields":{"a":1}}`, `{"schema":1,"url":"u","ok":true,"redirects":[{"url":"u"}]}`,
	} {
		if fits(t, s, []byte(text)) == nil {
			t.Errorf("%s fits", text)
		}
	}
}

// TestTheSchemaAndTheEncoderHaveTheSameKeys: neither has one that the other lacks.
func TestTheSchemaAndTheEncoderHaveTheSameKeys(t *testing.T) {
	r := full()
	r.Meta, r.Time.Parse, r.Duplicate = nil, time.Millisecond, true
	written := keys(t, encode(t, r))
	r.Duplicate, r.Meta = false, json.RawMessage("1")
	written = append(written, keys(t, encode(t, r))...)
	written = slices.DeleteFunc(written, func(k string) bool { return strings.HasPrefix(k, "fields.") })

	type node struct {
		Properties map[string]json.RawMessage
		Items      json.RawMessage
	}
	var known []string
	var walk func(prefix string, text json.RawMessage)
	walk = func(prefix string, text json.RawMessage) {
		var n node
		if json.Unmarshal(text, &n) != nil {
			return
		}
		for name, inner := range n.Properties {
			known = append(known, prefix+name)
			walk(prefix+name+".", inner)
		}
		if n.Items != nil {
			walk(prefix, n.Items)
		}
	}
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	walk("", text)
	slices.Sort(written)
	slices.Sort(known)
	if written = slices.Compact(written); !slices.Equal(written, known) {
		t.Errorf("the encoder writes\n%q\nthe schema knows\n%q", written, known)
	}
}
