package cli

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"
)

// The help fits a terminal of 80 columns and has every flag once.
func TestTheHelpFits(t *testing.T) {
	_, fs, _ := parse([]string{"-help"})
	var out bytes.Buffer
	writeHelp(&out, fs)
	for line := range strings.Lines(out.String()) {
		if utf8.RuneCountInString(line)-1 > width || strings.HasSuffix(line, " \n") {
			t.Errorf("%q", line)
		}
	}
	for _, f := range shown(fs) {
		if n := len(regexp.MustCompile(`(?m)^  -`+f.Name+`\b[^-]`).FindAllString(out.String(), -1)); n != 1 {
			t.Errorf("-%s is there %d times", f.Name, n)
		}
		if themeOf(f) == "" || f.Usage == "" {
			t.Errorf("-%s: theme %q, usage %q", f.Name, themeOf(f), f.Usage)
		}
	}
}

// Help whose reader has gone is no failure to tell; a full disk is.
func TestHelpThatCannotBeWritten(t *testing.T) {
	for fault, want := range map[error]int{nil: exitOK, syscall.ENOSPC: exitIO, fmt.Errorf("write: %w", syscall.EPIPE): exitReaderGone} {
		var said bytes.Buffer
		code := show(failing{fault}, &said, []byte("help"), nil)
		if code != want || (said.Len() > 0) != (want == exitIO) {
			t.Errorf("%v: code %d, said %q", fault, code, said.String())
		}
	}
	if code := show(nil, &bytes.Buffer{}, nil, errors.New("no text")); code != exitIO {
		t.Errorf("no text: code %d", code)
	}
}

type failing struct{ err error }

func (f failing) Write(p []byte) (int, error) { return len(p), f.err }
