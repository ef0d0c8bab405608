package cli

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"

	"github.com/spf13/pflag"

	"crawl/engine"
	"crawl/frontier"
)

// crawling is what the flags say of following links (cli.md §7).
type crawling struct {
	depth     int
	scope     string
	include   []string
	exclude   []string
	maxPages  int
	hostPages int
	sitemap   bool
}

// The words of -scope.
var scopes = map[string]frontier.ScopeKind{
	"host": frontier.ScopeHost, "domain": frontier.ScopeDomain, "prefix": frontier.ScopePrefix, "any": frontier.ScopeAny,
}

func (o *options) crawlFlags(fs *pflag.FlagSet) {
	c := &o.crawling
	c.scope = frontier.ScopeHost.String()
	fs.Var(count{&c.depth, 0, 1_000_000}, "depth", "follow links up to this far from the lines; 0 is none")
	fs.Var(choice{&c.scope, []string{"host", "domain", "prefix", "any"}}, "scope", "what a link must share with a line to be followed: host, registrable domain, path up to its last /, or nothing")
	fs.Var(many{&c.include, "RE"}, "include", "follow only links whose URL matches this regular expression, or another; may be repeated")
	fs.Var(many{&c.exclude, "RE"}, "exclude", "follow no link whose URL matches this; may be repeated")
	fs.Var(count{&c.maxPages, 0, 1 << 30}, "max-pages", "pages of the whole crawl; 0 is no limit")
	fs.Var(count{&c.hostPages, 0, 1 << 30}, "host-pages", "pages of one host; 0 is no limit")
	fs.BoolVar(&c.sitemap, "sitemap", false, "fetch what the sitemaps of the lines' sites list: those that robots.txt names, and /sitemap.xml")
}

// crawls says that there is more to fetch than lines.
func (o *options) crawls() bool { return o.crawling.depth > 0 || o.crawling.sitemap }

// equipCrawl makes a crawl of what the flags say.
func (o *options) equipCrawl() error {
	c := &o.crawling
	if !o.crawls() {
		return nil
	}
	if o.order == orderInput {
		return errors.New("-order input is for a list: what links lead to has no place in it")
	}
	include, err := patterns("include", c.include)
	if err != nil {
		return err
	}
	exclude, err := patterns("exclude", c.exclude)
	if err != nil {
		return err
	}
	o.engine.Crawl = &engine.Crawl{
		Depth: c.depth, Sitemaps: c.sitemap,
		Scope:  frontier.NewScope(scopes[c.scope], include, exclude),
		Budget: frontier.NewBudget(int64(c.maxPages), int64(c.hostPages)),
	}
	return nil
}

func patterns(flag string, texts []string) ([]*regexp.Regexp, error) {
	var res []*regexp.Regexp
	for _, text := range texts {
		re, err := regexp.Compile(text)
		if err != nil {
			return nil, fmt.Errorf("-%s %q: %w", flag, text, regexpFault(err))
		}
		res = append(res, re)
	}
	return res, nil
}

// regexpFault says what is wrong with a pattern, without its text.
func regexpFault(err error) error {
	var bad *syntax.Error
	if errors.As(err, &bad) {
		return errors.New(bad.Code.String())
	}
	return err
}
