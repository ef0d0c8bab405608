package results

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// columns are all there are, in the order of AppendJSON. The tests hold the two
// together.
func columns(selected []string) []column {
	list := []column{
		{name: "schema", append: func(dst []byte, r *Record, _ escape) []byte { return strconv.AppendInt(dst, Schema, 10) }},
		integerIf("index", func(r *Record) (int64, bool) { return r.Index, r.HasIndex }),
		integer("line", func(r *Record) int64 { return r.Line }),
		words("input", urlWidth, func(r *Record) string { return r.Input }),
		{name: "url", width: urlWidth, append: func(dst []byte, r *Record, text escape) []byte { return text(dst, r.URL) }},
		words("final_url", urlWidth, func(r *Record) string { return r.FinalURL }),
		integer("status", func(r *Record) int64 { return int64(r.Status) }),
		{name: "ok", width: len("false"), append: func(dst []byte, r *Record, _ escape) []byte {
			if r.Duplicate {
				return dst
			}
			return strconv.AppendBool(dst, r.OK)
		}},
		{name: "error", json: true, append: func(dst []byte, r *Record, _ escape) []byte {
			if r.Error.Kind == "" {
				return dst
			}
			return appendFailure(dst, &r.Error)
		}},
		member("error", words("kind", outcomeWidth, func(r *Record) string { return r.Error.Kind })),
		member("error", ofError("message", 0, func(r *Record) string { return r.Error.Message })),
		member("error", ofError("phase", len("connect"), func(r *Record) string { return r.Error.Phase })),
		words("title", titleWidth, func(r *Record) string { return r.Title }),
		words("description", titleWidth, func(r *Record) string { return r.Description }),
		words("canonical", urlWidth, func(r *Record) string { return r.Canonical }),
		words("refresh", urlWidth, func(r *Record) string { return r.Refresh }),
		words("lang", len("de-AT"), func(r *Record) string { return r.Lang }),
		{name: "links", json: true, append: func(dst []byte, r *Record, _ escape) []byte {
			if r.Links == nil {
				return dst
			}
			return appendStrings(dst, r.Links)
		}},
		{name: "fields", json: true, append: func(dst []byte, r *Record, _ escape) []byte {
			if len(r.Fields) == 0 {
				return dst
			}
			return appendFields(dst, r.Fields)
		}},
	}
	for _, name := range selected {
		list = append(list, member("fields", selection(name)))
	}
	list = append(list, exchangeColumns()...)
	list = append(list, crawlColumns()...)
	for i := range list {
		if c := &list[i]; c.path == nil {
			c.within()
		}
	}
	return list
}

func exchangeColumns() []column {
	return []column{
		words("location", urlWidth, func(r *Record) string { return r.Location }),
		words("content_type", len("text/html; charset=utf-8"), func(r *Record) string { return r.ContentType }),
		words("charset", len("windows-1252"), func(r *Record) string { return r.Charset }),
		words("charset_source", len("default"), func(r *Record) string { return r.CharsetSource }),
		sizes("size", func(r *Record) (int64, bool) { return r.Size, r.Status != 0 }),
		sizes("wire_size", func(r *Record) (int64, bool) { return r.WireSize, r.WireSize != 0 }),
		truth("truncated", func(r *Record) bool { return r.Truncated }),
		words("digest", 64, func(r *Record) string { return r.Digest }),
		words("file", 0, func(r *Record) string { return r.File }),
		words("protocol", len("HTTP/1.1"), func(r *Record) string { return r.Protocol }),
		words("ip", len("255.255.255.255"), func(r *Record) string { return r.IP }),
		integer("attempts", func(r *Record) int64 { return int64(r.Attempts) }),
		{name: "redirects", json: true, append: func(dst []byte, r *Record, _ escape) []byte {
			if len(r.Redirects) == 0 {
				return dst
			}
			return appendRedirects(dst, r.Redirects)
		}},
	}
}

func crawlColumns() []column {
	return []column{
		integerIf("depth", func(r *Record) (int64, bool) { return int64(r.Depth), r.HasDepth }),
		words("referrer", urlWidth, func(r *Record) string { return r.Referrer }),
		truth("from_cache", func(r *Record) bool { return r.FromCache }),
		words("change", changeWidth, func(r *Record) string { return r.Change }),
		integerIf("duplicate_of", func(r *Record) (int64, bool) { return r.DuplicateOf, r.Duplicate }),
		{name: "meta", json: true, append: func(dst []byte, r *Record, _ escape) []byte {
			if len(r.Meta) == 0 {
				return dst
			}
			return appendRaw(dst, r.Meta)
		}},
		{name: "started_at", width: len("2006-01-02T15:04:05.000Z"), append: func(dst []byte, r *Record, text escape) []byte {
			if !datable(r.StartedAt) {
				return dst
			}
			n := len(dst)
			if dst = text(dst, ""); len(dst) == n { // no quotes
				return appendDate(dst, r.StartedAt)
			}
			return append(appendDate(dst[:n+1], r.StartedAt), '"')
		}},
		{name: "time", json: true, append: func(dst []byte, r *Record, _ escape) []byte { return appendTiming(dst, &r.Time) }},
		member("time", span("queue", func(t *Timing) time.Duration { return t.Queue })),
		member("time", span("dns", func(t *Timing) time.Duration { return t.DNS })),
		member("time", span("connect", func(t *Timing) time.Duration { return t.Connect })),
		member("time", span("tls", func(t *Timing) time.Duration { return t.TLS })),
		member("time", span("ttfb", func(t *Timing) time.Duration { return t.TTFB })),
		member("time", span("download", func(t *Timing) time.Duration { return t.Download })),
		member("time", span("parse", func(t *Timing) time.Duration { return t.Parse })),
		member("time", span("total", func(t *Timing) time.Duration { return t.Total })),
	}
}

// member makes a column one of an object in the record.
func member(object string, c column) column {
	c.within(object)
	return c
}

// within puts a column, which goes by its name there, into an object of these names.
func (c *column) within(objects ...string) {
	c.key = string(appendString(nil, c.name)) + ":"
	c.path = append(objects, c.name)
	c.name = strings.Join(c.path, ".")
}

// words is a column of strings; "" is none.
func words(name string, width int, get func(*Record) string) column {
	return column{name: name, width: width, append: func(dst []byte, r *Record, text escape) []byte {
		if s := get(r); s != "" {
			return text(dst, s)
		}
		return dst
	}}
}

// ofError is words that count only beside a kind.
func ofError(name string, width int, get func(*Record) string) column {
	return words(name, width, func(r *Record) string {
		if r.Error.Kind == "" {
			return ""
		}
		return get(r)
	})
}

func integerIf(name string, get func(*Record) (n int64, there bool)) column {
	return column{name: name, width: len("1000"), number: true, append: func(dst []byte, r *Record, _ escape) []byte {
		if n, there := get(r); there {
			return strconv.AppendInt(dst, n, 10)
		}
		return dst
	}}
}

// integer is a column of numbers; 0 is none.
func integer(name string, get func(*Record) int64) column {
	return integerIf(name, func(r *Record) (int64, bool) { n := get(r); return n, n != 0 })
}

func truth(name string, get func(*Record) bool) column {
	return column{name: name, width: len("true"), append: func(dst []byte, r *Record, _ escape) []byte {
		return appendTrue(dst, "true", get(r))
	}}
}

// sizes is integerIf whose numbers are sizes to people.
func sizes(name string, get func(*Record) (n int64, there bool)) column {
	c := integerIf(name, get)
	c.width = sizeWidth
	c.people = func(dst []byte, r *Record) []byte {
		if n, there := get(r); there {
			return appendBytes(dst, n)
		}
		return dst
	}
	return c
}

// span is a column of times, in milliseconds.
func span(name string, get func(*Timing) time.Duration) column {
	return column{name: name, width: durationWidth, number: true,
		append: func(dst []byte, r *Record, _ escape) []byte {
			before := len(dst)
			if dst = appendMillis(dst, "", get(&r.Time)); len(dst) > before {
				dst = dst[:len(dst)-1] // its comma
			}
			return dst
		},
		people: func(dst []byte, r *Record) []byte {
			if d := get(&r.Time); d > 0 {
				return appendDuration(dst, d)
			}
			return dst
		},
	}
}

// selection is the column of a selected field.
func selection(name string) column {
	return column{name: name, json: true, width: ownWidth, append: func(dst []byte, r *Record, text escape) []byte {
		for i := range r.Fields {
			switch f := &r.Fields[i]; {
			case f.Name != name:
			case f.Values != nil:
				return appendStrings(dst, f.Values)
			default:
				return text(dst, f.Value)
			}
		}
		return dst
	}}
}

// metaColumn is the column of a member of the caller's own data, by its path:
// meta.customer.id. A string is one, anything else is JSON.
func metaColumn(name string) (c column, ok bool) {
	path := strings.Split(name, ".")
	if path[0] != "meta" || len(path) < 2 || slices.Contains(path, "") {
		return c, false
	}
	c = column{name: path[len(path)-1], json: true, width: ownWidth, append: func(dst []byte, r *Record, text escape) []byte {
		raw := r.Meta
		for _, key := range path[1:] {
			if raw = memberOf(raw, key); raw == nil {
				return dst
			}
		}
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return text(dst, s)
		}
		return appendRaw(dst, raw)
	}}
	c.within(path[:len(path)-1]...)
	return c, true
}

// memberOf is a member of a JSON object; nil where there is none, or it is null.
func memberOf(object json.RawMessage, name string) json.RawMessage {
	var members map[string]json.RawMessage
	if len(object) == 0 || json.Unmarshal(object, &members) != nil || string(members[name]) == "null" {
		return nil
	}
	return members[name]
}
