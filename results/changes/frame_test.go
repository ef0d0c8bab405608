package changes

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestAFileThatWasCutOffIsRefusedWhereverThatWas, at the ends of lines above all: all
// that is lost would come as new.
func TestAFileThatWasCutOffIsRefusedWhereverThatWas(t *testing.T) {
	path := seen(t)
	run(t, path, 2, record("a", "ok a"), record("b", "404"), record("c", "ok c"))
	text := read(t, path)
	for n := range len(text) - 1 { // all but the last line's end, which is no matter
		must(t, os.WriteFile(path, []byte(text[:n]), 0o600))
		var format *FormatError
		if _, err := Open(path, Options{}); !errors.As(err, &format) || format.Path != path {
			t.Errorf("cut after %q: %v", text[max(0, n-20):n], err)
		}
	}
	must(t, os.WriteFile(path, []byte(text[:len(text)-1]), 0o600))
	if got := run(t, path, 2, record("a", "ok a"), record("b", "404"), record("c", "ok c")); !slices.Equal(got, []string{"failing b"}) {
		t.Error(got)
	}
	// A block that a power cut left without its bytes.
	must(t, os.WriteFile(path, []byte(text[:100]+strings.Repeat("\x00", 60)+text[160:]), 0o600))
	if _, err := Open(path, Options{}); err == nil {
		t.Error("a hole is accepted")
	}
}

// TestAFileOfTheVersionBeforeIsReadAndBecomesOneOfThis.
func TestAFileOfTheVersionBeforeIsReadAndBecomesOneOfThis(t *testing.T) {
	path := seen(t)
	must(t, os.WriteFile(path, []byte(header+`{"url":"a","state":"ok","status":200,"content":"`+sum("a")+`"}`+"\n"+`{"url":"b","failed":1}`+"\n"), 0o600))
	if got := run(t, path, 2, record("a", "ok x"), record("c", "ok c")); !slices.Equal(got, []string{"changed a", "new c"}) {
		t.Error(got)
	}
	text := read(t, path)
	if !strings.HasPrefix(text, header2) || !strings.HasSuffix(text, "\n{\"entries\":3}\n") || strings.Count(text, "\n") != 5 {
		t.Error(text)
	}
}

// TestWhoTakesOutALineSaysSoInTheLast, as the error says how.
func TestWhoTakesOutALineSaysSoInTheLast(t *testing.T) {
	path := seen(t)
	run(t, path, 2, record("a", "ok a"), record("b", "ok b"))
	lines := strings.SplitAfter(read(t, path), "\n")
	must(t, os.WriteFile(path, []byte(lines[0]+lines[2]+"{ \"entries\": 1 }"), 0o600))
	if got := run(t, path, 2, record("a", "ok a"), record("b", "ok b")); !slices.Equal(got, []string{"new a"}) {
		t.Error(got)
	}
}

// TestAFileWrittenOverIsNotKept: what stands there now is not copied for an entry.
func TestAFileWrittenOverIsNotKept(t *testing.T) {
	for _, over := range []string{strings.Repeat("x", 900), "x\n", strings.Repeat("xxxxxxxxx\n", 90)} {
		path := seen(t)
		run(t, path, 2, record("a", "ok a"), record("b", "ok b"))
		m := open(t, path, 2)
		must(t, os.WriteFile(path, []byte(over), 0o600))
		if err := m.Commit(); !errors.Is(err, errWrittenOver) || read(t, path) != over {
			t.Errorf("%.20q: %v", over, err)
		}
	}
}
