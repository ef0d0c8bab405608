package frontier

import (
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"
)

func TestSeen(t *testing.T) {
	s := NewSeen()
	defer s.Close()
	if _, dup := s.Add("x", 3); dup {
		t.Error("new, and seen")
	}
	if first, dup := s.Add("x", 4); !dup || first != 3 {
		t.Errorf("seen: %v, first %d", dup, first)
	}
}

// TestSeenIsAMap: whatever comes, and however often, a Seen says what a map
// would.
func TestSeenIsAMap(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	s, model := NewSeen(), map[string]int64{}
	defer s.Close()
	for i := range int64(100_000) {
		id := fmt.Sprintf("http://h%d.example/%d", rnd.IntN(500), rnd.IntN(400))
		want, seen := model[id]
		if !seen {
			want, model[id] = i, i
		}
		if first, dup := s.Add(id, i); first != want || dup != seen {
			t.Fatalf("%s at %d: first %d, seen %v; want %d, %v", id, i, first, dup, want, seen)
		}
	}
}

// TestSeenTellsNeighboursApart: hashes that want the same place, at the end of a
// table too, where the search begins again at its head.
func TestSeenTellsNeighboursApart(t *testing.T) {
	s := NewSeen()
	defer s.Close()
	const n = 1000
	for _, base := range []uint64{0, 1<<56 - n, 1<<63 + 1<<20, math.MaxUint64 - n + 1} {
		for i := range uint64(n) {
			if first, dup := s.add(base+i, int64(i)); dup {
				t.Fatalf("hash %x is new, and seen at %d", base+i, first)
			}
		}
		for i := range uint64(n) {
			if first, dup := s.add(base+i, 7); !dup || first != int64(i) {
				t.Fatalf("hash %x: %d, %v, want %d", base+i, first, dup, i)
			}
		}
	}
}

// TestSeenKeepsLargeIndexes: one that a list of a trillion lines would have.
func TestSeenKeepsLargeIndexes(t *testing.T) {
	s := NewSeen()
	defer s.Close()
	for i, index := range []int64{0, 1<<32 - 2, 1<<32 - 1, 1 << 32, 1<<40 - 2} {
		hash := uint64(i) << 20
		s.add(hash, index)
		if first, dup := s.add(hash, 1); !dup || first != index {
			t.Errorf("index %d came back as %d, %v", index, first, dup)
		}
	}
}

// TestSeenMemory: about 16 bytes an entry at any size, and never much at once.
// The bytes are those of the tables and of what holds them.
func TestSeenMemory(t *testing.T) {
	top := 10_000_000
	if testing.Short() || raceDetector {
		top = 1_000_000
	}
	s := NewSeen()
	defer s.Close()
	rnd := rand.New(rand.NewPCG(5, 6))
	low, high := 100., 0.
	size := 0
	for n := 1; n <= top; n++ {
		hash := rnd.Uint64()
		table := &s.shards[hash>>56]
		before := len(table.slots)
		s.add(hash, int64(n))
		step := len(table.slots) - before
		if n >= 100_000 && step > size/seenShards/3 {
			t.Fatalf("at %d entries, %d bytes grew by %d at once", n, size, step)
		}
		if size += step; n >= 10_000 {
			per := float64(size+int(unsafe.Sizeof(*s))) / float64(n)
			low, high = min(low, per), max(high, per)
			if n >= 100_000 && per > 17.2 { // 18 where all have just grown by a fifth
				t.Fatalf("%.1f bytes an entry at %d: the tables grow at the same moment", per, n)
			}
		}
	}
	if size != s.size() {
		t.Errorf("%d bytes were counted, and it says %d", size, s.size())
	}
	t.Logf("%.1f to %.1f bytes an entry from ten thousand entries to %d", low, high, top)
	if low < 13 || high > 20 {
		t.Errorf("%.1f to %.1f bytes an entry, want 13 to 20", low, high)
	}
}

// TestSeenWithTheSameKeyHashesAlike: what was stored by one holds for another;
// and a key of one's own is nobody else's.
func TestSeenWithTheSameKeyHashesAlike(t *testing.T) {
	a, other := NewSeen(), NewSeen()
	again := NewSeenWithKey(a.Key())
	for _, id := range []string{"", "http://a.example/", "POST\x00http://a.example/"} {
		if sipHash13(a.Key(), id) != sipHash13(again.Key(), id) {
			t.Errorf("%q has two hashes under one key", id)
		}
		if sipHash13(a.Key(), id) == sipHash13(other.Key(), id) {
			t.Errorf("%q has one hash under two keys", id)
		}
	}
}

// TestSeenIsEmptyOnceClosed: and goes on to work.
func TestSeenIsEmptyOnceClosed(t *testing.T) {
	s := NewSeen()
	for i := range uint64(1_500_000) {
		s.add(i*0x9e3779b97f4a7c15, 1)
	}
	s.Close()
	if n := s.size(); n != 0 {
		t.Errorf("closed, it takes %d bytes", n)
	}
	if _, dup := s.Add("x", 1); dup {
		t.Error("closed, it has seen something")
	}
	s.Close()
}

// TestSeenReserves: what comes then finds room, takes no more of it than without,
// and what was there stays.
func TestSeenReserves(t *testing.T) {
	const n = 300_000
	reserved, plain := NewSeen(), NewSeen()
	defer reserved.Close()
	defer plain.Close()
	reserved.Add("x", 7)
	reserved.Reserve(n)
	size := reserved.size()
	reserved.Reserve(n / 2) // there is room already
	rnd := rand.New(rand.NewPCG(9, 10))
	for i := range int64(n) {
		hash := rnd.Uint64()
		reserved.AddHash(hash, i)
		plain.AddHash(hash, i)
		if first, dup := reserved.AddHash(hash, n); !dup || first != i {
			t.Fatalf("%d: first %d, seen %v", i, first, dup)
		}
	}
	if first, dup := reserved.Add("x", 8); !dup || first != 7 {
		t.Errorf("what was there before: first %d, seen %v", first, dup)
	}
	if grown := reserved.size() - size; grown < 0 || grown > size/50 {
		t.Errorf("it grew from %d by %d", size, grown)
	}
	if more := reserved.size() - plain.size(); more > plain.size()/50 {
		t.Errorf("%d bytes more than without", more)
	}
}

// TestSeenByHash: a hash is as good as its identity, and its index can be
// another.
func TestSeenByHash(t *testing.T) {
	s := NewSeen()
	defer s.Close()
	hash := s.Key().Hash("x")
	if _, ok := s.Find(hash); ok || s.Replace(hash, 7) {
		t.Error("what was never seen was found, or replaced")
	}
	s.Add("x", 3)
	s.Add("y", 4)
	if s.Replace(hash^1, 7) {
		t.Error("a neighbour that was never seen was replaced")
	}
	if first, dup := s.AddHash(hash, 5); !dup || first != 3 {
		t.Errorf("by hash: first %d, seen %v", first, dup)
	}
	if index, ok := s.Find(hash); !ok || index != 3 {
		t.Errorf("found: index %d, %v", index, ok)
	}
	if _, ok := s.Find(hash ^ 1); ok {
		t.Error("a neighbour that was never seen was found")
	}
	if !s.Replace(hash, 9) {
		t.Error("what was seen was not replaced")
	}
	if first, dup := s.Add("x", 5); !dup || first != 9 {
		t.Errorf("replaced: first %d, seen %v", first, dup)
	}
	if first, _ := s.Add("y", 5); first != 4 {
		t.Errorf("its neighbour became %d", first)
	}
}

// TestSipHash13: the hash of the bytes 0, 1, … n-1 under the key 0, 1, … 15, as
// the authors of SipHash set their vectors; these are the 64 of Rust's core
// library (library/coretests/tests/hash/sip.rs, test_siphash_1_3), as bytes.
func TestSipHash13(t *testing.T) {
	var key SeenKey
	for i := range key {
		key[i] = byte(i)
	}
	var text []byte
	for n, want := range sipVectors {
		got := sipHash13(key, string(text))
		var p []byte
		for i := range 8 {
			p = append(p, byte(got>>(8*i)))
		}
		if hex.EncodeToString(p) != want {
			t.Errorf("%d bytes: %x, want %s", n, p, want)
		}
		text = append(text, byte(n))
	}
}

var sipVectors = []string{
	"dcc40f055801acab", "93ca577df39bf4c9", "4dd4c74d029bcb82", "fbf7dde7b80af88b",
	"2883d388605775cf", "673b53492fd5f9de", "a7229fc5502b0dc5", "4011b19b987d92d3",
	"8e9a298d11959036", "e43d066cb38ea425", "7f09ff92ee85de79", "52c34df9c118c170",
	"a2d9b457b184a378", "a7ff29120c766f30", "345df9c011a15a60", "5699512a6dd820d3",
	"668b907d1add4fcc", "0cd8db639068f29c", "3ee673b49c38fc8f", "1c7d298de59d1ff2",
	"40e0cca6462fdcc0", "44f8452bfeab92b9", "2e8720a39b7bfe7f", "23c1e6da7f0e5a52",
	"8c9c3467b2ae64f4", "79095b702859cd45", "a51399cae3353e3a", "353bde4a4ec71da9",
	"0dd06cef02ed0bfb", "f4e1b14ab43cd988", "63e6c543d6110f54", "bcd1218c1fdd7023",
	"0db6a7166c7b1581", "bff98f7ae5b9544d", "3e752a1f78129f75", "916b18bfbea3a1ce",
	"0662a2add308f52c", "5730c3a32d1c10b6", "a1363aae9674f4b3", "9283107b54576b62",
	"3115e4993236d2c1", "44d91a3f92c17c66", "258813c8fe4f7065", "a64989c2d180f224",
	"6b87f8faed1ccac2", "9621049ffc4b16c2", "23d6b168939c6ea1", "fd14518b9c16fb49",
	"464c07dff843319f", "b386cc1224affdc6", "8f09520ad149af7e", "9a2f299d5513f31c",
	"121ff4a2dd304ac4", "d01ea74389e9fa36", "e6bcf0734cb38f31", "80e9a77036bf7aa2",
	"756d3c24dbc0bcb4", "1315b7fd52d8f823", "088a7da64d5f038f", "48f1e8b7e5d09cd8",
	"ee44a6f7bce6f4f6", "f237180fd89ac5ae", "e094664b15f6b2c3", "a8b3bbb76290199d",
}

// FuzzSeen: any sequence of identities is told apart as a map tells it.
func FuzzSeen(f *testing.F) {
	f.Add("a", "a", "b")
	f.Add("", "\x00", "http://me:pw@a.example/?q=1")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		s, model := NewSeen(), map[string]int64{}
		for i, id := range []string{a, b, c, b, a} {
			want, seen := model[id]
			if !seen {
				want, model[id] = int64(i), int64(i)
			}
			if first, dup := s.Add(id, int64(i)); first != want || dup != seen {
				t.Fatalf("%q: first %d, seen %v; want %d, %v", id, first, dup, want, seen)
			}
		}
	})
}

// BenchmarkSeen is what one line of a list costs, in a set of up to four million.
func BenchmarkSeen(b *testing.B) {
	const most = 4 << 20
	ids := make([]string, 1<<16)
	for i := range ids {
		ids[i] = fmt.Sprintf("https://www.host-%d.example/some/path/page-%08d.html", i%1000, i)
	}
	b.Run("hash", func(b *testing.B) {
		var key SeenKey
		for i := 0; b.Loop(); i++ {
			sipHash13(key, ids[i%len(ids)])
		}
	})
	b.Run("map", func(b *testing.B) { // for comparison: the standard library's
		m := map[uint64]int64{}
		hash := uint64(1)
		for i := 0; b.Loop(); i++ {
			if i%most == 0 {
				m = map[uint64]int64{}
			}
			hash = hash*6364136223846793005 + 1442695040888963407
			m[hash] = int64(i)
		}
	})
	b.Run("add", func(b *testing.B) {
		s := NewSeen()
		hash := uint64(1)
		for i := 0; b.Loop(); i++ {
			if i%most == 0 {
				s.Close()
			}
			hash = hash*6364136223846793005 + 1442695040888963407
			s.add(hash, int64(i))
		}
		s.Close()
	})
}
