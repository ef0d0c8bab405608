package fetch

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// In virtual time the end takes none, whatever the server does not do.
func TestACancelledContextEndsDoOverHTTP2InAnyPhase(t *testing.T) {
	for name, c := range map[string]struct {
		phase Phase
		h     func(p *h2peer, stream uint32)
	}{
		"no answer":      {PhaseHeaders, func(*h2peer, uint32) {}},
		"half a header":  {PhaseHeaders, func(p *h2peer, stream uint32) { continued(p, stream, 1, each(time.Minute), 1) }},
		"no body":        {PhaseBody, func(p *h2peer, stream uint32) { p.header(stream, false) }},
		"part of a body": {PhaseBody, func(p *h2peer, stream uint32) { p.header(stream, false); _ = p.WriteData(stream, false, []byte("x")) }},
		"a trickled body": {PhaseBody, func(p *h2peer, stream uint32) {
			p.header(stream, false)
			for range 100 {
				_ = p.WriteData(stream, false, []byte("x"))
				time.Sleep(time.Second)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, err := New(Options{})
				if err != nil {
					t.Fatal(err)
				}
				h2Pipes(t, client, func(p *h2peer) {
					_ = p.WriteSettings()
					if stream, ok := p.next(); ok {
						gone := p.waiting()
						c.h(p, stream)
						<-gone
					}
				})
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(3*time.Second, cancel)
				start := time.Now()
				_, err = client.Do(ctx, &Request{URL: mustURL(t, "https://pipe.example/")})
				if e := failsWith(t, err, KindCancelled, c.phase); time.Since(start) != 3*time.Second {
					t.Errorf("%v after %v", e, time.Since(start))
				}
				client.Close()
				time.Sleep(time.Hour)
			})
		})
	}
}
