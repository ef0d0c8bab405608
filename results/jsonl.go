package results

import (
	"strconv"
	"time"
)

// JSONL encodes records as JSON Lines: one object, one '\n'. Its Append is
// AppendJSON and a line end; it never fails and allocates nothing when dst has
// room. Safe from any goroutine.
type JSONL struct {
	// Columns, if set, are all that is written, in their order; members of one
	// object stay in that object, at the place of the first.
	Columns *Columns
}

// Append implements Encoder.
func (j JSONL) Append(dst []byte, r *Record) ([]byte, error) {
	if j.Columns != nil {
		return append(j.Columns.appendJSON(dst, r), '\n'), nil
	}
	return append(AppendJSON(dst, r), '\n'), nil
}

// MarshalJSON gives encoding/json the record in its own schema instead of the
// names of the Go fields.
func (r *Record) MarshalJSON() ([]byte, error) { return AppendJSON(nil, r), nil }

// AppendJSON appends the record as one JSON object without a line end: keys in
// the order of the fields of Record, those without a value left out.
//
// Whatever the record holds, what is appended is valid JSON on one line, valid
// UTF-8 (invalid bytes become U+FFFD) and free of control characters: DEL, C1
// and U+2028/2029 are escaped as well as C0, because terminals obey the ones
// and line splitters the others. '<', '>' and '&' stay as they are. Meta is
// copied as it came by the same rules, line breaks between its tokens becoming
// spaces; a Meta that is no JSON is written as a string.
func AppendJSON(dst []byte, r *Record) []byte {
	dst = append(dst, `{"schema":`...)
	dst = strconv.AppendInt(dst, Schema, 10)
	dst = appendAsked(dst, r)
	dst = appendOutcome(dst, r)
	dst = appendPage(dst, r)
	dst = appendExchange(dst, r)
	dst = appendCrawl(dst, r)
	dst = appendWhen(dst, r)
	return append(dst, '}')
}

// appendAsked appends index to final_url: what was asked for.
func appendAsked(dst []byte, r *Record) []byte {
	if r.HasIndex {
		dst = appendIntKey(dst, `,"index":`, r.Index)
	}
	dst = appendInt(dst, `,"line":`, r.Line)
	dst = appendText(dst, `,"input":`, r.Input)
	dst = append(dst, `,"url":`...)
	dst = appendString(dst, r.URL)
	return appendText(dst, `,"final_url":`, r.FinalURL)
}

// appendOutcome appends status, ok and error.
func appendOutcome(dst []byte, r *Record) []byte {
	dst = appendInt(dst, `,"status":`, int64(r.Status))
	if !r.Duplicate {
		dst = append(dst, `,"ok":`...)
		dst = strconv.AppendBool(dst, r.OK)
	}
	if r.Error.Kind == "" {
		return dst
	}
	return appendFailure(append(dst, `,"error":`...), &r.Error)
}

func appendFailure(dst []byte, f *Failure) []byte {
	dst = appendString(append(dst, `{"kind":`...), f.Kind)
	dst = appendText(dst, `,"message":`, f.Message)
	dst = appendText(dst, `,"phase":`, f.Phase)
	return append(dst, '}')
}

// appendPage appends title to fields: what the page says.
func appendPage(dst []byte, r *Record) []byte {
	dst = appendText(dst, `,"title":`, r.Title)
	dst = appendText(dst, `,"description":`, r.Description)
	dst = appendText(dst, `,"canonical":`, r.Canonical)
	dst = appendText(dst, `,"refresh":`, r.Refresh)
	dst = appendText(dst, `,"lang":`, r.Lang)
	if r.Links != nil {
		dst = append(dst, `,"links":`...)
		dst = appendStrings(dst, r.Links)
	}
	if len(r.Fields) == 0 {
		return dst
	}
	return appendFields(append(dst, `,"fields":`...), r.Fields)
}

func appendFields(dst []byte, fields []Field) []byte {
	for i := range fields {
		f := &fields[i]
		dst = append(dst, separator('{', i))
		dst = appendString(dst, f.Name)
		dst = append(dst, ':')
		if f.Values != nil {
			dst = appendStrings(dst, f.Values)
		} else {
			dst = appendString(dst, f.Value)
		}
	}
	return append(dst, '}')
}

// appendExchange appends location to redirects: what came over the wire.
func appendExchange(dst []byte, r *Record) []byte {
	dst = appendText(dst, `,"location":`, r.Location)
	dst = appendText(dst, `,"content_type":`, r.ContentType)
	dst = appendText(dst, `,"charset":`, r.Charset)
	dst = appendText(dst, `,"charset_source":`, r.CharsetSource)
	if r.Status != 0 {
		dst = appendIntKey(dst, `,"size":`, r.Size)
	}
	dst = appendInt(dst, `,"wire_size":`, r.WireSize)
	dst = appendTrue(dst, `,"truncated":true`, r.Truncated)
	dst = appendText(dst, `,"digest":`, r.Digest)
	dst = appendText(dst, `,"file":`, r.File)
	dst = appendText(dst, `,"protocol":`, r.Protocol)
	dst = appendText(dst, `,"ip":`, r.IP)
	dst = appendInt(dst, `,"attempts":`, int64(r.Attempts))
	if len(r.Redirects) == 0 {
		return dst
	}
	return appendRedirects(append(dst, `,"redirects":`...), r.Redirects)
}

func appendRedirects(dst []byte, hops []Redirect) []byte {
	for i := range hops {
		dst = append(dst, separator('[', i))
		dst = append(dst, `{"url":`...)
		dst = appendString(dst, hops[i].URL)
		dst = appendInt(dst, `,"status":`, int64(hops[i].Status))
		dst = append(dst, '}')
	}
	return append(dst, ']')
}

// appendCrawl appends depth to meta: the record's place in the run.
func appendCrawl(dst []byte, r *Record) []byte {
	if r.HasDepth {
		dst = appendIntKey(dst, `,"depth":`, int64(r.Depth))
	}
	dst = appendText(dst, `,"referrer":`, r.Referrer)
	dst = appendTrue(dst, `,"from_cache":true`, r.FromCache)
	dst = appendText(dst, `,"change":`, r.Change)
	if r.Duplicate {
		dst = appendIntKey(dst, `,"duplicate_of":`, r.DuplicateOf)
	}
	if len(r.Meta) > 0 {
		dst = append(dst, `,"meta":`...)
		dst = appendRaw(dst, r.Meta)
	}
	return dst
}

// appendWhen appends started_at and time.
func appendWhen(dst []byte, r *Record) []byte {
	if datable(r.StartedAt) {
		dst = append(appendDate(append(dst, `,"started_at":"`...), r.StartedAt), '"')
	}
	before := len(dst)
	dst = append(dst, `,"time":`...)
	start := len(dst)
	if dst = appendTiming(dst, &r.Time); len(dst) == start {
		return dst[:before]
	}
	return dst
}

// datable says that at is a time which RFC 3339 can write: it has no years beyond
// four digits, and such a clock is no clock.
func datable(at time.Time) bool { return !at.IsZero() && uint(at.UTC().Year()) <= 9999 }

func appendDate(dst []byte, at time.Time) []byte {
	return at.UTC().AppendFormat(dst, "2006-01-02T15:04:05.000Z")
}

// appendTiming appends the object of those times that are above zero, if there
// are any.
func appendTiming(dst []byte, t *Timing) []byte {
	before := len(dst)
	dst = append(dst, '{')
	dst = appendMillis(dst, `"queue":`, t.Queue)
	dst = appendMillis(dst, `"dns":`, t.DNS)
	dst = appendMillis(dst, `"connect":`, t.Connect)
	dst = appendMillis(dst, `"tls":`, t.TLS)
	dst = appendMillis(dst, `"ttfb":`, t.TTFB)
	dst = appendMillis(dst, `"download":`, t.Download)
	dst = appendMillis(dst, `"parse":`, t.Parse)
	dst = appendMillis(dst, `"total":`, t.Total)
	if len(dst) == before+1 {
		return dst[:before]
	}
	dst[len(dst)-1] = '}' // in place of the last part's comma
	return dst
}

// separator is what goes before element i of a list that opens with open.
func separator(open byte, i int) byte {
	if i == 0 {
		return open
	}
	return ','
}

func appendText(dst []byte, key, s string) []byte {
	if s == "" {
		return dst
	}
	return appendString(append(dst, key...), s)
}

func appendInt(dst []byte, key string, n int64) []byte {
	if n == 0 {
		return dst
	}
	return appendIntKey(dst, key, n)
}

func appendIntKey(dst []byte, key string, n int64) []byte {
	return strconv.AppendInt(append(dst, key...), n, 10)
}

func appendTrue(dst []byte, keyTrue string, b bool) []byte {
	if !b {
		return dst
	}
	return append(dst, keyTrue...)
}

func appendStrings(dst []byte, list []string) []byte {
	dst = append(dst, '[')
	for i, s := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, s)
	}
	return append(dst, ']')
}

// appendMillis appends d in milliseconds, rounded to microseconds, without
// trailing zeros, and a comma after it; nothing when that leaves zero or less.
func appendMillis(dst []byte, key string, d time.Duration) []byte {
	us := int64(d.Round(time.Microsecond) / time.Microsecond)
	if us <= 0 {
		return dst
	}
	dst = strconv.AppendInt(append(dst, key...), us/1000, 10)
	if frac := us % 1000; frac != 0 {
		dst = append(dst, '.', byte('0'+frac/100), byte('0'+frac/10%10), byte('0'+frac%10))
		for dst[len(dst)-1] == '0' {
			dst = dst[:len(dst)-1]
		}
	}
	return append(dst, ',')
}
