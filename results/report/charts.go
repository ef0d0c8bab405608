package report

import (
	"fmt"
	"math"
	"time"
)

// Charts are drawn as SVG whose coordinates are percent, so that text in them
// keeps its size on every screen.

// bar is a rectangle of a chart, in percent of its width and height.
type bar struct {
	X, Y, W, H float64
	Class      string
	Tip        string // what is told where the pointer rests
}

// tick is a labelled place of an axis.
type tick struct {
	X     float64
	Label string
	Class string // "first" and "last" stand at the ends, "opt" not on small screens
}

// column is a bar that stands on the ground from a lower height to an upper
// one, as shares of the chart's.
func column(x, w, lower, upper float64, class, tip string) bar {
	const overlap = 0.02 // of the next one, so that no background shows between them
	return bar{X: 100 * x, W: min(100*w+overlap, 100-100*x), Y: 100 * (1 - upper), H: 100 * (upper - lower), Class: class, Tip: tip}
}

// timeChart is the timeline as two charts over the same time.
type timeChart struct {
	When     string
	Width    string // of an interval
	Ended    []bar
	PeakRate string
	Busy     []bar
	PeakBusy string
	Ticks    []tick
	Records  int64
}

// chart draws the timeline; nil where no record has a time.
func (t *timeline) chart() *timeChart {
	if len(t.slots) == 0 {
		return nil
	}
	width := time.Duration(t.width) * time.Microsecond
	c := &timeChart{Width: interval(width), When: moment(time.UnixMicro(t.start))}
	most, busiest := int64(1), int64(1)
	for _, s := range t.slots {
		c.Records += s.ok + s.failed
		most, busiest = max(most, s.ok+s.failed), max(busiest, s.busy)
	}
	c.PeakRate = perSecond(float64(most), width)
	c.PeakBusy = digits(float64(busiest) / float64(t.width))
	w := 1 / float64(len(t.slots))
	for i, s := range t.slots {
		x := float64(i) * w
		at := t.label(t.first+int64(i), width)
		ok, all := float64(s.ok)/float64(most), float64(s.ok+s.failed)/float64(most)
		tip := fmt.Sprintf("%s: %s ok, %s failed", at, count(s.ok), count(s.failed))
		if s.ok > 0 {
			c.Ended = append(c.Ended, column(x, w, 0, ok, "ok", tip))
		}
		if s.failed > 0 {
			c.Ended = append(c.Ended, column(x, w, ok, all, "failed", tip))
		}
		if s.busy > 0 {
			tip := fmt.Sprintf("%s: %s in flight on average", at, digits(float64(s.busy)/float64(t.width)))
			c.Busy = append(c.Busy, column(x, w, 0, float64(s.busy)/float64(busiest), "busy", tip))
		}
	}
	last := int64(len(t.slots))
	for _, part := range [...]int64{0, 1, 2, 3, 4} {
		class := [...]string{"first", "opt", "", "opt", "last"}[part]
		c.Ticks = append(c.Ticks, tick{float64(25 * part), t.label(t.first+last*part/4, width), class})
	}
	return c
}

// label is the time of a slot's beginning.
func (t *timeline) label(slot int64, width time.Duration) string {
	layout := "15:04:05"
	switch covered := time.Duration(len(t.slots)) * width; {
	case covered > 24*time.Hour:
		layout = "2006-01-02 15:04"
	case width < 100*time.Millisecond:
		layout = "15:04:05.00"
	case width < time.Second:
		layout = "15:04:05.0"
	}
	return time.UnixMicro(slot * t.width).UTC().Format(layout)
}

// interval is the length of a slot: "10 ms", "5 s", "1 min", "6 h".
func interval(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d/time.Millisecond)
	case d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return fmt.Sprintf("%d h", d/time.Hour)
}

// phaseChart is one phase: its quantiles and its distribution.
type phaseChart struct {
	Name, What         string
	N                  int64
	P50, P90, P99, Max string
	Bars               []bar
}

// perBar is how many buckets of a histogram a bar of the page shows.
const perBar = 4

// phaseCharts draws the distributions of all phases that took time, on one
// logarithmic scale, and its ticks.
func (r *Report) phaseCharts() (list []phaseChart, ticks []tick) {
	first, last := math.MaxInt, math.MinInt
	for i := range r.phases {
		if h := &r.phases[i]; h.n > 0 {
			first = min(first, h.first/perBar)
			last = max(last, (h.first+len(h.counts)-1)/perBar)
		}
	}
	if last < first {
		return nil, nil
	}
	bars := float64(last - first + 1)
	for i := range r.phases {
		h := &r.phases[i]
		if h.n == 0 {
			continue
		}
		list = append(list, phaseChart{
			Name: phaseNames[i].Name, What: phaseNames[i].What, N: h.n,
			P50: span(h.quantile(0.5)), P90: span(h.quantile(0.9)), P99: span(h.quantile(0.99)), Max: span(h.max),
			Bars: h.bars(first, bars),
		})
	}
	for µs, name := int64(1), 0; name < len(decades); µs, name = 10*µs, name+1 {
		x := (float64(bucketOf(time.Duration(µs)*time.Microsecond))/perBar - float64(first)) / bars
		if x >= 0 && x <= 1 {
			ticks = append(ticks, tick{X: 100 * x, Label: decades[name]})
		}
	}
	for i := range ticks {
		switch t := &ticks[i]; { // no label is cut, and no two overlap
		case t.X > 92:
			t.Class = "last"
		case t.X < 8:
			t.Class = "first"
		}
		if len(ticks) > 6 && i%2 == 1 {
			ticks[i].Class += " opt"
		}
	}
	return list, ticks
}

// decades are the ticks of the scale, from a microsecond on.
var decades = [...]string{"1 µs", "10 µs", "0.1 ms", "1 ms", "10 ms", "0.1 s", "1 s", "10 s", "100 s", "1,000 s", "10,000 s"}

// bars draws the histogram on a scale of n bars, whose number first is at the
// left.
func (h *histogram) bars(first int, n float64) []bar {
	sums, most := map[int]int64{}, int64(0)
	for i, c := range h.counts {
		at := (h.first+i)/perBar - first
		sums[at] += int64(c)
		most = max(most, sums[at])
	}
	var list []bar
	for at := range int(n) {
		if sums[at] == 0 {
			continue
		}
		from := math.Exp2(float64((first+at)*perBar) / perOctave)
		low, high := time.Duration(from*1000), time.Duration(from*1000*math.Exp2(float64(perBar)/perOctave))
		height := max(0.04, float64(sums[at])/float64(most)) // one of a million is seen, too
		tip := fmt.Sprintf("%s to %s: %s", span(low), span(high), count(sums[at]))
		list = append(list, column(float64(at)/n, 1/n, 0, height, "busy", tip))
	}
	return list
}

// classChart is how many answers each class of statuses has, as one bar.
type classChart struct {
	Bars []bar
	List []classCount
}

type classCount struct {
	Name, Class, Share string
	N                  int64
}

// classes draws the classes of the statuses of all records but duplicates.
func (r *Report) classes() classChart {
	var c classChart
	all, x := r.sum.OK+r.sum.Failed, int64(0)
	rest := all
	put := func(name, class string, n int64) {
		if n == 0 {
			return
		}
		rest -= n
		part := classCount{name, class, share(n, all), n}
		c.List = append(c.List, part)
		c.Bars = append(c.Bars, bar{
			X: 100 * float64(x) / float64(all), W: 100 * float64(n) / float64(all), H: 100,
			Class: class, Tip: fmt.Sprintf("%s: %s (%s)", name, count(n), part.Share),
		})
		x += n
	}
	for class, name := range [...]string{1: "1xx", 2: "2xx", 3: "3xx", 4: "4xx", 5: "5xx"} {
		if class > 0 {
			put(name, "c"+name, r.sum.Classes[class])
		}
	}
	put("other", "none", r.sum.Classes[0])
	put("no answer", "none", rest)
	return c
}
