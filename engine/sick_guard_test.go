package engine

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"crawl/fetch"
	"crawl/fetch/dial"
)

// Every way to write an address that is nobody's business. PORT is that of a
// server which runs, so that only the guard stands before it.
const privateURLs = `
http://127.0.0.1:PORT/
https://127.0.0.1:PORT/
http://127.0.0.1/
http://127.1:PORT/
http://127.0.1:PORT/
http://127.8.9.10:PORT/
http://2130706433:PORT/
http://0x7f000001:PORT/
http://0x7f.0.0.1:PORT/
http://0177.0.0.1:PORT/
http://017700000001:PORT/
http://%31%32%37.0.0.1:PORT/
http://１２７．０．０．１:PORT/
http://127。0。0。1:PORT/
http://user:secret@127.0.0.1:PORT/
http://[::1]:PORT/
http://[0:0:0:0:0:0:0:1]:PORT/
http://[::ffff:127.0.0.1]:PORT/
http://[::ffff:7f00:1]:PORT/
http://[::127.0.0.1]:PORT/
http://[64:ff9b::127.0.0.1]:PORT/
http://[2002:7f00:1::]:PORT/
http://0.0.0.0:PORT/
http://0:PORT/
http://[::]:PORT/
http://10.0.0.1:PORT/
http://172.16.0.1:PORT/
http://172.31.255.255:PORT/
http://192.168.0.1:PORT/
http://169.254.169.254/latest/meta-data/
http://[fd00:ec2::254]/latest/meta-data/
http://100.100.100.200/latest/meta-data/
http://100.64.0.1:PORT/
http://[fe80::1]:PORT/
http://[fc00::1]:PORT/
http://224.0.0.1:PORT/
http://255.255.255.255:PORT/
http://localhost:PORT/
http://LOCALHOST.:PORT/
http://private.example:PORT/
http://mapped.example:PORT/
http://several.example:PORT/
http://pinned.example:PORT/
http://rebinding.example:PORT/
https://rebinding.example:PORT/
http://rebinding.example/
`

// Promise: with DenyPrivate nothing private is asked, however it is written,
// whatever a name service says, and however often it changes its mind.
func TestFault07And08NoPrivateAddressIsEverDialled(t *testing.T) {
	s := newServers(t)
	var connected, changes atomic.Int32
	_, port, err := net.SplitHostPort(strings.Trim(s.raw(func(p *peer) { connected.Add(1) }), "htp:/"))
	if err != nil {
		t.Fatal(err)
	}
	urls := strings.Fields(strings.ReplaceAll(privateURLs, "PORT", port))
	for i := range urls { // many spell the same: none is to pass as a duplicate
		urls[i] = fmt.Sprintf("%s?%d", urls[i], i)
	}
	lookup := func(_ context.Context, _, host string) ([]netip.Addr, error) {
		addrs := map[string]string{
			"private.example": "10.1.2.3", "mapped.example": "::ffff:127.0.0.1",
			"several.example": "192.168.1.1 127.0.0.1 ::1 fe80::1",
		}[host]
		if host == "rebinding.example" {
			addrs = []string{"127.0.0.1", "169.254.169.254", "::1"}[changes.Add(1)%3]
		}
		var as []netip.Addr
		for a := range strings.FieldsSeq(addrs) {
			as = append(as, netip.MustParseAddr(a))
		}
		if as == nil { // localhost, by all its names
			as = []netip.Addr{netip.MustParseAddr("127.0.0.1")}
		}
		return as, nil
	}
	k := &keeper{}
	sum, err := Run(t.Context(), Options{
		Retries: sickRetries, MaxRedirects: sickHops, Logger: slog.New(slog.DiscardHandler),
		Fetch: fetch.Options{
			Timeout: sickTimeout, DenyPrivate: true, Lookup: lookup,
			Resolve: []dial.Pin{{Host: "pinned.example", Addrs: []netip.Addr{netip.MustParseAddr("127.0.0.1")}}},
		},
	}, lines(t, t.Context(), strings.Join(urls, "\n")), k)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range k.byIndex(t, len(urls)) {
		if r.Error.Kind != string(fetch.KindBlockedAddress) || r.Attempts != 1 || r.Status != 0 {
			t.Errorf("%s: kind %q (%s), %d attempts, status %d", urls[i], r.Error.Kind, r.Error.Message, r.Attempts, r.Status)
		}
	}
	if sum.Failed != int64(len(urls)) || connected.Load() != 0 {
		t.Errorf("%d of %d failed, %d connections were made", sum.Failed, len(urls), connected.Load())
	}
	if changes.Load() != 1 {
		t.Errorf("%d look-ups of the name that rebinds", changes.Load())
	}
}

// public answers for the one host of the tests that is not private, which no
// test may dial, with a redirect to wherever its query says.
type public struct{ Fetcher }

func (p public) Do(ctx context.Context, req *fetch.Request) (*fetch.Response, error) {
	if req.URL.Hostname() != "public.example" {
		return p.Fetcher.Do(ctx, req)
	}
	to := strings.TrimPrefix(req.URL.Query(), "?")
	return &fetch.Response{URL: req.URL, Status: 302, Header: http.Header{"Location": {to}}}, nil
}

// Promise: a public page cannot send us to a private address.
func TestFault07ARedirectToAPrivateAddressIsNotFollowed(t *testing.T) {
	s := newServers(t)
	var connected atomic.Int32
	secret := s.raw(func(*peer) { connected.Add(1) })
	client, err := fetch.New(fetch.Options{Timeout: sickTimeout, DenyPrivate: true, Lookup: newNames().Lookup})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	text := ""
	for _, to := range []string{secret, strings.Replace(secret, "127.0.0.1", "[::ffff:7f00:1]", 1), strings.Replace(secret, "127.0.0.1", "inside.example", 1)} {
		text += "http://public.example/?" + to + "\n"
	}
	k := &keeper{}
	o := Options{Fetcher: public{client}, MaxRedirects: sickHops, Retries: sickRetries, Logger: slog.New(slog.DiscardHandler)}
	if _, err := Run(t.Context(), o, lines(t, t.Context(), text), k); err != nil {
		t.Fatal(err)
	}
	for _, r := range k.byIndex(t, 3) {
		if r.Error.Kind != string(fetch.KindBlockedAddress) || len(r.Redirects) != 1 || r.Redirects[0].Status != 302 || r.FinalURL == "" {
			t.Errorf("%s: kind %q, redirects %v, final %q", r.URL, r.Error.Kind, r.Redirects, r.FinalURL)
		}
	}
	if connected.Load() != 0 {
		t.Errorf("%d connections were made", connected.Load())
	}
}
