package fetch

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"

	"golang.org/x/net/publicsuffix"

	"crawl/weburl"
)

// library is net/http's own jar, as a browser without bounds.
type library struct{ *cookiejar.Jar }

func newLibrary() library {
	j, _ := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	return library{j}
}

func (l library) set(u weburl.URL, line string) {
	if c, err := http.ParseSetCookie(line); err == nil {
		c.MaxAge = min(c.MaxAge, int(longestAge.Seconds())) // some ages are too long for it
		l.SetCookies(cookieURL(u), []*http.Cookie{c})
	}
}

func (l library) header(u weburl.URL) string {
	var pairs []string
	for _, c := range l.Cookies(cookieURL(u)) {
		value := c.Value
		if c.Quoted {
			value = `"` + value + `"`
		}
		pairs = append(pairs, c.Name+"="+value)
	}
	return strings.Join(pairs, "; ")
}

// Within the bounds the jar is net/http's.
func TestTheJarIsTheLibrarysWithinItsBounds(t *testing.T) {
	hosts := []string{"example.com", "www.example.com", "a.www.example.com", "example.com.", "other.com", "co.uk", "x.co.uk",
		"localhost", "127.0.0.1", "0.0.1", "[::1]", "[::1]:81", "foo.github.io", "github.io", "xn--gre-6ka8i.example"}
	paths := []string{"/", "/a", "/a/", "/a/b", "/ab", "/A", "//", "/a//b", "/%61"}
	attributes := []string{"", "; Path=/", "; Path=/a", "; Path=a", "; Path=", "; Domain=example.com", "; Domain=.Example.COM",
		"; Domain=www.example.com", "; Domain=com", "; Domain=co.uk", "; Domain=", "; Domain=.", "; Domain=..com", "; Domain=example.com.",
		"; Domain=127.0.0.1", "; Domain=0.0.1", "; Domain=github.io", "; Domain=other.com", "; Secure", "; Max-Age=0", "; Max-Age=100",
		"; Max-Age=-5", "; Max-Age=x", "; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "; Expires=Fri, 31 Dec 2100 23:59:59 GMT", "; HttpOnly"}
	rnd := rand.New(rand.NewPCG(1, 2))
	pick := func(list []string) string { return list[rnd.IntN(len(list))] }
	for range 300 {
		ours, theirs := newJar(), newLibrary()
		var done strings.Builder
		for range 40 {
			u := mustURL(t, pick([]string{"http://", "https://"})+pick(hosts)+pick(paths))
			line := fmt.Sprintf("%c=%d", 'a'+rnd.IntN(3), rnd.IntN(100)) + pick(attributes) + pick(attributes)
			ours.set(u, http.Header{"Set-Cookie": {line}})
			theirs.set(u, line)
			fmt.Fprintf(&done, "%s sets %s\n", u, line)
			u = mustURL(t, pick([]string{"http://", "https://"})+pick(hosts)+pick(paths))
			if got, want := ours.header(u, nil), theirs.header(u); got != want {
				t.Fatalf("%s is sent %q, by the library %q, after\n%s", u, got, want, done.String())
			}
		}
		audit(t, ours)
	}
}

// Whatever a server sets, the jar does as the library, or keeps nothing.
func FuzzSetCookie(f *testing.F) {
	for _, line := range []string{"a=1", "a=1; Path=/x; Domain=.example.com; Max-Age=9; Secure", `a="q"; Expires=Fri, 31 Dec 2100 23:59:59 GMT`,
		"a=1; Domain=com", "a=1; Domain=\u212a", "=1", "a", "a=\x00", "a=1; Max-Age=9223372036854775807", "a=1; path=/%41; PATH=b"} {
		f.Add("www.example.com/x/y", line)
		f.Add("127.0.0.1/", line)
	}
	f.Fuzz(func(t *testing.T, page, line string) {
		u, err := weburl.Parse("https://" + page)
		if err != nil || len(line) > maxCookie || len(u.Path()) > maxCookie {
			return
		}
		ours, theirs := newJar(), newLibrary()
		ours.set(u, http.Header{"Set-Cookie": {line}})
		theirs.set(u, line)
		if got, want := ours.header(u, nil), theirs.header(u); got != want {
			t.Errorf("%q sends %q, the library %q", line, got, want)
		}
		if cookies, _ := audit(t, ours); cookies > 1 {
			t.Errorf("%q is %d cookies", line, cookies)
		}
	})
}
