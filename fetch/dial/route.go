package dial

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
)

// Route is how a target is reached.
type Route struct {
	Target
	Proxy *url.URL // nil: directly
}

// Route asks the options' Proxies how a target is reached. It does not block.
// The error is a *TargetError, or a *ProxyError around that of Proxies.
func (d *Dialer) Route(t Target) (Route, error) {
	if err := t.validate(); err != nil {
		return Route{}, err
	}
	r := Route{Target: t}
	if d.o.Proxies == nil {
		return r, nil
	}
	proxy, err := d.o.Proxies(t)
	if err == nil && proxy != nil {
		err = checkProxy(proxy)
	}
	if err != nil {
		return Route{}, &ProxyError{Err: err}
	}
	r.Proxy = proxy
	return r, nil
}

// Key names what a connection of the route leads to: connections of routes with
// equal keys are interchangeable. It shows no password.
func (r Route) Key() string {
	if r.Proxy == nil {
		return r.origin()
	}
	via := "via " + r.Proxy.Scheme + "://" + r.Proxy.Hostname() + " " + proxyPort(r.Proxy)
	if r.Proxy.User != nil { // many proxies choose the way out by what is in the credentials
		sum := sha256.Sum256([]byte(r.Proxy.User.String()))
		via += "#" + hex.EncodeToString(sum[:8])
	}
	if r.Absolute() {
		return via // all targets share it
	}
	return r.origin() + " " + via
}

func (r Route) origin() string {
	if strings.Contains(r.Host, ":") {
		return r.Scheme + "://[" + r.Host + "]:" + r.Port
	}
	return r.Scheme + "://" + r.Host + ":" + r.Port
}

// Absolute reports whether requests on the route are sent in absolute-form, to
// the proxy itself (RFC 9112 section 3.2.2), with ProxyAuthorization.
func (r Route) Absolute() bool {
	return r.Proxy != nil && r.Scheme == "http" && (r.Proxy.Scheme == "http" || r.Proxy.Scheme == "https")
}

// ProxyAuthorization is the value of the Proxy-Authorization field that each
// request on an Absolute route is to have. It is "" where the proxy has no
// credentials, and on all other routes, whose requests the target reads.
func (r Route) ProxyAuthorization() string {
	if !r.Absolute() {
		return ""
	}
	return basic(r.Proxy.User)
}

// basic is the value of a Proxy-Authorization field (RFC 7617).
func basic(user *url.Userinfo) string {
	if user == nil {
		return ""
	}
	password, _ := user.Password()
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password))
}

// blame says of an error that it is the proxy's, if there is one.
func (r Route) blame(err error) error {
	if r.Proxy == nil {
		return err
	}
	if e, ok := err.(*ProxyError); ok {
		return e
	}
	return &ProxyError{Proxy: bare(r.Proxy), Err: err}
}
