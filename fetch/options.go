package fetch

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/net/http/httpguts"

	"crawl/fetch/dial"
)

// Options configures a Client. The zero value is usable.
type Options struct {
	UserAgent      string        // default "crawl"; its first word is the name robots rules are judged by
	Timeout        time.Duration // one exchange with its body; default 30 s
	ConnectTimeout time.Duration // look-up and connect together, and again the TLS handshake; default 10 s
	// FirstByte bounds the wait from the end of the request to the first byte of
	// the answer, over HTTP/2 to the end of its header; 0: only Timeout does.
	FirstByte time.Duration
	MaxBody   int64       // decoded bytes of a body, the rest is cut; default 16 MiB
	PerHost   int         // idle connections kept per host; default 8
	MaxIdle   int         // idle connections kept in all; 0: no limit
	Header    http.Header // sent with every request; Authorization, Cookie and Host not with a Foreign one

	RootCAs      *x509.CertPool    // instead of the system's; nil is the system's
	Insecure     bool              // accept any certificate
	Certificates []tls.Certificate // shown to servers that ask for one
	HTTP1        bool              // speak no HTTP/2

	Proxies     dial.Proxies // nil: none; never from the environment behind the caller's back
	Family      dial.Family  // the addresses that may be dialled
	Resolve     []dial.Pin   // addresses given by hand
	DenyPrivate bool         // dial no private address; not with Proxies
	Lookup      dial.Lookup  // nil: the system's

	// User is sent as basic authorization where the URL has no userinfo, but
	// not with a Foreign request.
	User *url.Userinfo
	// Netrc finds the name and password of a host name; nil: none. It is asked
	// where neither URL, header nor User brings an authorization, and must not block.
	Netrc func(host string) (name, password string, ok bool)
	// Cookies keeps the cookies that servers set and sends them back, as
	// browsers do (RFC 6265).
	Cookies bool
}

func (o Options) withDefaults() Options {
	if o.UserAgent == "" {
		o.UserAgent = defaultUserAgent
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	if o.ConnectTimeout == 0 {
		o.ConnectTimeout = 10 * time.Second
	}
	if o.MaxBody == 0 {
		o.MaxBody = 16 << 20
	}
	if o.PerHost == 0 {
		o.PerHost = 8
	}
	return o
}

// Validate reports everything that is wrong with o, joined. It does not block.
func (o Options) Validate() error {
	var errs []error
	if !httpguts.ValidHeaderFieldValue(o.UserAgent) {
		errs = append(errs, errors.New("user agent: invalid header value"))
	}
	for name, values := range o.Header {
		if err := validField(name, values); err != nil {
			errs = append(errs, err)
		}
	}
	for name, d := range map[string]time.Duration{"timeout": o.Timeout, "connect timeout": o.ConnectTimeout, "first byte timeout": o.FirstByte} {
		if d < 0 {
			errs = append(errs, fmt.Errorf("%s: %v is negative", name, d))
		}
	}
	for name, n := range map[string]int64{"body limit": o.MaxBody, "connections per host": int64(o.PerHost), "idle connections": int64(o.MaxIdle)} {
		if n < 0 {
			errs = append(errs, fmt.Errorf("%s: %d is negative", name, n))
		}
	}
	if o.DenyPrivate && o.Proxies != nil {
		errs = append(errs, errors.New("private addresses cannot be denied through a proxy: it does the look-ups"))
	}
	return errors.Join(errs...)
}

// dialer is the dial.Dialer's configuration.
func (o Options) dialer(shed func() bool) dial.Options {
	return dial.Options{
		ConnectTimeout: o.ConnectTimeout,
		Family:         o.Family,
		Resolve:        o.Resolve,
		DenyPrivate:    o.DenyPrivate,
		Proxies:        o.Proxies,
		Lookup:         o.Lookup,
		TLS: &tls.Config{
			RootCAs:            o.RootCAs,
			InsecureSkipVerify: o.Insecure,
			Certificates:       o.Certificates,
			MinVersion:         tls.VersionTLS12,
		},
		HTTP1:     o.HTTP1,
		UserAgent: o.UserAgent,
		Shed:      shed,
	}
}
