package cli

import "fmt"

// need says which flags do nothing in a run without another one.
type need struct {
	flags []string
	met   bool
	other string
}

func (o *options) needs() []need {
	return []need{
		{[]string{"fresh", "retry-failed"}, o.state != "" || !o.fresh && !o.retryFailed, "-state DIR"},
		{[]string{"warc-size"}, o.archive != "", "-warc FILE"},
		{[]string{"fail-after"}, o.changes != "", "-changes FILE"},
		{[]string{"key"}, o.cert != "", "-cert FILE"},
		{[]string{"scope", "include", "exclude", "max-pages", "host-pages"}, o.crawls(), "-depth N or -sitemap"},
	}
}

// checkNeeds refuses what was typed in vain. What comes from the environment or a file
// may be meant for other runs.
func (o *options) checkNeeds() error {
	for _, n := range o.needs() {
		for _, flag := range n.flags {
			if !n.met && o.isTyped(flag) {
				return fmt.Errorf("-%s is for a run with %s", flag, n.other)
			}
		}
	}
	return nil
}
