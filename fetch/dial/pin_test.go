package dial_test

import (
	"slices"
	"strings"
	"testing"

	"crawl/fetch/dial"
)

func TestAPinIsReadAsCurlHasIt(t *testing.T) {
	for in, want := range map[string]dial.Pin{
		"a.example:80:1.2.3.4":               {Host: "a.example", Port: "80", Addrs: addrs("1.2.3.4")},
		"A.Example:443:1.2.3.4,5.6.7.8":      {Host: "a.example", Port: "443", Addrs: addrs("1.2.3.4", "5.6.7.8")},
		"a.example:*:1.2.3.4":                {Host: "a.example", Addrs: addrs("1.2.3.4")},
		"*:443:1.2.3.4":                      {Host: "*", Port: "443", Addrs: addrs("1.2.3.4")},
		"a.example:80:2a00::1":               {Host: "a.example", Port: "80", Addrs: addrs("2a00::1")},
		"a.example:80:[2a00::1]":             {Host: "a.example", Port: "80", Addrs: addrs("2a00::1")},
		"a.example:80:[2a00::1],1.2.3.4,::1": {Host: "a.example", Port: "80", Addrs: addrs("2a00::1", "1.2.3.4", "::1")},
		"a.example:80:1.2.3.4, 5.6.7.8":      {Host: "a.example", Port: "80", Addrs: addrs("1.2.3.4", "5.6.7.8")},
		"a.example:80:::ffff:1.2.3.4":        {Host: "a.example", Port: "80", Addrs: addrs("1.2.3.4")},
		"a.example:0080:1.2.3.4":             {Host: "a.example", Port: "80", Addrs: addrs("1.2.3.4")},
		"[2A00:0::1]:80:1.2.3.4":             {Host: "2a00::1", Port: "80", Addrs: addrs("1.2.3.4")},
		"127.0.0.1:80:1.2.3.4":               {Host: "127.0.0.1", Port: "80", Addrs: addrs("1.2.3.4")},
		"bücher.example:80:1.2.3.4":          {Host: "bücher.example", Port: "80", Addrs: addrs("1.2.3.4")},
		"my_host:65535:fe80::1%eth0":         {Host: "my_host", Port: "65535", Addrs: addrs("fe80::1%eth0")},
	} {
		got, err := dial.ParsePin(in)
		if err != nil || got.Host != want.Host || got.Port != want.Port || !slices.Equal(got.Addrs, want.Addrs) {
			t.Errorf("%q became %+v, error %v", in, got, err)
		}
	}
}

func TestAnInvalidPinIsToldInPlainWords(t *testing.T) {
	for in, says := range map[string]string{
		"": "host:port:address", "a.example": "host:port:address", "a.example:80": "host:port:address", "a.example:80:": "host:port:address", "[::1]80:1.2.3.4": "host:port:address",
		":80:1.2.3.4": "host", "+a.example:80:1.2.3.4": "host", "http://a.example:80:1.2.3.4": "port", "a b:80:1.2.3.4": "host", "a\x00b:80:1.2.3.4": "host",
		"-a.example:80": "host:port:address", "a.example:x:1.2.3.4": "port", "a.example:0:1.2.3.4": "port", "a.example:65536:1.2.3.4": "port", "a.example::1.2.3.4": "port",
		"a.example:80:b.example": "IP address", "a.example:80:1.2.3": "IP address", "a.example:80:1.2.3.4,": "IP address", "a.example:80:[::1": "bracket", "a.example:80:1.2.3.4:90": "IP address",
	} {
		if p, err := dial.ParsePin(in); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q became %+v, error %v", in, p, err)
		}
	}
}

// FuzzParsePin: what is taken is a pin that a Dialer takes too, and its form is
// one.
func FuzzParsePin(f *testing.F) {
	for _, seed := range []string{"a.example:80:1.2.3.4", "*:*:::1", "[::1]:80:[::1],1.2.3.4", "a:1:::ffff:1.2.3.4", "::::", "[", "a:80:fe80::1%25eth0", "A:080:1.1.1.1, 2.2.2.2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := dial.ParsePin(s)
		if err != nil {
			return
		}
		if err := (dial.Options{Resolve: []dial.Pin{p}}).Validate(); err != nil {
			t.Fatalf("%q became %+v: %v", s, p, err)
		}
		host, port := p.Host, p.Port
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		if port == "" {
			port = "*"
		}
		var list []string
		for _, a := range p.Addrs {
			if a != a.Unmap() {
				t.Fatalf("%q: %v is mapped", s, a)
			}
			list = append(list, a.String())
		}
		again, err := dial.ParsePin(host + ":" + port + ":" + strings.Join(list, ","))
		if err != nil || again.Host != p.Host || again.Port != p.Port || !slices.Equal(again.Addrs, p.Addrs) {
			t.Fatalf("%q became %+v, and that %+v, error %v", s, p, again, err)
		}
	})
}
