package warc

import (
	"crypto/sha256"
	"strings"
	"testing"
)

func TestWhatIsMetAgainStaysKnownAndMemoryIsBounded(t *testing.T) {
	var s seen
	key := func(i int) (k [sha256.Size]byte) {
		k[0], k[1], k[2] = byte(i), byte(i>>8), byte(i>>16)
		return k
	}
	always := key(1 << 23)
	s.add(always, original{uri: "first"})
	s.add(always, original{uri: "second"})
	long := strings.Repeat("x", 1000)
	for i := range 100_000 {
		s.add(key(i), original{uri: long})
		if o, ok := s.find(always); !ok || o.uri != "first" {
			t.Fatalf("after %d others: %v, %q", i, ok, o.uri)
		}
		if n := (len(s.young) + len(s.old)) * (originalCost + len(long)); n > 2*maxGeneration+4096 {
			t.Fatalf("%d bytes after %d", n, i)
		}
	}
	if _, ok := s.find(key(0)); ok {
		t.Error("nothing is forgotten")
	}
	if _, ok := s.find(key(99_999)); !ok {
		t.Error("the last is forgotten")
	}
}
