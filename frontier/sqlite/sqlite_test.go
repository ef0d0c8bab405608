package sqlite

import (
	"testing"

	"crawl/frontier"
	"crawl/frontier/frontiertest"
)

// reopener is a store that a test can close and open again.
type reopener struct {
	*Store
	dir   string
	clock *frontiertest.Clock
}

func (r *reopener) Reopen(t *testing.T) frontier.Seeder {
	t.Helper()
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return newReopener(t, r.dir, r.clock)
}

func newReopener(t *testing.T, dir string, clock *frontiertest.Clock) *reopener {
	t.Helper()
	s := mustOpen(t, dir, Options{Now: clock.Now})
	return &reopener{Store: s, dir: dir, clock: clock}
}

// mustOpen opens a store that the test closes.
func mustOpen(tb testing.TB, dir string, o Options) *Store {
	tb.Helper()
	s, err := Open(dir, o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func TestFrontier(t *testing.T) {
	frontiertest.RunSeeder(t, func(t *testing.T, clock *frontiertest.Clock) frontier.Seeder {
		return newReopener(t, t.TempDir(), clock)
	})
}
