package list

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"crawl/frontier"
	"crawl/weburl"
)

// Reasons why a line is no URL, for its record's message.
var (
	errLong = fmt.Errorf("line is longer than %d KiB", maxLine>>10)
	errNUL  = errors.New("line holds a NUL byte")

	errNoURL  = errors.New("JSON object without a url")
	errNoJSON = errors.New("line begins with { and is no valid JSON")
)

// parseLine makes an item of a line that is not blank and no comment: a URL, or
// a JSON object with one (cli.md §2). A bad line is an item too, with Invalid.
func parseLine(text []byte, long bool) frontier.Item {
	if len(text) > 0 && text[0] == '{' && !long {
		return parseObject(text)
	}
	typed := string(text)
	it := frontier.Item{Input: asTyped(typed)}
	if len(text) > 0 && (text[0] == '{' || text[0] == '[' && bytes.IndexByte(text, '"') >= 0) { // no line, and may hold a header
		it.Input = objectAsTyped(text)
	}
	switch {
	case long:
		it.Invalid = errLong
	case bytes.IndexByte(text, 0) >= 0:
		it.Invalid = errNUL
	default:
		it.URL, it.Invalid = weburl.ParseInput(typed)
	}
	it.Target = it.URL
	if it.Invalid != nil {
		it.Input = hidden(it.Input)
	}
	return it
}

// object is a line in JSON, with the names of Members. Others are ignored, so that a
// record of another tool can be a line as it is; see Unknown.
type object struct {
	URL     string            `json:"url"`
	Meta    json.RawMessage   `json:"meta"`
	Method  string            `json:"method"`
	Headers map[string]string `json:"headers"`
	Timeout json.RawMessage   `json:"timeout"`
}

func parseObject(text []byte) frontier.Item {
	var o object
	if err := json.Unmarshal(text, &o); err != nil {
		return frontier.Item{Input: hidden(objectAsTyped(text)), Invalid: jsonFault(err)}
	}
	if o.URL == "" {
		return frontier.Item{Input: hidden(objectAsTyped(text)), Meta: o.Meta, Invalid: errNoURL}
	}
	it := frontier.Item{Input: asTyped(o.URL), Meta: o.Meta, Method: strings.ToUpper(o.Method)}
	var urlErr, headersErr, timeErr error
	it.URL, urlErr = weburl.ParseInput(o.URL)
	it.Target = it.URL
	if urlErr != nil {
		it.Input = hidden(it.Input)
	}
	it.Header, headersErr = parseHeaders(o.Headers)
	it.Timeout, timeErr = parseTimeout(o.Timeout)
	it.Invalid = cmp.Or(urlErr, CheckMethod(it.Method), headersErr, timeErr)
	return it
}

// jsonFault says what is wrong with a line that should be an object.
func jsonFault(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		return fmt.Errorf("%s cannot be a JSON %s", kind.Field, kind.Value)
	}
	return errNoJSON
}

// parseHeaders refuses a name or value that could not stand in a request, and
// one that is given twice in different spellings.
func parseHeaders(m map[string]string) (http.Header, error) {
	if len(m) == 0 {
		return nil, nil
	}
	h := make(http.Header, len(m))
	for name, value := range m {
		key := http.CanonicalHeaderKey(name)
		if err := CheckHeader(name, value); err != nil {
			return nil, err
		}
		if h[key] != nil {
			return nil, fmt.Errorf("header %q is given twice", key)
		}
		h.Set(name, value)
	}
	return h, nil
}

// parseTimeout takes "5s" or a number of seconds.
func parseTimeout(raw json.RawMessage) (time.Duration, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return 0, nil
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = string(raw) + "s"
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("timeout %.20q is no time above zero", text)
	}
	return d, nil
}

// nested finds the userinfo of a URL that stands inside other text: a JSON object
// that is none, a fragment, a query. An "@" may be escaped, or a wide one, as
// weburl.Redact has it.
//
// It costs more than all else that is done with a line: see mayNest.
var nested = regexp.MustCompile(`(?i)//[^/?#\s"]*(?:@|%40|\x{ff20}|%ef%bc%a0|\x{fe6b}|%ef%b9%ab)`)

// mayNest says that s has what ends the userinfo of nested; most lines do not.
func mayNest(s string) bool {
	if strings.IndexByte(s, '@') >= 0 || strings.IndexByte(s, "\uff20"[0]) >= 0 { // "\ufe6b" begins with the same
		return true
	}
	for i := strings.IndexByte(s, '%'); i >= 0; i = strings.IndexByte(s, '%') {
		s = s[i+1:]
		if strings.HasPrefix(s, "40") || len(s) > 1 && strings.EqualFold(s[:2], "ef") {
			return true
		}
	}
	return false
}

// likeUserinfo finds what looks like a name and a password, with an "@" as nested has it.
var likeUserinfo = regexp.MustCompile(`(?i)[^\s/?#&=,;"'@]+(?::|%3a)[^\s/?#"@]*(?:@|%40|\x{ff20}|%ef%bc%a0|\x{fe6b}|%ef%b9%ab)`)

// hidden is a text that is no URL, so that nothing says where its userinfo stands, and
// whatever looks like one is hidden.
func hidden(s string) string {
	if !mayNest(s) {
		return s
	}
	return likeUserinfo.ReplaceAllStringFunc(s, func(found string) string {
		const mailto = "mailto:"
		if n := len(mailto); len(found) > n && strings.EqualFold(found[:n], mailto) && !likeUserinfo.MatchString(found[n:]) {
			return found // an address, and no secret
		}
		return "***@"
	})
}

// secretName finds the name of a header whose value is a secret, and stringValue what
// follows it in an object, which may be broken off anywhere.
var (
	secretName  = regexp.MustCompile(`(?i)authorization|cookie`)
	stringValue = regexp.MustCompile(`^("?\s*[:=]\s*")(?:[^"\\]|\\.)*`)
	escapedChar = regexp.MustCompile(`(?i)\\u00[2-7][0-9a-f]`)
)

// objectAsTyped is an object that is no request, as a record may show it. A secret that
// is a text is hidden; where a name of one is followed by anything else, or spelt with
// escapes, so is all that comes behind.
func objectAsTyped(text []byte) string {
	var b strings.Builder
	rest := string(text)
	if at := escapedChar.FindStringIndex(rest); at != nil {
		plain := escapedChar.ReplaceAllStringFunc(rest, func(c string) string {
			n, _ := strconv.ParseUint(c[2:], 16, 8)
			return string(rune(n))
		})
		if len(secretName.FindAllString(plain, -1)) > len(secretName.FindAllString(rest, -1)) {
			rest = rest[:at[0]] + hiddenRest
		}
	}
	for {
		name := secretName.FindStringIndex(rest)
		if name == nil {
			return asTyped(b.String() + rest)
		}
		b.WriteString(rest[:name[1]])
		rest = rest[name[1]:]
		value := stringValue.FindStringSubmatch(rest)
		switch {
		case value != nil:
			b.WriteString(value[1] + hiddenRest)
			rest = rest[len(value[0]):]
		case rest != "":
			rest = hiddenRest
		}
	}
}

// hiddenRest stands for what is hidden.
const hiddenRest = "***"

// asTyped is a line as a record may show it: no credentials, valid UTF-8, and
// not over 64 KiB.
func asTyped(s string) string {
	s = weburl.Redact(s)
	if mayNest(s) {
		s = nested.ReplaceAllString(s, "//***@")
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if len(s) > maxLine {
		s = strings.ToValidUTF8(s[:maxLine], "") // without the rune that the cut splits
	}
	return s
}
