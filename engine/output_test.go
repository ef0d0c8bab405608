package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"crawl/results"
)

// Where there is no room for records that wait for their turn, the run ends, and
// what waited until then is in the output all the same, in order.
func TestWithoutRoomToWaitNothingThatWaitedIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWeb(map[string]page{"slow.example": {takes: time.Minute}, "a.example": {takes: 20 * time.Millisecond}})
		var out strings.Builder
		missing := t.TempDir() + "/missing"
		sink := results.NewOrdered(results.NewWriter(&out, results.JSONL{}), results.Options{HoldMemory: 16 << 10, HoldDir: missing})
		sum, err := Run(t.Context(), opts(w), lines(t, t.Context(), "http://slow.example/\n"+many(3000, "http://a.example/%d")), sink)
		var fault *SinkError
		if !errors.As(err, &fault) || !strings.Contains(err.Error(), missing) {
			t.Errorf("error %v", err)
		}
		last, n := int64(0), int64(0)
		for line := range strings.Lines(out.String()) {
			var r struct{ Index int64 }
			if err := json.Unmarshal([]byte(line), &r); err != nil || r.Index <= last {
				t.Fatalf("%v: index %d behind %d", err, r.Index, last)
			}
			last, n = r.Index, n+1
		}
		if sum.OK == 0 || n < sum.OK {
			t.Errorf("%d records of %d", n, sum.OK)
		}
	})
}

// TestInputOrderGoesOnWhileAHostIsParked: for minutes, at the head of the list. All
// others are asked meanwhile, more of them than memory may hold wait in a file, and
// the output is in order.
func TestInputOrderGoesOnWhileAHostIsParked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const n = 3000
		w := newWeb(map[string]page{
			"http://busy.example/": {status: 429, header: http.Header{"Retry-After": {"600"}}, again: &page{}},
			"a.example":            {takes: 20 * time.Millisecond}, "b.example": {takes: 20 * time.Millisecond},
		})
		urls := []string{"http://busy.example/"}
		for i := range n {
			urls = append(urls, fmt.Sprintf("http://%c.example/%d", 'a'+i%2, i))
		}
		dir := t.TempDir()
		var out strings.Builder
		sink := results.NewOrdered(results.NewWriter(&out, results.JSONL{}), results.Options{HoldMemory: 32 << 10, HoldDir: dir})
		o := opts(w)
		o.Retries = 1
		began := time.Now()
		if _, err := Run(t.Context(), o, lines(t, t.Context(), strings.Join(urls, "\n")), sink); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 600*time.Second || took > 700*time.Second {
			t.Errorf("the run took %v", took)
		}
		for _, s := range w.spans {
			if s.url.Hostname() != "busy.example" && s.end.Sub(began) > time.Minute {
				t.Fatalf("%s was asked %v after the start, and waited for a parked host", s.url, s.end.Sub(began))
			}
		}
		got := strings.Split(strings.TrimSpace(out.String()), "\n")
		for i, line := range got {
			if !strings.Contains(line, fmt.Sprintf(`"index":%d,`, i)) {
				t.Fatalf("line %d is %s", i, line)
			}
		}
		if left, err := os.ReadDir(dir); len(got) != n+1 || err != nil || len(left) > 0 {
			t.Errorf("%d records; left in the directory of those that waited: %v, %v", len(got), left, err)
		}
	})
}

// recordSchema is the one that is published.
var recordSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	return jsonschema.NewCompiler().Compile("../results/record.schema.json")
})

// fitsSchema fails unless r is a record as the schema has it.
func fitsSchema(t *testing.T, r *results.Record) {
	t.Helper()
	schema, err := recordSchema()
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(results.AppendJSON(nil, r)))
	if err == nil {
		err = schema.Validate(v)
	}
	if err != nil {
		t.Errorf("%s: %v", r.URL, err)
	}
}

// clocked notes when records come, and when they are let through.
type clocked struct {
	wrote, flushed []time.Time
	waiting        int
	longest        time.Duration // that a record waited
	first          time.Time     // of those that wait
}

func (c *clocked) Write(*results.Record) error {
	if c.waiting++; c.waiting == 1 {
		c.first = time.Now()
	}
	c.wrote = append(c.wrote, time.Now())
	return nil
}

func (c *clocked) Flush() error {
	if c.waiting > 0 {
		c.longest = max(c.longest, time.Since(c.first))
		c.flushed = append(c.flushed, time.Now())
	}
	c.waiting = 0
	return nil
}

func (c *clocked) Close() error { return c.Flush() }

// TestARecordIsInThePipeWithinMilliseconds: at once where records are rare, and a few
// milliseconds later, many together, where they are not.
func TestARecordIsInThePipeWithinMilliseconds(t *testing.T) {
	for _, tt := range []struct {
		takes    time.Duration
		n        int
		longest  time.Duration
		min, max int // flushes
	}{
		{time.Second, 10, 0, 10, 10},
		{100 * time.Microsecond, 4000, 5 * time.Millisecond, 4000 / 512, 4000 / 20},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWeb(map[string]page{"a.example": {takes: tt.takes}})
			o := opts(w)
			o.Concurrency, o.Politeness.PerHost = 1, 1
			c := &clocked{}
			if _, err := Run(t.Context(), o, lines(t, t.Context(), many(tt.n, "http://a.example/%d")), c); err != nil {
				t.Fatal(err)
			}
			if len(c.wrote) != tt.n || c.longest > tt.longest || len(c.flushed) < tt.min || len(c.flushed) > tt.max {
				t.Errorf("a record each %v: %d records, %d flushes, one waited %v", tt.takes, len(c.wrote), len(c.flushed), c.longest)
			}
		})
	}
}

// TestAnArrayIsWholeThroughAnInterrupt: it has its end, and a record of every line.
func TestAnArrayIsWholeThroughAnInterrupt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWeb(map[string]page{"a.example": {takes: time.Hour}, "http://a.example/0": {}})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		defer cancel()
		var out strings.Builder
		_, err := Run(ctx, opts(w), lines(t, ctx, many(100, "http://a.example/%d")), results.NewWriter(&out, results.JSON{}))
		if err != nil && !errors.Is(err, ctx.Err()) {
			t.Fatal(err)
		}
		text := out.String()
		if !strings.HasPrefix(text, "[\n{") || !strings.HasSuffix(text, "}\n]\n") || strings.Count(text, `"schema":1`) != 100 {
			t.Errorf("wrote %.100q…, %d records", text, strings.Count(text, `"schema":1`))
		}
	})
}
