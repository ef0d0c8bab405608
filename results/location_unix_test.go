//go:build unix

package results

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestADescriptorIsTheFileBehindIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	f, err := os.Create(path)
	must(t, err)
	defer f.Close()
	if at := Locate(fmt.Sprintf("/dev/fd/%d", f.Fd())); !at.Direct || !at.Same(Locate(path)) {
		t.Error(at)
	}
	if at := Locate("/dev/fd/987654"); at.Same(at) {
		t.Errorf("a descriptor that is not open is somewhere: %v", at)
	}
	fifo := path + ".fifo"
	must(t, syscall.Mkfifo(fifo, 0o600))
	if at := Locate(fifo); at.Same(at) || at.Exists() { // and nothing blocks
		t.Error(at)
	}
}
