package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An output is known by how it begins: one that grew or lost its end is ours, another
// one is not.
func TestAnOutputIsKnownByItsBeginning(t *testing.T) {
	dir, output := t.TempDir(), filepath.Join(t.TempDir(), "out")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(output, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	known := func() bool {
		t.Helper()
		err := checkMark(dir, output)
		var foreign *stateError
		if err != nil && !errors.As(err, &foreign) {
			t.Fatal(err)
		}
		return err == nil
	}
	long := strings.Repeat("0123456789", markSize)
	for _, c := range []struct {
		marked, found string
		end           int64
		want          bool
	}{
		{"first\nsecond\n", "first\nsecond\nthird\n", 13, true},
		{"first\nsecond\n", "first\nsec", 13, true},
		{"first\nsecond\n", "", 13, true},
		{"first\nsecond\n", "first\nanother\n", 13, false},
		{"first\nsecond\n", "first\nanother\n", 6, true}, // the state knows of the first alone
		{"first\nsecond\n", "1", 13, false},
		{"first\nsecond\n", "anything", 0, true},
		{long, long[:markSize] + "other", int64(len(long)), true},
		{long, long[:markSize-1] + "other", int64(len(long)), false},
	} {
		write(c.marked)
		if err := writeMark(dir, output, c.end); err != nil {
			t.Fatal(err)
		}
		write(c.found)
		if got := known(); got != c.want {
			t.Errorf("%.20q of %d bytes, then %.20q: known %v", c.marked, c.end, c.found, got)
		}
	}
	if err := removeMark(dir); err != nil || !known() {
		t.Errorf("without a mark: %v", err)
	}
	if err := removeMark(dir); err != nil {
		t.Errorf("removed twice: %v", err)
	}
	if err := writeMark(filepath.Join(dir, "gone"), output, 5); err != nil {
		t.Errorf("a state that is gone: %v", err)
	}
}
