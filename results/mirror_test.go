package results

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// mirror is the record for encoding/json: the same schema said in struct tags,
// so that the hand-written encoder is held to a second opinion.
type mirror struct {
	Schema        int              `json:"schema"`
	Index         *int64           `json:"index,omitempty"`
	Line          int64            `json:"line,omitempty"`
	Input         string           `json:"input,omitempty"`
	URL           string           `json:"url"`
	FinalURL      string           `json:"final_url,omitempty"`
	Status        int              `json:"status,omitempty"`
	OK            *bool            `json:"ok,omitempty"`
	Error         *mirrorError     `json:"error,omitempty"`
	Title         string           `json:"title,omitempty"`
	Description   string           `json:"description,omitempty"`
	Canonical     string           `json:"canonical,omitempty"`
	Refresh       string           `json:"refresh,omitempty"`
	Lang          string           `json:"lang,omitempty"`
	Links         *[]string        `json:"links,omitempty"`
	Fields        map[string]any   `json:"fields,omitempty"`
	Location      string           `json:"location,omitempty"`
	ContentType   string           `json:"content_type,omitempty"`
	Charset       string           `json:"charset,omitempty"`
	CharsetSource string           `json:"charset_source,omitempty"`
	Size          *int64           `json:"size,omitempty"`
	WireSize      int64            `json:"wire_size,omitempty"`
	Truncated     bool             `json:"truncated,omitempty"`
	Digest        string           `json:"digest,omitempty"`
	File          string           `json:"file,omitempty"`
	Protocol      string           `json:"protocol,omitempty"`
	IP            string           `json:"ip,omitempty"`
	Attempts      int              `json:"attempts,omitempty"`
	Redirects     []mirrorRedirect `json:"redirects,omitempty"`
	Depth         *int             `json:"depth,omitempty"`
	Referrer      string           `json:"referrer,omitempty"`
	FromCache     bool             `json:"from_cache,omitempty"`
	Change        string           `json:"change,omitempty"`
	DuplicateOf   *int64           `json:"duplicate_of,omitempty"`
	Meta          json.RawMessage  `json:"meta,omitempty"`
	StartedAt     string           `json:"started_at,omitempty"`
	Time          *mirrorTime      `json:"time,omitempty"`
}

type mirrorError struct {
	Kind    string `json:"kind"`
	Message string `json:"message,omitempty"`
	Phase   string `json:"phase,omitempty"`
}

type mirrorRedirect struct {
	URL    string `json:"url"`
	Status int    `json:"status,omitempty"`
}

type mirrorTime struct {
	Queue    json.Number `json:"queue,omitempty"`
	DNS      json.Number `json:"dns,omitempty"`
	Connect  json.Number `json:"connect,omitempty"`
	TLS      json.Number `json:"tls,omitempty"`
	TTFB     json.Number `json:"ttfb,omitempty"`
	Download json.Number `json:"download,omitempty"`
	Parse    json.Number `json:"parse,omitempty"`
	Total    json.Number `json:"total,omitempty"`
}

func mirrorOf(r *Record) *mirror {
	m := &mirror{Schema: 1, Line: r.Line, Input: r.Input, URL: r.URL, FinalURL: r.FinalURL, Status: r.Status,
		Title: r.Title, Description: r.Description, Canonical: r.Canonical, Refresh: r.Refresh, Lang: r.Lang,
		Location: r.Location, ContentType: r.ContentType, Charset: r.Charset, CharsetSource: r.CharsetSource, WireSize: r.WireSize,
		Truncated: r.Truncated, Digest: r.Digest, File: r.File, Protocol: r.Protocol, IP: r.IP, Attempts: r.Attempts,
		Referrer: r.Referrer, FromCache: r.FromCache, Change: r.Change, Meta: r.Meta}
	if r.HasIndex {
		m.Index = &r.Index
	}
	if r.HasDepth {
		m.Depth = &r.Depth
	}
	if r.Duplicate {
		m.DuplicateOf = &r.DuplicateOf
	} else {
		m.OK = &r.OK
	}
	if r.Error.Kind != "" {
		m.Error = &mirrorError{r.Error.Kind, r.Error.Message, r.Error.Phase}
	}
	if r.Links != nil {
		m.Links = &r.Links
	}
	if len(r.Fields) > 0 {
		m.Fields = map[string]any{}
		for _, f := range r.Fields {
			m.Fields[f.Name] = f.Value
			if f.Values != nil {
				m.Fields[f.Name] = f.Values
			}
		}
	}
	if r.Status != 0 {
		m.Size = &r.Size
	}
	for _, h := range r.Redirects {
		m.Redirects = append(m.Redirects, mirrorRedirect(h))
	}
	if !r.StartedAt.IsZero() {
		m.StartedAt = r.StartedAt.UTC().Format("2006-01-02T15:04:05.000Z07:00")
	}
	t := mirrorTime{mirrorMS(r.Time.Queue), mirrorMS(r.Time.DNS), mirrorMS(r.Time.Connect), mirrorMS(r.Time.TLS),
		mirrorMS(r.Time.TTFB), mirrorMS(r.Time.Download), mirrorMS(r.Time.Parse), mirrorMS(r.Time.Total)}
	if t != (mirrorTime{}) {
		m.Time = &t
	}
	return m
}

// mirrorMS is the milliseconds of d with the shortest spelling.
func mirrorMS(d time.Duration) json.Number {
	d = d.Round(time.Microsecond)
	if d <= 0 {
		return ""
	}
	s := strconv.FormatFloat(float64(d/time.Microsecond)/1000, 'f', 3, 64)
	return json.Number(strings.TrimSuffix(strings.TrimRight(s, "0"), "."))
}

func TestEncodingJSONReadsTheSameInEverySample(t *testing.T) {
	for _, r := range samples() {
		same(t, r)
	}
}

// randomRecord fills every field by reflection, so that a field added to
// Record and forgotten in the encoder is noticed.
func randomRecord(rnd *rand.Rand) *Record {
	r := &Record{}
	fill(rnd, reflect.ValueOf(r).Elem())
	r.Meta = nil
	if rnd.IntN(2) == 0 {
		r.Meta, _ = json.Marshal(map[string]any{randomText(rnd): randomText(rnd), "n": rnd.Int64()})
	}
	for i := range r.Fields {
		r.Fields[i].Name = strconv.Itoa(i) + r.Fields[i].Name
	}
	return r
}

func fill(rnd *rand.Rand, v reflect.Value) {
	if rnd.IntN(3) == 0 {
		return
	}
	switch p := v.Addr().Interface().(type) {
	case *time.Time:
		*p = time.Unix(rnd.Int64N(1e10), rnd.Int64N(1e9))
		return
	case *time.Duration:
		*p = time.Duration(rnd.Int64N(1 << rnd.IntN(45)))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(rnd, v.Field(i))
		}
	case reflect.String:
		v.SetString(randomText(rnd))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(rnd.Int64N(1 << rnd.IntN(50)))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), rnd.IntN(4), 4))
		for i := range v.Len() {
			fill(rnd, v.Index(i))
		}
	}
}

func randomText(rnd *rand.Rand) string {
	b := make([]byte, rnd.IntN(30))
	for i := range b {
		b[i] = byte(rnd.UintN(256))
	}
	if rnd.IntN(2) == 0 {
		for i := range b {
			b[i] = b[i]%0x60 + 0x20
		}
	}
	if rnd.IntN(3) == 0 {
		b = utf8.AppendRune(b, rune(rnd.IntN(0x11000)))
	}
	return string(b)
}

func TestEncodingJSONReadsTheSameInRandomRecords(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		same(t, randomRecord(rnd))
		if t.Failed() {
			return
		}
	}
}

func FuzzJSONL(f *testing.F) {
	for _, r := range samples() {
		f.Add(r.URL, r.Title, r.Input, []byte(r.Meta), int64(r.Time.Total), r.Status, uint64(1))
	}
	f.Add("u", "\xe2\x80\xa8\xc2\x85\xed\xa0\x80", "\"\\\x00\x7f", []byte("\"\xff\" \n"), int64(1), -1, uint64(7))
	f.Fuzz(func(t *testing.T, url, title, input string, meta []byte, ns int64, status int, seed uint64) {
		r := randomRecord(rand.New(rand.NewPCG(seed, 0)))
		r.URL, r.Title, r.Input, r.Status = url, title, input, status
		r.Time.Total = time.Duration(ns % 1e15)
		r.Links = append(r.Links, title, url)
		r.Meta = meta
		if len(meta) > 0 && !json.Valid(meta) {
			r.Meta = nil
			line := encode(t, &Record{Meta: meta})
			decoded(t, line)
		}
		same(t, r)
	})
}
