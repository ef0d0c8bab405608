// Package dial opens connections for fetch: look-up, address guard, connect,
// proxy, TLS.
//
// What it is: a Dialer that turns a Target into a Route (directly, or through a
// proxy) and a Route into an open connection, each stage with its own limit and
// its own error, so that a failure says which stage it was. ParsePin, ParseProxy,
// Fixed and FromEnvironment read what users write about it.
//
// What it is not: it keeps no connections, retries nothing, and speaks no HTTP
// but the CONNECT of a proxy.
//
// Smallest use:
//
//	d, err := dial.New(dial.Options{})
//	defer d.Close()
//	route, err := d.Route(dial.Target{Scheme: "https", Host: "example.com", Port: "443"})
//	conn, err := d.Dial(ctx, dial.Call{Route: route})
//
// Who may call: a Dialer may be used from any number of goroutines. Dial blocks
// for at most its limits and ends within a moment of its context's end; all else
// does not block, but Close, which waits for the look-ups that it ends. No
// goroutine outlives Dial but a look-up's, which Close waits for.
//
// # Decisions
//
// Look-ups are remembered here, 60 s as in curl, because the system often has no
// cache; the time to live of the answer is not known through the system's
// resolver. The road not taken, an own resolver, would miss what the system is
// set up to do (hosts file, search domains, VPNs).
//
// One look-up serves all who wait, and belongs to none of them: it ends with its
// own limit or with Close. golang.org/x/sync/singleflight was not taken, for it
// remembers nothing, and a waiter cannot leave it.
//
// The attempts at several addresses are made here (RFC 8305), not by net.Dialer,
// which tries all of a family one after the other and shares the time between
// them. So the guard sees each address itself, with no second look-up after it;
// the road not taken, net.Dialer.Control, could not skip a denied one among
// others and say which it was. At most 16 addresses of a host are tried.
//
// The guard is a list of what is denied, by IANA's registries, and denies all of
// IPv6 that is not assigned. It cannot know a network's own NAT64 prefix, nor
// which public addresses are the machine's own.
//
// A proxy looks names up by itself, so DenyPrivate cannot hold there: together
// they are an error.
//
// socks5 looks the target's name up here and asks the proxy for its first
// address, socks5h has the proxy look it up, both as in curl. net/http takes the
// two for the same; whoever wants to hide names from the own network relies on
// the difference.
//
// An https proxy is verified also where Options.TLS says that targets are not,
// and is not shown its certificates: as in curl, those are for targets. It is
// verified with the same roots.
//
// Exceptions of NO_PROXY are judged by golang.org/x/net/http/httpproxy, the rule
// that Go programs share; it keeps loopback targets from any proxy, which is
// right for the environment and wrong for a proxy that was named by hand. Fixed
// judges those itself.
//
// An answer to CONNECT is read for its status alone. http.ReadResponse was not
// taken: it refuses headers that mean nothing here, and takes a connection that
// broke in mid-line for a malformed answer.
//
// Where the process may open no further file, Dial waits and tries again: the
// fault is ours and passes, while an error would be counted against the host.
// The system's resolver is given sockets in the same way.
package dial
