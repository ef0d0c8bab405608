package results

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// templateJSON is v as JSON on one line, without control characters. What is a part of
// the record is written as it is there, and null if it is not there.
func templateJSON(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return string(appendString(nil, v)), nil
	case templateRecord:
		return v.String(), nil
	case Failure:
		if v == (Failure{}) {
			return "null", nil
		}
		return string(appendFailure(nil, &v)), nil
	case Timing:
		return cmp.Or(string(appendTiming(nil, &v)), "null"), nil
	case []Redirect:
		if len(v) == 0 {
			return "null", nil
		}
		return string(appendRedirects(nil, v)), nil
	case Redirect:
		list := appendRedirects(nil, []Redirect{v})
		return string(list[1 : len(list)-1]), nil
	case time.Duration:
		return cmp.Or(templateMillis(v), "null"), nil
	case time.Time:
		if !datable(v) {
			return "null", nil
		}
		return `"` + string(appendDate(nil, v)) + `"`, nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", err
	}
	return string(appendRaw(nil, bytes.TrimSuffix(b.Bytes(), []byte("\n")))), nil
}

// templateGet is a member of a JSON object: a string as it is, anything else as
// JSON, and "" where there is none. object is a record's Meta, or what get made of
// it.
func templateGet(name string, object any) (string, error) {
	text, ok := object.(string)
	if !ok {
		return "", fmt.Errorf("get takes JSON, such as .Meta, not %T", object)
	}
	raw := memberOf([]byte(text), name)
	var s string
	switch {
	case raw == nil:
		return "", nil
	case json.Unmarshal(raw, &s) == nil:
		return blank(s), nil
	}
	return string(appendRaw(nil, raw)), nil
}

// blank is s with spaces for control characters, and valid UTF-8.
func blank(s string) string {
	for _, c := range []byte(s) {
		if c < ' ' || c >= 0x7f {
			return string(appendBlanked(nil, []byte(s), false))
		}
	}
	return s
}

func blankAll(list []string) []string {
	list = slices.Clone(list)
	for i := range list {
		list[i] = blank(list[i])
	}
	return list
}

// blanked is a copy of r whose strings are blank. Meta, which is JSON, is respelt by
// those who write it.
func blanked(r *Record) *Record {
	b := *r
	for _, s := range []*string{
		&b.Input, &b.URL, &b.FinalURL, &b.Error.Kind, &b.Error.Message, &b.Error.Phase, &b.Title, &b.Description,
		&b.Canonical, &b.Refresh, &b.Lang, &b.Location, &b.ContentType, &b.Charset, &b.CharsetSource,
		&b.Digest, &b.File, &b.Protocol, &b.IP, &b.Referrer, &b.Change,
	} {
		*s = blank(*s)
	}
	b.Basis = Basis{} // it is no part of the output
	b.Links = blankAll(r.Links)
	b.Redirects = slices.Clone(r.Redirects)
	for i := range b.Redirects {
		b.Redirects[i].URL = blank(b.Redirects[i].URL)
	}
	b.Fields = slices.Clone(r.Fields)
	for i := range b.Fields {
		f := &b.Fields[i]
		f.Name, f.Value, f.Values = blank(f.Name), blank(f.Value), blankAll(f.Values)
	}
	return &b
}
