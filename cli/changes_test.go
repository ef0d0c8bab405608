package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"crawl/engine"
	"crawl/results"
	"crawl/results/changes"
)

// What a feed tells is what counts as failed, and what it knows already does not.
func TestAFeedIsJudgedByWhatItTells(t *testing.T) {
	for _, c := range []struct {
		allowed string
		changes map[string]int64
		want    int
	}{
		{"0", map[string]int64{}, exitOK},
		{"0", map[string]int64{results.New: 3, results.Changed: 2, results.Recovered: 1}, exitOK},
		{"0", map[string]int64{results.Gone: 1}, exitFailed},
		{"0", map[string]int64{results.Failing: 1}, exitFailed},
		{"1", map[string]int64{results.Failing: 1}, exitOK},
		{"1", map[string]int64{results.Failing: 1, results.Gone: 1}, exitFailed},
		{"10%", map[string]int64{results.Failing: 1}, exitOK},
		{"10%", map[string]int64{results.Failing: 2}, exitFailed},
		{"0", nil, exitFailed}, // no feed
	} {
		var f failures
		if err := f.Set(c.allowed); err != nil {
			t.Fatal(err)
		}
		sum := results.Summary{OK: 5, Failed: 5, Tried: 1, Answers: 1, Changes: c.changes}
		if got := verdict(&sum, nil, nil, f); got != c.want {
			t.Errorf("%v, of which %s may be: %d, want %d", c.changes, c.allowed, got, c.want)
		}
	}
}

// What was told and has not arrived is not remembered.
func TestTheMemoryIsKeptOnlyIfTheRecordsArrived(t *testing.T) {
	for _, c := range []struct {
		name                      string
		fault, cause, unpublished error
		kept                      bool
	}{
		{"all went well", nil, nil, nil, true},
		{"interrupted", nil, Stopped{2}, nil, true},
		{"a list that broke off", errors.New("list"), nil, nil, true},
		{"an output that could not be written", &engine.SinkError{Err: errors.New("full")}, nil, nil, false},
		{"an output that could not be published", nil, nil, errors.New("rename"), false},
		{"a reader that went away", nil, errReaderGone, nil, false},
		{"a reader that is stuck", &engine.SinkError{Err: engine.ErrStuck}, Stopped{2}, nil, false},
	} {
		path := filepath.Join(t.TempDir(), "seen")
		feed, err := openChanges(&options{changes: path})
		if err != nil {
			t.Fatal(err)
		}
		if err := feed.finish(c.fault, c.cause, c.unpublished); err != nil {
			t.Error(err)
		}
		feed.close()
		if _, err := os.Stat(path); (err == nil) != c.kept {
			t.Errorf("%s: %v", c.name, err)
		}
		if feed.stuck {
			feed.lock.Close()
			continue
		}
		if again, err := openChanges(&options{changes: path}); err != nil {
			t.Errorf("%s: the lock is held: %v", c.name, err)
		} else {
			again.close()
		}
	}
	var none *changeFeed
	if none.finish(nil, nil, nil) != nil || none.sink(nil) != nil {
		t.Error("a run without a feed has one")
	}
	none.close()
}

// A file that is none of ours is a fault of the command line, a disk's is not.
func TestCodesOfAMemory(t *testing.T) {
	if got := codeOf(fmt.Errorf("wrapped: %w", &changes.FormatError{Path: "seen"}), exitIO); got != exitUsage {
		t.Error(got)
	}
}

// Where nobody looks on, a feed is silent on stderr, unless it is told not to be.
func TestAFeedIsSilentForCron(t *testing.T) {
	var n atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, n.Add(1)) }))
	defer srv.Close()
	path := filepath.Join(t.TempDir(), "seen")
	for _, c := range []struct {
		flags string
		want  string
	}{
		{"-changes " + path, ""},
		{"-changes " + path + " -q=false", "  changes   1 changed"},
		{"-changes " + path + " -v", "  changes   1 changed"},
		{"", "1 line in"},
	} {
		var out, said bytes.Buffer
		if code := Run(t.Context(), append(strings.Fields(c.flags), srv.URL), nil, &out, &said); code != 0 || out.Len() == 0 {
			t.Errorf("%s: %d, %s", c.flags, code, said.String())
		}
		if got := said.String(); !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: %q", c.flags, got)
		}
	}
	// An error is no silence.
	var said bytes.Buffer
	if code := Run(t.Context(), []string{"-changes", t.TempDir(), srv.URL}, nil, io.Discard, &said); code == 0 || said.Len() == 0 {
		t.Errorf("%d, %q", code, said.String())
	}
}
