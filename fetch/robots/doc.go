// Package robots holds what robots.txt says about a site (RFC 9309).
//
// What it is: Rules, an immutable value that answers whether one agent may ask a
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
//	rules := robots.Fetch(ctx, client, agent, u)
//	if err := rules.Check(u); err != nil { … } // the error of u's record
//
// Who may call: Fetch and Ask block and may be called from any goroutine; all
// else is pure, does not block and may be called from any goroutine at once.
//
// # Decisions
//
// The file is read by github.com/jimsmart/grobotstxt, a port of Google's parser,
// with its tolerance for typos, byte order marks and missing colons. Its matcher
// is not used: it parses the whole file again for each URL, and a hostile
// pattern of stars costs it pattern times path. Here the file is parsed once, for
// one agent, so that what others are told costs nothing, and a pattern is matched
// in one pass; fuzz targets hold the answers to those of the port.
//
// What judging a URL may cost has a bound. Patterns without stars are found by one
// binary search, however many there are. Each of those with stars costs a pass
// over the path (one more for each 64 bytes of its own), and beyond 4 Mi bytes in
// all, some 2 ms, the URL is denied unjudged, with the reason. That is far from
// anything real: 10,000 patterns with stars and a path of 100 bytes, or 1,000 and
// one of 4,000, are judged exactly. The road not taken is one automaton of all
// patterns, which needs one pass: made beforehand it can grow without bound, made
// as it is needed it is a cache with limits of its own, and both are for files
// that nobody has but to do harm.
//
// What is kept has a bound too: of each file what applies to the agent, without
// doubles, in tables about as long as the file. How much that may be over all
// origins is the business of whoever keeps the Rules, who learns it by Size.
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
