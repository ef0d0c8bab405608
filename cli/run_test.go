package cli_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"

	"crawl/cli"
)

func ExampleRun() {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "<title>Hello</title>")
	}))
	defer srv.Close()
	var out bytes.Buffer
	code := cli.Run(context.Background(), []string{"-q", "-urls", "-"}, strings.NewReader(srv.URL), &out, os.Stderr)
	fmt.Println(code, strings.Contains(out.String(), `"title":"Hello"`))
	// Output: 0 true
}

// Several runs side by side in one process do not disturb each other.
func TestRunsSideBySide(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "<title>%s</title>", r.URL.Path)
	}))
	defer srv.Close()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			var out bytes.Buffer
			u := fmt.Sprintf("%s/%d", srv.URL, i)
			if code := cli.Run(t.Context(), []string{"-q", u}, nil, &out, io.Discard); code != 0 || !strings.Contains(out.String(), fmt.Sprintf(`"title":"/%d"`, i)) {
				t.Errorf("run %d: code %d, %s", i, code, out.String())
			}
		})
	}
	wg.Wait()
}

// A list that breaks half-way is told by name; what was read is in the output.
func TestListBreaksHalfWay(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	defer srv.Close()
	var out, errs bytes.Buffer
	stdin := io.MultiReader(strings.NewReader(srv.URL+"/a\n"), broken{})
	code := cli.Run(t.Context(), []string{"-urls", "-"}, stdin, &out, &errs)
	if code != 3 || !strings.Contains(errs.String(), "standard input: disk on fire") || strings.Count(out.String(), "\n") != 1 {
		t.Errorf("code %d\n%s\n%s", code, out.String(), errs.String())
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("disk on fire") }

// A signal counts for more than the deadline, also while the run is ending.
func TestASignalAfterTheDeadline(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer srv.Close()
	for _, c := range []struct {
		signal bool
		want   int
	}{{false, 5}, {true, 130}} {
		ctx, cancel := context.WithCancelCause(t.Context())
		out := writerFunc(func(p []byte) (int, error) { // nothing is written before the deadline
			if c.signal {
				cancel(cli.Stopped{Signal: syscall.SIGINT})
			}
			return len(p), nil
		})
		args := []string{"-q", "-robots=false", "-deadline", "50ms", srv.URL}
		if code := cli.Run(ctx, args, nil, out, io.Discard); code != c.want {
			t.Errorf("signal %v: code %d, want %d", c.signal, code, c.want)
		}
		cancel(nil)
	}
}

// A run that ended before a line was read has no record and no summary, and still
// says why, also with -q.
func TestARunThatReadNothingSaysWhyItEnded(t *testing.T) {
	for _, c := range []struct {
		cause error
		code  int
		says  string
	}{
		{nil, 5, "crawl: -deadline 50ms: it passed before a line was read\n"},
		{cli.Stopped{Signal: syscall.SIGTERM}, 143, "crawl: stopped by SIGTERM\n"},
	} {
		silent, w := io.Pipe()
		ctx, cancel := context.WithCancelCause(t.Context())
		if c.cause != nil {
			cancel(c.cause)
		}
		var out, errs bytes.Buffer
		code := cli.Run(ctx, []string{"-q", "-urls", "-", "-deadline", "50ms"}, silent, &out, &errs)
		if code != c.code || errs.String() != c.says || out.Len() > 0 {
			t.Errorf("code %d, said %q, wrote %q", code, errs.String(), out.String())
		}
		w.Close()
		cancel(nil)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
