// Package robots holds what robots.txt says about a site (RFC 9309).
//
// What it is: Rules, an immutable value that answers whether an agent may ask a
// URL, how long it should wait between requests, and where the sitemaps are;
// Fetch, which gets the rules of one origin; and Ask, which makes one step of
// that for who has to see to other hosts' politeness between two redirects.
//
// What it is not: it keeps no cache, decides no waiting and knows no queue.
// Whoever owns the politeness asks once per origin and keeps the Rules.
//
// Smallest use:
//
//	agent := robots.Token("mybot/1.0 (+https://example.com/bot)") // "mybot"
//	rules := robots.Fetch(ctx, client, u)
//	if err := rules.Check(agent, u); err != nil { … } // the error of u's record
//
// Who may call: Fetch and Ask block and may be called from any goroutine; all
// else is pure, does not block and may be called from any goroutine at once.
//
// # Decisions
//
// The file is read by github.com/jimsmart/grobotstxt, a port of Google's parser,
// with its tolerance for typos, byte order marks and missing colons. Its matcher
// is not used: it parses the whole file again for each URL, and a hostile
// pattern of stars costs it pattern times path. Here the file is parsed once and
// a pattern is matched in one pass; fuzz targets hold the answers to those of
// the port.
//
// Google's cases win where they differ from RFC 9309 section 2.2.2: escapes of
// unreserved characters (%62 for b) are not undone before comparing, and
// reserved ones ("://" in a query) not made. The case of the hex digits does
// not matter. On %2A and %24, a star and a dollar that mean themselves (section
// 2.2.3), Google is silent: there the RFC's examples hold.
//
// A 4xx allows everything, a 5xx nothing, as the RFC has it; so do more than
// five redirects, or one that leads nowhere: that is a file that is not there.
package robots
