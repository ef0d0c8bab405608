package frontier

// keepHosts bounds the memory of hosts that rest: their pace, their pause, their
// health and their robots rules.
const keepHosts = 10_000

// resting is a host that came to rest, and the how-manieth to do so it was.
type resting struct {
	host *host
	at   uint64
}

// markRest notes that h has nothing to do and is not leased here, or no longer
// so, and forgets the hosts beyond keepHosts that have rested longest.
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
	for w.resting.Len() > keepHosts {
		if old := w.resting.PopFront(); old.host.rest == old.at { // it has not risen since
			delete(w.hosts, old.host.key)
		}
	}
}
