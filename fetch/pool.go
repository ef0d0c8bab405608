package fetch

import (
	"container/list"
	"context"
	"sync"
	"time"
)

const (
	idleTimeout = 60 * time.Second
	// leadTime is how long further requests to a new origin wait for its first
	// connection, to learn whether they may share it.
	leadTime = time.Second
)

// conn is a connection on which exchanges can be made.
type conn interface {
	// begin reserves the connection for one more exchange, if it can take it; the
	// first is reserved by opening it. It must not block.
	begin() bool
	// shared says that exchanges may be made side by side.
	shared() bool
	// close ends the connection. It must not block: the pool is locked.
	close()
}

// pool keeps connections for further exchanges, by the key of their route. An
// origin that speaks HTTP/2 has one connection, which is shared; one that speaks
// HTTP/1.1 has as many as are needed, and perHost of them are kept idle. It may
// be used from any goroutine.
type pool struct {
	perHost, maxIdle int // maxIdle 0: no limit

	mu      sync.Mutex
	origins map[string]*origin
	all     *list.List // of *pooled; of the idle ones, those idle longest in front
	idle    int        // how many of them are idle
	sweeper *time.Timer
	closed  bool
}

// origin is what is known of one route.
type origin struct {
	key     string
	conns   int           // that are in the pool
	idle    []*pooled     // HTTP/1.1, the last used at the end
	shared  *pooled       // HTTP/2
	leading chan struct{} // closed once the first connection is there, or failed
	single  bool          // it speaks HTTP/1.1
}

// pooled is a connection and its place in the pool.
type pooled struct {
	conn
	origin *origin
	place  *list.Element
	users  int       // exchanges at work on it
	since  time.Time // when it became idle
	bad    bool      // nothing new begins on it
	used   bool      // an exchange was made on it before; to be read by the only user of a connection
}

func newPool(perHost, maxIdle int) *pool {
	return &pool{perHost: perHost, maxIdle: maxIdle, origins: map[string]*origin{}, all: list.New()}
}

// get gives a connection for key: one that is there, or what open brings. fresh
// asks for one on which nothing was done yet, and nobody else begins. multi says
// that the origin may speak HTTP/2: then others wait a moment for a new origin's
// first connection, which they may share. Each get is followed by one put.
func (p *pool) get(ctx context.Context, key string, fresh, multi bool, open func() (conn, error)) (*pooled, error) {
	for waited := false; ; waited = true {
		pc, wait, lead := p.take(key, fresh, multi && !waited)
		switch {
		case pc != nil:
			return pc, nil
		case wait != nil:
			if err := within(ctx, wait); err != nil {
				return nil, err
			}
		default:
			c, err := open()
			return p.opened(key, fresh, lead, c, err)
		}
	}
}

// within waits for ch, no longer than leadTime or ctx.
func within(ctx context.Context, ch <-chan struct{}) error {
	timer := time.NewTimer(leadTime)
	defer timer.Stop()
	select {
	case <-ch:
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// take gives a connection that is there, or what to wait for; with neither the
// caller is to open one, and leads the others if lead is not nil.
func (p *pool) take(key string, fresh, multi bool) (pc *pooled, wait, lead chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.origin(key)
	for n := len(o.idle); n > 0 && !fresh; n = len(o.idle) {
		if pc := o.idle[n-1]; p.use(pc) {
			return pc, nil, nil
		}
	}
	if pc := o.shared; pc != nil && !fresh && p.use(pc) {
		return pc, nil, nil
	}
	switch {
	case !multi || o.single || fresh:
		return nil, nil, nil
	case o.leading != nil:
		return nil, o.leading, nil
	}
	o.leading = make(chan struct{})
	return nil, nil, o.leading
}

// use makes an exchange begin on pc, or drops pc if it takes no more. The
// caller holds mu.
func (p *pool) use(pc *pooled) bool {
	if !pc.begin() {
		p.retire(pc)
		return false
	}
	if pc.users++; pc.users == 1 {
		p.idle--
		p.unlist(pc)
	}
	return true
}

// opened takes what open brought into the pool.
func (p *pool) opened(key string, fresh bool, lead chan struct{}, c conn, err error) (*pooled, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.origin(key)
	if lead != nil {
		close(lead)
		if o.leading == lead {
			o.leading = nil
		}
	}
	if err != nil {
		p.forget(o)
		return nil, err
	}
	pc := &pooled{conn: c, origin: o, users: 1}
	pc.place = p.all.PushBack(pc)
	o.conns++
	o.single = !c.shared()
	if c.shared() && o.shared == nil && !fresh {
		o.shared = pc
	}
	return pc, nil
}

// put ends an exchange on pc; good says that pc can take others.
func (p *pool) put(pc *pooled, good bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	o := pc.origin
	pc.users--
	pc.used = true
	if good && !pc.bad && pc.shared() && o.shared == nil {
		o.shared = pc // opened for one exchange alone, it may be shared now
	}
	if !good || p.closed || !pc.shared() && len(o.idle) >= p.perHost || pc.shared() && o.shared != pc {
		p.retire(pc)
		return
	}
	if pc.users > 0 {
		return
	}
	if !pc.shared() {
		o.idle = append(o.idle, pc)
	}
	pc.since = time.Now()
	p.all.MoveToBack(pc.place)
	if p.idle++; p.maxIdle > 0 && p.idle > p.maxIdle {
		p.shedLocked()
	}
	if p.sweeper == nil {
		p.sweeper = time.AfterFunc(idleTimeout, p.sweep)
	}
}

// retire takes pc out of use, and closes it once nothing is at work on it. The
// caller holds mu.
func (p *pool) retire(pc *pooled) {
	o := pc.origin
	pc.bad = true
	if o.shared == pc {
		o.shared = nil
	}
	if pc.users > 0 || pc.place == nil {
		return
	}
	if !pc.since.IsZero() {
		p.idle--
		p.unlist(pc)
	}
	p.all.Remove(pc.place)
	pc.place = nil
	o.conns--
	p.forget(o)
	pc.close()
}

// unlist takes pc off the idle ones. The caller holds mu.
func (p *pool) unlist(pc *pooled) {
	pc.since = time.Time{}
	o := pc.origin
	for i := len(o.idle) - 1; i >= 0; i-- {
		if o.idle[i] == pc {
			copy(o.idle[i:], o.idle[i+1:])
			o.idle[len(o.idle)-1] = nil
			o.idle = o.idle[:len(o.idle)-1]
			return
		}
	}
}

// origin returns what is known of key, beginning with nothing. The caller holds
// mu.
func (p *pool) origin(key string) *origin {
	o := p.origins[key]
	if o == nil {
		o = &origin{key: key}
		p.origins[key] = o
	}
	return o
}

// forget drops an origin without connections. The caller holds mu.
func (p *pool) forget(o *origin) {
	if o.conns == 0 && o.leading == nil && p.origins[o.key] == o {
		delete(p.origins, o.key)
	}
}

// shed closes the connection that has been idle longest, and reports whether
// there was one: the process may open no further file.
func (p *pool) shed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shedLocked()
}

func (p *pool) shedLocked() bool {
	for e := p.all.Front(); e != nil && p.idle > 0; e = e.Next() {
		if pc := e.Value.(*pooled); pc.users == 0 {
			p.retire(pc)
			return true
		}
	}
	return false
}

// sweep closes what has been idle for too long.
func (p *pool) sweep() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	now := time.Now()
	for e := p.all.Front(); e != nil; {
		pc := e.Value.(*pooled)
		e = e.Next()
		if pc.users == 0 && now.Sub(pc.since) >= idleTimeout {
			p.retire(pc)
		}
	}
	if p.sweeper = nil; p.idle > 0 {
		p.sweeper = time.AfterFunc(idleTimeout/4, p.sweep)
	}
}

// close closes what is idle; the rest is closed as its exchanges end.
func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	if p.sweeper != nil {
		p.sweeper.Stop()
	}
	for p.shedLocked() {
	}
}
