package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// kills is how often each run is ended by kill -9.
const kills = 20

// inFlight is -c of these runs.
const inFlight = 8

// TestKilledAnywhereARunGoesOn: the same command, twenty times killed at any
// instant and then left alone, has done what one run does: no line is lost, none
// has two records, no record is torn, and a kill repeats no more than twice -c
// requests.
func TestKilledAnywhereARunGoesOn(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no such kill")
	}
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	for _, c := range []struct {
		name  string
		flags string
		check func(t *testing.T, k *killed, out string)
	}{
		{"to a file", "-o out", eachOnce},
		{"in input order", "-o out -order input", inOrder},
		{"as text", "-o out -format text", linesOnce},
		{"as text, in input order", "-o out -format text -order input", linesOnce},
		{"to standard output", "", eachAtLeastOnce},
		{"to standard output, in input order", "-order input", eachAtLeastOnce},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := newKilled(t)
			seed := uint64(time.Now().UnixNano())
			t.Log("seed", seed)
			rnd := rand.New(rand.NewPCG(seed, 1))
			args := append(strings.Fields("-q -urls list -state state -robots=false -retries 0 -per-host 8 -c"), fmt.Sprint(inFlight))
			args = append(args, strings.Fields(c.flags)...)
			for range kills {
				if k.run(t, args, rnd) != -1 {
					t.Fatal("a run ended before it was killed: the list is too short")
				}
			}
			if code := k.run(t, args, nil); code != 1 {
				t.Fatalf("in the end the code is %d, want 1", code)
			}
			c.check(t, k, filepath.Join(k.dir, "out"))
			k.checkRequests(t)
			if code := k.run(t, args, nil); code != 1 {
				t.Errorf("with nothing left the code is %d, want 1", code)
			}
			c.check(t, k, filepath.Join(k.dir, "out"))
		})
	}
}

// killed is a list, a server that counts what it is asked, and a directory.
type killed struct {
	dir   string
	lines []string // of the list
	urls  map[string]bool

	mu    sync.Mutex
	asked map[string]int
	total int
	came  *sync.Cond
}

func newKilled(t *testing.T) *killed {
	k := &killed{dir: t.TempDir(), asked: map[string]int{}, urls: map[string]bool{}}
	k.came = sync.NewCond(&k.mu)
	srv := httptest.NewServer(http.HandlerFunc(k.serve))
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
	for i := range 700 {
		line := fmt.Sprintf("%s/page/%d", srv.URL, i)
		switch {
		case i%10 == 3 && i > 20: // one of before, again
			line = fmt.Sprintf("%s/page/%d", srv.URL, i-i%10-9)
		case i%25 == 4:
			line = "mailto:nobody@example.com"
		case i%25 == 9:
			line = fmt.Sprintf("mailto:number%d@example.com", i)
		case i%10 == 5:
			line = fmt.Sprintf("%s/gone/%d", srv.URL, i)
		case i%50 == 7:
			line = fmt.Sprintf("%s/broken/%d", srv.URL, i)
		}
		k.lines = append(k.lines, line)
		if strings.HasPrefix(line, "http") {
			k.urls[strings.TrimPrefix(line, srv.URL)] = true
		}
	}
	if err := os.WriteFile(filepath.Join(k.dir, "list"), []byte(strings.Join(k.lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return k
}

func (k *killed) serve(w http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	k.asked[r.URL.Path]++
	k.total++
	k.came.Broadcast()
	k.mu.Unlock()
	time.Sleep(rand.N(4 * time.Millisecond)) // so that they end in another order than they began
	switch {
	case strings.HasPrefix(r.URL.Path, "/gone/"):
		w.WriteHeader(http.StatusGone)
	case strings.HasPrefix(r.URL.Path, "/broken/"):
		panic(http.ErrAbortHandler)
	}
	fmt.Fprintf(w, "<title>The page %s</title>%s", r.URL.Path, strings.Repeat("x", rand.IntN(200)))
}

// run runs the command. With rnd it is killed, at some moment from its start to
// that of its next few dozen requests; the code is -1 then.
func (k *killed) run(t *testing.T, args []string, rnd *rand.Rand) int {
	t.Helper()
	cmd := exec.Command("crawl", args...)
	cmd.Dir = k.dir
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := os.OpenFile(filepath.Join(k.dir, "out"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if !slices.Contains(args, "-o") {
		cmd.Stdout = out
	}
	k.mu.Lock()
	from := k.total
	k.mu.Unlock()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if rnd != nil {
		if n := rnd.IntN(30); n > 3 {
			k.await(from + n)
			time.Sleep(time.Duration(rnd.IntN(6000)) * time.Microsecond)
		} else {
			time.Sleep(time.Duration(rnd.IntN(25)) * time.Millisecond)
		}
		if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Fatal(err)
		}
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if code := cmd.ProcessState.ExitCode(); code != 1 && code != -1 {
		t.Fatalf("the code is %d: %s", code, stderr.String())
	}
	return cmd.ProcessState.ExitCode()
}

func (k *killed) await(n int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for k.total < n {
		k.came.Wait()
	}
}

// checkRequests: each URL was asked for, and no more were asked again than were
// on their way when a kill came.
func (k *killed) checkRequests(t *testing.T) {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	for path := range k.urls {
		if k.asked[path] == 0 {
			t.Errorf("%s was never asked for", path)
		}
	}
	if repeats := k.total - len(k.asked); repeats > kills*2*inFlight {
		t.Errorf("%d requests were repeated, want %d at most", repeats, kills*2*inFlight)
	} else {
		t.Logf("%d of %d requests were repeated", repeats, k.total)
	}
}

// indexes are those of the records, in their order; each is of its line.
func indexes(t *testing.T, k *killed, out string) []int {
	t.Helper()
	var all []int
	for text := range strings.Lines(read(t, out)) {
		var r struct {
			Index      int
			URL        string
			Input      string
			DuplicateO *int `json:"duplicate_of"`
		}
		if err := json.Unmarshal([]byte(text), &r); err != nil || !strings.HasSuffix(text, "\n") {
			t.Fatalf("a torn record: %q", text)
		}
		if r.Index >= len(k.lines) || r.URL != k.lines[r.Index] {
			t.Fatalf("%d is %s", r.Index, r.URL)
		}
		if first := slices.Index(k.lines, r.URL); strings.HasPrefix(r.URL, "http") && first != r.Index && (r.DuplicateO == nil || *r.DuplicateO != first) {
			t.Errorf("%d repeats %d, and its record does not say so", r.Index, first)
		}
		all = append(all, r.Index)
	}
	return all
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func eachOnce(t *testing.T, k *killed, out string) {
	t.Helper()
	all := indexes(t, k, out)
	slices.Sort(all)
	for i, index := range all {
		if i != index {
			t.Fatalf("%d comes where %d should: a line is lost, or doubled", index, i)
		}
	}
	if len(all) != len(k.lines) {
		t.Errorf("%d records of %d lines", len(all), len(k.lines))
	}
}

func inOrder(t *testing.T, k *killed, out string) {
	t.Helper()
	if all := indexes(t, k, out); !slices.IsSorted(all) {
		t.Error("the records are not in the order of the lines")
	}
	eachOnce(t, k, out)
}

// linesOnce: of text, as often as each URL is in the list.
func linesOnce(t *testing.T, k *killed, out string) {
	t.Helper()
	got, want := map[string]int{}, map[string]int{}
	for text := range strings.Lines(read(t, out)) {
		for _, word := range strings.Fields(text) {
			if strings.HasPrefix(word, "http:") || strings.HasPrefix(word, "mailto:") {
				got[word]++
				break
			}
		}
		if !strings.HasSuffix(text, "\n") {
			t.Errorf("a torn line: %q", text)
		}
	}
	for _, url := range k.lines {
		want[url]++
	}
	if !maps.Equal(got, want) {
		t.Errorf("%d URLs are in the output, %d in the list, or not as often", len(got), len(want))
	}
}

func eachAtLeastOnce(t *testing.T, k *killed, out string) {
	t.Helper()
	all := indexes(t, k, out)
	slices.Sort(all)
	doubled := len(all)
	all = slices.Compact(all)
	if len(all) != len(k.lines) {
		t.Errorf("%d lines of %d have a record", len(all), len(k.lines))
	}
	if doubled -= len(all); doubled > kills*4*inFlight {
		t.Errorf("%d records came twice", doubled)
	} else {
		t.Logf("%d records came twice", doubled)
	}
}
