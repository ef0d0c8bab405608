// Package fetch makes one HTTP exchange and one honest Response, and decides
// purely what comes next.
//
// What it is: Client.Do sends one request over a kept-alive HTTP/1.1 or HTTP/2
// connection, decodes and bounds the body, and says what happened in a closed
// set of kinds; Next looks at that answer and says done, another hop, or again
// after a while. The room fetch/robots holds the rules of robots.txt.
//
// What it is not: it follows no redirect, sleeps before no retry, knows no
// robots rules and no politeness, keeps no cookies. Those are scheduling, and
// scheduling belongs to whoever calls it.
//
// Smallest use:
//
//	c, err := fetch.New(fetch.Options{UserAgent: "mybot/1.0"})
//	resp, err := c.Do(ctx, &fetch.Request{URL: u})
//	defer resp.Release() // never nil, also with an error
//	d := fetch.Next(resp, err, fetch.State{URL: u, MaxRetries: 2, MaxRedirects: 10}, time.Now(), rand.Float64)
//
// Who may call: Do blocks and may be called from any number of goroutines, one
// exchange each. What outlives it are the transport's own goroutines: idle
// connections, until Close drops them, and a dial whose exchange was cancelled,
// for at most ConnectTimeout. Next and everything in robots but robots.Fetch are
// pure.
//
// # Decisions
//
// The transport is net/http's, tuned and hidden in transport.go: it speaks
// HTTP/2 and TLS correctly today. The road not taken yet is an own HTTP/1.1
// engine, which costs a third of the CPU; it can replace the file without a
// change to the API. http.Client is not used: its redirects, cookies and
// time-outs would decide behind the caller's back.
//
// Bodies are decoded here (gzip, deflate, br, zstd), not by net/http: its gzip
// is three to five times as expensive, and the limits must count decoded bytes.
// Bodies live in pooled buffers that Release gives back; the road not taken,
// io.ReadAll, makes more than twice the body in garbage.
//
// Errors are classified by type and by the phase in which they came, never by
// text. net/http has no type for an answer that is no HTTP; an error of unknown
// type is therefore judged by elimination: after the first byte of the answer
// it is KindProtocol, in the TLS handshake KindTLS, before any answer
// KindReset. One case is known to be judged wrongly so: a server that demands a
// client certificate over HTTP/2 and TLS 1.3, whose alert net/http hides, is
// KindReset and not KindTLS.
//
// A connection that the server closed at reuse is replaced by the transport,
// silently, for methods that are safe to repeat; that is not a retry in the sense
// of State.Retries. net/http takes another idle connection first, so a host that
// dropped all of them costs one try for each before a new one is opened.
package fetch
