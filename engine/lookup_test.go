package engine

import (
	"fmt"
	"testing"
	"testing/synctest"

	"crawl/fetch"
	"crawl/frontier"
)

// The attempts that a record tells of were made at the name service too, also for
// robots.txt.
func TestFault09EachAttemptOfADeadNameIsALookUp(t *testing.T) {
	for _, robots := range []bool{false, true} {
		t.Run(fmt.Sprintf("robots %v", robots), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n, k := newNames(), &keeper{}
				o := Options{Retries: 2, Politeness: frontier.Politeness{Robots: robots}, Fetch: fetch.Options{Lookup: n.Lookup}}
				if _, err := Run(t.Context(), o, lines(t, t.Context(), "http://servfail.example/\n"), k); err != nil {
					t.Fatal(err)
				}
				rec := k.byIndex(t, 1)[0]
				if rec.Error.Kind != "dns" || !robots && rec.Attempts != 3 || n.asked["servfail.example"] != 3 {
					t.Errorf("%d look-ups, record %+v", n.asked["servfail.example"], rec)
				}
			})
		})
	}
}
