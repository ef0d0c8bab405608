package fetch

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"
	"weak"
)

// sets makes u set cookies.
func sets(t testing.TB, j *jar, u string, lines ...string) {
	t.Helper()
	j.set(mustURL(t, u), http.Header{"Set-Cookie": lines})
}

// sends is what u is sent.
func sends(t testing.TB, j *jar, u string) string {
	t.Helper()
	return j.header(mustURL(t, u), nil)
}

// audit counts all that the jar keeps, and holds its own counts to that.
func audit(t testing.TB, j *jar) (cookies, bytes int) {
	t.Helper()
	for i, generation := range []map[string]*siteCookies{j.young, j.old} {
		own := 0
		for name, s := range generation {
			of := siteBytes
			for _, k := range s.kept {
				of += k.bytes
			}
			if of != s.bytes || s.name != name || len(s.kept) == 0 {
				t.Errorf("%s, kept as %s: %d cookies of %d bytes, counted as %d", s.name, name, len(s.kept), of, s.bytes)
			}
			own += of
			cookies += len(s.kept)
			if j.young[name] != nil && j.old[name] != nil {
				t.Errorf("%s is there twice", name)
			}
		}
		if own > maxGeneration+siteBytes+maxSiteCookies*(cookieBytes+4*maxCookie) {
			t.Errorf("a generation of %d bytes", own)
		}
		bytes += own
		if i == 0 && own != j.used {
			t.Errorf("%d bytes of the young, counted as %d", own, j.used)
		}
	}
	return cookies, bytes
}

// Names under a registrable domain, ports, schemes and paths do not give a site
// more room.
func TestASiteHasACookieForEachOf180NamesAndNoMore(t *testing.T) {
	j := newJar()
	for i := range 100 {
		var lines []string
		for k := range 49 {
			lines = append(lines, fmt.Sprintf("c%d=%s; Path=/%d", k, strings.Repeat("x", 3900), i))
		}
		sets(t, j, fmt.Sprintf("http://h%d.example.co.uk:%d/%d/", i, 8000+i, i), lines...)
	}
	if cookies, bytes := audit(t, j); cookies != maxSiteCookies || len(j.young) != 1 || bytes > 1<<20 {
		t.Errorf("%d cookies of %d sites, %d bytes", cookies, len(j.young), bytes)
	}
	sets(t, j, "http://other.co.uk/", "a=1")
	if got := sends(t, j, "http://other.co.uk/"); got != "a=1" {
		t.Errorf("another site is sent %q", got)
	}
}

// A site that is full still changes and ends the cookies that it has.
func TestAFullSiteChangesAndEndsItsCookies(t *testing.T) {
	const u = "http://www.example.com/"
	j := newJar()
	var lines []string
	for i := range maxSiteCookies + 20 {
		lines = append(lines, fmt.Sprintf("c%d=1; Path=/%d", i, i))
	}
	sets(t, j, u, lines...)
	sets(t, j, u, "c0=2; Path=/0", "c1=; Path=/1; Max-Age=0", "c2=; Path=/2; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
		"new=1; Path=/3", "newer=1; Path=/3", "newest=1; Path=/3", "c3=; Path=/elsewhere; Max-Age=0")
	for path, want := range map[string]string{"0": "c0=2", "1": "", "2": "", "3": "c3=1; new=1; newer=1", "179": "c179=1", "180": ""} {
		if got := sends(t, j, u+path); got != want {
			t.Errorf("/%s is sent %q, want %q", path, got, want)
		}
	}
	audit(t, j)
}

// What the jar refuses takes no room, nor does what ends at once.
func TestCookiesThatAreNotTakenTakeNoRoom(t *testing.T) {
	j := newJar()
	var lines []string
	for i := range 200 {
		lines = append(lines, fmt.Sprintf("a%d=1; Domain=other.example", i), fmt.Sprintf("b%d=1; Domain=co.uk", i),
			fmt.Sprintf("c%d=1; Max-Age=0", i), fmt.Sprintf("d%d=%s", i, strings.Repeat("x", maxCookie)))
	}
	sets(t, j, "http://www.example.co.uk/", append(lines, "\x00=1", "=;=")...)
	sets(t, j, "http://www.example.co.uk/"+strings.Repeat("x", maxCookie+1)+"/", "long=1")
	sets(t, j, "http://127.0.0.1/", "e=1; Domain=0.0.1")
	if cookies, _ := audit(t, j); cookies != 0 || len(j.young) != 0 {
		t.Errorf("%d cookies of %d sites", cookies, len(j.young))
	}
}

func TestCookiesThatHaveExpiredMakeRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const u = "http://example.com/"
		j := newJar()
		var lines []string
		for i := range maxSiteCookies / 2 {
			lines = append(lines, fmt.Sprintf("a%d=1; Max-Age=60; Path=/a", i),
				fmt.Sprintf("e%d=1; Path=/e; Expires=%s", i, time.Now().Add(time.Minute).UTC().Format(http.TimeFormat)))
		}
		sets(t, j, u, append(lines, "late=1")...)
		time.Sleep(time.Minute)
		if got := sends(t, j, u+"a") + sends(t, j, u+"e"); got != "" {
			t.Errorf("sent %q after their end", got)
		}
		sets(t, j, u, "session=1", "old=1; Max-Age=99999999999")
		if cookies, _ := audit(t, j); cookies != 2 || sends(t, j, u) != "session=1; old=1" {
			t.Errorf("%d cookies, sent %q", cookies, sends(t, j, u))
		}
		time.Sleep(longestAge)
		if got := sends(t, j, u); got != "session=1" {
			t.Errorf("after longer than browsers keep any: %q", got)
		}
	})
}

// However many sites there are, the jar keeps to its bytes, and a site that is
// asked now and then keeps its cookies.
func TestALongCrawlKeepsTheCookiesOfTheSitesThatItIsBusyWith(t *testing.T) {
	for name, value := range map[string]string{"small": "1", "large": strings.Repeat("x", 4000)} {
		t.Run(name, func(t *testing.T) {
			j := newJar()
			sets(t, j, "http://first.example/", "session=1")
			sets(t, j, "http://login.example/", "session=1")
			most := 0
			for i := range 3 * maxGeneration / (siteBytes + cookieBytes + len(value)) {
				sets(t, j, fmt.Sprintf("http://h%d.example/", i), "a="+value)
				if i%1000 == 0 {
					if sends(t, j, "http://login.example/") != "session=1" {
						t.Fatalf("logged out after %d sites", i)
					}
					_, bytes := audit(t, j)
					most = max(most, bytes)
				}
			}
			if got := sends(t, j, "http://first.example/"); got != "" || most > 2*maxGeneration {
				t.Errorf("the first site is sent %q, %d bytes", got, most)
			}
			if most < maxGeneration {
				t.Errorf("%d bytes were used, less than there may be", most)
			}
		})
	}
}

// Looking does not grow the jar, neither by its sites nor by those it has none of.
func TestLookUpsKeepTheJarWithinItsBytes(t *testing.T) {
	j := newJar()
	const sites = 2 * maxGeneration / 8000
	for i := range sites {
		sets(t, j, fmt.Sprintf("http://h%d.example/", i), "a="+strings.Repeat("x", 4000))
	}
	for i := range 3 * sites {
		sends(t, j, fmt.Sprintf("http://h%d.example/", i))
	}
	if _, bytes := audit(t, j); bytes > 2*maxGeneration {
		t.Errorf("%d bytes", bytes)
	}
}

func TestOneRequestIsSent50CookiesAnd16KiBAtMost(t *testing.T) {
	const u = "http://example.com/"
	few, many := newJar(), newJar()
	for i := range 100 {
		sets(t, few, u, fmt.Sprintf("c%d=%s", i, strings.Repeat("x", 4000)))
		sets(t, many, u, fmt.Sprintf("c%d=1", i))
	}
	sets(t, many, u, "c0=again")
	if got := sends(t, few, u); strings.Count(got, "=") != 4 || len(got) > maxSentBytes {
		t.Errorf("%d cookies, %d bytes", strings.Count(got, "="), len(got))
	}
	if got := sends(t, many, u); strings.Count(got, "=") != maxSent || !strings.HasPrefix(got, "c0=again; c1=1; ") {
		t.Errorf("%d cookies: %q", strings.Count(got, "="), got)
	}
	own := []string{"own=1", "big=" + strings.Repeat("x", maxSentBytes)}
	if got := few.header(mustURL(t, u), own); got != own[0]+"; "+own[1] {
		t.Errorf("with %d bytes of the caller's: %d", len(own[1]), len(got))
	}
}

// A header's values are parts of one string, and so are a URL's.
func TestACookieDoesNotKeepItsHeaderOrURLInMemory(t *testing.T) {
	j := newJar()
	header := strings.Repeat("x", 200<<10) + "a=1"
	u := mustURL(t, "http://www.example.com/dir/page?"+strings.Repeat("q", 60<<10))
	of := map[string]weak.Pointer[byte]{
		"header": weak.Make(unsafe.StringData(header)), "url": weak.Make(unsafe.StringData(u.Scheme())),
	}
	j.set(u, http.Header{"Set-Cookie": {header[len(header)-3:]}})
	header, u = "", mustURL(t, "http://www.example.com/dir/")
	runtime.GC()
	for name, p := range of {
		if p.Value() != nil {
			t.Errorf("the %s is still there", name)
		}
	}
	if got := j.header(u, nil); got != "a=1" {
		t.Errorf("sent %q", got)
	}
}

func TestAJarMayBeUsedFromManyGoroutines(t *testing.T) {
	j := newJar()
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 2000 {
				u := fmt.Sprintf("http://h%d.example/%d", i%300, g)
				sets(t, j, u, fmt.Sprintf("c%d=%s", i%7, strings.Repeat("x", 3000)))
				sends(t, j, u)
			}
		})
	}
	wg.Wait()
	if cookies, _ := audit(t, j); cookies == 0 {
		t.Error("nothing is kept")
	}
}
