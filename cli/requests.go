package cli

import (
	"errors"
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/http/httpguts"

	"crawl/frontier/list"
)

// equipRequests puts what every request carries into the options. No error of it
// shows the value of a header.
func (o *options) equipRequests() error {
	if err := list.CheckMethod(o.method); err != nil {
		return fmt.Errorf("%s: %w", o.named("method"), err)
	}
	h := http.Header{}
	if o.contact != "" {
		note, address, err := contact(o.contact)
		if err != nil {
			return fmt.Errorf("%s: %w", o.named("contact"), err)
		}
		o.engine.Fetch.UserAgent += " (+" + note + ")"
		if address != "" {
			h.Set("From", address)
		}
	}
	if err := addHeaders(h, o.headers); err != nil {
		return fmt.Errorf("%s: %w", o.named("header"), err)
	}
	if agent := h.Get("User-Agent"); agent != "" { // it names us to robots.txt too
		o.engine.Fetch.UserAgent = agent
		h.Del("User-Agent")
	}
	if len(h) > 0 {
		o.engine.Fetch.Header = h
	}
	o.engine.Accept = o.accept.accept()
	return nil
}

// addHeaders adds what -H says, as curl has it: "Name: value"; "Name;" is sent
// empty; "Name:" is not sent, although it is by default. Those that are given
// take the place of ours, and one may be given more than once.
func addHeaders(h http.Header, headers []string) error {
	own := http.Header{}
	for _, text := range headers {
		name, value, ok := strings.Cut(text, ":")
		value = strings.Trim(value, " \t")
		unset := ok && value == ""
		if !ok {
			name, ok = strings.CutSuffix(strings.TrimSpace(text), ";")
		}
		name = strings.TrimSpace(name)
		if !ok || !httpguts.ValidHeaderFieldName(name) { // a secret may stand in its place
			return errors.New("want 'Name: value', or 'Name;' for an empty one")
		}
		if err := list.CheckHeader(name, value); err != nil {
			return err
		}
		key := http.CanonicalHeaderKey(name)
		if unset {
			own[key] = nil
			continue
		}
		own[key] = append(own[key], value)
	}
	for key, values := range own {
		h[key] = values
	}
	return nil
}

// contact is what the user agent says of those who crawl: a URL, or an e-mail
// address, which is returned by itself as well.
func contact(text string) (note, address string, err error) {
	want := errors.New("want an e-mail address or a URL, such as https://example.com/bot")
	if strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsGraphic(r) || r == ' ' }) >= 0 {
		return "", "", want
	}
	if u, err := url.Parse(text); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil {
		return strings.NewReplacer("(", "%28", ")", "%29", "\\", "%5C").Replace(text), "", nil
	}
	text = strings.TrimPrefix(text, "mailto:")
	if a, err := mail.ParseAddress(text); err == nil && a.Address == text && !strings.ContainsAny(text, "()\\\"") {
		return text, text, nil
	}
	return "", "", want
}
