package frontier

const (
	// keepHosts bounds the memory of hosts that rest: their pace, their pause, their
	// health and their robots rules.
	keepHosts = 10_000
	// keepRules bounds that of robots rules in all, in bytes: beyond it, hosts that
	// rest are forgotten, and then no more than smallRules are taken at a time.
	keepRules  = 128 << 20
	smallRules = 8 << 10
)

// resting is a host that came to rest, and the how-manieth to do so it was.
type resting struct {
	host *host
	at   uint64
}

// markRest notes that h has nothing to do and is not leased here, or no longer
// so.
func (w *Workbench) markRest(h *host) {
	if h.leased || !h.idle() {
		h.rest = 0
		return
	}
	if h.rest > 0 {
		return
	}
	w.rests++
	h.rest = w.rests
	h.queue, h.errands = Queue[Item]{}, Queue[Item]{} // emptied rings, which may be large
	w.resting.PushBack(resting{h, h.rest})
	w.forget(0)
}

// forget lets go of the hosts that have rested longest while they are too many,
// or their rules and as many bytes to come are too much.
func (w *Workbench) forget(size int) {
	for n := w.resting.Len(); n > keepHosts || n > 0 && w.kept+size > keepRules; n-- {
		if old := w.resting.PopFront(); old.host.rest == old.at { // it has not risen since
			delete(w.hosts, old.host.key)
			w.kept -= old.host.kept()
		}
	}
}
