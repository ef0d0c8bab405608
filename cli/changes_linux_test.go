package cli

import (
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// A person at a terminal sees the summary of a feed.
func TestAFeedIsNotSilentOnATerminal(t *testing.T) {
	tty, person := newTerminal(t)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
	defer srv.Close()
	path := filepath.Join(t.TempDir(), "seen")
	code := Run(t.Context(), []string{"-changes", path, srv.URL}, nil, io.Discard, tty)
	tty.Close()
	text, _ := io.ReadAll(person) // to the error that tells of the terminal's end
	if code != 0 || !strings.Contains(string(text), "  changes   1 new") {
		t.Errorf("%d, %q", code, text)
	}
}
