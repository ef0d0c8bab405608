package journal

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestTheHolderIsNamed: a second run is told who has the state, and takes nothing
// from it; once it is given up, it can be had.
func TestTheHolderIsNamed(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	for range 2 {
		_, err := Open(dir, Options{Settings: settings("jsonl"), Fresh: true})
		var held *HeldError
		if !errors.As(err, &held) || held.Dir != dir {
			t.Fatalf("a second run: %v", err)
		}
		if want := fmt.Sprintf(`^process %d on \S+ since 2001-09-09T01:46:40Z$`, os.Getpid()); !regexp.MustCompile(want).MatchString(held.Holder) {
			t.Errorf("the holder is %q, want %s", held.Holder, want)
		}
		if !strings.HasPrefix(err.Error(), held.Holder+" holds ") {
			t.Error(err)
		}
	}
	check(t, j.Close())
	j, _ = open(t, dir)
	check(t, j.Close())
}

// TestALockMayBeAnyFile, by the name that people know.
func TestALockMayBeAnyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seen.lock")
	f, err := LockFile(path, "seen", time.Unix(1e9, 0))
	check(t, err)
	var held *HeldError
	if _, err := LockFile(path, "link", time.Unix(2e9, 0)); !errors.As(err, &held) || held.Dir != "link" || !strings.HasSuffix(held.Holder, "since 2001-09-09T01:46:40Z") {
		t.Fatal(err)
	}
	check(t, f.Close())
	f, err = LockFile(path, "seen", time.Unix(2e9, 0))
	check(t, err)
	check(t, f.Close())
}

// TestAHolderWithoutAName: one that has not written it yet.
func TestAHolderWithoutAName(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	defer j.Close()
	check(t, os.Truncate(filepath.Join(dir, "lock"), 0))
	if _, err := Open(dir, Options{}); err == nil || err.Error() != "another process holds "+dir {
		t.Error(err)
	}
}

// TestARefusedOpenHoldsNothing: after an error, the next may try.
func TestARefusedOpenHoldsNothing(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	check(t, j.Close())
	if _, err := Open(dir, Options{Settings: settings("text")}); err == nil {
		t.Fatal("other settings are accepted")
	}
	j, _ = open(t, dir)
	check(t, j.Close())
}

// TestAKilledHolderLeavesNoLock: whatever it wrote into the file.
func TestAKilledHolderLeavesNoLock(t *testing.T) {
	if dir := os.Getenv("JOURNAL_TEST_HOLD"); dir != "" {
		j, err := Open(dir, Options{})
		fmt.Println("held:", err)
		io.Copy(io.Discard, os.Stdin) // until it is killed
		_ = j
		return
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^TestAKilledHolderLeavesNoLock$")
	cmd.Env = append(os.Environ(), "JOURNAL_TEST_HOLD="+dir)
	stdin := must(cmd.StdinPipe())(t)
	defer stdin.Close()
	stdout := must(cmd.StdoutPipe())(t)
	check(t, cmd.Start())
	defer cmd.Wait()
	defer cmd.Process.Kill()
	if text, _ := bufio.NewReader(stdout).ReadString('\n'); text != "held: <nil>\n" {
		t.Fatalf("the holder says %q", text)
	}
	_, err := Open(dir, Options{})
	var held *HeldError
	if !errors.As(err, &held) || !strings.HasPrefix(held.Holder, fmt.Sprintf("process %d ", cmd.Process.Pid)) {
		t.Fatalf("while it lives: %v", err)
	}
	check(t, cmd.Process.Kill())
	_ = cmd.Wait() // it was killed
	j, err := Open(dir, Options{Now: time.Now})
	if err != nil {
		t.Fatalf("after it was killed: %v", err)
	}
	check(t, j.Close())
}

// TestADirectoryThatCannotBe: the error names what could not be made.
func TestADirectoryThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	check(t, os.WriteFile(file, nil, 0o600))
	for _, dir := range []string{file, filepath.Join(file, "state")} {
		_, err := Open(dir, Options{})
		var path *fs.PathError
		if !errors.As(err, &path) || !strings.HasPrefix(path.Path, file) {
			t.Errorf("%s: %v", dir, err)
		}
	}
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		return // nothing is read-only to them
	}
	dir := t.TempDir()
	check(t, os.Chmod(dir, 0o500))
	var path *fs.PathError
	if _, err := Open(dir, Options{}); !errors.As(err, &path) || path.Path != filepath.Join(dir, "lock") {
		t.Errorf("read-only: %v", err)
	}
}
