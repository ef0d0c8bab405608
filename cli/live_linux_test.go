package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// screenOf runs the command with stdout and stderr on a terminal of some columns,
// and returns all that it was sent. seen is called with what came so far.
func screenOf(t *testing.T, ctx context.Context, cols int, args []string, seen func(string)) (code int, sent string) {
	t.Helper()
	t.Setenv("TERM", "xterm")
	t.Setenv("CI", "")
	tty, person := newTerminal(t)
	if err := unix.IoctlSetWinsize(int(tty.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: uint16(cols)}); err != nil {
		t.Fatal(err)
	}
	all := make(chan string)
	go func() {
		var b strings.Builder
		buf := make([]byte, 4096)
		for {
			n, err := person.Read(buf)
			b.Write(buf[:n])
			if seen != nil {
				seen(b.String())
			}
			if err != nil { // the terminal is closed
				all <- b.String()
				return
			}
		}
	}()
	code = Run(ctx, args, strings.NewReader(""), tty, tty)
	tty.Close()
	return code, strings.ReplaceAll(<-all, "\r\n", "\n")
}

// erased is a piece of a line and what takes it away, or lets it be written over.
var erased = regexp.MustCompile(`[^\n\r]*\r|\x1b\[[0-9]*[KJ]`)

// slowSite takes a while for each page, and for ever under /hang.
func slowSite(t *testing.T) string {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/hang") {
			<-r.Context().Done()
			return
		}
		time.Sleep(20 * time.Millisecond)
		fmt.Fprintf(w, "<title>%s</title>", r.URL.Path)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

func listFile(t *testing.T, n int, prefix string) string {
	name := t.TempDir() + "/list.txt"
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s/%d\n", prefix, i)
	}
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// On a terminal a line shows how far the run is, below the records, and is gone at
// the end.
func TestProgressIsALineThatIsGoneAtTheEnd(t *testing.T) {
	list := listFile(t, 60, slowSite(t))
	code, sent := screenOf(t, t.Context(), 120, []string{"-color", "never", "-robots=false", "-c", "2", "-urls", list}, nil)
	if code != exitOK {
		t.Fatalf("exit code %d", code)
	}
	if line := regexp.MustCompile(`[0-9]+/60  [0-9]+ ok .* in flight`).FindString(sent); line == "" {
		t.Errorf("no line of progress in %q", sent)
	}
	left := erased.ReplaceAllString(sent, "")
	if strings.Contains(left, "in flight") || strings.Count(left, "\n") < 60+4 {
		t.Errorf("what is left: %q", left)
	}
	for line := range strings.Lines(left) {
		if strings.HasPrefix(line, "200") == !strings.Contains(line, "http://") && !strings.HasPrefix(line, "60 lines in") && !strings.HasPrefix(line, "  ") {
			t.Errorf("a torn line: %q", line)
		}
	}
}

// It fits a narrow terminal, and does not come where it is not wanted.
func TestProgressFitsTheTerminal(t *testing.T) {
	list := listFile(t, 40, slowSite(t))
	_, sent := screenOf(t, t.Context(), 24, []string{"-robots=false", "-c", "1", "-urls", list, "-o", list + ".out"}, nil)
	shown := 0
	for _, m := range regexp.MustCompile(`\r([ 0-9][^\x1b\r\n]*)\x1b`).FindAllStringSubmatch(sent, -1) {
		if shown++; len(m[1]) > 21 {
			t.Errorf("%d columns: %q", len(m[1]), m[1])
		}
	}
	if shown == 0 {
		t.Errorf("no line in %q", sent)
	}
	for _, args := range []string{"-progress never", "-q", "-log json"} {
		_, sent := screenOf(t, t.Context(), 80, append(strings.Fields(args), "-robots=false", "-c", "2", "-urls", list, "-o", list+".out"), nil)
		if strings.Contains(sent, "\x1b") || strings.Contains(sent, "in flight") {
			t.Errorf("%s: %q", args, sent)
		}
	}
}

// Ctrl-C with thousands of lines to go does not scroll what was done away: those
// that were not begun are counted in one line, on a terminal and nowhere else.
func TestAnInterruptOnATerminalIsBrief(t *testing.T) {
	list := listFile(t, 3000, slowSite(t)+"/hang")
	args := []string{"-color", "never", "-robots=false", "-c", "4", "-per-host", "4", "-urls", list}
	interrupted := func() (context.Context, func(string)) {
		ctx, cancel := context.WithCancelCause(t.Context())
		return ctx, func(sent string) {
			if strings.Contains(sent, "4 in flight") {
				cancel(Stopped{syscall.SIGINT})
			}
		}
	}
	ctx, seen := interrupted()
	code, sent := screenOf(t, ctx, 100, args, seen)
	left := erased.ReplaceAllString(sent, "")
	if code != 130 || strings.Count("\n"+left, "\ncancelled ") != 4 || !strings.Contains(left, "crawl: 2,996 lines were not begun; a file or a pipe has their records\n") {
		t.Errorf("code %d: %q", code, left)
	}
	if !strings.Contains(left, "3,000 lines in") || !strings.Contains(left, "3,000 cancelled") {
		t.Errorf("the summary: %q", left)
	}
	ctx, seen = interrupted()
	if code, _ = screenOf(t, ctx, 100, append(args, "-format", "text", "-o", list+".out"), seen); code != 130 {
		t.Errorf("exit code %d", code)
	}
	if text, err := os.ReadFile(list + ".out"); err != nil || bytes.Count(text, []byte("\n")) != 3000 {
		t.Errorf("the file has %d records, %v", bytes.Count(text, []byte("\n")), err)
	}
}

func TestWhereTheLineIsShown(t *testing.T) {
	tty, _ := newTerminal(t)
	defer tty.Close()
	typed := options{lists: []string{"list.txt", "-"}}
	always := options{voice: voice{progress: whenAlways}}
	for _, c := range []struct {
		what   string
		o      options
		stdin  io.Reader
		stderr io.Writer
		env    string
		want   bool
	}{
		{"a terminal", options{}, tty, tty, "TERM=xterm", true},
		{"one that cannot erase", options{}, tty, tty, "TERM=dumb", false},
		{"one of which nobody knows what it can", options{}, tty, tty, "", false},
		{"a pipe", options{}, tty, io.Discard, "TERM=xterm", false},
		{"always, in a pipe", always, tty, io.Discard, "TERM=xterm", false},
		{"quiet", options{quiet: true}, tty, tty, "TERM=xterm", false},
		{"quiet, but always", options{quiet: true, voice: always.voice}, tty, tty, "TERM=xterm", true},
		{"never", options{voice: voice{progress: whenNever}}, tty, tty, "TERM=xterm", false},
		{"JSON", options{voice: voice{log: logJSON, progress: whenAlways}}, tty, tty, "TERM=xterm", false},
		{"a list that is typed", typed, tty, tty, "TERM=xterm", false},
		{"a list from a pipe", typed, strings.NewReader(""), tty, "TERM=xterm", true},
		{"a CI system's log", options{}, tty, tty, "TERM=xterm CI=true", false},
		{"always, in a CI system's log", always, tty, tty, "TERM=xterm CI=true", true},
		{"no CI system", options{}, tty, tty, "TERM=xterm CI=false", true},
		{"no colours", options{}, tty, tty, "TERM=xterm NO_COLOR=1", true},
	} {
		getenv := func(name string) string {
			for _, set := range strings.Fields(c.env) {
				if value, ok := strings.CutPrefix(set, name+"="); ok {
					return value
				}
			}
			return ""
		}
		if got := c.o.liveLine(c.stdin, c.stderr, getenv); got != c.want {
			t.Errorf("%s: %v", c.what, got)
		}
	}
}

// A terminal that is stopped by Ctrl-S takes nothing; an interrupted run ends all
// the same, with its code.
func TestAStoppedTerminalDoesNotKeepAnInterruptedRun(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Setenv("CI", "")
	tty, _ := newTerminal(t) // nobody reads
	defer tty.Close()
	list := listFile(t, 3000, slowSite(t))
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := time.AfterFunc(time.Second, func() { cancel(Stopped{syscall.SIGINT}) })
	defer stop.Stop()
	code := make(chan int, 1)
	go func() {
		code <- Run(ctx, []string{"-robots=false", "-c", "64", "-per-host", "64", "-urls", list}, strings.NewReader(""), tty, tty)
	}()
	select {
	case got := <-code:
		if got != 130 {
			t.Errorf("exit code %d", got)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it is blocked")
	}
}
