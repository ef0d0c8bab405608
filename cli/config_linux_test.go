package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A FIFO might be waited for, and a device never end: neither is opened.
func TestWhatMayNeverEndIsNoSettings(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, says := range map[string]string{
		fifo:        " is no regular file; a pipe may be given as /dev/stdin or <(command)",
		"/dev/zero": " is no regular file",
	} {
		_, _, err := parse([]string{"-config", name, "http://a.example/"}, fromFile(t.Context(), nil))
		if err == nil || err.Error() != "-config: "+name+says {
			t.Error(err)
		}
	}
}

// What the shell makes of <(command) is a pipe among the process's descriptors: it
// is read, but not without a bound, and no longer than the run.
func TestSettingsOfACommand(t *testing.T) {
	pipe := func() (w *os.File, name string) {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { r.Close(); w.Close() })
		return w, fmt.Sprintf("/dev/fd/%d", r.Fd())
	}
	w, name := pipe()
	if _, err := w.WriteString("retries = 7"); err != nil {
		t.Fatal(err)
	}
	w.Close()
	if o, _, err := parse([]string{"-config", name, "http://a.example/"}, fromFile(t.Context(), nil)); err != nil || o.engine.Retries != 7 {
		t.Error(err)
	}

	endless, name := pipe()
	wrote := make(chan error)
	go func() {
		var err error
		for err == nil {
			_, err = endless.WriteString(strings.Repeat("#\n", 1000))
		}
		wrote <- err
	}()
	if _, err := readConfig(name); err == nil || !strings.Contains(err.Error(), "over 1 MiB") {
		t.Error(err)
	}
	endless.Close()
	<-wrote

	silent, name := pipe()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(Stopped{Signal: syscall.SIGINT})
	_, _, err := parse([]string{"-config", name, "http://a.example/"}, fromFile(ctx, nil))
	var stopped Stopped
	if !errors.As(err, &stopped) || codeOf(err, exitUsage) != 130 {
		t.Errorf("%v", err)
	}
	silent.Close()
}
