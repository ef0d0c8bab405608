package results

import (
	"encoding/json"
	"io"
	"math"
	"time"
)

// WriteJSON writes the summary for machines, as one line of JSON, in one write.
// Its counts add up as those of WriteText do; times are in milliseconds, as in the
// records, and rate is lines per second. Every count is there, zeros too,
// but for those that only a crawl has.
func (s *Summary) WriteJSON(w io.Writer) error {
	text, err := s.MarshalJSON()
	if err == nil {
		_, err = w.Write(append(text, '\n'))
	}
	return err
}

// MarshalJSON gives what WriteJSON writes, without the line's end.
func (s *Summary) MarshalJSON() ([]byte, error) {
	j := summaryJSON{
		Schema: Schema, Lines: s.Read(), OK: s.OK, Failed: s.Failed, Duplicates: s.Duplicates,
		Unrecorded: s.Unrecorded, Uncounted: s.Uncounted, Crawl: s.Crawl, Interrupted: s.Interrupted,
		Changes: s.Changes, Kinds: s.Kinds, Statuses: map[string]int64{},
		Requests: s.Tried, Answers: s.Answers, Retries: s.Retries, Redirects: s.Redirects,
		Bytes: s.Bytes, WireBytes: s.WireBytes, StartedAt: s.Started.UTC().Format(stampFormat), Elapsed: milliseconds(s.Elapsed),
		Cuts: s.Cuts, Sitemaps: s.Sitemaps, LostSitemaps: s.LostSitemaps,
		Slowest: make([]hostJSON, 0, len(s.Slowest)),
	}
	if s.Kinds == nil {
		j.Kinds = map[string]int64{}
	}
	if s.Started.IsZero() {
		j.StartedAt = ""
	}
	for _, class := range s.classes() {
		if class.n > 0 {
			j.Statuses[class.name] = class.n
		}
	}
	if s.Elapsed > 0 {
		j.Rate = math.Round(float64(s.Lines())/s.Elapsed.Seconds()*1e6) / 1e6
	}
	for _, h := range s.Slowest {
		j.Slowest = append(j.Slowest, hostJSON{h.Host, h.Requests, milliseconds(h.Mean()), milliseconds(h.Max)})
	}
	if e := s.Earlier; e.Lines() > 0 {
		j.Earlier = &earlierJSON{e.OK, e.Failed, e.Duplicates, sumOf(e.Cuts)}
	}
	return json.Marshal(j)
}

const stampFormat = "2006-01-02T15:04:05.000Z07:00"

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// summaryJSON is the form of a summary, in the order of its members.
type summaryJSON struct {
	Schema       int              `json:"schema"`
	Lines        int64            `json:"lines"`
	OK           int64            `json:"ok"`
	Failed       int64            `json:"failed"`
	Duplicates   int64            `json:"duplicates"`
	Unrecorded   int64            `json:"unrecorded"`
	Uncounted    bool             `json:"uncounted,omitempty"`
	Crawl        bool             `json:"crawl,omitempty"`
	Interrupted  string           `json:"interrupted,omitempty"`
	Changes      map[string]int64 `json:"changes,omitzero"`
	Kinds        map[string]int64 `json:"kinds"`
	Statuses     map[string]int64 `json:"statuses"`
	Cuts         map[string]int64 `json:"cuts,omitempty"`
	Sitemaps     int64            `json:"sitemaps,omitempty"`
	LostSitemaps int64            `json:"lost_sitemaps,omitempty"`
	Requests     int64            `json:"requests"`
	Answers      int64            `json:"answers"`
	Retries      int64            `json:"retries"`
	Redirects    int64            `json:"redirects"`
	Bytes        int64            `json:"bytes"`
	WireBytes    int64            `json:"wire_bytes"`
	StartedAt    string           `json:"started_at,omitempty"`
	Elapsed      float64          `json:"elapsed"`
	Rate         float64          `json:"rate"`
	Slowest      []hostJSON       `json:"slowest_hosts"`
	Earlier      *earlierJSON     `json:"earlier,omitempty"`
}

type hostJSON struct {
	Host     string  `json:"host"`
	Requests int64   `json:"requests"`
	Mean     float64 `json:"mean"`
	Max      float64 `json:"max"`
}

type earlierJSON struct {
	OK         int64 `json:"ok"`
	Failed     int64 `json:"failed"`
	Duplicates int64 `json:"duplicates"`
	Cut        int64 `json:"cut,omitempty"`
}
