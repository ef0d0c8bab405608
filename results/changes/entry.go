package changes

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// Request is what an entry is known by.
type Request struct {
	URL    string // without credentials
	Method string // "" is GET
	Own    string // tells apart what URL and Method do not; see Memory.Own
}

// key is a text that two requests share only if they are the same: neither a
// method nor Own has a space.
func (q Request) key() string { return q.Method + " " + q.Own + " " + q.URL }

// entry is what the file has of a request, a line of JSON.
type entry struct {
	URL    string `json:"url"`
	Method string `json:"method,omitempty"`
	Own    string `json:"own,omitempty"`

	State  state `json:"state,omitempty"`
	Failed int   `json:"failed,omitempty"` // runs in a row, up to the last

	// Of the last good answer; Status is 0 if there never was one.
	Status       int    `json:"status,omitempty"`
	Content      string `json:"content,omitempty"` // "" if only a 304 came
	FinalURL     string `json:"final_url,omitempty"`
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
}

// state is what the reader of the feed believes.
type state string

const (
	untold  state = "" // nothing: it failed, and not often enough
	well    state = "ok"
	gone    state = "gone"
	failing state = "failing"
)

func (e *entry) request() Request { return Request{URL: e.URL, Method: e.Method, Own: e.Own} }

// decode reads an entry. Members that it does not know are passed over.
func decode(line []byte) (entry, error) {
	var e entry
	if err := json.Unmarshal(line, &e); err != nil {
		return e, errors.New("is no JSON object of the right form")
	}
	return e, e.check()
}

var errNoURL = errors.New("has no url")

// check refuses what no run has written, for it would be told wrong or sent.
func (e *entry) check() error {
	content, err := hex.DecodeString(e.Content)
	switch {
	case e.URL == "":
		return errNoURL
	case strings.Contains(e.Method+e.Own, " "):
		return errors.New("has a space in method or own")
	case e.State != untold && e.State != well && e.State != gone && e.State != failing:
		return errors.New("has a state that is none")
	case e.Failed < 0, e.Status != 0 && (e.Status < 100 || e.Status > 999):
		return errors.New("has a number that cannot be")
	case (e.State == well || e.State == gone) && e.Status == 0:
		return errors.New("was ok, and has no status")
	case err != nil, len(content) != 0 && len(content) != 32:
		return errors.New("has a content that is no sha256")
	case !isText(e.ETag, maxETag), !isText(e.LastModified, maxLastModified):
		return errors.New("has a validator that cannot be sent")
	}
	return nil
}

// newEncoder writes entries, a line each, in which people find "&" as it is.
func newEncoder(w io.Writer) *json.Encoder {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc
}
