package dial

import (
	"errors"
	"net"
	"net/url"
	"strings"
)

// ParseProxy reads a proxy as users write it: a URL with the scheme http,
// https, socks5 or socks5h, with or without credentials (percent-encoded). A
// missing scheme is http, a missing port 443 for https and 1080 for all others,
// as in curl; the URL has it. The error never shows what it was given, for there
// may be a password in it.
func ParseProxy(s string) (*url.URL, error) {
	s = strings.TrimSpace(s)
	if _, rest, _ := strings.Cut(s, ":"); !strings.Contains(s, "://") && !strings.HasPrefix(rest, "/") {
		s = "http://" + s // a slash is no port: what stands before it is a scheme
	}
	u, err := url.Parse(s)
	if err != nil {
		return nil, errors.New("no valid URL; special characters in a name or password need percent-encoding")
	}
	if err := checkProxy(u); err != nil {
		return nil, err
	}
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		return nil, errors.New("nothing may follow the port; special characters in a name or password need percent-encoding")
	}
	host := strings.ToLower(u.Hostname())
	return &url.URL{Scheme: u.Scheme, User: u.User, Host: net.JoinHostPort(host, proxyPort(u))}, nil
}

// checkProxy reports what is wrong with a proxy's URL, and shows none of it.
func checkProxy(u *url.URL) error {
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
	default:
		return errors.New("the scheme must be http, https, socks5 or socks5h")
	}
	host := u.Hostname()
	switch {
	case host == "":
		return errors.New("no host")
	case !validHost(host):
		return errors.New("invalid host; a name is to be in its ASCII form")
	case !validPort(proxyPort(u)):
		return errors.New("the port must be a number from 1 to 65535")
	}
	if password, _ := u.User.Password(); strings.HasPrefix(u.Scheme, "socks") && u.User != nil {
		if n := len(u.User.Username()); n == 0 || n > 255 || len(password) > 255 {
			return errors.New("SOCKS takes a name of 1 to 255 bytes and a password of at most 255 (RFC 1929)")
		}
	}
	return nil
}

// proxyPort is the port of a proxy, with curl's defaults.
func proxyPort(u *url.URL) string {
	switch port := u.Port(); {
	case port != "":
		return port
	case u.Scheme == "https":
		return "443"
	}
	return "1080"
}

// bare is a proxy without its credentials.
func bare(u *url.URL) string {
	return u.Scheme + "://" + net.JoinHostPort(u.Hostname(), proxyPort(u))
}
