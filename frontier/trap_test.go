package frontier

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"crawl/weburl"
)

func ExampleTrap() {
	page, _ := weburl.Parse("https://example.com/about/about/")
	link, _ := page.Resolve("about/") // on every page, and meant to be "/about/"
	fmt.Println(link, Trap(link))
	// Output: https://example.com/about/about/about/ repeated_path
}

// trapOf is Trap of a URL given as text.
func trapOf(t testing.TB, s string) TrapKind {
	t.Helper()
	u, err := weburl.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return Trap(u)
}

func TestFault25ALinkOver2048BytesIsATrap(t *testing.T) {
	exact := "https://example.com/" + strings.Repeat("x", MaxLinkLen-len("https://example.com/"))
	for s, want := range map[string]TrapKind{
		exact:       TrapNone,
		exact + "x": TrapLength,
		strings.Replace(exact, "://", "://joe:secret@", 1):    TrapNone, // not part of what is asked
		"https://example.com/?" + strings.Repeat("a=1&", 506): TrapNone,
		"https://example.com/?" + strings.Repeat("a=1&", 507): TrapLength,
	} {
		if got := trapOf(t, s); got != want {
			t.Errorf("%d bytes: %v, want %v", len(s), got, want)
		}
	}
}

func TestFault25APathThatRepeatsIsATrap(t *testing.T) {
	for _, path := range []string{
		// a relative link without its slash, on every page
		"/about/about/about",
		"/about/about/about/",
		"/shop/about/about/about/team.html",
		"/about/about/about/?page=2",
		// two such links in turn, and a longer round
		"/news/sport/news/sport/news/sport/",
		"/x/news/a/x/news/a/x/news/a",
		"/a/b/c/d/e/f/g/home/a/b/c/d/e/f/g/home/a/b/c/d/e/f/g/home/",
		// the language before each of many
		"/en/news.html/en/news.html/en/news.html",
		"/german/a/german/b/german/c/german/d/german/e/german/f",
		"/german/a/b/c/d/e/f/g/german/h/i/german/j/german/k/german/l/german",
		// a number within a run that repeats
		"/page/2/page/2/page/2/",
		// what is short or a number, once it goes on and on
		"/a/a/a/a/a/a/",
		"/0/0/0/0/0/0/",
		"/2026/2026/2026/2026/2026/2026",
		"/en/de/en/de/en/de/en/de/en/de/en/de",
		"/index///////",
	} {
		if got := trapOf(t, "https://example.com"+path); got != TrapPath {
			t.Errorf("%s: %v, want %v", path, got, TrapPath)
		}
	}
}

func TestFault25ASessionIDIsATrap(t *testing.T) {
	const hex32, alnum26, asp = "9682993c8daa2c5497996114facdc805", "3h8k2v0q9s7d5f1g6j4l8m2n0p", "lit3py55t21z5v55vlm25s55"
	for _, rest := range []string{
		"/cart.do;jsessionid=999A9EF028317A82AC83F0FDFE59385A",
		"/cart.do;JSESSIONID=0000abc.node1?x=1",
		"/a;v=1;jsessionid=1/b.html",
		"/?jsessionid=17",
		"/list.php?page=2&PHPSESSID=" + alnum26,
		"/list.php?phpsessid=" + hex32 + "&page=2",
		"/list.php?page=2;PHPSESSID=1",
		"/viewtopic.php?t=12&sid=" + hex32,
		"/viewtopic.php?SID=" + alnum26,
		"/shop?sessionid=" + alnum26,
		"/shop?session_id=" + hex32,
		"/shop?osCsid=" + hex32,
		"/shop?zenid=" + alnum26,
		"/default.asp?ASPSESSIONIDAQBSDSRT=EOHBLBDDPFCLHKPGGKLILNAM",
		"/index.cfm?CFID=1204&CFTOKEN=99cd",
		"/store?BV_SessionID=@@@@0990.1@@@@&BV_EngineID=cc",
		"/(" + asp + ")/page.aspx",
		"/(S(" + asp + "))/page.aspx",
		"/app/(A(xyz0)S(" + asp + ")F(q1))/page.aspx",
		"/app/(s(" + asp + "))",
	} {
		if got := trapOf(t, "https://example.com"+rest); got != TrapSession {
			t.Errorf("%s: %v, want %v", rest, got, TrapSession)
		}
	}
}

// Links as real sites have them, close to what the rules look for.
func TestFault25GoodLinksAreNoTraps(t *testing.T) {
	for _, s := range []string{
		"https://example.com",
		"https://example.com//",
		"https://example.com/a/a/",
		"https://example.com/docs/docs/index.html",
		// encyclopedias, with parentheses, slashes, and an article named for a session
		"https://en.wikipedia.org/wiki/Mississippi_River",
		"https://en.wikipedia.org/wiki/Go_(programming_language)",
		"https://en.wikipedia.org/wiki/AC/DC",
		"https://en.wikipedia.org/wiki/New_York,_New_York",
		"https://en.wikipedia.org/w/index.php?title=Talk:Bora_Bora&oldid=1234567890&diff=prev",
		"https://upload.wikimedia.org/wikipedia/commons/thumb/a/a9/Example.jpg/220px-Example.jpg",
		"https://wiki.example.org/wiki/(abcdefghijklmnopqrstuvwx)/x",
		// dates, the doubled ones included
		"https://blog.example.com/2011/11/11/eleven/",
		"https://blog.example.com/11/11/11/eleven/",
		"https://news.example.com/2026/11/25/11/25/story.html",
		"https://blog.example.com/calendar/2026/11/",
		// forums
		"https://forum.example.com/threads/12/12/12",
		"https://forum.example.com/t/welcome/5/5",
		"https://forum.example.com/viewtopic.php?f=2&t=2&p=2&start=2",
		"https://forum.example.com/showthread.php?s=&threadid=22&sid=",
		// map tiles, shards of ids, trees of names
		"https://tile.example.org/1/1/1.png",
		"https://tile.example.org/tiles/0/0/0",
		"https://files.example.social/accounts/avatars/111/111/111/original/a.png",
		"https://files.example.org/system/000/000/000/123/photo.jpg",
		"https://pairtree.example.org/ar/k+/=1/00/00/00/00/0p/",
		"https://pool.example.org/pool/main/g/go/golang/",
		// source trees
		"https://github.com/golang/go/blob/master/src/cmd/go/internal/go/x.go",
		"https://github.com/example/example/tree/main/example/src/example",
		"https://cdn.example.com/a/node_modules/b/node_modules/c/node_modules/d/node_modules/e/index.js",
		"https://repo.example.org/maven2/org/apache/commons/commons-lang3/3.14.0/commons-lang3-3.14.0.jar",
		"https://docs.example.com/api/com/example/widget/com/example/Widget.html",
		// an address within an address
		"https://web.archive.org/web/20200101000000/https://example.com/a/b",
		"https://web.archive.org/web/2020/https://web.archive.org/web/2019/https://example.com/",
		// stories, talks, signatures, commits: a name or a long id alone is no session
		"https://slashdot.example/article.pl?sid=26/11/25/1234567",
		"https://news.example.com/story?sid=1234567",
		"https://conf.example.com/schedule?session=keynote&sessionid=1234",
		"https://conf.example.com/talk?sessionid=6f9619ff-8b86-d011-b42d-00c04fc964ff",
		"https://conf.example.com/talk?session_id=thisisaverylongnameofasessionindeed",
		"https://img.example.com/photo.jpg?w=640&s=9682993c8daa2c5497996114facdc805",
		"https://github.com/golang/go/commit/9682993c8daa2c5497996114facdc8059682993c",
		"https://example.com/?q=PHPSESSID",
		"https://example.com/?phpsessid=",
		"https://example.com/search?q=jsessionid&sid",
		"https://example.com/jsessionid/howto.html",
		"https://example.com/myphpsessid=1?aspsessionid=1&aspsessionids=about",
		"https://example.com/(S(short))/a.aspx",
		"https://example.com/f(x)/(a)/()/(S()/(S))/(S(lit3py55t21z5v55vlm25s55)/)",
		"https://example.com/(F(lit3py55t21z5v55vlm25s55))/(S-lit3py55t21z5v55vlm25s55))/",
	} {
		if got := trapOf(t, s); got != TrapNone {
			t.Errorf("%s: %v", s, got)
		}
	}
	if got := Trap(weburl.URL{}); got != TrapNone {
		t.Errorf("no URL at all: %v", got)
	}
}

// The edges of each rule of the path: one copy fewer is no trap.
func TestFault25HowOftenIsTooOften(t *testing.T) {
	round := "/one/two/tri/four/five/six/sev/eight"
	spread := ""
	for i := range 5 {
		spread += fmt.Sprintf("/again/x%d", i)
	}
	for _, tc := range []struct {
		path string
		trap bool
	}{
		{"/abc/abc", false},
		{"/abc/abc/abc", true},
		{"/abc/abc/x/abc", false},
		{"/abc/abc/1/1/1", false},
		{"/12/abc/12/def/12/ghi/12/jkl/12/mno/12", false},
		{"/11/11/11/11/11", false},
		{"/11/11/11/11/11/11", true},
		{strings.Repeat("/1/2", 5), false},
		{strings.Repeat("/1/2", 6), true},
		{strings.Repeat("/1/abc", 2), false},
		{strings.Repeat("/1/abc", 3), true},
		{strings.Repeat(round, 2) + "/one", false},
		{strings.Repeat(round, 3), true},
		{strings.Repeat(round+"/nine", 3), false}, // a longer round is the length's
		{spread, false},
		{spread + "/again", true},
		{spread + "/1/2/3/4/5/6/again", true},
		{spread + "/1/2/3/4/5/6/7/again", false}, // too far from the last
	} {
		if got := repeats(tc.path); got != tc.trap {
			t.Errorf("%s: %v, want %v", tc.path, got, tc.trap)
		}
	}
}

func TestTrapKindsHaveNames(t *testing.T) {
	var names []string
	for k := TrapNone; k <= TrapSession+1; k++ {
		names = append(names, k.String())
	}
	if want := []string{"none", "long_url", "repeated_path", "session_id", "unknown"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
}

// A page of 16 MiB may be nothing but hostile links: judging one must cost
// little memory and time that grows with its length alone. Texts far over the
// limit of a link would take a minute each if they cost the square of it.
func TestFault25JudgingALinkIsCheap(t *testing.T) {
	for name, s := range map[string]string{
		"deep":       strings.Repeat("/a0/b1/c2/d3", 160),
		"equal":      "/x" + strings.Repeat("/a", 4) + strings.Repeat("/bcd/e", 2),
		"parameters": "/?" + strings.Repeat("sid=1;", 300),
		"parts":      "/" + strings.Repeat("(S(", 600),
	} {
		u, err := weburl.Parse("https://example.com" + s)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(10, func() { Trap(u) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
	for _, part := range []string{"/", "/a", "/ab", ";", "?", "&sid=", "(S(", "(S()", "/(A())", "/" + strings.Repeat("x", 1000)} {
		long := strings.Repeat(part, (256<<10)/len(part))
		hasSession(long)
		repeats("/" + distinct(len(long)/8) + long)
	}
}

// distinct is a path of n segments of which none repeats soon.
func distinct(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "s%d/", i)
	}
	return b.String()
}

// FuzzTrap holds the pass over the segments to the rule as the documentation
// has it, spelt out without any care for time.
func FuzzTrap(f *testing.F) {
	for _, s := range []string{
		"/about/about/about", "/a/b/a/b/a/b/", "/11/11/11/", "//////", "/abc/1/abc/2/abc/3/abc/4/abc/5/abc",
		"/x;jsessionid=1", "/?sid=9682993c8daa2c5497996114facdc805", "/(S(lit3py55t21z5v55vlm25s55))/", "/(", "/(A(", "=", ";=&?/",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		hasSession(s)
		path, _, _ := strings.Cut(s, "?")
		if got, want := repeats(path), slowRepeats(path); got != want {
			t.Errorf("%q: %v, spelt out %v", path, got, want)
		}
		if u, err := weburl.Parse("https://example.com" + s); err == nil {
			k := Trap(u)
			if again := trapOf(t, u.String()); again != k {
				t.Errorf("%v: %v, then %v", u, k, again)
			}
		}
	})
}

func slowRepeats(path string) bool {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if segments[len(segments)-1] == "" {
		segments = segments[:len(segments)-1]
	}
	for i := range segments {
		for p := 1; p <= 8; p++ {
			for n, some := range map[int]func([]string) bool{3: anyStrong, 6: func([]string) bool { return true }} {
				if i+n*p > len(segments) {
					continue
				}
				round := segments[i : i+p]
				same := some(round)
				for c := 1; c < n; c++ {
					same = same && slices.Equal(round, segments[i+c*p:i+(c+1)*p])
				}
				if same {
					return true
				}
			}
		}
		if anyStrong(segments[i:i+1]) && stands(segments[i:]) >= 6 {
			return true
		}
	}
	return false
}

func anyStrong(segments []string) bool {
	return slices.ContainsFunc(segments, func(s string) bool {
		return len(s) > 2 && strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	})
}

// stands counts the first segment as long as it comes again within eight.
func stands(segments []string) int {
	n, last := 0, 0
	for i, s := range segments {
		if s == segments[0] && i-last <= 8 {
			n, last = n+1, i
		}
	}
	return n
}
