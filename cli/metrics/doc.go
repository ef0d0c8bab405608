// Package metrics lets Prometheus and pprof look into a run over HTTP.
//
// It is not a part of the run: numbers are gathered when somebody asks for them,
// from what the engine counts anyway. Only the two histograms need a call for each
// record, on the sink's goroutine, and only where a server was asked for.
//
// Smallest use:
//
//	s, err := metrics.Serve(":9090", monitor.Counts) // 127.0.0.1:9090
//	fmt.Println("http://" + s.Addr() + "/metrics")
//	s.Observe(record)                                // for each record
//	s.Close(ctx)
//
// A Server's methods may be called from any goroutine. Serve and Close block no
// longer than it takes to open and close a socket, Close also for requests that are
// being answered, until its context ends.
//
// # Decisions
//
// An address without a host is one of loopback: the profiles show the URLs of a run
// and parts of its memory, and nobody asks who wants them. Not taken: all addresses,
// as most programs have it. At an address that is not loopback's there are no
// profiles at all.
//
// On loopback the Host of a request must be loopback's or the one that was given:
// every page that is open in a browser here can send requests to 127.0.0.1, and
// reads the answers if its own name leads there. Elsewhere the Host is not asked,
// because Prometheus scrapes by names that we do not know, and the numbers are for
// whoever reaches the address.
//
// A registry and a mux of its own: the defaults of both libraries belong to the
// process.
package metrics
