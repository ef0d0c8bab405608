package frontier

import (
	"reflect"
	"testing"
	"time"
)

func TestWaitingNamesHostsWithItemsAndThoseThatAreParked(t *testing.T) {
	b := newBench(t, Politeness{HostDelay: 2 * time.Second, MaxErrors: 1})
	if got := b.Waiting(b.now); len(got) != 0 {
		t.Fatalf("of an empty workbench: %v", got)
	}
	b.lease("http://b/0")
	b.lease("http://a/0")
	b.lease("http://a/1")
	until := b.now.Add(time.Minute)
	b.Park(b.now, "parked:80", until)
	b.Park(b.now, "a:80", until)
	want := []Waiting{
		{Host: "a:80", Queued: 2, Until: until, Every: 2 * time.Second},
		{Host: "b:80", Queued: 1, Every: 2 * time.Second},
		{Host: "parked:80", Until: until, Every: 2 * time.Second},
	}
	if got := b.Waiting(b.now); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	if got := b.Waiting(until); len(got) != 2 || !got[0].Until.IsZero() {
		t.Errorf("once the pause is over: %+v", got)
	}
	if got := b.Queued(); got != 3 {
		t.Errorf("%d queued after a look", got)
	}
}

// A host that was given up is waited for no more, and Report tells the moment, once.
func TestReportTellsThatAHostWasGivenUp(t *testing.T) {
	b := newBench(t, Politeness{MaxErrors: 2})
	b.Park(b.now, "a:80", b.now.Add(time.Hour))
	if b.Report(b.now, "a:80", Unreachable, b.now, errRefused) {
		t.Error("given up after one failure")
	}
	b.now = b.now.Add(minRow)
	if !b.Report(b.now, "a:80", Unreachable, b.now, errRefused) {
		t.Error("not given up, or not told")
	}
	if b.Report(b.now, "a:80", Unreachable, b.now, errRefused) || b.Report(b.now, "a:80", Unknown, b.now, nil) || b.Report(b.now, "a:80", Healthy, b.now, nil) {
		t.Error("told twice")
	}
	b.Report(b.now, "b:80", Unreachable, b.now, errRefused)
	b.Park(b.now, "b:80", b.now.Add(time.Hour))
	b.now = b.now.Add(minRow)
	b.Report(b.now, "b:80", Unreachable, b.now, errRefused)
	for _, w := range b.Waiting(b.now) {
		if w.Host == "b:80" {
			t.Errorf("waited for: %+v", w)
		}
	}
}
