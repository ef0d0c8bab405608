package engine

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"crawl/fetch"
	"crawl/results"
)

// A redirect that was not followed says where it leads.
func TestARedirectThatWasNotFollowedSaysWhereItLeads(t *testing.T) {
	to := func(location string) page { return page{status: 302, header: http.Header{"Location": {location}}} }
	w := newWeb(map[string]page{
		"http://a.example/":    to("next?q"),
		"http://a.example/ftp": to("ftp://me:secret@b.example/"),
		"http://a.example/bad": to("http://[/"),
		"http://a.example/ok":  {},
	})
	o := opts(w)
	o.MaxRedirects = 0
	text := "http://a.example/\nhttp://a.example/ftp\nhttp://a.example/bad\nhttp://a.example/ok\n"
	play(t, w, o, text, func(t *testing.T, k *keeper, _ results.Summary) {
		for i, want := range []string{"http://a.example/next?q", "ftp://***@b.example/", "http://[/", ""} {
			if r := k.byIndex(t, 4)[i]; !r.OK || r.Location != want {
				t.Errorf("%s: ok %v, location %q, want %q", r.URL, r.OK, r.Location, want)
			}
		}
	})
	loop := newWeb(map[string]page{"http://a.example/": to("/")})
	play(t, loop, opts(loop), "http://a.example/\n", func(t *testing.T, k *keeper, _ results.Summary) {
		if r := k.byIndex(t, 1)[0]; r.Error.Kind != "redirect_limit" || r.Location != "http://a.example/" {
			t.Errorf("the loop: %+v", r)
		}
	})
}

// A login that sets a cookie may lead back to where the line began, and only
// once.
func TestALoginMayLeadBack(t *testing.T) {
	hop := func(to string, cookie ...string) page {
		return page{status: 302, header: http.Header{"Location": {to}, "Set-Cookie": cookie}}
	}
	account := hop("/login")
	account.again = &page{body: "<title>welcome</title>"}
	w := newWeb(map[string]page{"http://a.example/account": account, "http://a.example/login": hop("/account", "id=1")})
	o := opts(w)
	o.Fetch.Cookies = true
	play(t, w, o, "http://a.example/account\n", func(t *testing.T, k *keeper, _ results.Summary) {
		if r := k.byIndex(t, 1)[0]; r.Title != "welcome" || len(r.Redirects) != 2 {
			t.Errorf("%+v", r)
		}
	})
	login, forgets := hop("/account", "id=1"), hop("/account")
	login.again = &forgets
	w = newWeb(map[string]page{"http://a.example/account": hop("/login"), "http://a.example/login": login})
	o.Fetcher = w
	play(t, w, o, "http://a.example/account\n", func(t *testing.T, k *keeper, _ results.Summary) {
		if r := k.byIndex(t, 1)[0]; r.Error.Kind != "redirect_limit" || len(r.Redirects) != 3 {
			t.Errorf("%+v", r)
		}
	})
}

// A request to an address that may not be dialled was never sent.
func TestABlockedAddressIsNoRequest(t *testing.T) {
	w := newWeb(map[string]page{"a.example": {err: &fetch.Error{Kind: fetch.KindBlockedAddress, Err: errors.New("loopback")}}})
	play(t, w, opts(w), "http://a.example/\n", func(t *testing.T, _ *keeper, sum results.Summary) {
		if sum.Tried != 0 || sum.NoAnswer() {
			t.Errorf("%d requests, no answer %v", sum.Tried, sum.NoAnswer())
		}
	})
}

// A chain of long URLs ends before it fills the memory.
func TestAChainOfLongURLsEnds(t *testing.T) {
	w := newWeb(nil)
	w.pages = map[string]page{}
	at := func(i int) string { return fmt.Sprintf("http://a.example/%d%s", i, strings.Repeat("x", 7000)) }
	for i := range 10 {
		w.pages[at(i)] = page{status: 302, header: http.Header{"Location": {at(i + 1)}}}
	}
	play(t, w, opts(w), at(0)+"\n", func(t *testing.T, k *keeper, _ results.Summary) {
		if r := k.byIndex(t, 1)[0]; r.Error.Kind != "redirect_limit" || len(r.Redirects) != 4 {
			t.Errorf("%v after %d redirects", r.Error, len(r.Redirects))
		}
	})
}
