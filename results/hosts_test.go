package results

import (
	"fmt"
	"testing"
	"time"
)

func TestTheSlowestHostsAreThoseOfTheLongestMean(t *testing.T) {
	var h Hosts
	for i, took := range []time.Duration{30, 10, 20, 5} {
		h.Add(fmt.Sprintf("%c:80", 'a'+i), took*time.Second)
	}
	h.Add("a:80", 0) // its mean is 15 s now
	got := h.Slowest(3)
	if len(got) != 3 || got[0].Host != "c:80" || got[1].Host != "a:80" || got[2].Host != "b:80" {
		t.Fatalf("%v", got)
	}
	if a := got[1]; a.Requests != 2 || a.Mean() != 15*time.Second || a.Max != 30*time.Second {
		t.Errorf("%+v, mean %v", a, a.Mean())
	}
	if h.Of("a:80") != got[1] || h.Of("nobody:80") != (HostTime{Host: "nobody:80"}) {
		t.Error(h.Of("a:80"), h.Of("nobody:80"))
	}
	if len(h.Slowest(9)) != 4 || (&Hosts{}).Slowest(3) == nil || (HostTime{}).Mean() != 0 {
		t.Error("the edges")
	}
}

func TestHostsOfOneMeanStandByName(t *testing.T) {
	var h Hosts
	for _, host := range []string{"c", "a", "b"} {
		h.Add(host, time.Second)
	}
	if got := h.Slowest(3); got[0].Host != "a" || got[1].Host != "b" || got[2].Host != "c" {
		t.Errorf("%v", got)
	}
}

// However many hosts a list has, the memory is bounded, and the slowest stay known.
func TestOfManyHostsTheSlowestStayKnown(t *testing.T) {
	var h Hosts
	h.Add("slow:80", time.Minute)
	for i := range 10 * maxHosts {
		h.Add(fmt.Sprintf("h%d:80", i), time.Duration(i%1000)*time.Millisecond)
		if h.Len() > maxHosts {
			t.Fatalf("%d hosts are kept", h.Len())
		}
	}
	if got := h.Slowest(2); got[0].Host != "slow:80" || got[0].Max != time.Minute || got[1].Mean() != 999*time.Millisecond {
		t.Errorf("%v", got)
	}
}
