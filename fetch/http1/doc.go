// Package http1 speaks HTTP/1.1 on one connection: it writes a request, reads
// the answer's header, and hands out the body without its framing.
//
// What it is: a codec for a client, one exchange after another on a net.Conn
// that somebody else dialled. It checks every byte that it sends, bounds every
// byte that it keeps, and forgives what real servers get wrong wherever that
// cannot change where a message ends (RFC 9110, RFC 9112).
//
// What it is not: a connection pool, a dialler, a client. It sends no request
// body, follows no redirect, undoes no Content-Encoding, retries nothing, makes
// no goroutine and knows no clock: limits of time are the owner's, who sets
// deadlines on the net.Conn or closes it.
//
// Smallest use:
//
//	c := http1.NewConn(nc, http1.Options{})
//	a, err := c.Do(&http1.Request{Method: "GET", Target: "/", Host: "example.com"}, http1.Events{})
//	page, err := io.ReadAll(a.Body)
//	again := c.Reusable()
//
// Who may call: one goroutine at a time. Close and Received alone may be called
// from any other at the same time.
//
// # Decisions
//
// The Answer, its Body and the buffers are parts of the Conn and are used again
// by the next exchange; only what a caller wants to keep, the header, is made
// anew. All its names and values are parts of one string. The price is that an
// Answer is good until the next Do, and that one value that is kept keeps the
// whole header. The road not taken is net/http's: an object for everything, some
// 45 allocations and two goroutines for an exchange.
//
// Names are brought to canonical form in the read buffer, before the string is
// made of it. The road not taken, a table of common names, costs a look-up for
// each and an allocation for the others.
//
// Nobody reads from an idle connection. What a server sends unasked is noticed
// with the answer before it, if it came then, or by Stale, when the owner asks.
// The road not taken, a goroutine that waits for it on each connection, would be
// woken in every exchange too.
//
// A header is read whole and then taken apart. The road not taken, a parser that
// stops and goes on at any byte, would need no buffer as large as the header, but
// the header is needed as one string anyway, and its size is bounded.
//
// Lines that are no header fields are passed over, as browsers do, because a
// page should not be lost for them; but never where a line may have been meant
// to say where the body ends (Content-Length, Transfer-Encoding), and a NUL
// makes the whole answer invalid. What is forgiven in the framing of a body costs
// the connection: it is not used again.
//
// Header, 1xx answers, trailers and padding around chunk sizes share one
// allowance of bytes, Options.MaxHeader, so that there is no second place where
// a server could send without end.
package http1
