package warc

import (
	"os"
	"strings"
	"testing"
)

func TestALargeBodyGoesThroughATemporaryFileThatIsGoneAfterIt(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp)
	a, path := inTemp(t, Options{})
	for i, size := range []int{inMemory - 1, inMemory, inMemory + 1, 5*inMemory + 7} {
		body := noise(size, uint64(i))
		mustPut(t, a, page("http://a.example/large", body))
		if got := names(t, temp); got != "" {
			t.Errorf("left: %s", got)
		}
		records := read(t, path)
		if last := records[len(records)-2]; last.Payload != body {
			t.Errorf("%d bytes became %d", size, len(last.Payload))
		}
	}
}

func TestABodyForWhichThereIsNoRoomIsAnErrorThatNamesThePlace(t *testing.T) {
	missing := t.TempDir() + "/none"
	t.Setenv("TMPDIR", missing)
	t.Setenv("TMP", missing)
	a, path := inTemp(t, Options{})
	err := put(t, a, page("http://a.example/large", noise(2*inMemory, 1)))
	if err == nil || !strings.Contains(err.Error(), "none") {
		t.Error(err)
	}
	mustPut(t, a, page("http://a.example/small", "x"))
	if got := kinds(read(t, path)); got != "iAq" {
		t.Errorf("records %s", got)
	}
}

func TestASpoolTakesNothingAfterAnError(t *testing.T) {
	var s spool
	f, err := os.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s.f = f // to which nothing can be written
	for range 2 {
		if n, err := s.Write([]byte("x")); n != 0 || err == nil {
			t.Errorf("%d, %v", n, err)
		}
	}
	if _, err := s.WriteTo(&strings.Builder{}); err == nil {
		t.Error("written all the same")
	}
	if s.clear(); s.err != nil || s.size != 0 {
		t.Errorf("%+v", s)
	}
}
