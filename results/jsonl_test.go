package results

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

func encode(t testing.TB, r *Record) []byte {
	t.Helper()
	b, err := JSONL{}.Append(nil, r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEveryShapeOfRecordLooksAsItDidBefore(t *testing.T) {
	var all []byte
	for _, r := range samples() {
		all = append(all, encode(t, r)...)
	}
	golden(t, "records.jsonl", all)
}

// keys returns the names of a JSON object and of the objects in it, in order.
func keys(t *testing.T, b []byte) []string {
	t.Helper()
	var names []string
	dec := json.NewDecoder(bytes.NewReader(b))
	var walk func(prefix string)
	walk = func(prefix string) {
		tok, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		switch tok {
		case json.Delim('{'):
			for dec.More() {
				name, err := dec.Token()
				if err != nil {
					t.Fatal(err)
				}
				names = append(names, prefix+name.(string))
				walk(prefix + name.(string) + ".")
			}
			dec.Token()
		case json.Delim('['):
			for dec.More() {
				walk(prefix)
			}
			dec.Token()
		}
	}
	walk("")
	return names
}

func TestKeysComeInTheDocumentedOrder(t *testing.T) {
	r := full()
	r.Redirects = r.Redirects[:1]
	r.Meta = json.RawMessage(`1`)
	r.Time.Parse = time.Millisecond
	got := strings.Join(keys(t, encode(t, r)), " ")
	const want = "schema index line input url final_url status ok error error.kind error.message error.phase " +
		"title description canonical refresh lang links fields fields.zeta fields.alpha fields.none " +
		"location content_type charset charset_source size wire_size truncated digest file protocol ip attempts " +
		"redirects redirects.url redirects.status depth referrer from_cache change meta started_at " +
		"time time.queue time.dns time.connect time.tls time.ttfb time.download time.parse time.total"
	if got != want {
		t.Errorf("keys\n%s\nwant\n%s", got, want)
	}
}

func TestWhatHasNoValueIsLeftOutAndWhatMustBeThereIsThere(t *testing.T) {
	tests := []struct {
		name string
		r    Record
		want string
	}{
		{"nothing known", Record{}, `{"schema":1,"url":"","ok":false}`},
		{"the first line has index 0", Record{HasIndex: true, URL: "u"}, `{"schema":1,"index":0,"url":"u","ok":false}`},
		{"a followed link has no index", Record{Index: 5, URL: "u"}, `{"schema":1,"url":"u","ok":false}`},
		{"depth 0 of a crawl", Record{URL: "u", HasDepth: true}, `{"schema":1,"url":"u","ok":false,"depth":0}`},
		{"no depth for a list", Record{URL: "u", Depth: 3}, `{"schema":1,"url":"u","ok":false}`},
		{"a duplicate of line 0 is neither ok nor not", Record{URL: "u", Duplicate: true}, `{"schema":1,"url":"u","duplicate_of":0}`},
		{"an empty body has a size", Record{URL: "u", Status: 204, OK: true}, `{"schema":1,"url":"u","status":204,"ok":true,"size":0}`},
		{"no answer, no size", Record{URL: "u", Error: Failure{Kind: "dns"}}, `{"schema":1,"url":"u","ok":false,"error":{"kind":"dns"}}`},
		{"a page without links", Record{URL: "u", Links: []string{}}, `{"schema":1,"url":"u","ok":false,"links":[]}`},
		{"no fields asked for", Record{URL: "u", Fields: []Field{}}, `{"schema":1,"url":"u","ok":false}`},
		{"a field that is empty", Record{URL: "u", Fields: []Field{{Name: "f"}}}, `{"schema":1,"url":"u","ok":false,"fields":{"f":""}}`},
		{"no hops", Record{URL: "u", Redirects: []Redirect{}}, `{"schema":1,"url":"u","ok":false}`},
		{"meta null is a value", Record{URL: "u", Meta: json.RawMessage("null")}, `{"schema":1,"url":"u","ok":false,"meta":null}`},
		{"times too short to show", Record{URL: "u", Time: Timing{DNS: 499, Total: -time.Second}}, `{"schema":1,"url":"u","ok":false}`},
		{"a clock gone mad", Record{URL: "u", StartedAt: time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)}, `{"schema":1,"url":"u","ok":false}`},
	}
	for _, tt := range tests {
		if got := strings.TrimSuffix(string(encode(t, &tt.r)), "\n"); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestMillisecondsHaveAtMostThreeDecimals(t *testing.T) {
	for d, want := range map[time.Duration]string{
		500:                                 "0.001",
		time.Microsecond:                    "0.001",
		10 * time.Microsecond:               "0.01",
		120 * time.Microsecond:              "0.12",
		time.Millisecond:                    "1",
		10 * time.Millisecond:               "10",
		12_345_678:                          "12.346",
		999_999_500:                         "1000",
		time.Hour:                           "3600000",
		time.Hour + 100*time.Microsecond:    "3600000.1",
		math.MaxInt64 / 1000 * 1000:         "9223372036854.775",
		time.Duration(math.MaxInt64):        "9223372036854.775",
		25 * time.Hour * 365:                "32850000000",
		61*time.Second + 1*time.Microsecond: "61000.001",
	} {
		got := string(appendMillis(nil, "", d))
		if got != want+"," {
			t.Errorf("%d ns: %s, want %s", int64(d), got, want)
		}
	}
}

func TestControlCharactersNeverLeaveAJSONString(t *testing.T) {
	var all strings.Builder
	for c := rune(0); c < 0x300; c++ {
		all.WriteRune(c)
	}
	all.WriteString("\u2027\u2028\u2029\u202a\ufffd\U0001f389\xff\xc3")
	line := encode(t, &Record{URL: all.String(), Meta: json.RawMessage("\"\u0085\u2028\x7f\xff\u009b\" \n\r\t")})
	body := bytes.TrimSuffix(line, []byte("\n"))
	for _, c := range string(body) {
		if unicode.IsControl(c) || c == '\u2028' || c == '\u2029' {
			t.Errorf("%U is written as it is", c)
		}
	}
	if !utf8.Valid(line) {
		t.Error("not UTF-8")
	}
	if !strings.Contains(string(line), `<=>`) || !strings.Contains(string(line), `%&'`) {
		t.Error("<, > or & are escaped")
	}
	var got struct {
		URL  string
		Meta string
	}
	if err := json.Unmarshal(line, &got); err != nil {
		t.Fatal(err)
	}
	if want := string([]rune(all.String())); got.URL != want {
		t.Errorf("reads back as %q, want %q", got.URL, want)
	}
	if want := "\u0085\u2028\x7f\ufffd\u009b"; got.Meta != want {
		t.Errorf("meta reads back as %q, want %q", got.Meta, want)
	}
}

func TestASpecialByteIsFoundAtEveryPlaceOfAWord(t *testing.T) {
	for length := 1; length < 40; length++ {
		for at := 0; at < length; at++ {
			for _, c := range []byte{0, 0x1f, 0x20, '"', '\\', '!', '#', '[', ']', 0x7e, 0x7f, 0x80, 0xff} {
				b := bytes.Repeat([]byte("a"), length)
				b[at] = c
				if at+1 < length {
					b[at+1] = '"' // borrows and carries run into the next byte
				}
				var got string
				if err := json.Unmarshal(appendString(nil, string(b)), &got); err != nil {
					t.Fatalf("%q: %v", b, err)
				}
				if want := string([]rune(string(b))); got != want {
					t.Fatalf("%q reads back as %q", want, got)
				}
			}
		}
	}
}

func TestMetaIsGivenBackAsItCame(t *testing.T) {
	for in, want := range map[string]string{
		`{"id": 12345678901234567890, "x":1.10}`: `{"id": 12345678901234567890, "x":1.10}`,
		`"<&>\u00e9\/"`:                          `"<&>\u00e9\/"`,
		`[ 1 ,2 ]`:                               `[ 1 ,2 ]`,
		"{\n\t\"a\":\r\n1}":                      `{  "a":  1}`,
		"\"é\xff\"":                              `"é` + "\ufffd" + `"`,
		`{"a":`:                                  `"{\"a\":"`,
		"a\nb":                                   `"a\nb"`,
		`1 2`:                                    `"1 2"`,
	} {
		line := encode(t, &Record{URL: "u", Meta: json.RawMessage(in)})
		const before = `{"schema":1,"url":"u","ok":false,"meta":`
		if got := string(line); got != before+want+"}\n" {
			t.Errorf("%q becomes %s, want …%s}", in, got, want)
		}
	}
}

func TestJSONMarshalGivesTheSameRecord(t *testing.T) {
	got, err := json.Marshal(map[string]any{"r": samples()[1]})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"r":` + strings.TrimSpace(string(encode(t, samples()[1]))) + `}`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAppendKeepsWhatWasThere(t *testing.T) {
	b, _ := JSONL{}.Append([]byte("before\n"), &Record{URL: "u"})
	if string(b) != "before\n{\"schema\":1,\"url\":\"u\",\"ok\":false}\n" {
		t.Errorf("got %q", b)
	}
}

func TestEncodingIntoAReusedBufferAllocatesNothing(t *testing.T) {
	for i, r := range samples() {
		buf := make([]byte, 0, 8<<10)
		if n := testing.AllocsPerRun(100, func() { buf, _ = JSONL{}.Append(buf[:0], r) }); n != 0 {
			t.Errorf("sample %d: %v allocations", i, n)
		}
	}
}

// linkPage is the record of issue's measurement: twelve fields and 150 links.
func linkPage() *Record {
	r := samples()[1]
	for i := range 150 {
		r.Links = append(r.Links, fmt.Sprintf("https://www.example.com/section/%d/an-article-with-a-name-of-usual-length-%d", i%7, i))
	}
	return r
}

func BenchmarkEncode(b *testing.B) {
	cyrillic := samples()[1]
	cyrillic.Title = strings.Repeat("Пример страницы ", 20)
	for name, r := range map[string]*Record{"small": samples()[1], "links150": linkPage(), "cyrillic": cyrillic} {
		b.Run("jsonl/"+name, func(b *testing.B) {
			b.ReportAllocs()
			var buf []byte
			for b.Loop() {
				buf, _ = JSONL{}.Append(buf[:0], r)
			}
			b.SetBytes(int64(len(buf)))
		})
		b.Run("encoding-json/"+name, func(b *testing.B) {
			b.ReportAllocs()
			var buf bytes.Buffer
			enc := json.NewEncoder(&buf)
			enc.SetEscapeHTML(false)
			m := mirrorOf(r)
			for b.Loop() {
				buf.Reset()
				if err := enc.Encode(m); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(buf.Len()))
		})
	}
}

// same fails unless the encoder and encoding/json say the same of r.
func same(t *testing.T, r *Record) {
	t.Helper()
	line := encode(t, r)
	if !utf8.Valid(line) {
		t.Fatalf("not UTF-8: %q", line)
	}
	if bytes.IndexByte(line, '\n') != len(line)-1 {
		t.Fatalf("not one line: %q", line)
	}
	ref, err := json.Marshal(mirrorOf(r))
	if err != nil {
		t.Fatal(err)
	}
	got, want := decoded(t, line), decoded(t, ref)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the encoder writes\n%s\nencoding/json writes\n%s", line, ref)
	}
}

func decoded(t *testing.T, b []byte) any {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("%v in %q", err, b)
	}
	return v
}
