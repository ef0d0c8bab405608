package sqlite

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"crawl/frontier"
	"crawl/weburl"
)

// row is an item as the tables queue, note and held have it.
type row struct {
	id       int64
	at       int64
	url      string // its identity: with userinfo
	depth    int
	referrer string
	more     []byte
}

// more is what the columns have no room for; a link that was never asked has
// nothing of it. Texts that may be no UTF-8 are bytes.
type more struct {
	Entry       int64               `json:"entry,omitempty"` // the index of a seed and 1
	Line        int64               `json:"line,omitempty"`
	Input       []byte              `json:"input,omitempty"`
	Invalid     string              `json:"invalid,omitempty"`
	DuplicateOf int64               `json:"duplicate_of,omitempty"`
	Key         uint64              `json:"key,omitempty"`
	Method      string              `json:"method,omitempty"`
	Header      map[string][][]byte `json:"header,omitempty"`
	Timeout     time.Duration       `json:"timeout,omitempty"`
	Meta        []byte              `json:"meta,omitempty"`
	Sitemap     bool                `json:"sitemap,omitempty"`

	Target    string          `json:"target,omitempty"`
	Ask       string          `json:"ask,omitempty"`
	Hops      []hop           `json:"hops,omitempty"`
	Foreign   bool            `json:"foreign,omitempty"`
	Retries   int             `json:"retries,omitempty"`
	Again     bool            `json:"again,omitempty"`
	Last      frontier.Answer `json:"last,omitzero"`
	Started   time.Time       `json:"started,omitzero"`
	Waited    time.Duration   `json:"waited,omitempty"`
	NotBefore time.Time       `json:"not_before,omitzero"`
	Since     time.Time       `json:"since,omitzero"`
}

type hop struct {
	URL     string `json:"url"`
	Method  string `json:"method,omitempty"`
	Status  int    `json:"status"`
	Cookies bool   `json:"cookies,omitempty"`
}

// newRow is the row of an item, without its id and its time.
func newRow(it *frontier.Item) (row, error) {
	r := row{url: it.URL.Identity(), depth: it.Depth, referrer: it.Referrer}
	m := more{
		Line: it.Line, Input: []byte(it.Input), DuplicateOf: it.DuplicateOf, Key: it.Key,
		Method: it.Method, Timeout: it.Timeout, Meta: it.Meta, Sitemap: it.Sitemap,
		Ask: it.Ask, Foreign: it.Foreign, Retries: it.Retries, Again: it.Again, Last: it.Last,
		Started: it.Started, Waited: it.Waited, NotBefore: it.NotBefore, Since: it.Since,
	}
	if it.Index >= 0 {
		m.Entry = it.Index + 1
	}
	if it.Invalid != nil {
		m.Invalid = it.Invalid.Error()
	}
	if it.Target != it.URL {
		m.Target = it.Target.Identity()
	}
	for name, values := range it.Header {
		if m.Header == nil {
			m.Header = map[string][][]byte{}
		}
		for _, v := range values {
			m.Header[name] = append(m.Header[name], []byte(v))
		}
	}
	for _, h := range it.Hops {
		m.Hops = append(m.Hops, hop{URL: h.URL.Identity(), Method: h.Method, Status: h.Status, Cookies: h.Cookies})
	}
	text, err := json.Marshal(&m)
	if err == nil && string(text) != "{}" {
		r.more = text
	}
	return r, err
}

// item is the item again.
func (r *row) item() (frontier.Item, error) {
	it := frontier.Item{ID: frontier.ItemID(r.id), Index: -1, Depth: r.depth, Referrer: r.referrer}
	var err error
	if r.url != "" {
		it.URL, err = weburl.Parse(r.url)
	}
	it.Target = it.URL
	if err != nil || len(r.more) == 0 {
		return it, fault(r, err)
	}
	var m more
	if err := json.Unmarshal(r.more, &m); err != nil {
		return it, fault(r, err)
	}
	it.Index, it.Line, it.Input, it.DuplicateOf, it.Key = m.Entry-1, m.Line, string(m.Input), m.DuplicateOf, m.Key
	it.Method, it.Timeout, it.Meta, it.Sitemap = m.Method, m.Timeout, m.Meta, m.Sitemap
	it.Ask, it.Foreign, it.Retries, it.Again, it.Last = m.Ask, m.Foreign, m.Retries, m.Again, m.Last
	it.Started, it.Waited, it.NotBefore, it.Since = m.Started, m.Waited, m.NotBefore, m.Since
	if m.Invalid != "" {
		it.Invalid = errors.New(m.Invalid)
	}
	if m.Target != "" {
		it.Target, err = weburl.Parse(m.Target)
	}
	for name, values := range m.Header {
		if it.Header == nil {
			it.Header = http.Header{}
		}
		for _, v := range values {
			it.Header[name] = append(it.Header[name], string(v))
		}
	}
	for _, h := range m.Hops {
		u, hopErr := weburl.Parse(h.URL)
		err = errors.Join(err, hopErr)
		it.Hops = append(it.Hops, frontier.Hop{URL: u, Method: h.Method, Status: h.Status, Cookies: h.Cookies})
	}
	return it, fault(r, err)
}

// fault says which row cannot be read, if one cannot.
func fault(r *row, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("item %d: %w", r.id, err)
}
