package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crawl/frontier"
)

const (
	// childDir is the variable that makes a child of the test binary.
	childDir = "CRAWL_SQLITE_TEST_DIR"
	kills    = 20
	pages    = 40_000 // of the child's site
	seeds    = 300
)

// A crawl that is killed twenty times at random moments writes the record of
// every page once.
func TestAKilledCrawlLosesNothingAndDoublesNothing(t *testing.T) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := crawlSite(context.Background(), dir); err != nil {
			t.Fatal(err)
		}
		return
	}
	if testing.Short() {
		t.Skip("it starts a process more than twenty times")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	rnd := rand.New(rand.NewPCG(1, uint64(time.Now().UnixNano())))
	killed := 0
	for run := 0; ; run++ {
		child := exec.CommandContext(t.Context(), self, "-test.run=^"+t.Name()+"$")
		child.Env = append(os.Environ(), childDir+"="+dir)
		var out strings.Builder
		child.Stdout, child.Stderr = &out, &out
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		var kill *time.Timer
		if killed < kills {
			kill = time.AfterFunc(time.Duration(rnd.IntN(200_000))*time.Microsecond, func() { _ = child.Process.Kill() })
		}
		err := child.Wait()
		alone := kill == nil || kill.Stop()
		if err == nil {
			break
		}
		if alone {
			t.Fatalf("run %d failed by itself: %v\n%s", run, err, out.String())
		}
		killed++
		checkLeft(t, dir)
	}
	if killed < kills/2 {
		t.Errorf("only %d runs were killed before the crawl was done", killed)
	}
	got := records(t, filepath.Join(dir, "out"), 1<<62)
	if len(got) != pages {
		t.Errorf("%d pages have a record, want %d", len(got), pages)
	}
	s := mustOpen(t, dir, Options{})
	want := Opened{Read: pages, Settled: frontier.Verdicts{frontier.OK: pages}, OutputEnd: s.OutputEnd(), Seeded: true}
	info, err := os.Stat(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() != s.OutputEnd() || s.Opened() != want {
		t.Errorf("at the end %+v, and the output has %d bytes", s.Opened(), info.Size())
	}
	t.Logf("%d kills", killed)
}

// checkLeft holds the file against the output that a kill has left: up to its
// OutputEnd stand the records of what is settled, and of nothing else.
func checkLeft(t *testing.T, dir string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, File)); err != nil {
		return // killed before it was made
	}
	s, err := Open(dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	checkFile(t, s)
	got := records(t, filepath.Join(dir, "out"), s.OutputEnd())
	if n := s.Opened().Settled[frontier.OK]; n != int64(len(got)) {
		t.Fatalf("%d items are settled, and the output has %d records up to %d", n, len(got), s.OutputEnd())
	}
}

// records reads lines up to an offset; one that comes twice, or is torn, is an
// error.
func records(t *testing.T, path string, end int64) map[string]bool {
	t.Helper()
	f, err := os.Open(path)
	if os.IsNotExist(err) && end == 0 {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	seen := map[string]bool{}
	for in := bufio.NewScanner(io.LimitReader(f, end)); in.Scan(); {
		line := in.Text()
		if seen[line] || !strings.HasSuffix(line, ".") {
			t.Fatalf("line %q is there twice, or torn", line)
		}
		seen[line] = true
	}
	return seen
}

// crawlSite is the child: it resumes the crawl of a site in dir and writes each
// page to the file out.
func crawlSite(ctx context.Context, dir string) error {
	s, err := Open(dir, Options{Recent: 1000})
	if err != nil {
		return err
	}
	out, err := os.OpenFile(filepath.Join(dir, "out"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	end := s.OutputEnd()
	if err := out.Truncate(end); err != nil {
		return err
	}
	if _, err := out.Seek(end, io.SeekStart); err != nil {
		return err
	}
	seeded := make(chan error, 1)
	go func() { seeded <- seedSite(ctx, s) }()
	for {
		b, err := s.Claim(ctx, 5, 20, 0)
		if err != nil {
			return err
		}
		if b.Done {
			break
		}
		for _, l := range b.Leases {
			if end, err = crawlPages(ctx, s, out, end, l); err != nil {
				return err
			}
		}
		if len(b.Leases) == 0 {
			<-b.More
		}
	}
	if err := <-seeded; err != nil {
		return err
	}
	return s.Close()
}

// crawlPages writes and settles all but the last of what was leased, which it
// gives back if there are more.
func crawlPages(ctx context.Context, s *Store, out io.Writer, end int64, l frontier.Lease) (int64, error) {
	its := l.Items
	if len(its) > 1 {
		its = its[:len(its)-1]
	}
	var text strings.Builder
	var outs []frontier.Outcome
	for _, it := range its {
		n, err := fmt.Fprintf(&text, "%s.\n", it.URL)
		if err != nil {
			return end, err
		}
		end += int64(n)
		outs = append(outs, frontier.Outcome{Token: it.Token, ItemID: it.ID, OutputEnd: end, Links: linksOf(it)})
	}
	if _, err := io.WriteString(out, text.String()); err != nil {
		return end, err
	}
	if err := s.Settle(ctx, outs); err != nil {
		return end, err
	}
	return end, s.Release(ctx, l, 0)
}

// seedSite puts the seeds, ten at a time.
func seedSite(ctx context.Context, s *Store) error {
	for at := 0; at < seeds; at += 10 {
		its := make([]frontier.Item, 10)
		for i := range its {
			its[i] = frontier.Item{Index: int64(at + i), Line: int64(at + i + 1), URL: page(at + i)}
		}
		if _, err := s.Put(ctx, its); err != nil {
			return err
		}
	}
	return s.EndSeeds(ctx)
}
