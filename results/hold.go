package results

import (
	"bufio"
	"container/heap"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"
)

// holdFile keeps encoded records on disk until their turn: runs sorted by
// index, one behind the other, merged as they are read back. A nil *holdFile
// is an empty one.
type holdFile struct {
	f    *os.File
	name string // to be removed at close; "" when it is gone already
	end  int64  // where the next run begins
	runs runs   // those with records left, the lowest head first
	buf  []byte
}

// run is what is left of one sorted run: its first record, and where the
// others are.
type run struct {
	index int64 // of the first record
	size  int64 // of its bytes
	at    int64 // where they are
	end   int64 // where the run ends
}

// A record in the file is its index and its length, eight bytes each, and its
// bytes.
const holdHeader = 16

// noHead is the head of a file in which nothing waits.
const noHead = math.MaxInt64

// newHoldFile makes the file in dir, "" for os.TempDir(), and takes its name
// away at once where the system allows that, so that no kill leaves it behind.
func newHoldFile(dir string) (*holdFile, error) {
	f, err := os.CreateTemp(dir, "crawl-order-*")
	if err != nil {
		return nil, fmt.Errorf("a file for records that wait for their turn: %w", err)
	}
	h := &holdFile{f: f, name: f.Name()}
	if os.Remove(h.name) == nil {
		h.name = ""
	}
	return h, nil
}

// head is the lowest index that waits, or noHead.
func (h *holdFile) head() int64 {
	if h == nil || len(h.runs) == 0 {
		return noHead
	}
	return h.runs[0].index
}

// put appends held as one run. After an error the file is as it was before.
func (h *holdFile) put(held map[int64][]byte) error {
	indexes := slices.Sorted(maps.Keys(held))
	out := bufio.NewWriterSize(io.NewOffsetWriter(h.f, h.end), 256<<10)
	end := h.end
	var header [holdHeader]byte
	for _, index := range indexes {
		p := held[index]
		binary.LittleEndian.PutUint64(header[:], uint64(index))
		binary.LittleEndian.PutUint64(header[8:], uint64(len(p)))
		out.Write(header[:]) // a bufio.Writer keeps its error for Flush
		out.Write(p)
		end += holdHeader + int64(len(p))
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("records that wait for their turn: %w", err)
	}
	first := indexes[0]
	heap.Push(&h.runs, &run{index: first, size: int64(len(held[first])), at: h.end + holdHeader, end: end})
	h.end = end
	return nil
}

// take removes the record with the lowest index. Its bytes are good until the
// next call. After an error the rest of its run is lost.
func (h *holdFile) take() (int64, []byte, error) {
	r := h.runs[0]
	index, size := r.index, r.size
	// One read brings the record and the header of the one behind it.
	next := r.at + size
	n := min(size+holdHeader, r.end-r.at)
	h.buf = slices.Grow(h.buf[:0], int(n))[:n]
	if _, err := h.f.ReadAt(h.buf, r.at); err != nil {
		heap.Pop(&h.runs)
		return index, nil, fmt.Errorf("records that wait for their turn: %w", err)
	}
	if next < r.end {
		r.index = int64(binary.LittleEndian.Uint64(h.buf[size:]))
		r.size = int64(binary.LittleEndian.Uint64(h.buf[size+8:]))
		r.at = next + holdHeader
		heap.Fix(&h.runs, 0)
	} else {
		heap.Pop(&h.runs)
		h.shrink()
	}
	return index, h.buf[:size], nil
}

// shrink gives the disk back once nothing waits. An error costs only space.
func (h *holdFile) shrink() {
	if len(h.runs) == 0 && h.f.Truncate(0) == nil {
		h.end = 0
	}
}

// close removes the file.
func (h *holdFile) close() error {
	if h == nil {
		return nil
	}
	err := h.f.Close()
	if h.name != "" {
		if gone := os.Remove(h.name); err == nil {
			err = gone
		}
	}
	return err
}

// runs is a container/heap of the runs by their heads.
type runs []*run

func (r runs) Len() int           { return len(r) }
func (r runs) Less(i, j int) bool { return r[i].index < r[j].index }
func (r runs) Swap(i, j int)      { r[i], r[j] = r[j], r[i] }
func (r *runs) Push(x any)        { *r = append(*r, x.(*run)) }
func (r *runs) Pop() any {
	last := len(*r) - 1
	x := (*r)[last]
	*r = (*r)[:last]
	return x
}
