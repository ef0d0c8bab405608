package changes

import (
	"net/http"

	"crawl/results"
)

// cutOff says that a record is of a line of which nothing was learnt.
func cutOff(r *results.Record) bool {
	return r.Duplicate || r.Error.Kind == "cancelled" || r.Error.Kind == "deadline"
}

// isGone says that the answer of a failed line is that there is nothing.
func isGone(r *results.Record) bool {
	return r.Error.Kind == "http" && (r.Status == http.StatusNotFound || r.Status == http.StatusGone)
}

// judge says what is to be told of a record, "" if nothing, and what to remember.
// was is the entry before, or one with nothing but the request.
func judge(was entry, r *results.Record, failAfter int) (word string, now entry) {
	now = was
	if !r.OK && r.Status != 0 {
		now.ETag, now.LastModified = "", "" // they were of the answer before this one
	}
	switch {
	case r.OK:
		word = was.welcome(r)
		now.learn(r)
	case isGone(r) && was.Status != 0:
		if was.State != gone {
			word = results.Gone
		}
		now.State, now.Failed = gone, 0
	default:
		now.Failed++
		if (was.State == well || was.State == untold) && now.Failed >= failAfter {
			word, now.State = results.Failing, failing
		}
	}
	return word, now
}

// welcome is the word for a good answer.
func (e *entry) welcome(r *results.Record) string {
	switch {
	case e.State == untold && e.Status == 0:
		return results.New
	case e.State == gone, e.State == failing:
		return results.Recovered
	case r.Status == http.StatusNotModified, e.Content == "":
		return "" // nothing to compare
	case e.Content != r.Basis.Content, e.Status != r.Status:
		return results.Changed
	}
	return ""
}

// learn takes over what a good answer says.
func (e *entry) learn(r *results.Record) {
	b := r.Basis
	etag, modified := entityTag(b.ETag), httpDate(b.LastModified)
	e.State, e.Failed = well, 0
	if r.Status == http.StatusNotModified && e.Status != 0 {
		if etag != "" { // RFC 9110 section 15.4.5: a 304 may bring newer ones
			e.ETag = etag
		}
		if modified != "" {
			e.LastModified = modified
		}
		return
	}
	e.Status, e.Content, e.FinalURL = r.Status, b.Content, r.FinalURL
	e.ETag, e.LastModified = etag, modified
}
