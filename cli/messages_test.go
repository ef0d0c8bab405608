package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
)

// A file's name cannot talk to the terminal.
func TestMessagesAreNotObeyed(t *testing.T) {
	var out bytes.Buffer
	if code := complain(&out, 3, errors.New("list a\x1b[31m\n\u009bb\u202egpj.exe\u200b: größer")); code != 3 {
		t.Error(code)
	}
	if got, want := out.String(), "crawl: list a\\x1b[31m\\n\\x9bb\\u202egpj.exe\\u200b: größer\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	out.Reset()
	notice(&options{quiet: true}, &out, "hush")
	if out.Len() > 0 {
		t.Errorf("-q, and still %q", out.String())
	}
}

// Who asks for -log json gets objects, also of what is wrong with the command line,
// wherever that stands.
func TestEveryMessageIsAnObjectWithLogJSON(t *testing.T) {
	for line, want := range map[string]bool{
		"-log json -bogus":                true,
		"-bogus --log=json":               true,
		"-c none -log json":               true,
		"-log json -c none":               true,
		"-log=json":                       true, // nothing to fetch
		"-log json -log text -bogus":      false,
		"-bogus":                          false,
		"-bogus -- -log json":             false,
		"-log xml":                        false,
		"-bogus -log":                     false,
		"-log json -urls no/such/file":    true,
		"-log json help":                  true,
		"-log json -state x -format json": true,
	} {
		var errs bytes.Buffer
		code := Run(t.Context(), strings.Fields(line), strings.NewReader(""), io.Discard, &errs)
		for text := range strings.Lines(errs.String()) {
			if json.Valid([]byte(text)) != want {
				t.Errorf("%s: %s", line, text)
			}
		}
		if code == 0 || errs.Len() == 0 {
			t.Errorf("%s: code %d, %q", line, code, errs.String())
		}
	}
	t.Setenv("CRAWL_LOG", "json")
	for line, want := range map[string]bool{"-bogus": true, "-log text -bogus": false, "-c none": true} {
		var errs bytes.Buffer
		if Run(t.Context(), strings.Fields(line), nil, io.Discard, &errs); json.Valid(errs.Bytes()) != want {
			t.Errorf("CRAWL_LOG=json crawl %s: %s", line, errs.String())
		}
	}
}

// A blocked stderr does not keep an interrupted run alive; one that is read late
// gets its words while the run goes on.
func TestBlockedStderr(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		r, w := io.Pipe()
		p := &patient{ctx: ctx, w: w}
		late := make(chan string)
		go func() {
			text := make([]byte, 5)
			_, _ = io.ReadFull(r, text)
			late <- string(text)
		}()
		if _, err := p.Write([]byte("early")); err != nil || <-late != "early" {
			t.Errorf("a reader, and %v", err)
		}
		cancel()
		if _, err := p.Write([]byte("never")); !errors.Is(err, context.Canceled) {
			t.Errorf("nobody reads, and %v", err)
		}
		r.Close() // the write that was given up ends
		synctest.Wait()
	})
}
