// Package weburl parses, resolves and normalises http and https URLs as
// browsers do (WHATWG URL Standard).
//
// What it is: one value type, [URL], that is always absolute, always http or
// https, always in normal form (IDNA host, default port dropped, dot segments
// resolved, fragment dropped), and that knows what each of its readers needs: the
// text for a record without credentials, the identity duplicates are judged by,
// the address to dial, the request line, the origin.
//
// What it is not: a general URL library. Other schemes are an error
// ([ErrScheme]), fragments are forgotten, values cannot be edited; query
// parameters are opaque text.
//
// Smallest use:
//
//	base, err := weburl.Parse("https://example.com/a/b")
//	next, err := base.Resolve("../c?q=1#part")
//	fmt.Println(next) // https://example.com/c?q=1
//
// All functions are pure: they may be called from any goroutine, do not block
// and share no state.
//
// # Decisions
//
// A URL is one string and four offsets into it, so it is small, comparable with
// == and usable as a map key. The road not taken is net/url.URL: it accepts what
// browsers refuse, keeps what they normalise, and has a pointer inside.
//
// The parser for http and https is our own, one linear pass (compose.go); hosts
// that are neither plain ASCII domains nor IPv4 addresses in normal form go to github.com/nlnwa/whatwg-url, which
// stands on golang.org/x/net/idna. The road not taken is that library for all
// of it: it costs some fifteen times as much, and seconds for one hostile URL of 64 KiB
// (its time is quadratic in userinfo and path segments). It remains the oracle:
// a test and a fuzz target hold every answer to the library's, the Web Platform
// Tests decide where they differ, and each difference is named in the tests.
//
// Text longer than [MaxLen] is refused before any work is done, so that the cost
// of a hostile page's links is bounded.
package weburl
