package results

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestTheCountsAddUpToTheLines(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	var s Summary
	const n = 2000
	for range n {
		r := randomRecord(rnd)
		r.OK = r.OK && r.Error.Kind == ""
		s.Add(r)
	}
	s.Unrecorded = 5
	if s.Lines() != n || s.OK+s.Failed+s.Duplicates != n || s.Read() != n+5 {
		t.Errorf("%d ok, %d failed, %d duplicates: %d lines, %d read, of %d", s.OK, s.Failed, s.Duplicates, s.Lines(), s.Read(), n)
	}
	if s.OK == 0 || s.Failed == 0 || s.Duplicates == 0 {
		t.Error("a test of nothing")
	}
	var failed int64
	for _, k := range s.Kinds {
		failed += k
	}
	if failed != s.Failed {
		t.Errorf("the kinds add up to %d of %d failed", failed, s.Failed)
	}
}

func TestARecordIsCountedForWhatItShows(t *testing.T) {
	var s Summary
	for _, r := range samples() {
		s.Add(r)
	}
	if s.OK != 4 || s.Failed != 5 || s.Duplicates != 1 {
		t.Errorf("%d ok, %d failed, %d duplicates", s.OK, s.Failed, s.Duplicates)
	}
	if s.Kinds["http"] != 2 || s.Kinds["timeout"] != 1 || s.Kinds["cancelled"] != 1 || s.Kinds["invalid_url"] != 1 {
		t.Errorf("kinds %v", s.Kinds)
	}
	if want := [6]int64{0, 0, 4, 0, 1, 1}; s.Classes != want {
		t.Errorf("classes %v, want %v", s.Classes, want)
	}
	if s.Attempts != 3+1+1+1+3 || s.Retries != 4 || s.Redirects != 2 {
		t.Errorf("%d attempts, %d retries, %d redirects", s.Attempts, s.Retries, s.Redirects)
	}
	if s.Bytes != 1<<20+1256+9+20<<20+1 || s.WireBytes != 300_000+648+9 {
		t.Errorf("%d bytes, %d on the wire", s.Bytes, s.WireBytes)
	}
	if s.Tried != 0 || s.Answers != 0 {
		t.Error("Add guesses at requests")
	}
}

func TestChangesAreCountedByTheirWord(t *testing.T) {
	var s Summary
	for _, word := range []string{New, "", Gone, New} {
		s.Add(&Record{OK: word != Gone, Change: word})
	}
	if s.Changes[New] != 2 || s.Changes[Gone] != 1 || len(s.Changes) != 2 || s.Lines() != 4 {
		t.Errorf("%v of %d lines", s.Changes, s.Lines())
	}
	if s = (Summary{}); s.Changes != nil {
		t.Error("a run without a feed has changes")
	}
}

func TestAStatusOutsideTheClassesIsCountedToo(t *testing.T) {
	var s Summary
	for _, status := range []int{-1, 99, 100, 599, 600, 999} {
		s.Add(&Record{Status: status, OK: true})
	}
	if want := [6]int64{4, 1, 0, 0, 0, 1}; s.Classes != want {
		t.Errorf("classes %v, want %v", s.Classes, want)
	}
}

func TestNoAnswerAtAllIsTold(t *testing.T) {
	for _, tt := range []struct {
		tried, answers int64
		want           bool
	}{{0, 0, false}, {3, 0, true}, {3, 1, false}} {
		if s := (Summary{Tried: tt.tried, Answers: tt.answers}); s.NoAnswer() != tt.want {
			t.Errorf("%d tried, %d answers: %v", tt.tried, tt.answers, s.NoAnswer())
		}
	}
}

func TestTheSummaryReadsAsItDidBefore(t *testing.T) {
	var all, machine strings.Builder
	for _, tt := range summaries() {
		all.WriteString("# " + tt.name + "\n")
		must(t, tt.s.WriteText(&all))
		must(t, tt.s.WriteJSON(&machine))
		if !strings.HasSuffix(all.String(), tt.s.String()) {
			t.Error("String and WriteText differ")
		}
	}
	golden(t, "summary.txt", []byte(all.String()))
	golden(t, "summary.jsonl", []byte(machine.String()))
}

var slowHosts = [...]HostTime{
	{"slow.example:443", 3, 9600 * time.Millisecond, 6 * time.Second}, {"esc\x1b[2J.example:80", 2, 2 * time.Second, time.Second},
	{"quick.example:443", 12, 1_500_600 * time.Microsecond, time.Second}, {"quicker.example:443", 1, 0, 0},
}

type summaryCase struct {
	name string
	s    Summary
}

// summaries are of every shape: the golden files show them.
func summaries() []summaryCase {
	return []summaryCase{
		{"a usual run", Summary{OK: 970, Failed: 25, Duplicates: 5, Kinds: map[string]int64{"dns": 2, "http": 20, "timeout": 3},
			Classes: [6]int64{2: 960, 3: 10, 4: 20}, Bytes: 12 << 20, WireBytes: 4_300_000, Attempts: 1002, Retries: 12, Redirects: 30,
			Tried: 1040, Answers: 1020, Started: noon, Elapsed: 12345 * time.Millisecond, Slowest: slowHosts[:]}},
		{"one of each", Summary{OK: 1, Failed: 1, Duplicates: 1, Kinds: map[string]int64{"http": 1}, Classes: [6]int64{2: 1, 5: 1}, Bytes: 1, WireBytes: 1,
			Attempts: 3, Retries: 1, Redirects: 1, Tried: 4, Answers: 4, Elapsed: time.Second}},
		{"one line", Summary{OK: 1, Classes: [6]int64{2: 1}, Tried: 1, Answers: 1, Elapsed: 80 * time.Millisecond, Slowest: slowHosts[:1]}},
		{"nothing to do", Summary{Elapsed: 300 * time.Microsecond}},
		{"no clock", Summary{OK: 12_345_678}},
		{"interrupted", Summary{OK: 400, Failed: 64, Kinds: map[string]int64{"cancelled": 64}, Unrecorded: 1, Classes: [6]int64{2: 400}, Bytes: 1000, WireBytes: 900,
			Tried: 464, Answers: 400, Interrupted: "SIGINT", Elapsed: 90 * time.Minute}},
		{"no network", Summary{Failed: 3, Kinds: map[string]int64{"dns": 2, "connect": 1}, Retries: 6, Attempts: 9, Tried: 9, Elapsed: 4 * time.Second}},
		{"not read to its end", Summary{OK: 1, Unrecorded: 7, Uncounted: true, Interrupted: "SIGINT", Elapsed: time.Second}},
		{"only unrecorded", Summary{Unrecorded: 7, Interrupted: "SIGTERM\x1b[2J", Elapsed: time.Second}},
		{"a failure without a kind", Summary{Failed: 1, Kinds: map[string]int64{"": 1}, Classes: [6]int64{0: 1}}},
		{"a change feed", Summary{OK: 9, Failed: 2, Kinds: map[string]int64{"http": 2}, Elapsed: time.Second,
			Changes: map[string]int64{New: 3, Changed: 1200, Gone: 1, Failing: 1, Recovered: 2}}},
		{"a change feed without changes", Summary{OK: 9, Elapsed: time.Second, Changes: map[string]int64{}}},
		{"a crawl that goes on", Summary{Crawl: true, OK: 1200, Failed: 1, Kinds: map[string]int64{"http": 1}, Cuts: map[string]int64{"scope": 30, "robots": 2000},
			Sitemaps: 3, LostSitemaps: 1, Elapsed: time.Second, Earlier: Earlier{OK: 7, Cuts: map[string]int64{"scope": 5, "robots": 6}}}},
		{"one page an hour, of hosts with long names", Summary{OK: 2, Bytes: 100, WireBytes: 100, Elapsed: 2 * time.Hour,
			Slowest: []HostTime{{strings.Repeat("long.", 40) + "example:443", 1, time.Second, time.Second}, {"a:80", 1, 0, 0}}}},
		{"gone on", Summary{OK: 1, Earlier: Earlier{OK: 5, Failed: 2, Duplicates: 1}, Elapsed: time.Second}},
	}
}

// Whatever the text tells, the JSON has.
func TestTheSummaryForMachinesHasAllThatTheTextHas(t *testing.T) {
	of := func(s *Summary) (text, machine string) {
		j, err := s.MarshalJSON()
		must(t, err)
		return s.String(), string(j)
	}
	value := func(typ reflect.Type) reflect.Value {
		switch v := reflect.New(typ).Elem(); v.Interface().(type) {
		case int64:
			return reflect.ValueOf(int64(7))
		case bool:
			return reflect.ValueOf(true)
		case string:
			return reflect.ValueOf("SIGINT")
		case map[string]int64:
			return reflect.ValueOf(map[string]int64{"http": 7, New: 7})
		case [6]int64:
			return reflect.ValueOf([6]int64{2: 7})
		case time.Duration:
			return reflect.ValueOf(time.Minute)
		case time.Time:
			return reflect.ValueOf(noon)
		case []HostTime:
			return reflect.ValueOf(slowHosts[:])
		case Earlier:
			return reflect.ValueOf(Earlier{OK: 7, Cuts: map[string]int64{"scope": 7}})
		default:
			t.Fatalf("a field of a new sort: %v", typ)
			return v
		}
	}
	told := 0
	for i := range reflect.TypeFor[Summary]().NumField() {
		s := Summary{OK: 3, Failed: 2, Tried: 9, Answers: 1, Elapsed: time.Second}
		text, machine := of(&s)
		f := reflect.ValueOf(&s).Elem().Field(i)
		f.Set(value(f.Type()))
		newText, newMachine := of(&s)
		if newText == text {
			continue
		}
		if told++; newMachine == machine {
			t.Errorf("%s is only in the text", reflect.TypeFor[Summary]().Field(i).Name)
		}
	}
	if told < 15 {
		t.Errorf("a test of %d fields", told)
	}
}

func TestTheSummaryIsOneWriteAndTellsItsError(t *testing.T) {
	out := &chunks{}
	s := Summary{OK: 1, Tried: 2, Bytes: 3}
	must(t, s.WriteText(out))
	if len(out.writes) != 1 {
		t.Errorf("%d writes", len(out.writes))
	}
	if err := s.WriteText(&chunks{room: 1, err: errBad}); !errors.Is(err, errBad) {
		t.Errorf("error %v", err)
	}
	if bytes.Contains([]byte(s.String()), []byte("\r")) {
		t.Error("a carriage return")
	}
}
