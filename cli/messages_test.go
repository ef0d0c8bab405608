package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
)

// A file's name cannot talk to the terminal.
func TestMessagesAreNotObeyed(t *testing.T) {
	var out bytes.Buffer
	if code := complain(&out, 3, errors.New("list a\x1b[31m\n\u009bb: größer")); code != 3 {
		t.Error(code)
	}
	if got, want := out.String(), "crawl: list a\\x1b[31m\\x0a\\x9bb: größer\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	out.Reset()
	notice(&options{quiet: true}, &out, "hush")
	if out.Len() > 0 {
		t.Errorf("-q, and still %q", out.String())
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
