package report

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// Every quantile is within 2.2 % of the exact one, whatever the distribution,
// and the extremes are exact.
func TestQuantilesAreWithinTheirError(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for name, next := range map[string]func() time.Duration{
		"the same":  func() time.Duration { return 15 * time.Millisecond },
		"uniform":   func() time.Duration { return time.Duration(1000 + rnd.Int64N(1e9)) },
		"lognormal": func() time.Duration { return time.Duration(1e6 * math.Exp(2*rnd.NormFloat64())) },
		"two peaks": func() time.Duration { return time.Duration(1+rnd.IntN(2)*9999) * time.Millisecond },
		"ten years": func() time.Duration { return longest },
	} {
		var h histogram
		var exact []time.Duration
		for range 5001 {
			d := max(next(), time.Microsecond)
			h.add(d)
			exact = append(exact, d)
		}
		slices.Sort(exact)
		for _, q := range []float64{0, 0.001, 0.5, 0.9, 0.99, 1} {
			want := exact[max(0, int(math.Ceil(q*float64(len(exact))))-1)]
			got := h.quantile(q)
			if off := math.Abs(float64(got)/float64(want) - 1); off > 0.0221 {
				t.Errorf("%s: quantile %v is %v, want %v", name, q, got, want)
			}
		}
		if h.max != exact[len(exact)-1] || h.min != exact[0] || h.n != 5001 {
			t.Errorf("%s: %v to %v, %d", name, h.min, h.max, h.n)
		}
	}
}

func TestAnEmptyHistogramHasNoTime(t *testing.T) {
	var h histogram
	if d := h.quantile(0.5); d != 0 {
		t.Errorf("%v", d)
	}
}

// The smallest and the largest come in any order, and what is shorter than a
// microsecond counts as well.
func TestAHistogramGrowsBothWays(t *testing.T) {
	var h histogram
	for _, d := range []time.Duration{time.Second, 1, time.Hour, time.Microsecond} {
		h.add(d)
	}
	sum := 0
	for _, n := range h.counts {
		sum += int(n)
	}
	if sum != 4 || h.first != 0 || h.first+len(h.counts)-1 != bucketOf(time.Hour) || h.quantile(0) > 1100 || h.min != 1 || h.quantile(1) != time.Hour {
		t.Errorf("%d counted from %d on, %v to %v", sum, h.first, h.quantile(0), h.quantile(1))
	}
}

// The bars of a chart hold what the histogram does, and lie within it.
func TestBarsStandInTheirChart(t *testing.T) {
	r := New(Options{})
	for i := range 1000 {
		r.phases[4].add(time.Duration(i+1) * time.Millisecond)
		r.phases[7].add(time.Duration(i*i+1) * time.Millisecond)
	}
	list, ticks := r.phaseCharts()
	if len(list) != 2 || list[0].Name != "ttfb" || list[1].Name != "total" || len(ticks) < 5 {
		t.Fatalf("%d phases, %d ticks", len(list), len(ticks))
	}
	for _, p := range list {
		highest := 0.0
		for _, b := range p.Bars {
			highest = max(highest, b.H)
			if b.X < 0 || b.X+b.W > 100.001 || b.Y < 0 || math.Abs(b.Y+b.H-100) > 0.001 || b.Tip == "" {
				t.Errorf("%s: %+v", p.Name, b)
			}
		}
		if highest != 100 {
			t.Errorf("%s: the highest bar has %v %%", p.Name, highest)
		}
	}
	if x := ticks[0]; x.Label != "1 ms" || x.X > 1 {
		t.Errorf("the scale begins with %+v", x)
	}
}
