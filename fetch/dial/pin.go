package dial

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"
)

// ParsePin reads a pin as curl's --resolve has it: "host:port:addr[,addr…]". An
// IPv6 address may stand in brackets, as a host it must; the port "*" is any, the
// host "*" is any without a pin of its own. The host comes in lower case; one
// that is not ASCII is the caller's to normalise.
func ParsePin(s string) (Pin, error) {
	host, rest, ok := cutHost(s)
	port, list, also := strings.Cut(rest, ":")
	if !ok || !also || list == "" {
		return Pin{}, errors.New("want host:port:address")
	}
	p := Pin{Host: strings.ToLower(host), Port: port}
	if a, err := netip.ParseAddr(p.Host); err == nil {
		p.Host = a.Unmap().String()
	}
	if p.Port == "*" {
		p.Port = ""
	} else if !validPort(p.Port) {
		return Pin{}, errors.New("the port must be a number from 1 to 65535, or *")
	} else if n, err := strconv.Atoi(p.Port); err == nil {
		p.Port = strconv.Itoa(n)
	}
	for text := range strings.SplitSeq(list, ",") {
		text = strings.TrimSpace(text)
		if inner, ok := strings.CutPrefix(text, "["); ok {
			if text, ok = strings.CutSuffix(inner, "]"); !ok {
				return Pin{}, errors.New("a bracket is missing")
			}
		}
		a, err := netip.ParseAddr(text)
		if err != nil {
			return Pin{}, errors.New("after the port come IP addresses, with commas between them")
		}
		p.Addrs = append(p.Addrs, a.Unmap())
	}
	return p, p.validate()
}

// cutHost cuts the host off "host:rest" or "[host]:rest".
func cutHost(s string) (host, rest string, ok bool) {
	if inner, bracketed := strings.CutPrefix(s, "["); bracketed {
		return strings.Cut(inner, "]:")
	}
	return strings.Cut(s, ":")
}

func (p Pin) validate() error {
	switch {
	case p.Host == "" || strings.ContainsAny(p.Host, " /?#@[]\\+") || strings.ContainsFunc(p.Host, isControl):
		return errors.New("invalid host")
	case strings.Contains(p.Host, "*") && p.Host != "*":
		return errors.New("the host is a name, or * alone")
	case p.Port != "" && !validPort(p.Port):
		return errors.New("invalid port")
	case len(p.Addrs) == 0:
		return errors.New("no address")
	}
	for _, a := range p.Addrs {
		if !a.IsValid() {
			return errors.New("invalid address")
		}
	}
	return nil
}

// pins are the pins by host and port.
type pins map[pinned][]netip.Addr

type pinned struct{ host, port string }

// newPins keeps the family's addresses. Of two pins for the same the later one
// wins, as in curl.
func newPins(list []Pin, f Family) pins {
	if len(list) == 0 {
		return nil
	}
	byName := make(pins, len(list))
	for _, p := range list {
		byName[pinned{strings.TrimSuffix(p.Host, "."), p.Port}] = f.only(p.Addrs)
	}
	return byName
}

// find looks for the host's own pin first, and for the port's own first.
func (p pins) find(host, port string) ([]netip.Addr, bool) {
	if p == nil {
		return nil, false
	}
	for _, h := range [...]string{strings.TrimSuffix(host, "."), "*"} {
		for _, o := range [...]string{port, ""} {
			if addrs, ok := p[pinned{h, o}]; ok {
				return addrs, true
			}
		}
	}
	return nil, false
}
