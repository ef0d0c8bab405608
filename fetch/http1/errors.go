package http1

import (
	"errors"
	"strconv"
)

// ErrNotReusable is what Do says of a connection for which Reusable is false.
// Nothing was sent.
var ErrNotReusable = errors.New("the connection cannot take another request")

// ProtocolError says that the answer is no valid HTTP/1.x. The connection is of
// no more use.
type ProtocolError struct {
	Text string // for people; bytes of the peer stand in it quoted and cut
	// NoAnswer says that not even the first bytes can be those of an answer of any
	// HTTP. On a connection that was used before they may be no answer to the request,
	// but what was too many, or came too late, after the answer before.
	NoAnswer bool
}

func (e *ProtocolError) Error() string { return e.Text }

// RequestError says that a request cannot be sent as it is. Nothing was sent, and
// the connection is as it was.
type RequestError struct {
	Text string // for people
}

func (e *RequestError) Error() string { return e.Text }

// quoted shows bytes of the peer so that they do no harm in a message.
func quoted[T string | []byte](b T) string {
	const most = 40
	if len(b) > most {
		return strconv.QuoteToASCII(string(b[:most])) + "..."
	}
	return strconv.QuoteToASCII(string(b))
}
