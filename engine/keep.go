package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"crawl/frontier"
	"crawl/results"
)

// kept is what is left of a body in its record.
type kept struct{ digest, file string }

// keep takes the digest of an answer's body and saves it, if that is asked for; of
// a body that broke off nothing may be there.
// It blocks on the disk where there is a body. The error says that what should be
// output is not.
func (r *run) keep(it *frontier.Item, x exchange) (kept, *SinkError) {
	var k kept
	resp := x.resp
	if (r.o.Digest || r.o.Save != nil) && (x.err == nil || len(resp.Body) > 0) {
		sum := sha256.Sum256(resp.Body)
		k.digest = hex.EncodeToString(sum[:])
	}
	if r.o.Save == nil || len(resp.Body) == 0 {
		return k, nil
	}
	file, err := r.o.Save(saveName(it, resp.ContentType), resp.Body)
	if err != nil {
		return k, &SinkError{err}
	}
	k.file = file
	return k, nil
}

// saveName names a body after the request of its line, wherever that led. What
// tells lines of the same URL apart may be a secret, of which not even a hash
// must show; their index stands for it.
func saveName(it *frontier.Item, contentType string) results.Name {
	u := it.URL
	n := results.Name{Scheme: u.Scheme(), Host: u.Hostname(), Port: u.Port(), Path: u.Path(), Query: u.Query(), Type: contentType}
	if it.Method != http.MethodGet {
		n.Request = it.Method
	}
	if _, _, secret := u.User(); secret || len(it.Header) > 0 {
		if isLink(it) {
			n.Request += fmt.Sprintf(" link %d", it.ID)
		} else {
			n.Request += fmt.Sprintf(" index %d", it.Index)
		}
	}
	return n
}
