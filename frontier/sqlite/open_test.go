package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"crawl/frontier"
	"crawl/weburl"
)

// link is a new link.
func link(tb testing.TB, text string) frontier.Item {
	tb.Helper()
	u, err := weburl.Parse(text)
	if err != nil {
		tb.Fatal(err)
	}
	return frontier.Item{Index: -1, URL: u}
}

// change executes a statement in the file of a store that is closed.
func change(t *testing.T, dir, text string) {
	t.Helper()
	d := openDB(filepath.Join(dir, File))
	d.plain(text)
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
}

// Every character that a directory may have, and a file for the owner alone: URLs
// may hold passwords.
func TestOpenMakesAFileForTheOwnerAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "a b#c%41&d")
	if runtime.GOOS != "windows" {
		dir += "?mode=memory"
	}
	for range 2 { // made, and found
		s, err := Open(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) == 0 {
			t.Fatalf("%d files in %s, %v", len(entries), dir, err)
		}
		for _, e := range entries {
			info, err := e.Info()
			if err != nil || !strings.HasPrefix(e.Name(), File) {
				t.Errorf("%s is there, %v", e.Name(), err)
			} else if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode != 0o600 {
				t.Errorf("%s has mode %o", e.Name(), mode)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(dir); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
		t.Errorf("the directory: %v, %v", info.Mode(), err)
	}
}

// A file of another version, of somebody else, or that is no database: refused,
// named, and not touched.
func TestOpenRefusesWhatIsNotItsOwn(t *testing.T) {
	for _, c := range []struct {
		what string
		make func(dir string)
		is   func(error) bool
	}{
		{"another version", func(dir string) {
			s := mustOpen(t, dir, Options{})
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			change(t, dir, "PRAGMA user_version = 7")
		}, func(err error) bool {
			var v *VersionError
			return errors.As(err, &v) && v.Found == 7 && v.Want == schemaVersion && strings.Contains(v.Error(), "version 7")
		}},
		{"somebody else's", func(dir string) {
			change(t, dir, "CREATE TABLE cookies (name TEXT)")
		}, func(err error) bool { return errors.Is(err, ErrForeign) }},
		{"no database", func(dir string) {
			if err := os.WriteFile(filepath.Join(dir, File), []byte(strings.Repeat("no database at all\n", 100)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, func(err error) bool { return err != nil }},
		{"a directory in its place", func(dir string) {
			if err := os.Mkdir(filepath.Join(dir, File), 0o700); err != nil {
				t.Fatal(err)
			}
		}, func(err error) bool { return err != nil }},
	} {
		dir := t.TempDir()
		c.make(dir)
		before, _ := os.ReadFile(filepath.Join(dir, File))
		s, err := Open(dir, Options{})
		var of *Error
		if s != nil || !c.is(err) || !errors.As(err, &of) || of.Path != filepath.Join(dir, File) {
			t.Errorf("%s: %v", c.what, err)
		}
		if after, _ := os.ReadFile(filepath.Join(dir, File)); string(after) != string(before) {
			t.Errorf("%s: the file was changed", c.what)
		}
	}
	if _, err := Open(t.TempDir(), Options{Cache: -1}); err == nil {
		t.Error("a cache of -1 bytes was taken")
	}
}

// What the last settlement said is there at the next opening.
func TestOpenedTellsWhatEarlierRunsDid(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, Options{})
	if s.Opened() != (Opened{}) {
		t.Errorf("a new store has %+v", s.Opened())
	}
	if err := s.EndSeeds(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), []frontier.Item{link(t, "http://a/1"), link(t, "http://a/2"), link(t, "http://a/3")}); err != nil {
		t.Fatal(err)
	}
	b, err := s.Claim(t.Context(), 1, 3, 0)
	if err != nil {
		t.Fatal(err)
	}
	its := b.Leases[0].Items
	outs := []frontier.Outcome{
		{Token: its[0].Token, ItemID: its[0].ID, Verdict: frontier.Failed, OutputEnd: 100},
		{Token: its[1].Token, ItemID: its[1].ID, Again: &its[1]}, // no record, no offset
	}
	if err := s.Settle(t.Context(), outs); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = mustOpen(t, dir, Options{})
	want := Opened{Read: 3, Settled: frontier.Verdicts{frontier.Failed: 1}, OutputEnd: 100, Seeded: true}
	if s.Opened() != want || s.OutputEnd() != 100 {
		t.Errorf("opened %+v, want %+v", s.Opened(), want)
	}
}

// A store that was closed says so, and closing it twice is no harm.
func TestAClosedStoreIsClosed(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	b, err := s.Claim(t.Context(), 1, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	<-b.More // whoever waits is told
	_, err = s.Claim(t.Context(), 1, 1, 0)
	_, putErr := s.Put(t.Context(), nil)
	_, statsErr := s.Stats(t.Context())
	for _, err := range []error{err, putErr, statsErr, s.Settle(t.Context(), nil), s.EndSeeds(t.Context())} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%v, want ErrClosed", err)
		}
	}
}

// The secret of one file is not that of another.
func TestTheKeyOfTheHashesIsTheFilesOwn(t *testing.T) {
	dir := t.TempDir()
	a, b := mustOpen(t, dir, Options{}), mustOpen(t, t.TempDir(), Options{})
	hash := a.hash("x")
	if hash == b.hash("x") {
		t.Error("two files have one key")
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if a = mustOpen(t, dir, Options{}); a.hash("x") != hash || a.hash("y") == hash {
		t.Error("the key was not kept")
	}
}

// A claim touches what it hands out, not the hosts that are there.
func TestAClaimReadsByAnIndex(t *testing.T) {
	s := mustOpen(t, t.TempDir(), Options{})
	if err := s.EndSeeds(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), []frontier.Item{link(t, "http://a/1")}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Claim(t.Context(), 1, 3, 0); err != nil {
		t.Fatal(err)
	}
	err := s.call(t.Context(), func() error {
		for text := range s.db.stmts {
			if !strings.HasPrefix(text, "SELECT") && !strings.HasPrefix(text, "DELETE") || !strings.Contains(text, "WHERE") {
				continue
			}
			args := make([]any, strings.Count(text, "?"))
			s.db.each("EXPLAIN QUERY PLAN "+text, args, func(scan func(...any) error) error {
				var id, parent, unused int
				var detail string
				err := scan(&id, &parent, &unused, &detail)
				// An index that holds only what is wanted may be read from its beginning.
				if strings.HasPrefix(detail, "SCAN") && !strings.Contains(detail, "host_") || strings.Contains(detail, "TEMP B-TREE") {
					err = errors.Join(err, fmt.Errorf("%s: %s", text, detail))
				}
				return err
			})
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
