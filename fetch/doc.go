// Package fetch makes one HTTP exchange and one honest Response, and decides
// purely what comes next.
//
// What it is: Client.Do sends one request over a kept-alive HTTP/1.1 or HTTP/2
// connection, decodes and bounds the body, and says what happened in a closed
// set of kinds; Next looks at that answer and says done, another hop, or again
// after a while. The room fetch/robots holds the rules of robots.txt.
//
// What it is not: it follows no redirect, sleeps before no retry, knows no
// robots rules and no politeness. Those are scheduling, and scheduling belongs to
// whoever calls it. It keeps no cookies unless Options.Cookies says so.
//
// Smallest use:
//
//	c, err := fetch.New(fetch.Options{UserAgent: "mybot/1.0"})
//	resp, err := c.Do(ctx, &fetch.Request{URL: u})
//	defer resp.Release() // never nil, also with an error
//	d := fetch.Next(resp, err, fetch.State{URL: u, MaxRetries: 2, MaxRedirects: 10}, time.Now(), rand.Float64)
//
// Who may call: Do blocks and may be called from any number of goroutines, one
// exchange each. What outlives it are idle
// connections, until Close drops them, and a look-up whose exchange was cancelled,
// for at most ConnectTimeout. Next and everything in robots but robots.Fetch are
// pure.
//
// # Decisions
//
// The connections are our own: fetch/dial opens them, pool.go keeps them, and
// fetch/http1 speaks HTTP/1.1 on them. The road that was left is net/http's
// transport. It has two goroutines for each connection and several hand-overs for
// each exchange, which one goroutine does without (compare BenchmarkDo with
// BenchmarkNetHTTP). It also tries any number of stale
// connections in turn, keeps half a kilobyte for every host that could not be
// reached, and cannot bound the phases one by one. HTTP/2 is net/http's still, by
// its ClientConn on a connection of ours: no CPU is to be won there, and the
// protocol is large. http.Client is not used: its redirects, cookies and
// time-outs would decide behind the caller's back.
//
// An exchange runs on the goroutine that called Do, from the look-up to the end of
// the body. All that can end it early goes through its context: the caller, the
// whole time, the wait for the first byte, the minimum rate; the cause of the
// context says which it was. The end of the context sets a deadline in the past,
// which ends every read and write at once.
//
// Idle connections are looked at before they are used again, without reading
// (http1.Conn.Stale), since a server's keep-alive may have ended. What slips through,
// a connection that is closed while the request is on its way, or on which comes
// what is no answer but belongs to the one before, is replaced by Do itself, once, by a new connection, for safe methods, and is not a retry in
// the sense of State.Retries. So is an HTTP/2 stream or connection that is given
// up by the peer (GOAWAY, RST_STREAM).
//
// Of a new https origin nobody knows whether it speaks HTTP/2. The first request
// opens a connection, and others wait for it, at most a second, because they may
// share it. The road not taken, everybody opens one and the surplus is closed,
// costs a TLS handshake each.
//
// Bodies are decoded here (gzip, deflate, br, zstd), not by net/http: its gzip
// is three to five times as expensive, and the limits must count decoded bytes.
// Bodies live in pooled buffers that Release gives back; the road not taken,
// io.ReadAll, makes more than twice the body in garbage.
//
// Cookies are judged by net/http/cookiejar, but it cannot be bounded, so there is
// one for each registrable domain, and beside it a count of what is in it. A domain
// has 180 cookies at most, and further ones are not taken. The whole jar is two
// generations of 16 MiB: a domain that is asked or sets something is one of the
// young; when these are too much they become the old, and what was old until then
// is forgotten. So a long crawl keeps the cookies of the domains that it is busy
// with. The roads not taken: a list in the order of use, a second structure to keep
// right for a sharper edge than anybody needs; and to take nothing more once the
// jar is full, which would leave the rest of a long crawl without cookies.
//
// Errors are classified by type and by the phase in which they came, never by
// text. net/http's HTTP/2 hides the types of some errors; an error of unknown
// type is therefore judged by elimination: after the first byte of the answer
// it is KindProtocol, over HTTP/2 KindReset, in the TLS handshake KindTLS, before
// any answer KindReset. What would be judged wrongly so is looked at before
// net/http sees it: a server that agreed to HTTP/2 and does not speak it, and a
// frame over the limit, by a reader of the frames' headers. To put that between
// TLS and net/http, the connection is one without TLS in net/http's eyes.
package fetch
