package engine

import (
	"runtime"
	"runtime/metrics"
	"sync"
	"testing"
	"time"
)

// heap is how many bytes of objects there are, live or not yet collected.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// settledHeap is heap once all garbage is gone, that of pools included.
func settledHeap() uint64 {
	for range 3 {
		runtime.GC()
	}
	return heap()
}

// heapWatch looks at the heap from watchHeap to stop.
type heapWatch struct {
	before, most uint64
	over         chan struct{}
	wg           sync.WaitGroup
}

func watchHeap() *heapWatch {
	w := &heapWatch{before: settledHeap(), over: make(chan struct{})}
	w.wg.Go(func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			w.most = max(w.most, heap())
			select {
			case <-tick.C:
			case <-w.over:
				return
			}
		}
	})
	return w
}

func (w *heapWatch) stop() {
	close(w.over)
	w.wg.Wait()
}

// check holds the heap to its bounds, once nothing of the run is in use.
func (w *heapWatch) check(t *testing.T) {
	t.Helper()
	after := settledHeap()
	t.Logf("heap: %d KiB before, %d KiB at most, %d KiB after; it may grow by %d KiB, and %d KiB may be left",
		w.before>>10, w.most>>10, after>>10, heapBound>>10, heapLeft>>10)
	if w.most > w.before+heapBound || after > w.before+heapLeft {
		t.Error("memory is not flat")
	}
}

// eventually waits for what other goroutines do after their end was asked for.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 1000 {
		if ok() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	stacks := make([]byte, 64<<10)
	t.Errorf("%s:\n%s", what, stacks[:runtime.Stack(stacks, true)])
}
