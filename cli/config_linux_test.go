package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A FIFO that nobody writes is waited for no longer than the run.
func TestASettingsFileThatNobodyWrites(t *testing.T) {
	name := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(Stopped{Signal: syscall.SIGINT})
	_, _, err := parse([]string{"-config", name, "http://a.example/"}, fromFile(ctx, nil))
	var stopped Stopped
	if !errors.As(err, &stopped) || codeOf(err, exitUsage) != 130 {
		t.Errorf("%v", err)
	}
	w, err := os.OpenFile(name, os.O_RDWR, 0) // let the reader go
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
}
