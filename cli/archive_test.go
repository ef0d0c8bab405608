package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnArchiveSaysHowItWasMadeAndNoSecret(t *testing.T) {
	o, _, err := parse([]string{"-warc", "a.warc.gz", "-c", "8", "-H", "Authorization: secret1", "-H", "X-A: b c", "-user", "me:secret2", "-x", "http://u:secret3@p.example:1",
		"-contact", "me@example.com", "-robots=false", "http://you:secret4@a.example/"})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range o.archiveInfo() {
		got[f.Name] = f.Value
		if strings.Contains(f.Value, "secret") {
			t.Errorf("%s: %s", f.Name, f.Value)
		}
	}
	want := `-concurrency=8 -contact=me@example.com -header="Authorization: ***" -header="X-A: b c" -proxy=http://***@p.example:1 -robots=false -user=me:*** -warc=a.warc.gz`
	if got["crawl-settings"] != want || got["robots"] != "ignore" || got["operator"] != "me@example.com" || got["software"] != "crawl/"+version ||
		!strings.Contains(got["http-header-user-agent"], "me@example.com") {
		t.Errorf("%v", got)
	}
	if e := o.engine; !e.Fetch.HTTP1 || !e.Digest {
		t.Error("HTTP/2 is spoken, or there is no digest")
	}
	if o, _, err := parse([]string{"http://a.example/"}); err != nil || o.engine.Fetch.HTTP1 || o.engine.Digest {
		t.Errorf("without -warc: %v", err)
	}
}

// A note is replaced whole: a kill while it is written costs neither the old nor the new.
func TestTheNoteOfAnArchiveIsReplacedByRename(t *testing.T) {
	note := (&options{state: t.TempDir()}).archiveNote()
	for _, path := range []string{"/a", "/b"} {
		before, _ := os.Stat(string(note))
		if err := note.write(path); err != nil {
			t.Fatal(err)
		}
		after, err := os.Stat(string(note))
		if text, _ := os.ReadFile(string(note)); err != nil || !strings.HasSuffix(string(text), path[1:]+"\n") || before != nil && os.SameFile(before, after) {
			t.Errorf("%q, %v: the same file is written anew", text, err)
		}
	}
}

func TestOnlyTheArchiveThatAStateWroteIsMended(t *testing.T) {
	dir := t.TempDir()
	note := (&options{state: dir}).archiveNote()
	victim := filepath.Join(dir, "victim")
	for _, text := range []string{"", victim, filepath.Join(dir, "gone") + "\n"} { // none, one that broke off, one that is gone
		if err := os.WriteFile(victim, []byte("\x1f\x8b"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(string(note), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		says, err := note.mend()
		if _, gone := os.Stat(victim); says != "" || err != nil || gone != nil {
			t.Errorf("%q: %q, %v, %v", text, says, err, gone)
		}
	}
	if err := note.write(victim); err != nil {
		t.Fatal(err)
	}
	if says, err := note.mend(); err != nil || !strings.Contains(says, "2 bytes") {
		t.Errorf("%q, %v", says, err)
	}
	if _, err := os.Stat(victim); err == nil {
		t.Error("a file without one whole record is still there")
	}
	if err := os.WriteFile(victim, nil, 0o600); err != nil { // killed before the first byte
		t.Fatal(err)
	}
	if says, err := note.mend(); says != "" || err != nil {
		t.Errorf("%q, %v", says, err)
	}
	if _, err := os.Stat(victim); err == nil {
		t.Error("an empty file is still there")
	}
}
