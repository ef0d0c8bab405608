package cli

import (
	"strings"
	"testing"
	"time"
)

// Every flag that is a number, a time or a switch reaches the run.
func TestFlagsReachTheRun(t *testing.T) {
	for typed, get := range map[string]func(*options) bool{
		"-concurrency 7":        func(o *options) bool { return o.engine.Concurrency == 7 },
		"-per-host 7":           func(o *options) bool { return o.engine.Politeness.PerHost == 7 },
		"-rate 7":               func(o *options) bool { return o.engine.Politeness.Rate == 7 },
		"-host-rate 7":          func(o *options) bool { return o.engine.Politeness.HostRate == 7 },
		"-host-delay 7":         func(o *options) bool { return o.engine.Politeness.HostDelay == 7*time.Second },
		"-host-delay 0":         func(o *options) bool { return o.engine.Politeness.HostDelay == 0 },
		"-max-host-errors 7":    func(o *options) bool { return o.engine.Politeness.MaxErrors == 7 },
		"-max-host-errors 0":    func(o *options) bool { return o.engine.Politeness.MaxErrors == 0 },
		"-robots=false":         func(o *options) bool { return !o.engine.Politeness.Robots },
		"-parsers 7":            func(o *options) bool { return o.engine.Parsers == 7 },
		"-timeout 7":            func(o *options) bool { return o.engine.Fetch.Timeout == 7*time.Second },
		"-connect-timeout 7":    func(o *options) bool { return o.engine.Fetch.ConnectTimeout == 7*time.Second },
		"-first-byte-timeout 7": func(o *options) bool { return o.engine.Fetch.FirstByte == 7*time.Second },
		"-first-byte-timeout 0": func(o *options) bool { return o.engine.Fetch.FirstByte == 0 },
		"-deadline 7m":          func(o *options) bool { return o.deadline == 7*time.Minute },
		"-retries 0":            func(o *options) bool { return o.engine.Retries == 0 },
		"-max-redirects 0":      func(o *options) bool { return o.engine.MaxRedirects == 0 },
		"-max-body 7k":          func(o *options) bool { return o.engine.Fetch.MaxBody == 7<<10 },
		"-accept 404":           func(o *options) bool { return o.engine.Accept(404) && !o.engine.Accept(200) },
		"-cookies":              func(o *options) bool { return o.engine.Fetch.Cookies },
		"-k":                    func(o *options) bool { return o.engine.Fetch.Insecure },
		"-http1":                func(o *options) bool { return o.engine.Fetch.HTTP1 },
		"-deny-private":         func(o *options) bool { return o.engine.Fetch.DenyPrivate },
		"-links":                func(o *options) bool { return o.engine.Extract.Links },
		"-quiet":                func(o *options) bool { return o.quiet },
		"-netrc":                func(o *options) bool { return o.netrc },
		"-order input":          func(o *options) bool { return o.order == orderInput },
		"-format text -o out":   func(o *options) bool { return o.shape.format == formatText && o.output == "out" },
	} {
		o, _, err := parse(append(strings.Fields(typed), "http://a.example/"))
		if err != nil || !get(o) {
			t.Errorf("%s: %v, %+v", typed, err, o.engine)
		}
	}
}

// The defaults are those of the contract.
func TestDefaults(t *testing.T) {
	o, _, err := parse([]string{"http://a.example/"})
	if err != nil {
		t.Fatal(err)
	}
	e, p, f := o.engine, o.engine.Politeness, o.engine.Fetch
	if e.Concurrency != 64 || e.Retries != 2 || e.MaxRedirects != 10 || e.Accept != nil {
		t.Errorf("%+v", e)
	}
	if p.PerHost != 8 || p.Rate != 0 || p.HostRate != 0 || p.HostDelay != 0 || p.MaxErrors != 30 || !p.Robots {
		t.Errorf("%+v", p)
	}
	if f.Timeout != 30*time.Second || f.ConnectTimeout != 10*time.Second || f.MaxBody != 16<<20 || f.Insecure || f.Cookies || f.DenyPrivate || f.HTTP1 || f.Header != nil || f.User != nil {
		t.Errorf("%+v", f)
	}
	if o.deadline != 0 || o.order != orderCompleted || o.shape.format != "" {
		t.Errorf("%+v", o)
	}
}
