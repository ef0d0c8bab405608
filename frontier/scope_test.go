package frontier

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"crawl/weburl"
)

func ExampleScope() {
	seed, _ := weburl.Parse("https://example.com/docs/")
	s := NewScope(ScopeHost, nil, []*regexp.Regexp{regexp.MustCompile(`\.pdf$`)})
	s.AddSeed(seed)
	for _, ref := range []string{"intro", "intro.pdf", "//www.example.com/"} {
		link, _ := seed.Resolve(ref)
		fmt.Println(link, s.Judge(link))
	}
	// Output:
	// https://example.com/docs/intro none
	// https://example.com/docs/intro.pdf exclude
	// https://www.example.com/ scope
}

// scopeOf is a scope with seeds, separated by spaces, and no patterns.
func scopeOf(t testing.TB, kind ScopeKind, seeds string) *Scope {
	t.Helper()
	s := NewScope(kind, nil, nil)
	for seed := range strings.FieldsSeq(seeds) {
		s.AddSeed(mustURL(t, seed))
	}
	return s
}

// judges checks which of some URLs, separated by spaces, are in and out of a scope.
func judges(t *testing.T, s *Scope, in, out string) {
	t.Helper()
	for u := range strings.FieldsSeq(in) {
		if got := s.Judge(mustURL(t, u)); got != CutNone {
			t.Errorf("%v: %s is cut: %v", s.kind, u, got)
		}
	}
	for u := range strings.FieldsSeq(out) {
		if got := s.Judge(mustURL(t, u)); got != CutScope {
			t.Errorf("%v: %s: %v, want it out of scope", s.kind, u, got)
		}
	}
}

func TestTheHostsNameDecidesWhateverSchemeAndPort(t *testing.T) {
	s := scopeOf(t, ScopeHost, "https://example.com/a/ http://[2001:db8::1]:8080/ http://10.1.2.3/ https://münchen.example/")
	judges(t, s,
		"https://example.com/ http://example.com/b http://EXAMPLE.com:8080/a https://joe:secret@example.com/ "+
			"http://[2001:DB8:0::1]/ http://10.1.2.3:81/ http://0xa010203/ https://xn--mnchen-3ya.example/",
		"https://www.example.com/ https://com/ https://notexample.com/ https://example.com.evil.example/ "+
			"https://example.com@evil.example/ https://example.com./ http://10.1.2.4/ http://[2001:db8::2]/")
}

func TestTheRegistrableDomainDecides(t *testing.T) {
	for _, c := range []struct{ seeds, in, out string }{
		{"https://www.example.com/",
			"https://example.com/ http://a.b.example.com:8080/ https://www.example.com/",
			"https://example.org/ https://notexample.com/ https://com/ https://example.com.evil.example/"},
		{"https://shop.example.co.uk/",
			"https://example.co.uk/ https://www.example.co.uk/",
			"https://other.co.uk/ https://co.uk/ https://uk/"},
		// a suffix with a wildcard, and an exception from one
		{"https://a.b.c.kawasaki.jp/ https://x.city.kawasaki.jp/",
			"https://b.c.kawasaki.jp/ https://z.b.c.kawasaki.jp/ https://city.kawasaki.jp/ https://y.city.kawasaki.jp/",
			"https://other.c.kawasaki.jp/ https://c.kawasaki.jp/ https://kawasaki.jp/"},
		// the private part of the list
		{"https://alice.github.io/", "https://x.alice.github.io/", "https://bob.github.io/ https://github.io/ https://github.com/"},
		// a public suffix is itself and no more
		{"https://co.uk/ https://github.io/ https://com/", "https://co.uk/x https://github.io/", "https://example.co.uk/ https://bob.github.io/ https://example.com/"},
		// IDN
		{"https://www.例子.公司.cn/", "https://xn--fsqu00a.xn--55qx5d.cn/ https://a.例子.公司.cn/", "https://公司.cn/ https://x.公司.cn/"},
		// addresses, and names that no suffix of the list has
		{"http://10.1.2.3/ http://[::1]/ http://wiki.corp.internal/ http://localhost:8080/",
			"http://10.1.2.3:80/x http://[::1]:81/ http://wiki.corp.internal/ https://localhost/",
			"http://11.1.2.3/ http://2.3.1.2/ http://[::2]/ http://corp.internal/ http://hr.corp.internal/ http://a.localhost/"},
		// a dot at the end is another domain, as in browsers
		{"https://www.example.com./", "https://a.example.com./", "https://example.com/ https://com./"},
	} {
		judges(t, scopeOf(t, ScopeDomain, c.seeds), c.in, c.out)
	}
}

func TestOriginAndFolderOfASeedDecide(t *testing.T) {
	s := scopeOf(t, ScopePrefix, "https://example.com/docs/v2/intro.html?from=/x/ https://example.com/blog/ https://example.org:8443 http://example.net//a//b")
	judges(t, s,
		"https://example.com/docs/v2/ https://example.com/docs/v2/a/b?c=d https://example.com/docs/v2/intro.html "+
			"https://joe:x@example.com/blog/2026/ https://example.com:443/blog/ https://example.com/docs/v1/../v2/x "+
			"https://example.org:8443/anything http://example.net//a//c",
		"https://example.com/ https://example.com/docs/ https://example.com/docs/v2 https://example.com/docs/v20/ https://example.com/blog "+
			"https://example.com/x?y=/docs/v2/ https://example.com/docs/v2/../v1/ http://example.com/docs/v2/ https://example.com:8443/blog/ "+
			"https://example.org/ http://example.net/a/b http://example.net//a/c https://www.example.com/blog/")
}

func TestAFolderCoversThoseBelowWhicheverSeedIsFirst(t *testing.T) {
	const a, b = "https://example.com/a/ ", "https://example.com/a/b/c/ "
	for _, seeds := range []string{a + b, b + a} {
		s := scopeOf(t, ScopePrefix, seeds)
		judges(t, s, "https://example.com/a/x https://example.com/a/b/ https://example.com/a/b/c/d/e", "https://example.com/ https://example.com/b/c/")
	}
}

// The slow way to say it is the oracle.
func TestManyFoldersAreJudgedAsOneByOne(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	path := func() string {
		var b strings.Builder
		for range rnd.IntN(5) {
			b.WriteString("/" + string("abc"[rnd.IntN(3)]))
		}
		if b.Len() == 0 || rnd.IntN(2) == 0 {
			b.WriteString("/")
		}
		return b.String()
	}
	for range 2_000 {
		s := NewScope(ScopePrefix, nil, nil)
		var folders []string
		for range rnd.IntN(6) {
			p := path()
			s.AddSeed(mustURL(t, "https://example.com"+p))
			folders = append(folders, p[:strings.LastIndexByte(p, '/')+1])
		}
		p := path()
		want := false
		for _, f := range folders {
			want = want || strings.HasPrefix(p, f)
		}
		if got := s.Judge(mustURL(t, "https://example.com"+p)) == CutNone; got != want {
			t.Fatalf("%s under %q: %v, want %v", p, folders, got, want)
		}
	}
}

func TestAnyHostIsInScopeWhereAnyIsWanted(t *testing.T) {
	judges(t, NewScope(ScopeAny, nil, nil), "https://example.com/ http://10.1.2.3/", "")
}

func TestWithoutSeedsNothingIsInScope(t *testing.T) {
	for _, kind := range []ScopeKind{ScopeHost, ScopeDomain, ScopePrefix} {
		s := scopeOf(t, kind, "")
		s.AddSeed(weburl.URL{})
		judges(t, s, "", "https://example.com/")
		if got := s.Judge(weburl.URL{}); got != CutScope {
			t.Errorf("%v: the zero URL: %v", kind, got)
		}
	}
	if got := NewScope(ScopeAny, nil, nil).Judge(weburl.URL{}); got != CutScope {
		t.Errorf("any: the zero URL: %v", got)
	}
}

func TestTheHostWhereASeedsRedirectsEndJoins(t *testing.T) {
	s := scopeOf(t, ScopeHost, "http://example.com/")
	judges(t, s, "", "https://www.example.com/a")
	s.AddSeed(mustURL(t, "https://www.example.com/start"))
	judges(t, s, "https://www.example.com/a http://example.com/b", "https://example.org/")
}

func TestExcludeWinsOverIncludeAndBothAskTheNormalForm(t *testing.T) {
	res := func(patterns ...string) (list []*regexp.Regexp) {
		for _, p := range patterns {
			list = append(list, regexp.MustCompile(p))
		}
		return list
	}
	for _, c := range []struct {
		include, exclude []*regexp.Regexp
		url              string
		want             Cut
	}{
		{nil, nil, "https://example.com/a", CutNone},
		{res(`/a`, `/b`), nil, "https://example.com/b", CutNone},
		{res(`/a`, `/b`), nil, "https://example.com/c", CutInclude},
		{nil, res(`/x`, `/a`), "https://example.com/a", CutExclude},
		{nil, res(`/x`), "https://example.com/a", CutNone},
		{res(`/a`), res(`\.pdf$`), "https://example.com/a.pdf", CutExclude},
		{res(`/b`), res(`\.pdf$`), "https://example.com/a.pdf", CutExclude},
		{res(`^https://example\.com/a/\?q=%20$`), nil, "HTTPS://Example.com:443/b/../a/?q= #top", CutNone},
		{nil, res(`secret`, `@`), "https://joe:secret@example.com/", CutNone},
		{res(`/a`), nil, "https://example.org/a", CutScope},
		{nil, res(`.`), "https://example.org/a", CutScope},
	} {
		s := NewScope(ScopeHost, c.include, c.exclude)
		s.AddSeed(mustURL(t, "https://example.com/"))
		if got := s.Judge(mustURL(t, c.url)); got != c.want {
			t.Errorf("include %v, exclude %v: %s: %v, want %v", c.include, c.exclude, c.url, got, c.want)
		}
	}
}

func TestFault25ALinkIntoATrapIsCutByItsName(t *testing.T) {
	s := scopeOf(t, ScopeHost, "https://example.com/")
	for path, want := range map[string]Cut{
		"/about/about/about/":           CutPath,
		"/?jsessionid=17":               CutSession,
		"/" + strings.Repeat("x", 2048): CutLength,
		"/about/":                       CutNone,
	} {
		if got := s.Judge(mustURL(t, "https://example.com"+path)); got != want {
			t.Errorf("%.40s: %v, want %v", path, got, want)
		}
	}
	if got := s.Judge(mustURL(t, "https://example.org/about/about/about/")); got != CutScope {
		t.Errorf("a trap elsewhere: %v, want it out of scope", got)
	}
}

func TestEveryCutAndKindHasANameOfItsOwn(t *testing.T) {
	seen := make(map[string]bool)
	for c := range NumCuts {
		name := Cut(c).String()
		if name == "unknown" || seen[name] {
			t.Errorf("cut %d is named %q", c, name)
		}
		seen[name] = true
	}
	for k := TrapLength; k <= TrapSession; k++ {
		if cutOf(k).String() != k.String() {
			t.Errorf("trap %v is counted as %v", k, cutOf(k))
		}
	}
	var kinds []string
	for k := ScopeHost; k <= ScopeAny; k++ {
		kinds = append(kinds, k.String())
	}
	if got := strings.Join(kinds, "|"); got != "host|domain|prefix|any" {
		t.Errorf("kinds of scope: %s", got)
	}
	if Cut(NumCuts).String() != "unknown" || ScopeKind(9).String() != "unknown" {
		t.Error("what does not exist has a name")
	}
}

func TestASeedIsJudgedAndAddedWithoutMemoryOnceItsSiteIsKnown(t *testing.T) {
	for _, kind := range []ScopeKind{ScopeHost, ScopeDomain, ScopePrefix} {
		s := scopeOf(t, kind, "https://www.example.com/a/b/")
		u := mustURL(t, "https://www.example.com/a/b/c?d=e")
		most := 0.0
		if kind == ScopeDomain {
			most = 2 // of the library, one a call
		}
		if n := testing.AllocsPerRun(100, func() { s.AddSeed(u); s.Judge(u) }); n > most {
			t.Errorf("%v: %v allocations", kind, n)
		}
	}
}

func TestASeedTakesTheMemoryOfItsNameAlone(t *testing.T) {
	const n = 100_000
	pad := "?" + strings.Repeat("x", 1000) // which must not be kept
	for kind, want := range map[ScopeKind]uint64{ScopeHost: 100, ScopeDomain: 100, ScopePrefix: 300} {
		before := heapInUse()
		s := NewScope(kind, nil, nil)
		for i := range n {
			s.AddSeed(mustURL(t, fmt.Sprintf("https://site-%d.com/section/%d/%s", i, i, pad)))
		}
		used := (heapInUse() - before) / n
		t.Logf("%v: %d bytes a seed", kind, used)
		if used > want {
			t.Errorf("%v: %d bytes a seed, want at most %d", kind, used, want)
		}
		runtime.KeepAlive(s)
	}
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkScopeJudge(b *testing.B) {
	for _, kind := range []ScopeKind{ScopeHost, ScopeDomain, ScopePrefix} {
		s := NewScope(kind, nil, nil)
		for i := range 100_000 {
			s.AddSeed(mustURL(b, fmt.Sprintf("https://www.site-%d.co.uk/a/b/%d/", i, i)))
		}
		u := mustURL(b, "https://www.site-777.co.uk/a/b/777/some/article.html?id=1")
		b.Run(kind.String(), func(b *testing.B) {
			for b.Loop() {
				s.Judge(u)
			}
		})
	}
}
