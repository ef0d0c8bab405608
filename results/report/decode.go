package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"crawl/results"
)

// errNoURL is of an object that is no record.
var errNoURL = errors.New("it has no url")

// schemaError says that a record is of another schema.
type schemaError int

func (e schemaError) Error() string {
	return fmt.Sprintf("its schema is %d, and %d is understood", int(e), results.Schema)
}

// typeError says that a member has another type than a record's: it is JSON of
// another program.
type typeError struct{ field, value string }

func (e typeError) Error() string {
	if e.field == "" {
		return "it is no object but a " + e.value
	}
	return fmt.Sprintf("its %s is a %s, which is none of a record", e.field, e.value)
}

// written is a record as the JSON output has it (cli.md §3), as far as a report
// shows it. Absence counts only where a pointer stands.
type written struct {
	Schema *int    `json:"schema"`
	Index  *int64  `json:"index"`
	Line   int64   `json:"line"`
	URL    *string `json:"url"`
	Final  string  `json:"final_url"`
	Status int     `json:"status"`
	OK     *bool   `json:"ok"`
	Error  struct {
		Kind    string `json:"kind"`
		Message string `json:"message"`
		Phase   string `json:"phase"`
	} `json:"error"`
	Title       string `json:"title"`
	ContentType string `json:"content_type"`
	Charset     string `json:"charset"`
	Size        int64  `json:"size"`
	WireSize    int64  `json:"wire_size"`
	Truncated   bool   `json:"truncated"`
	Protocol    string `json:"protocol"`
	Attempts    int    `json:"attempts"`
	Redirects   []struct {
		URL    string `json:"url"`
		Status int    `json:"status"`
	} `json:"redirects"`
	Depth       *int       `json:"depth"`
	FromCache   bool       `json:"from_cache"`
	Change      string     `json:"change"`
	DuplicateOf *int64     `json:"duplicate_of"`
	StartedAt   *time.Time `json:"started_at"`
	Time        struct {
		Queue    float64 `json:"queue"`
		DNS      float64 `json:"dns"`
		Connect  float64 `json:"connect"`
		TLS      float64 `json:"tls"`
		TTFB     float64 `json:"ttfb"`
		Download float64 `json:"download"`
		Parse    float64 `json:"parse"`
		Total    float64 `json:"total"`
	} `json:"time"`
}

// decode reads one record from its JSON object. A record has a url; whether it
// is ok is judged by its error and its status where the verdict was not among
// the fields that were written.
func decode(object []byte) (*results.Record, error) {
	var w written
	if err := json.Unmarshal(object, &w); err != nil {
		var other *json.UnmarshalTypeError
		if errors.As(err, &other) {
			return nil, typeError{other.Field, other.Value}
		}
		return nil, err
	}
	switch {
	case w.URL == nil:
		return nil, errNoURL
	case w.Schema != nil && *w.Schema != results.Schema:
		return nil, schemaError(*w.Schema)
	}
	r := &results.Record{
		Line: w.Line, URL: *w.URL, FinalURL: w.Final, Status: min(max(w.Status, 0), maxStatus),
		Error:       results.Failure{Kind: w.Error.Kind, Message: w.Error.Message, Phase: w.Error.Phase},
		Title:       w.Title,
		ContentType: w.ContentType, Charset: w.Charset,
		Size: bytesOf(w.Size), WireSize: bytesOf(w.WireSize), Truncated: w.Truncated,
		Protocol: w.Protocol, Attempts: min(max(w.Attempts, 0), maxAttempts), FromCache: w.FromCache, Change: w.Change,
		Duplicate: w.DuplicateOf != nil,
	}
	switch {
	case r.Duplicate:
		r.DuplicateOf = *w.DuplicateOf
	case w.OK != nil:
		r.OK = *w.OK
	default:
		r.OK = r.Error.Kind == "" && r.Status >= 200 && r.Status < 400
	}
	if w.Index != nil {
		r.Index, r.HasIndex = *w.Index, true
	}
	if w.Depth != nil {
		r.Depth, r.HasDepth = *w.Depth, true
	}
	if w.StartedAt != nil {
		r.StartedAt = *w.StartedAt
	}
	for _, hop := range w.Redirects {
		r.Redirects = append(r.Redirects, results.Redirect{URL: hop.URL, Status: hop.Status})
	}
	t := &w.Time
	r.Time = results.Timing{
		Queue: millis(t.Queue), DNS: millis(t.DNS), Connect: millis(t.Connect), TLS: millis(t.TLS),
		TTFB: millis(t.TTFB), Download: millis(t.Download), Parse: millis(t.Parse), Total: millis(t.Total),
	}
	return r, nil
}

// What no record exceeds: what a file says beyond it is cut, so that sums of millions
// of them are still numbers.
const (
	maxStatus   = 1000
	maxAttempts = 1000
	maxSize     = 1 << 40
)

func bytesOf(n int64) int64 { return min(max(n, 0), maxSize) }

// longest is what no run takes longer than: what a file says beyond it is cut.
const longest = 10 * 365 * 24 * time.Hour

// millis is a time of a record, which is in milliseconds.
func millis(ms float64) time.Duration {
	return time.Duration(min(max(0, ms)*float64(time.Millisecond), float64(longest)))
}
