package frontier

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"crawl/weburl"
)

// heavy are rules of a size that allow everything.
type heavy int

func (heavy) Allowed(weburl.URL) error { return nil }
func (heavy) Delay() time.Duration     { return 0 }
func (n heavy) Size() int              { return int(n) }

// weigh gives a host rules of a size, and says whether they were taken.
func (b *bench) weigh(host string, size int) bool {
	return b.SetRules(b.now, host+":80", "http://"+host, heavy(size), b.now.Add(time.Hour))
}

// knows says which of the hosts have rules.
func (b *bench) knows(hosts ...string) (known string) {
	for _, name := range hosts {
		if h := b.hosts[name+":80"]; h != nil && len(h.gates) > 0 && h.gates[0].rules != nil {
			known += name
		}
	}
	return known
}

// For large rules the hosts that have rested longest are forgotten, and no more of
// them than need be.
func TestRulesPushOutThoseOfHostsThatRest(t *testing.T) {
	b := newBench(t, Politeness{Robots: true})
	for _, host := range []string{"a", "b", "c", "d"} {
		if !b.weigh(host, keepRules/4) {
			t.Errorf("%s was not taken", host)
		}
	}
	if got := b.knows("a", "b", "c", "d"); got != "abcd" {
		t.Errorf("%s are known, and there was room for all", got)
	}
	if !b.weigh("e", keepRules/4+1) {
		t.Error("those that rest were kept instead")
	}
	if got := b.knows("a", "b", "c", "d", "e"); got != "cde" {
		t.Errorf("%s are known, want cde", got)
	}
	if !b.weigh("c", 1) || !b.weigh("f", keepRules/4) {
		t.Error("what is replaced counts no longer, and was counted")
	}
	if got := b.knows("c", "d", "e", "f"); got != "cdef" {
		t.Errorf("%s are known, want cdef", got)
	}
}

// Where hosts that have work keep as much as may be kept, large rules are not
// taken; small ones always are.
func TestLargeRulesAreNotTakenBeyondTheBound(t *testing.T) {
	b := newBench(t, Politeness{Robots: true})
	b.lease("http://a/1", "http://b/1", "http://c/1", "http://d/1")
	b.want("robots http://a", "robots http://b", "robots http://c", "robots http://d")
	if !b.weigh("a", keepRules-smallRules) {
		t.Fatal("there was room")
	}
	if b.weigh("c", smallRules+1) {
		t.Error("large ones were taken")
	}
	if !b.weigh("b", smallRules) || !b.weigh("d", smallRules) || b.knows("a", "b", "c", "d") != "abd" {
		t.Errorf("small ones were not, or others lost: %s are known", b.knows("a", "b", "c", "d"))
	}
	why := errors.New("no room")
	b.Refuse(b.now, "c:80", "http://c", why, b.now.Add(time.Minute))
	b.want("http://a/1", "http://b/1", "http://d/1", "denied http://c/1", "wait 0s")

	b.Finish(b.now, "a:80") // its robots.txt
	b.Finish(b.now, "a:80") // its page
	b.Settled("a:80")
	b.Idle(b.now)
	if !b.weigh("c", smallRules+1) || b.knows("a") != "" {
		t.Error("it is not taken, now that others rest")
	}
}

// What is counted is what is kept, whatever happened.
func TestTheMemoryOfRulesIsCounted(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	b := newBench(t, Politeness{Robots: true})
	for range 20_000 {
		name := fmt.Sprintf("h%d", rnd.IntN(30))
		switch rnd.IntN(5) {
		case 0:
			b.lease("http://" + name + "/")
		case 1:
			b.Refuse(b.now, name+":80", "https://"+name+":80", errors.New("no"), b.now)
		case 2:
			b.Drop(b.now, name+":80")
		default:
			b.weigh(name, rnd.IntN(keepRules/10))
		}
		sum := 0
		for _, h := range b.hosts {
			sum += h.kept()
		}
		if b.kept != sum || sum > keepRules+30*smallRules {
			t.Fatalf("%d bytes are counted, %d kept", b.kept, sum)
		}
	}
}
