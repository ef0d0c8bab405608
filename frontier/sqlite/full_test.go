package sqlite

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"crawl/frontier"
)

// fillUp crawls pages with new links until the store fails, and returns what it
// settled, as the calls told, and the error.
func fillUp(t *testing.T, s *Store) (settled int64, err error) {
	t.Helper()
	for n := 0; n < 100_000; n++ {
		b, err := s.Claim(t.Context(), 1, 1, 0)
		if err != nil {
			return settled, err
		}
		it := b.Leases[0].Items[0]
		var links []frontier.Item
		for i := range 10 {
			links = append(links, link(t, fmt.Sprintf("http://h%d/%d/%d", i, n, i)))
		}
		if err := s.Settle(t.Context(), []frontier.Outcome{{Token: it.Token, ItemID: it.ID, Links: links, OutputEnd: settled + 1}}); err != nil {
			return settled, err
		}
		settled++
		if err := s.Release(t.Context(), b.Leases[0], 0); err != nil {
			return settled, err
		}
	}
	return settled, nil
}

// On a full disk every call says so and names the file; what was committed before
// is there, whole, and goes on once there is room.
func TestAFullDiskEndsTheStoreAndLosesNothing(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(dir, Options{maxPages: 200})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.EndSeeds(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), []frontier.Item{link(t, "http://h0/")}); err != nil {
		t.Fatal(err)
	}
	settled, err := fillUp(t, s)
	named := func(what string, err error) {
		t.Helper()
		var of *Error
		if !errors.As(err, &of) || of.Path != filepath.Join(dir, File) || of.Err == nil {
			t.Errorf("%s: %v, want an error that names the file", what, err)
		}
	}
	named("the first", err)
	_, putErr := s.Put(t.Context(), nil)
	named("put", putErr)
	named("settle", s.Settle(t.Context(), nil))
	_, statsErr := s.Stats(t.Context())
	named("stats", statsErr)
	named("close", s.Close())

	s = mustOpen(t, dir, Options{})
	o := s.Opened()
	if o.Settled[frontier.OK] > settled || o.Settled[frontier.OK] < settled-groupRows || settled < 10 {
		t.Errorf("%d are settled, and %d calls returned", o.Settled[frontier.OK], settled)
	}
	if o.OutputEnd != o.Settled[frontier.OK] || o.Read != 1+10*o.Settled[frontier.OK] {
		t.Errorf("of a settlement a part is there: %+v", o)
	}
	checkFile(t, s)
	var left int64
	for {
		b, err := s.Claim(t.Context(), 100, 10_000, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Leases) == 0 {
			break
		}
		for _, l := range b.Leases {
			left += int64(len(l.Items))
		}
	}
	if left != o.Read-o.Settled[frontier.OK] {
		t.Errorf("%d are left, want %d", left, o.Read-o.Settled[frontier.OK])
	}
	_, err = Open(t.TempDir(), Options{maxPages: 1})
	var of *Error
	if !errors.As(err, &of) || of.Op != "open" {
		t.Errorf("opened without room for the tables: %v", err)
	}
}

// checkFile has SQLite check the file, and holds its tables against each other.
func checkFile(t *testing.T, s *Store) {
	t.Helper()
	err := s.call(t.Context(), func() error {
		var verdict string
		s.db.one("PRAGMA integrity_check", nil, &verdict)
		if verdict != "ok" {
			t.Errorf("integrity: %s", verdict)
		}
		for what, query := range map[string]string{
			"a host with work and no place": "SELECT count(*) FROM host WHERE turn IS NULL AND at IS NULL AND hid IN (SELECT hid FROM queue)",
			"a host with two places":        "SELECT count(*) FROM host WHERE turn IS NOT NULL AND at IS NOT NULL",
			"an item that was never seen":   "SELECT count(*) FROM queue WHERE at = 0 AND id NOT IN (SELECT id FROM seen)",
			"work of no host":               "SELECT count(*) FROM queue WHERE hid NOT IN (SELECT hid FROM host)",
		} {
			var n int64
			if s.db.one(query, nil, &n); n > 0 {
				t.Errorf("%s: %d", what, n)
			}
		}
		var rows int64
		s.db.one("SELECT (SELECT count(*) FROM queue) + (SELECT count(*) FROM note)", nil, &rows)
		if rows != s.open() {
			t.Errorf("%d rows wait, and %d items are not settled", rows, s.open())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// Where a commit of the timer fails, whoever waits for news is told.
func TestAFailedCommitWakesTheWaiting(t *testing.T) {
	s, err := Open(t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Claim(t.Context(), 1, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	err = s.call(t.Context(), func() error {
		s.db.write("UPDATE state SET read = read")
		_, err := s.db.conn.ExecContext(t.Context(), "ROLLBACK") // as SQLite does by itself for some errors
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	<-b.More
	var of *Error
	if _, err := s.Claim(t.Context(), 1, 1, 0); !errors.As(err, &of) || of.Op != "commit" {
		t.Errorf("after it: %v", err)
	}
	if err := s.Close(); !errors.As(err, &of) {
		t.Errorf("close: %v", err)
	}
}
