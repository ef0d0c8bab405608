package fetch

import "crawl/fetch/http1"

// Tap is given one exchange byte for byte, as it goes over an HTTP/1.1 connection.
// Over HTTP/2, whose bytes are frames of many exchanges, it is given nothing: a
// client whose exchanges are to be kept has Options.HTTP1. Its methods are called
// on the goroutine of Do, and must not keep the bytes.
//
// Nothing is told before the header of the final answer is there, so an exchange
// that was broken off before, or made anew on another connection, leaves nothing.
// What an https proxy is asked to open the way is no part of it either.
type Tap interface {
	// Answer has the request and the answer's header, each whole, from its first
	// line to the empty one. It is called once.
	Answer(request, header []byte)
	// Wire has the next piece of the body as it came, with the framing of chunks
	// and the trailers, as far as it is read: also what follows the end of a content
	// coding, and what cannot be decoded, to MaxBody bytes.
	Wire(p []byte)
	// Payload has the next piece of the body without framing, in the content coding
	// that it came in.
	Payload(p []byte)
}

// tapped gathers what Tap.Answer is to be given.
type tapped struct {
	tap             Tap
	request, header []byte
	answered        bool
}

// tapEvents puts a tap in the way of an exchange.
func tapEvents(to Tap, ev *http1.Events) *tapped {
	t := &tapped{tap: to}
	informed := ev.Informational
	ev.Sent = func(p []byte) { t.request = append(t.request, p...) }
	ev.Received = t.received
	ev.Informational = func() {
		t.header = t.header[:0] // it was no header of the final answer
		informed()
	}
	return t
}

func (t *tapped) received(p []byte) {
	if t.answered {
		t.tap.Wire(p)
		return
	}
	t.header = append(t.header, p...)
}

// answer notes that the header has ended.
func (t *tapped) answer() {
	t.tap.Answer(t.request, t.header)
	*t = tapped{tap: t.tap, answered: true}
}
