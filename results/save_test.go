package results

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func newSaver(t *testing.T, dir string) *Saver {
	t.Helper()
	s, err := NewSaver(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// tree lists the files below dir, with slashes.
func tree(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestASavedBodyIsTheFileThatIsNamed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "for it")
	s := newSaver(t, dir)
	body := strings.Repeat("body\x00\xff", 100_000)
	for _, n := range []Name{nameOf("/", ""), nameOf("/a/b", ""), nameOf("/a", ""), nameOf("/a/b/c", "?d")} {
		file, err := s.Save(n, []byte(n.Path+body))
		if err != nil || file != n.File() {
			t.Fatalf("%q, %v; want %q", file, err, n.File())
		}
		holds(t, filepath.Join(dir, file), n.Path+body)
	}
	if files := tree(t, dir); len(files) != 4 {
		t.Errorf("files %q", files)
	}
}

func TestTheSameURLReplacesItsFile(t *testing.T) {
	dir := t.TempDir()
	for _, body := range []string{"the longer old body", "new"} {
		if _, err := newSaver(t, dir).Save(nameOf("/", ""), []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	holds(t, filepath.Join(dir, "example.com", "index.html"), "new")
	if files := tree(t, dir); len(files) != 1 {
		t.Errorf("files %q", files)
	}
}

func TestAReaderOfAFileThatIsReplacedKeepsTheOldBody(t *testing.T) {
	dir := t.TempDir()
	s := newSaver(t, dir)
	file, err := s.Save(nameOf("/", ""), []byte("old"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := s.Save(nameOf("/", ""), []byte("new")); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 10)
	if n, _ := f.Read(b); string(b[:n]) != "old" {
		t.Errorf("read %q", b[:n])
	}
}

func TestNoURLLeadsOutOfTheDirectory(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "in", "here")
	s := newSaver(t, dir)
	hostile := []string{"/../../x", "/%2e%2e/%2e%2e/x", `/..\..\x`, "/..%5c..%5cx", "//etc/passwd", `/c:\x`, "/c:/x", "/\x00/x", "/%00", "/a\nb", "/.", "/..", "x", "../x", "/" + strings.Repeat("../", 50) + "x"}
	for _, path := range hostile {
		for _, host := range []string{"example.com", "..", "../..", "/", `\\server\share`, "c:", "\x00", ""} {
			n := Name{Scheme: "https", Host: host, Port: "443", Path: path, Type: "../x"}
			if file, err := s.Save(n, []byte("x")); err != nil {
				t.Errorf("%q: %q, %v", path, file, err)
			}
		}
	}
	inside := len(tree(t, dir))
	if all := tree(t, top); len(all) != inside || inside != 8*len(hostile) {
		t.Errorf("%d files inside, of %d", inside, len(all))
	}
}

func TestNoSymbolicLinkLeadsOutOfTheDirectory(t *testing.T) {
	top := t.TempDir()
	dir, outside := filepath.Join(top, "in"), filepath.Join(top, "out")
	s := newSaver(t, dir)
	must(t, os.MkdirAll(filepath.Join(outside, "a"), 0o777))
	must(t, os.WriteFile(filepath.Join(outside, "index.html"), []byte("theirs"), 0o666))
	if err := os.Symlink(outside, filepath.Join(dir, "example.com")); err != nil {
		t.Skip(err)
	}
	for _, path := range []string{"/", "/a/", "/b/c/", "/x"} {
		savedAside(t, s, nameOf(path, ""))
	}
	holds(t, filepath.Join(outside, "index.html"), "theirs")

	// A link in the place of the file is replaced, not followed.
	other := Name{Scheme: "https", Host: "other.example", Port: "443", Path: "/", Type: "text/html"}
	must(t, os.Mkdir(filepath.Join(dir, "other.example"), 0o777))
	must(t, os.Symlink(filepath.Join(outside, "index.html"), filepath.Join(dir, "other.example", "index.html")))
	if _, err := s.Save(other, []byte("ours")); err != nil {
		t.Error(err)
	}
	holds(t, filepath.Join(dir, "other.example", "index.html"), "ours")
	if files := tree(t, outside); len(files) != 1 {
		t.Errorf("outside: %q", files)
	}
	holds(t, filepath.Join(outside, "index.html"), "theirs")
}

func TestManyMaySaveAtOnce(t *testing.T) {
	dir := t.TempDir()
	s := newSaver(t, dir)
	const workers, each = 8, 50
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				own := nameOf(fmt.Sprintf("/%d/%d", i%7, w*each+i), "")
				for _, n := range []Name{own, nameOf(fmt.Sprintf("/shared/%d", i), "")} {
					if _, err := s.Save(n, bytes.Repeat([]byte{byte('a' + w)}, 5000)); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	files := tree(t, dir)
	if len(files) != workers*each+each {
		t.Errorf("%d files", len(files))
	}
	for _, file := range files { // one body, whole, whoever came last
		b, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil || len(b) != 5000 || strings.Trim(string(b), string(b[:1])) != "" {
			t.Errorf("%s: %d bytes, %v", file, len(b), err)
		}
	}
}

func TestWhatAKilledRunLeftIsNotInTheWay(t *testing.T) {
	dir := t.TempDir()
	s := newSaver(t, dir)
	host := filepath.Join(dir, "example.com")
	must(t, os.Mkdir(host, 0o777))
	var left []string
	for n := range int64(5) {
		name := fmt.Sprintf(".crawl-%d-%d.tmp", os.Getpid(), s.temps.Load()+n)
		left = append(left, "example.com/"+name)
		must(t, os.WriteFile(filepath.Join(host, name), []byte("left"), 0o666))
	}
	if _, err := s.Save(nameOf("/", ""), []byte("ours")); err != nil {
		t.Fatal(err)
	}
	want := append(left, "example.com/index.html")
	slices.Sort(want)
	if files := tree(t, dir); !slices.Equal(files, want) {
		t.Errorf("files %q, want %q", files, want)
	}
	for _, name := range left {
		holds(t, filepath.Join(dir, name), "left")
	}
}

// savedAside: the body is beside all others, whose place is taken, and each time the same.
func savedAside(t *testing.T, s *Saver, n Name) {
	t.Helper()
	for _, body := range []string{"ours", "ours again"} {
		file, err := s.Save(n, []byte(body))
		if err != nil || file != n.aside() || strings.Contains(file, "/") || !strings.HasPrefix(file, n.Host+"_") || !strings.Contains(file, "~"+n.hash()+".") {
			t.Errorf("%s: saved as %q, %v", n.Path, file, err)
			continue
		}
		holds(t, filepath.Join(s.dir, file), body)
	}
}

func TestWhatStandsInTheWayOfAFileIsLeftAsItIs(t *testing.T) {
	dir := t.TempDir()
	s := newSaver(t, dir)
	// What another program left: a directory for a file, a file for a directory.
	must(t, os.MkdirAll(filepath.Join(dir, "example.com", "index.html"), 0o777))
	must(t, os.WriteFile(filepath.Join(dir, "example.com", "a"), []byte("theirs"), 0o666))
	must(t, os.WriteFile(filepath.Join(dir, "other.example"), []byte("theirs"), 0o666))
	for _, path := range []string{"/", "/a/b.txt", "/a/b/c/d.txt"} {
		savedAside(t, s, nameOf(path, ""))
	}
	savedAside(t, s, Name{Scheme: "https", Host: "other.example", Port: "443", Path: "/index.html", Type: "text/html"})
	if file, err := s.Save(nameOf("/b.txt", ""), []byte("ours")); file != "example.com/b.txt" || err != nil {
		t.Errorf("where nothing stands: %q, %v", file, err)
	}
	for _, file := range []string{"example.com/a", "other.example"} {
		holds(t, filepath.Join(dir, file), "theirs")
	}
	if info, err := os.Stat(filepath.Join(dir, "example.com", "index.html")); err != nil || !info.IsDir() {
		t.Errorf("the directory is gone: %v", err)
	}
	if files := tree(t, dir); len(files) != 2+4+1 {
		t.Errorf("files %q", files)
	}
}

func TestALinkThatStaysInTheDirectoryIsFollowed(t *testing.T) {
	dir := t.TempDir()
	s := newSaver(t, dir)
	must(t, os.Mkdir(filepath.Join(dir, "elsewhere"), 0o777))
	if err := os.Symlink("elsewhere", filepath.Join(dir, "example.com")); err != nil {
		t.Skip(err)
	}
	if file, err := s.Save(nameOf("/a.txt", ""), []byte("ours")); file != "example.com/a.txt" || err != nil {
		t.Errorf("%q, %v", file, err)
	}
	holds(t, filepath.Join(dir, "elsewhere", "a.txt"), "ours")
	if s.obstructed("example.com/a.txt") || s.obstructed("example.com/new/b.txt") {
		t.Error("the link is taken for an obstacle")
	}
	for _, to := range []string{"loop.example", "nowhere"} { // a link to itself, and one to nothing
		must(t, os.Symlink(to, filepath.Join(dir, "loop.example")))
		savedAside(t, s, Name{Scheme: "https", Host: "loop.example", Port: "443", Path: "/", Type: "text/html"})
		must(t, os.Remove(filepath.Join(dir, "loop.example")))
	}
	if _, err := os.Lstat(filepath.Join(dir, "nowhere")); err == nil {
		t.Error("what a link leads to was made")
	}
}

func TestAnErrorOfTheDiskNamesTheFileAndLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	s := newSaver(t, dir)
	n := nameOf("/", "")
	must(t, os.MkdirAll(filepath.Join(dir, "example.com", "index.html"), 0o777))
	must(t, os.Mkdir(filepath.Join(dir, n.aside()), 0o777)) // no place at all is left
	got, err := s.Save(n, []byte("ours"))
	var at *fs.PathError
	if want := filepath.Join(dir, n.aside()); got != "" || !errors.As(err, &at) || at.Path != want {
		t.Errorf("%q, %v; want an error that names %s", got, err, want)
	}
	if files := tree(t, dir); len(files) != 0 {
		t.Errorf("files %q", files)
	}
}

func TestADirectoryThatCannotBeWrittenIsToldAtOnce(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	must(t, os.WriteFile(file, nil, 0o666))
	for _, path := range []string{file, filepath.Join(file, "below"), "", "a\x00b"} {
		_, err := NewSaver(path)
		var at *fs.PathError
		if !errors.As(err, &at) || at.Path != path {
			t.Errorf("%q: %v", path, err)
		}
	}
	if s := newSaver(t, dir); len(tree(t, dir)) != 1 {
		t.Errorf("%v left something behind: %q", s.dir, tree(t, dir))
	}
}

func TestNothingIsSavedAfterClose(t *testing.T) {
	s, err := NewSaver(t.TempDir())
	must(t, err)
	must(t, s.Close())
	_, err = s.Save(nameOf("/", ""), []byte("late"))
	wants(t, err, fs.ErrClosed)
}

func BenchmarkFileName(b *testing.B) {
	for name, n := range map[string]Name{"plain": nameOf("/about/team.html", ""), "hashed": nameOf("/Search", "?q=tea")} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				n.File()
			}
		})
	}
}
