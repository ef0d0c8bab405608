package metrics

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// reading lets GET and HEAD through, as nothing is changed from outside.
func reading(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD are answered", http.StatusMethodNotAllowed)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// guarded lets requests through that are meant for this machine: their Host is
// loopback's or the one that was given. A page of the web whose name is made to
// lead to 127.0.0.1 (DNS rebinding) would read everything as its own otherwise; the
// browser sends the page's name.
func guarded(h http.Handler, given string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host := hostname(r.Host); host != hostname(given) && host != "localhost" && !isLoopback(host) {
			http.Error(w, "this Host is not answered: ask by an address of loopback or as localhost", http.StatusForbidden)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// hostname is a Host without its port, brackets and the dot of a full name, in
// small letters.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// isLoopback says that host is an address of this machine alone; of a name it does
// not ask.
func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
