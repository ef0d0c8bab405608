// Package dial opens connections for fetch: look-up, address guard, connect,
// proxy, TLS.
//
// What it is: a Dialer that turns a Target into a Route (directly, or through a
// proxy) and a Route into an open connection, each stage with its own limit and
// its own error, so that a failure says which stage it was.
//
// What it is not: it keeps no connections and speaks no HTTP but the CONNECT of
// a proxy.
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
// does not block, but Close, which waits for the look-ups that it ends.
package dial
