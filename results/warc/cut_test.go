package warc

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
)

// sample is an archive of some exchanges, and where its members end.
func sample(t testing.TB) (whole []byte, ends []int64) {
	a, path := inTemp(t, Options{})
	end := func() { ends = append(ends, a.file.size) }
	end()
	for i, body := range []string{"one", noise(3000, 1), strings.Repeat("three ", 500)} {
		mustPut(t, a, page(fmt.Sprintf("http://a.example/%d", i), body))
		end()
	}
	closed(t, a)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return whole, ends
}

func TestWhereverAWriterIsKilledWholeMembersStay(t *testing.T) {
	whole, ends := sample(t)
	path := t.TempDir() + "/site.warc.gz"
	before := 0
	for n := 0; n <= len(whole); n++ { // from the moment that the file is made
		near := slices.ContainsFunc(ends, func(end int64) bool { return max(n-int(end), int(end)-n) < 30 })
		if !near && n%41 > 0 {
			continue
		}
		if err := os.WriteFile(path, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		cut, err := Cut(path)
		if err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		left, err := os.ReadFile(path)
		if int64(n)-int64(len(left)) != cut || !bytes.HasPrefix(whole, left) || len(left) < before || errors.Is(err, fs.ErrNotExist) != (len(left) == 0) {
			t.Fatalf("%d bytes: %d cut, %d left, %v", n, cut, len(left), err)
		}
		if len(left) > before {
			read(t, path)
		}
		before = len(left)
	}
	if before != len(whole) {
		t.Errorf("%d of %d bytes are left of a whole file", before, len(whole))
	}
}

func TestZerosOfAPowerCutGo(t *testing.T) {
	whole, ends := sample(t)
	path := t.TempDir() + "/site.warc.gz"
	for _, zeros := range []int{1, 2, 100_000} {
		if err := os.WriteFile(path, append(whole[:ends[1]:ends[1]], make([]byte, zeros)...), 0o600); err != nil {
			t.Fatal(err)
		}
		if n, err := Cut(path); n != int64(zeros) || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		read(t, path)
	}
}

func TestWhatNoKillLeavesBehindIsToldAndLeftAlone(t *testing.T) {
	whole, ends := sample(t)
	path := t.TempDir() + "/site.warc.gz"
	torn := bytes.Clone(whole)
	torn[ends[1]+20] ^= 0xff
	for at, b := range map[int64][]byte{0: []byte("no gzip at all, and no archive"), ends[1]: torn} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		var damaged *DamagedError
		if _, err := Cut(path); !errors.As(err, &damaged) || damaged.At != at || damaged.Path != path || !strings.Contains(err.Error(), path) || errors.Unwrap(err) == nil {
			t.Errorf("%v", err)
		}
		if got, _ := os.ReadFile(path); !bytes.Equal(got, b) {
			t.Error("it was changed")
		}
	}
	if _, err := Cut(path + ".none"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// FuzzCutLeavesAPrefix: whatever is in a file, what Cut leaves is the beginning of it,
// and a second Cut takes nothing more.
func FuzzCutLeavesAPrefix(f *testing.F) {
	whole, ends := sample(f)
	f.Add(whole)
	f.Add(whole[:ends[1]+5])
	f.Add(append(whole[:ends[0]:ends[0]], 0, 0, 0))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		path := t.TempDir() + "/x"
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		n, err := Cut(path)
		left, _ := os.ReadFile(path)
		if !bytes.HasPrefix(b, left) || len(b)-len(left) != int(n) || err != nil && n > 0 {
			t.Fatalf("%d of %d bytes left, %d cut, %v", len(left), len(b), n, err)
		}
		if err == nil && len(left) > 0 {
			if again, err := Cut(path); again != 0 || err != nil {
				t.Fatalf("again: %d, %v", again, err)
			}
		}
	})
}
