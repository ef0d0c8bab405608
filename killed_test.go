package main

import (
	"errors"
	"fmt"
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

// start makes the directory and the server, whose root it returns.
func (k *killed) start(t *testing.T, serve http.HandlerFunc) (root string) {
	t.Helper()
	k.dir, k.asked, k.urls = t.TempDir(), map[string]int{}, map[string]bool{}
	k.came = sync.NewCond(&k.mu)
	srv := httptest.NewServer(serve)
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
	return srv.URL
}

// list writes the lines to the file that the command reads.
func (k *killed) list(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(k.dir, "list"), []byte(strings.Join(k.lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// command is how each of these runs is called, with more flags.
func command(flags ...string) []string {
	args := append(strings.Fields("-q -urls list -robots=false -retries 0 -per-host 8 -c"), fmt.Sprint(inFlight))
	return append(args, strings.Fields(strings.Join(flags, " "))...)
}

// killOften runs the command and kills it, again and again.
func (k *killed) killOften(t *testing.T, args []string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("there is no such kill")
	}
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	rnd := rand.New(rand.NewPCG(seed, 1))
	for range kills {
		if k.run(t, args, rnd) != -1 {
			t.Fatal("a run ended before it was killed: there is too little to do")
		}
	}
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

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
