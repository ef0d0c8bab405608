package list

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestAChainIsAQueue: chains that share a file of blocks give back what was put
// into each, in its order, and use what was freed again.
func TestAChainIsAQueue(t *testing.T) {
	f := &memFile{}
	b := &blocks{create: func() (blockFile, error) { return f, nil }}
	rnd := rand.New(rand.NewPCG(1, 2))
	var chains [5]chain
	var models [5][][]byte
	waiting, most := 0, 0
	for i := range 50_000 {
		k := rnd.IntN(len(chains))
		c, model := &chains[k], &models[k]
		if len(*model) == 0 || rnd.IntN(200+len(*model)) > len(*model) {
			rec := bytes.Repeat([]byte{byte(i)}, anyLength(rnd))
			if err := c.push(b, rec); err != nil {
				t.Fatal(err)
			}
			*model = append(*model, rec)
			waiting += len(rec)
		} else {
			rec, err := c.pop(b)
			if err != nil || !bytes.Equal(rec, (*model)[0]) {
				t.Fatalf("step %d: popped %d bytes, %v, want %d", i, len(rec), err, len((*model)[0]))
			}
			*model = (*model)[1:]
			waiting -= len(rec)
		}
		most = max(most, waiting)
		if c.empty() != (len(*model) == 0) {
			t.Fatalf("step %d: empty %v with %d", i, c.empty(), len(*model))
		}
	}
	if len(f.p) == 0 || len(f.p) > most+most/10 {
		t.Errorf("the file came to %d bytes, and at most %d waited", len(f.p), most)
	}
}

// anyLength is that of a record: most are short, some take many blocks.
func anyLength(rnd *rand.Rand) int {
	switch rnd.IntN(50) {
	case 0:
		return rnd.IntN(20 * blockSize)
	case 1:
		return blockSize - 5 + rnd.IntN(10)
	}
	return rnd.IntN(200)
}

// TestARecordOutlivesAFullDisk: what could not be written is still there.
func TestARecordOutlivesAFullDisk(t *testing.T) {
	b := &blocks{create: func() (blockFile, error) { return &memFile{full: bytes.ErrTooLarge, most: blockSize}, nil }}
	var c chain
	first, second := bytes.Repeat([]byte{1}, blockSize), bytes.Repeat([]byte{2}, blockSize)
	if err := c.push(b, first); err != nil {
		t.Fatal(err)
	}
	if err := c.push(b, second); err == nil {
		t.Fatal("the disk took more than it holds")
	}
	for _, want := range [][]byte{first, second} {
		if rec, err := c.pop(b); err != nil || !bytes.Equal(rec, want) {
			t.Errorf("came back as %d bytes, %v", len(rec), err)
		}
	}
}
