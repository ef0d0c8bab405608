package changes

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"crawl/results"
)

// history is what became of one line in every run that counted, the oldest first,
// and what was told of it: the naive model, which keeps everything and looks back.
type history struct {
	outcomes []string
	words    []string
}

// word is by definition what is to be told of the next outcome.
func (h *history) word(outcome string, failAfter int) string {
	lastOK, bad := -1, ""
	for i := range h.outcomes {
		if ok(h.outcomes[i]) {
			lastOK, bad = i, ""
		} else if h.words[i] != "" {
			bad = h.words[i]
		}
	}
	switch {
	case ok(outcome) && bad != "":
		return results.Recovered
	case ok(outcome) && lastOK < 0:
		return results.New
	case ok(outcome):
		if was := h.page(); was != "" && outcome != "304" && was != outcome {
			return results.Changed
		}
		return ""
	case outcome == "404" && lastOK >= 0:
		if bad != results.Gone {
			return results.Gone
		}
		return ""
	case bad == "" && len(h.outcomes)-lastOK >= failAfter:
		return results.Failing
	}
	return ""
}

// page is the last answer that has a content.
func (h *history) page() string {
	for _, o := range slices.Backward(h.outcomes) {
		if ok(o) && o != "304" {
			return o
		}
	}
	return ""
}

func ok(outcome string) bool { return strings.HasPrefix(outcome, "ok") || outcome == "304" }

// TestTheFeedTellsWhatAModelThatForgetsNothingTells: random lists, outcomes,
// interrupted and aborted runs.
func TestTheFeedTellsWhatAModelThatForgetsNothingTells(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	rnd := rand.New(rand.NewPCG(seed, 1))
	outcomes := []string{"ok a", "ok a", "ok a", "ok b", "304", "404", "500", "500", "connect", "cancelled", "dup"}
	for range 15 {
		path, failAfter, model := seen(t), 1+rnd.IntN(4), map[string]*history{}
		for n := range 25 {
			m, sink := open(t, path, failAfter), &told{}
			feed := m.Feed(sink)
			counts, next, want := rnd.IntN(5) > 0, map[string]string{}, []string{}
			for _, i := range rnd.Perm(12)[:rnd.IntN(13)] {
				url, outcome := fmt.Sprint("u", i), outcomes[rnd.IntN(len(outcomes))]
				must(t, feed.Write(record(url, outcome)))
				if outcome == "cancelled" || outcome == "dup" {
					continue
				}
				if model[url] == nil {
					model[url] = &history{}
				}
				if word := model[url].word(outcome, failAfter); word != "" {
					want = append(want, word+" "+url)
				}
				next[url] = outcome
			}
			if !slices.Equal(sink.words, want) {
				t.Fatalf("run %d, failing after %d: %q, want %q\n%s", n, failAfter, sink.words, want, read(t, path))
			}
			if !counts {
				m.Abort()
				continue
			}
			must(t, m.Commit())
			for url, outcome := range next {
				h := model[url]
				word := h.word(outcome, failAfter)
				h.outcomes, h.words = append(h.outcomes, outcome), append(h.words, word)
			}
		}
	}
}
