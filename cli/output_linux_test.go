package cli

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// TestATerminalHasTextAndAPipeHasJSON: unless flags say otherwise. A record is on the
// terminal while the run goes on.
func TestATerminalHasTextAndAPipeHasJSON(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			<-release
		}
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<title>A \x1b[31mpage</title>")
	}))
	defer server.Close()
	for typed, want := range map[string]string{
		"":                             "\x1b[32m200            \x1b[0m      26 B",
		"-color never":                 "200                  26 B",
		"-fields status,url":           "\x1b[32m 200\x1b[0m  " + server.URL + "/fast",
		"-json":                        `{"schema":1,"index":0,`,
		"-format csv -fields title,ok": "title,ok",
		"-template {{.Title}}":         "A  [31mpage",
	} {
		tty, person := newTerminal(t)
		code := make(chan int, 1)
		go func() {
			args := append(strings.Fields(typed), "-q", "-robots=false", "-c", "1", server.URL+"/fast", server.URL+"/slow")
			code <- Run(t.Context(), args, strings.NewReader(""), tty, io.Discard)
			tty.Close()
		}()
		screen := bufio.NewReader(person)
		line, err := screen.ReadString('\n') // while /slow has no answer
		if err != nil || !strings.HasPrefix(line, want) {
			t.Errorf("%q: the terminal shows %q, %v; want %q", typed, line, err, want)
		}
		release <- struct{}{}
		if got := <-code; got != exitOK {
			t.Errorf("%q: exit code %d", typed, got)
		}
	}
	close(release)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if code := Run(t.Context(), []string{"-q", "-robots=false", server.URL}, strings.NewReader(""), w, io.Discard); code != exitOK {
		t.Errorf("exit code %d", code)
	}
	w.Close()
	if out, err := io.ReadAll(r); err != nil || !strings.HasPrefix(string(out), `{"schema":1,`) {
		t.Errorf("the pipe has %q, %v", out, err)
	}
}
