package warc

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"crawl/results/warc/warctest"
)

func TestNoFileIsReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "site.warc.gz")
	for _, before := range []string{"precious", ""} {
		if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Create(path, Options{})
		if got, _ := os.ReadFile(path); !errors.Is(err, fs.ErrExist) || !strings.Contains(err.Error(), path) || string(got) != before {
			t.Errorf("%v; %q is %q now", err, before, got)
		}
	}
}

func TestASeriesGoesOnAfterItsHighestNumber(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"site-00002.warc.gz", "site-00007.warc.gz", "site-x.warc.gz", "site-00009.warc", "other-00011.warc.gz",
		"site-+00012.warc.gz", "site--13.warc.gz", "site-1000000000.warc.gz", "site-9223372036854775807.warc.gz"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("precious"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var opened []string
	a := mustCreate(t, filepath.Join(dir, "site.warc.gz"), Options{MaxSize: 1, Opening: func(path string) error {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is there before it is told: %v", path, err)
		}
		opened = append(opened, filepath.Base(path))
		return os.WriteFile(filepath.Join(dir, "site-00009.warc.gz"), nil, 0o600) // one that came meanwhile
	}})
	mustPut(t, a, page("http://a.example/1", "1"), page("http://a.example/2", "2"))
	closed(t, a)
	if got := fmt.Sprint(opened); got != "[site-00008.warc.gz site-00010.warc.gz]" {
		t.Errorf("opened %s", got)
	}
	for i, name := range opened {
		records := read(t, filepath.Join(dir, name))
		if kinds(records) != "iAq" || records[0].Fields["WARC-Filename"] != name || records[1].Payload != fmt.Sprint(i+1) {
			t.Errorf("%s: %s", name, kinds(records))
		}
	}
}

func TestAFileIsNotLargerThanMaxSizeUnlessOneExchangeIs(t *testing.T) {
	const limit = 20_000
	dir := t.TempDir()
	a := mustCreate(t, filepath.Join(dir, "site.warc.gz"), Options{MaxSize: limit})
	for i := range 30 {
		mustPut(t, a, page(fmt.Sprintf("http://a.example/%d", i), noise(2000+i*100, uint64(i))))
	}
	mustPut(t, a, page("http://a.example/large", noise(2*limit, 99)), page("http://a.example/0", noise(2000, 0)))
	closed(t, a)
	files, err := filepath.Glob(filepath.Join(dir, "site-0????.warc.gz"))
	if err != nil || len(files) < 6 || len(files) > 11 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	var all []warctest.Record
	for _, f := range files {
		records := read(t, f, all...)
		info, err := os.Stat(f)
		if err != nil || info.Size() > limit && kinds(records) != "iAq" {
			t.Errorf("%s: %d bytes, %s, %v", f, info.Size(), kinds(records), err)
		}
		all = append(all, records...)
	}
	if got := strings.ReplaceAll(kinds(all), "i", ""); got != strings.Repeat("Aq", 31)+"vq" {
		t.Errorf("records %s", got)
	}
}

func TestAFileWithoutAnExchangeGoes(t *testing.T) {
	for _, numbered := range []bool{true, false} {
		dir := t.TempDir()
		for range 2 { // the second is not in the way of the first
			a := mustCreate(t, filepath.Join(dir, "site.warc.gz"), Options{Numbered: numbered})
			closed(t, a)
			closed(t, a)
			if got := names(t, dir); got != "" {
				t.Errorf("numbered %v: %q", numbered, got)
			}
		}
	}
}

func TestExchangesOfManyGoroutinesAreWholeAndTogether(t *testing.T) {
	dir := t.TempDir()
	a := mustCreate(t, filepath.Join(dir, "site.warc.gz"), Options{MaxSize: 100_000})
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 25 {
				if err := put(t, a, page(fmt.Sprintf("http://a.example/%d/%d", g, i), noise(1000+97*i, uint64(i)))); err != nil {
					t.Error(err)
				}
				if err := a.Sync(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	closed(t, a)
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	var all []warctest.Record
	for _, f := range files {
		all = append(all, read(t, f, all...)...)
	}
	got := strings.ReplaceAll(kinds(all), "i", "")
	if len(got) != 400 || strings.Count(got, "Aq")+strings.Count(got, "vq") != 200 || strings.Count(got, "A") > 8*25 || strings.Count(got, "A") < 25 {
		t.Errorf("%d files: %s", len(files), got)
	}
}

func TestAfterCloseNothingIsWritten(t *testing.T) {
	a, path := inTemp(t, Options{})
	mustPut(t, a, page("http://a.example/", "x"))
	closed(t, a)
	if err := put(t, a, page("http://a.example/", "x")); !errors.Is(err, fs.ErrClosed) || !strings.Contains(err.Error(), path) {
		t.Error(err)
	}
	if err := a.Sync(); err != nil {
		t.Error(err)
	}
	if got := kinds(read(t, path)); got != "iAq" {
		t.Errorf("records %s", got)
	}
}

func TestAPlaceThatCannotBeWrittenIsToldAtOnce(t *testing.T) {
	for _, o := range []Options{{}, {Numbered: true}} {
		path := filepath.Join(t.TempDir(), "none", "site.warc.gz")
		var where *fs.PathError
		if _, err := Create(path, o); !errors.As(err, &where) || !strings.HasPrefix(where.Path, filepath.Dir(path)) {
			t.Error(err)
		}
	}
	refused := errors.New("no")
	dir := t.TempDir()
	if _, err := Create(filepath.Join(dir, "site.warc.gz"), Options{Opening: func(string) error { return refused }}); !errors.Is(err, refused) || names(t, dir) != "" {
		t.Errorf("%v, left: %q", err, names(t, dir))
	}
}

func TestAnErrorOfTheDiskIsFinalAndLeavesWholeMembers(t *testing.T) {
	a, path := inTemp(t, Options{})
	mustPut(t, a, page("http://a.example/1", "1"))
	a.file.f.Close() // as if the disk had gone
	err := put(t, a, page("http://a.example/2", "2"))
	if err == nil || !strings.Contains(err.Error(), path) {
		t.Error(err)
	}
	if again := put(t, a, page("http://a.example/3", "3")); again != err {
		t.Errorf("%v, then %v", err, again)
	}
	if got := kinds(read(t, path)); got != "iAq" {
		t.Errorf("records %s", got)
	}
}
