package fetch

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

const (
	maxResponseHeader = 256 << 10 // faults.md row 15
	idleTimeout       = 60 * time.Second
	keepAlive         = 30 * time.Second
	pingAfter         = 15 * time.Second // an HTTP/2 connection without a frame for so long is tested
	pingTimeout       = 15 * time.Second
	writeTimeout      = 15 * time.Second // an HTTP/2 peer that reads nothing for so long is given up
)

// newTransport is the one place that knows the engine under Do.
//
// The idle pool is bounded per host, and in all only by what files the process
// may open: net/http with MaxIdleConns
// as small as the concurrency was measured to reuse nothing over 200 hosts.
// Later rooms plug in here: an address guard as the dialer's Control, a DNS
// cache and -resolve in DialContext, proxies in Proxy, client certificates in
// the TLS configuration.
func newTransport(o Options) *http.Transport {
	dialer := &net.Dialer{Timeout: o.ConnectTimeout, KeepAlive: keepAlive}
	return &http.Transport{
		Proxy:       nil, // never from the environment behind the caller's back
		DialContext: dialer.DialContext,
		TLSClientConfig: &tls.Config{
			RootCAs:            o.RootCAs,
			InsecureSkipVerify: o.Insecure,
			MinVersion:         tls.VersionTLS12,
		},
		TLSHandshakeTimeout:    o.ConnectTimeout,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // decode.go does it, and counts
		MaxIdleConns:           o.MaxIdle,
		MaxIdleConnsPerHost:    o.PerHost,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxResponseHeader,
		HTTP2: &http.HTTP2Config{
			SendPingTimeout:  pingAfter,
			PingTimeout:      pingTimeout,
			WriteByteTimeout: writeTimeout,
		},
	}
}
