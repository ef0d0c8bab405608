package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// small is a file system of its own, with little room.
type small struct {
	t   *testing.T
	dir string
}

// mountSmall makes one at dir. Only root may.
func mountSmall(t *testing.T, dir, size string) small {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); errors.Is(err, syscall.EPERM) {
		t.Skip("only root may mount a file system: ", err)
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return small{t, dir}
}

func (s small) remount(flags uintptr, size string) {
	s.t.Helper()
	if err := syscall.Mount("tmpfs", s.dir, "tmpfs", syscall.MS_REMOUNT|flags, "size="+size); err != nil {
		s.t.Fatal(err)
	}
}

// refused runs the command, which ends with code 3 and one line that names path
// and the cause.
func refused(t *testing.T, dir string, stdin io.Reader, env, path, cause string, args ...string) {
	t.Helper()
	cmd := exec.Command("crawl", args...)
	cmd.Dir, cmd.Stdin, cmd.Env = dir, stdin, append(os.Environ(), env)
	refusedCommand(t, cmd, path, cause)
}

func refusedCommand(t *testing.T, cmd *exec.Cmd, path, cause string) {
	t.Helper()
	var stderr strings.Builder
	cmd.Stderr = &stderr
	_ = cmd.Run()
	if code := cmd.ProcessState.ExitCode(); code != 3 {
		t.Errorf("the code is %d, want 3: %s", code, stderr.String())
	}
	want := regexp.MustCompile(`^crawl: [^\n]*` + path + `[^\n]*: ` + cause + `\n$`)
	if !want.MatchString(stderr.String()) {
		t.Errorf("it says %q, want %s", stderr.String(), want)
	}
}

const noSpace = "no space left on device"

// fillDisk runs the command in a directory with a small disk that it fills, and
// again, when it finds no room either.
func (k *killed) fillDisk(t *testing.T, size, path, cause string, args []string) small {
	t.Helper()
	disk := mountSmall(t, filepath.Join(k.dir, "small"), size)
	for range 2 {
		refused(t, k.dir, nil, "", path, cause, args...)
	}
	return disk
}

// TestAFullDiskEndsTheRunAndLosesNothing: whatever it is that finds no room, the
// run stops at once, says what, and the same command goes on once there is room.
func TestAFullDiskEndsTheRunAndLosesNothing(t *testing.T) {
	for _, c := range []struct {
		name  string
		size  string
		flags string
		path  string // that is named
		check func(t *testing.T, k *killed, out string)
	}{
		{"the journal", "20k", "-state small/state -o out", "small/state/(journal|output)", eachOnce},
		{"the output that grows", "64k", "-state state -o small/out", "small/out", eachOnce},
		{"records that wait for their turn", "100k", "-state small/state -o out -order input", "small/state/(held|journal|output)", inOrder},
		{"the output that is published whole", "64k", "-o small/out", "small/out", eachOnce},
		{"saved bodies", "256k", "-state state -o out -save small/pages", "small/pages/.*", eachOnce},
		{"all of them", "300k", "-state small/state -o small/out -order input -save small/pages", "small/.*", inOrder},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := newKilled(t)
			args := command(c.flags)
			disk := k.fillDisk(t, c.size, c.path, noSpace, args)
			if k.total >= 2*len(k.urls) {
				t.Errorf("%d requests of %d were made twice", k.total, len(k.urls))
			}
			disk.remount(0, "64m")
			if code := k.run(t, args, nil); code != 1 {
				t.Fatalf("with room the code is %d, want 1", code)
			}
			c.check(t, k, filepath.Join(k.dir, args[slices.Index(args, "-o")+1]))
			if again := k.askedAgain(); strings.Contains(c.flags, "-state") && again > 2*2*inFlight {
				t.Errorf("%d requests were repeated", again)
			}
			for _, dir := range []string{k.dir, disk.dir} {
				if left, _ := filepath.Glob(filepath.Join(dir, ".*.tmp")); len(left) > 0 {
					t.Errorf("left behind: %s", left)
				}
			}
		})
	}
}

// TestAFullDiskBehindStandardOutput: the record that it tears is done again, and
// costs no other.
func TestAFullDiskBehindStandardOutput(t *testing.T) {
	k := newKilled(t)
	disk := mountSmall(t, filepath.Join(k.dir, "small"), "64k")
	path := filepath.Join(disk.dir, "out")
	toStdout := func() *exec.Cmd {
		out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { out.Close() })
		cmd := exec.Command("crawl", command("-state state")...)
		cmd.Dir, cmd.Stdout = k.dir, out
		return cmd
	}
	refusedCommand(t, toStdout(), "/dev/stdout", noSpace)
	disk.remount(0, "64m")
	if cmd := toStdout(); cmd.Run() == nil || cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("with room the code is %d, want 1", cmd.ProcessState.ExitCode())
	}
	torn := 0
	var whole strings.Builder
	for line := range strings.Lines(read(t, path)) {
		if json.Valid([]byte(line)) {
			whole.WriteString(line)
		} else {
			torn++
		}
	}
	if torn > 1 {
		t.Errorf("%d records are torn", torn)
	}
	if err := os.WriteFile(path, []byte(whole.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	eachAtLeastOnce(t, k, path)
}

// askedAgain is how many requests were repeated, but for those whose connection
// broke, which are asked again at once where it was an old one.
func (k *killed) askedAgain() (n int) {
	for path, times := range k.asked {
		if !strings.HasPrefix(path, "/broken/") {
			n += times - 1
		}
	}
	return n
}

// TestNoRoomToRetryWhatFailed: the output is rewritten, for which there is no room;
// then all stays as it was, and nothing takes the room that is left.
func TestNoRoomToRetryWhatFailed(t *testing.T) {
	k := newKilled(t)
	disk := mountSmall(t, filepath.Join(k.dir, "small"), "64m")
	args := strings.Fields("-q -urls list -robots=false -retries 0 -state state -o small/out")
	if code := k.run(t, args, nil); code != 1 {
		t.Fatalf("the code is %d, want 1", code)
	}
	out := filepath.Join(disk.dir, "out")
	before := read(t, out)
	disk.remount(0, fmt.Sprint(len(before)*3/2))
	refused(t, k.dir, nil, "", "small/out", noSpace, append(args, "-retry-failed")...)
	if read(t, out) != before {
		t.Error("the output is another one now")
	}
	if left, err := os.ReadDir(disk.dir); len(left) != 1 || err != nil {
		t.Errorf("on the disk are %v, %v", left, err)
	}
	disk.remount(0, "64m")
	if code := k.run(t, append(args, "-retry-failed"), nil); code != 1 {
		t.Errorf("with room the code is %d, want 1", code)
	}
	eachOnce(t, k, out)
}

// TestAFullDirectoryForTemporaryFiles: lines of a pipe that wait for a busy host
// find no room there.
func TestAFullDirectoryForTemporaryFiles(t *testing.T) {
	dir := t.TempDir()
	disk := mountSmall(t, filepath.Join(dir, "small"), "16k")
	var room atomic.Bool
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !room.Load() {
			<-r.Context().Done()
		}
	}))
	defer srv.Close()
	var lines strings.Builder
	const n = 12_000 // more than wait in memory
	for i := range n {
		fmt.Fprintf(&lines, "%s/%d\n", srv.URL, i)
	}
	args := strings.Fields("-q -urls - -robots=false -retries 0 -per-host 8 -state state -o out")
	refused(t, dir, strings.NewReader(lines.String()), "TMPDIR="+disk.dir, "small/crawl-list-[0-9]+", noSpace, args...)
	room.Store(true)
	disk.remount(0, "64m")
	cmd := exec.Command("crawl", args...)
	cmd.Dir, cmd.Stdin, cmd.Env = dir, strings.NewReader(lines.String()), append(os.Environ(), "TMPDIR="+disk.dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("with room: %v, %s", err, out)
	}
	if got := strings.Count(read(t, filepath.Join(dir, "out")), "\n"); got != n {
		t.Errorf("%d records of %d lines", got, n)
	}
}

// TestAFullDirectoryForRecordsThatWait: those of -order input that find no room there
// are on standard output all the same, in their order; a file stays as it was.
func TestAFullDirectoryForRecordsThatWait(t *testing.T) {
	dir := t.TempDir()
	disk := mountSmall(t, filepath.Join(dir, "small"), "200k")
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/first" {
			<-r.Context().Done()
		}
	}))
	defer srv.Close()
	var lines strings.Builder
	fmt.Fprintf(&lines, "%s/first\n", srv.URL)
	for i := range 1500 { // more than wait in memory
		fmt.Fprintf(&lines, `{"url": "%s/%d", "meta": "%s"}`+"\n", srv.URL, i, strings.Repeat("m", 50_000))
	}
	if err := os.WriteFile(filepath.Join(dir, "out"), []byte("old\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := strings.Fields("-q -urls - -robots=false -order input -per-host 8")
	const named = "small/crawl-order-[0-9]+"
	refused(t, dir, strings.NewReader(lines.String()), "TMPDIR="+disk.dir, named, noSpace, append(args, "-o", "out")...)
	if got := read(t, filepath.Join(dir, "out")); got != "old\n" {
		t.Errorf("the file is now %.100q", got)
	}
	var out strings.Builder
	cmd := exec.Command("crawl", args...)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Env = dir, strings.NewReader(lines.String()), &out, append(os.Environ(), "TMPDIR="+disk.dir)
	refusedCommand(t, cmd, named, noSpace)
	last := 0
	for line := range strings.Lines(out.String()) {
		var r struct{ Index int }
		if err := json.Unmarshal([]byte(line), &r); err != nil || r.Index <= last {
			t.Fatalf("%v: index %d behind %d", err, r.Index, last)
		}
		last = r.Index
	}
	if last < 500 {
		t.Errorf("the last record has index %d", last)
	}
	if left, err := os.ReadDir(disk.dir); len(left) != 0 || err != nil {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestADiskThatCannotBeWritten: it is told before anything is fetched.
func TestADiskThatCannotBeWritten(t *testing.T) {
	for name, flags := range map[string]string{
		"state":         "-state small/state -o out",
		"state in use":  "-state small/used -o used",
		"output":        "-o small/out",
		"output grows":  "-state state -o small/out",
		"output exists": "-o small/old",
		"saved bodies":  "-save small/pages -o out",
	} {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			k := newKilled(t)
			disk := mountSmall(t, filepath.Join(k.dir, "small"), "4m")
			if name == "state in use" {
				k.run(t, strings.Fields("-q -urls list -robots=false -retries 0 -state small/used -o used"), nil)
				k.total = 0
			}
			if err := os.WriteFile(filepath.Join(disk.dir, "old"), []byte("precious\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			disk.remount(syscall.MS_RDONLY, "4m")
			args := append(strings.Fields("-q -urls list -robots=false"), strings.Fields(flags)...)
			refused(t, k.dir, nil, "", "small/", "read-only file system", args...)
			if k.total > 0 {
				t.Errorf("%d requests were made", k.total)
			}
			if text := read(t, filepath.Join(disk.dir, "old")); text != "precious\n" {
				t.Errorf("what was there is %q now", text)
			}
		})
	}
}
