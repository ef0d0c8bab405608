package journal

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A directory is one process's at a time, is known once it was begun, and then for
// the same settings only.
func TestADirectoryIsHeld(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	now := time.Unix(1e9, 0)
	settings := []Setting{{"-depth", "2"}}
	hold := func(settings []Setting, fresh bool) *Dir {
		t.Helper()
		d, err := Hold(dir, settings, fresh, now)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	d := hold(settings, false)
	if d.Known() {
		t.Error("a new directory is known")
	}
	var held *HeldError
	if _, err := Hold(dir, settings, false, now); !errors.As(err, &held) || held.Dir != dir {
		t.Errorf("held twice: %v", err)
	}
	d.Close()
	if d = hold(settings, false); d.Known() {
		t.Error("it is known, and was never begun")
	}
	if err := d.Begin(); err != nil {
		t.Fatal(err)
	}
	d.Close()
	if d = hold(settings, false); !d.Known() {
		t.Error("it was begun, and is not known")
	}
	d.Close()

	var changed *ChangedError
	if _, err := Hold(dir, nil, false, now); !errors.As(err, &changed) || changed.Name != "-depth" || changed.Was != "2" {
		t.Errorf("with other settings: %v", err)
	}
	d = hold(nil, true)
	if d.Known() {
		t.Error("it is fresh, and known")
	}
	d.Close()
	if d = hold(settings, false); !d.Known() {
		t.Error("it was taken fresh, and not begun: what was there is gone")
	}
	d.Close()

	if err := os.WriteFile(filepath.Join(dir, "meta"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	var foreign *ForeignError
	if _, err := Hold(dir, settings, false, now); !errors.As(err, &foreign) {
		t.Errorf("of somebody else: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, "meta")); err != nil {
		t.Fatal(err)
	}
	hold(settings, false).Close() // an error holds nothing
}
