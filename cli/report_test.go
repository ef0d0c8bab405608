package cli_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"crawl/cli"
)

const aRecord = `{"schema":1,"url":"https://a.example/","ok":true,"status":200}` + "\n"

// A report that waits for its input, or for the reader of its page, ends with a
// signal, and leaves no half of a file.
func TestAReportEndsWithASignal(t *testing.T) {
	dir := t.TempDir()
	silent, w := io.Pipe()
	defer w.Close()
	unread, out := io.Pipe()
	defer unread.Close()
	for name, c := range map[string]struct {
		args  []string
		stdin io.Reader
		out   io.Writer
	}{
		"no input":  {[]string{"report", "-", "-o", filepath.Join(dir, "page.html")}, silent, io.Discard},
		"no reader": {[]string{"report", "-"}, strings.NewReader(aRecord), out},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		ended := make(chan int)
		var errs bytes.Buffer
		go func() { ended <- cli.Run(ctx, c.args, c.stdin, c.out, &errs) }()
		cancel(cli.Stopped{Signal: syscall.SIGINT})
		if code := <-ended; code != 130 || errs.String() != "crawl: stopped by SIGINT\n" {
			t.Errorf("%s: code %d, %q", name, code, errs.String())
		}
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

// A signal that comes while the page is written counts.
func TestASignalWhileAReportIsWritten(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	out := writerFunc(func(p []byte) (int, error) {
		cancel(cli.Stopped{Signal: syscall.SIGTERM})
		return len(p), nil
	})
	if code := cli.Run(ctx, []string{"report", "-"}, strings.NewReader(aRecord), out, io.Discard); code != 143 {
		t.Errorf("code %d", code)
	}
}

// What becomes of a page that cannot be written, or whose input breaks.
func TestAReportThatFails(t *testing.T) {
	full := writerFunc(func([]byte) (int, error) { return 0, errors.New("no space left") })
	gone := writerFunc(func([]byte) (int, error) { return 0, syscall.EPIPE })
	for name, c := range map[string]struct {
		in   io.Reader
		out  io.Writer
		code int
		says string
	}{
		"disk full":    {strings.NewReader(aRecord), full, 3, "crawl: no space left\n"},
		"reader gone":  {strings.NewReader(aRecord), gone, 141, ""},
		"input breaks": {io.MultiReader(strings.NewReader(aRecord), broken{}), io.Discard, 3, "crawl: report: standard input: disk on fire\n"},
		"no record":    {strings.NewReader("<html>\x1b[2J\n"), io.Discard, 3, "crawl: report: standard input holds no record: line 1: invalid character '<' looking for beginning of value\n"},
		"nothing":      {strings.NewReader(""), io.Discard, 0, ""},
	} {
		var errs bytes.Buffer
		if code := cli.Run(t.Context(), []string{"report", "-"}, c.in, c.out, &errs); code != c.code || errs.String() != c.says {
			t.Errorf("%s: code %d, %q", name, code, errs.String())
		}
	}
}

// A name is shown, not obeyed, by a terminal.
func TestAReportShowsNamesAsTheyAre(t *testing.T) {
	var errs bytes.Buffer
	if code := cli.Run(t.Context(), []string{"report", "no\x1b[2Jfile"}, nil, io.Discard, &errs); code != 3 || strings.Contains(errs.String(), "\x1b") {
		t.Errorf("code %d, %q", code, errs.String())
	}
}
