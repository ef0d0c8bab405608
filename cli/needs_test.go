package cli

import (
	"strings"
	"testing"
)

// TestAFlagThatWouldDoNothingIsRefused, where it was typed: from elsewhere it may be
// meant for other runs.
func TestAFlagThatWouldDoNothingIsRefused(t *testing.T) {
	for typed, c := range map[string]struct{ want, with string }{
		"-fresh":         {"-fresh is for a run with -state DIR", "-state st"},
		"-retry-failed":  {"-retry-failed is for a run with -state DIR", "-state st"},
		"-warc-size 1M":  {"-warc-size is for a run with -warc FILE", "-warc w.warc.gz"},
		"-fail-after 3":  {"-fail-after is for a run with -changes FILE", "-changes seen"},
		"-key k.pem":     {"-key is for a run with -cert FILE", "-cert c.pem"},
		"-scope domain":  {"-scope is for a run with -depth N or -sitemap", "-depth 1"},
		"-include x":     {"-include is for a run with -depth N or -sitemap", "-sitemap"},
		"-exclude false": {"-exclude is for a run with -depth N or -sitemap", "-depth 1"},
		"-max-pages 3":   {"-max-pages is for a run with -depth N or -sitemap", "-depth 1"},
		"-host-pages 3":  {"-host-pages is for a run with -depth N or -sitemap", "-depth 1"},
	} {
		if _, _, err := parse(strings.Fields(typed + " http://a.example/")); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %q", typed, err, c.want)
		}
		if _, _, err := parse(strings.Fields(typed + " " + c.with + " http://a.example/")); err != nil {
			t.Errorf("%s %s: %v", typed, c.with, err)
		}
		name, value, ok := strings.Cut(typed[1:], " ")
		if !ok {
			continue // it counts on the command line only
		}
		if _, _, err := parse([]string{"http://a.example/"}, fromEnvironment([]string{variable(name) + "=" + value})); err != nil {
			t.Errorf("%s of the environment: %v", typed, err)
		}
	}
	for _, typed := range []string{"-fresh=false", "-retry-failed=false"} {
		if _, _, err := parse(strings.Fields(typed + " http://a.example/")); err != nil {
			t.Errorf("%s: %v", typed, err)
		}
	}
}
