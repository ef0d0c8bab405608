package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestNoOutputDestroysWhatElseTheRunUses: every pair of files that a run reads and
// writes is judged, in both orders, by what the names lead to.
func TestNoOutputDestroysWhatElseTheRunUses(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, os.Mkdir("st", 0o700))
	for _, name := range []string{"list", "conf", "ca", "crt", "key", "netrc", "old", "st/list", "st/held", "st/lock"} {
		must(t, os.WriteFile(name, nil, 0o600))
	}
	must(t, os.Link("list", "hard"))
	for link, to := range map[string]string{"soft": "list", "dangling": "new", "chain": "dangling", "ca2": "ca"} {
		if err := os.Symlink(to, link); err != nil {
			t.Skip(err)
		}
	}
	t.Setenv("NETRC", "netrc")
	for _, c := range []struct{ args, want string }{
		{"-urls list -o out -summary sum -warc w.warc.gz -changes seen", ""},
		{"-urls list -urls list -cert crt -key crt", ""},
		{"-urls list -o list", "-o list would overwrite the file of -urls"},
		{"-urls list -urls conf -o ./conf", "-o ./conf would overwrite the file of -urls"},
		{"-urls list -o hard", "-o hard would overwrite the file of -urls"},
		{"-urls soft -o hard", "-o hard would overwrite the file of -urls"},
		{"-urls list -summary soft", "-summary soft would overwrite the file of -urls"},
		{"-urls list -changes list", "-changes list would overwrite the file of -urls"},
		{"-urls list -cacert ca -o ca", "-o ca would overwrite the file of -cacert"},
		{"-urls list -cacert ca2 -o ca", "-o ca would overwrite the file of -cacert"},
		{"-urls list -cert crt -key key -o crt", "-o crt would overwrite the file of -cert"},
		{"-urls list -cert crt -key key -summary key", "-summary key would overwrite the file of -key"},
		{"-urls list -netrc -o netrc", "-o netrc would overwrite the file of -netrc"},
		{"-urls list -o netrc", ""},
		{"-urls list -config conf -o conf", "-o conf would overwrite the file of -config"},
		{"-urls list -o old -summary old", "-summary old is the file of -o too"},
		{"-urls list -o new -summary ./new", "-summary ./new is the file of -o too"},
		{"-urls list -o dangling -summary new", "-summary new is the file of -o too"},
		{"-urls list -o dangling -changes chain", "-changes chain is the file of -o too"},
		{"-urls list -summary new -changes dangling", "-changes dangling is the file of -summary too"},
		{"-urls list -o new.warc.gz -warc ./new.warc.gz", "-warc ./new.warc.gz is the file of -o too"},
		{"-urls list -changes new.warc.gz -warc ./new.warc.gz", "-changes new.warc.gz is the file of -warc too"},
		{"-urls list -changes x -o x.lock", "the lock x.lock of -changes is the file of -o too"},
		{"-urls list -changes dangling -o new.lock", "the lock new.lock of -changes is the file of -o too"},
		{"-urls list -changes x -summary x.lock", "the lock x.lock of -changes is the file of -summary too"},
		{"-urls list -warc w.warc.gz -warc-size 1M -o w-00007.warc.gz", "-o w-00007.warc.gz is one of the files of -warc w.warc.gz too"},
		{"-urls list -warc w.warc.gz -warc-size 1M -o w.warc.gz", ""},
		{"-urls list -warc w.warc.gz -warc-size 1M -o w-x.warc.gz", ""},
		{"-urls list -state st -o out -summary .out.crawl-pruned.tmp", "-summary .out.crawl-pruned.tmp is the temporary file of -o too"},
		{"-urls list -state st -o st/out", "-o st/out is in the directory of -state, which is for its own files"},
		{"-urls list -state st -summary st/sum", "-summary st/sum is in the directory of -state, which is for its own files"},
		{"-urls list -state st -save ./st", "-save ./st is the directory of -state, which is for its own files"},
		{"-urls st/list -state st -o out", ""},
		{"-urls st/journal -state st -o out", ""}, // is missing
		{"-urls st/held -state st -o out", "-state st would overwrite the file of -urls"},
		{"-urls list -cacert st/lock -state ./st -o out", "-state ./st would overwrite the file of -cacert"},
		{"-urls missing -o missing", ""}, // that it is missing says more
		{"-urls list -o /dev/null -summary /dev/null", ""},
	} {
		o, _, err := parse(strings.Fields(c.args), fromFile(t.Context(), nil))
		must(t, err)
		got := ""
		if err := o.checkFiles(nil, nil); err != nil {
			got = strings.ReplaceAll(err.Error(), wd(t)+string(filepath.Separator), "")
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.args, got, c.want)
		}
	}
}

// wd is where the process stands, without links.
func wd(t *testing.T) string {
	dir, err := os.Getwd()
	must(t, err)
	dir, err = filepath.EvalSymlinks(dir)
	must(t, err)
	return dir
}

// TestAStandardStreamMayBeAFileToo, by which a shell's redirection is judged as well.
func TestAStandardStreamMayBeAFileToo(t *testing.T) {
	t.Chdir(t.TempDir())
	list, err := os.Create("list")
	must(t, err)
	defer list.Close()
	out, err := os.Create("out")
	must(t, err)
	defer out.Close()
	for _, c := range []struct {
		args       string
		in, stdout *os.File
		want       string
	}{
		{"-urls list", nil, out, ""},
		{"-urls -", list, out, ""},
		{"-urls list", nil, list, "standard output would overwrite the file of -urls"},
		{"-urls -", list, list, "standard output would overwrite the file of standard input"},
		{"-urls - -o list", list, out, "-o list would overwrite the file of standard input"},
		{"-urls list -o -", nil, list, "standard output would overwrite the file of -urls"},
		{"-urls list -summary out", nil, out, "-summary out is the file of standard output too"},
		{"-urls list -o out -summary -", nil, out, "-o out is the file of standard output too"},
		{"-urls list -o out", nil, out, ""},                                     // nothing goes to standard output
		{fmt.Sprintf("-urls list -summary /dev/fd/%d", out.Fd()), nil, out, ""}, // both are written where it stands
		{fmt.Sprintf("-urls list -o out -summary /dev/fd/%d", out.Fd()), nil, nil, fmt.Sprintf("-summary /dev/fd/%d is the file of -o too", out.Fd())},
	} {
		if runtime.GOOS == "windows" && strings.Contains(c.args, "/dev/") {
			continue
		}
		o, _, err := parse(strings.Fields(c.args))
		must(t, err)
		got := ""
		if err := o.checkFiles(c.in, c.stdout); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.args, got, c.want)
		}
	}
}
