package dial

import (
	"fmt"
	"net/http"
	"net/netip"
	"time"
)

// Stage is a part of Dial.
type Stage uint8

// The stages, in their order. StageConnect includes all talk with a proxy: its
// TLS, CONNECT and SOCKS.
const (
	StageLookup Stage = iota + 1
	StageConnect
	StageHandshake
)

// String is the stage's name, for people.
func (s Stage) String() string {
	switch s {
	case StageLookup:
		return "look-up"
	case StageConnect:
		return "connect"
	case StageHandshake:
		return "TLS handshake"
	}
	return "unknown stage"
}

// TimeoutError says that a stage met the limit of the options. The end of the
// caller's context is not one. In the look-up it comes inside a *net.DNSError.
type TimeoutError struct {
	Stage Stage
	After time.Duration // the limit
	Err   error         // what stood in the way at the end, where it was the lack of files: see Exhausted; else nil
}

// Error says which stage took how long.
func (e *TimeoutError) Error() string {
	text := fmt.Sprintf("%v timed out after %v", e.Stage, e.After)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives what stood in the way.
func (e *TimeoutError) Unwrap() error { return e.Err }

// Timeout is true.
func (e *TimeoutError) Timeout() bool { return true }

// BlockedError says that a host has none but addresses that DenyPrivate denies.
type BlockedError struct {
	Host  string
	Addr  netip.Addr // the first of them, unmapped
	Block string     // what its block of addresses is for, with its source: "private use (RFC 1918)"
}

// Error names the address and its block.
func (e *BlockedError) Error() string {
	text := fmt.Sprintf("address %v is denied: %s", e.Addr, e.Block)
	if e.Host != e.Addr.String() {
		text = e.Host + ": " + text
	}
	return text
}

// FamilyError says that a host has no address of the family that the options
// ask for. No retry will change that.
type FamilyError struct {
	Host   string
	Family Family // IPv4 or IPv6
	Err    error  // the *net.DNSError that may also mean that nobody has the name; else nil
}

// Error names the family.
func (e *FamilyError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("no such host with an %v address", e.Family)
	}
	return fmt.Sprintf("no %v address", e.Family)
}

// Unwrap gives what the name service said.
func (e *FamilyError) Unwrap() error { return e.Err }

// ProxyError says that a proxy could not be chosen or reached, or did not open
// the way. A time-out is none.
type ProxyError struct {
	Proxy  string // scheme, host and port, no credentials; "" where none could be chosen
	Status int    // of its answer to CONNECT; 0 if there was none
	Err    error  // where there is no status: why
}

// Error names the proxy and what it answered.
func (e *ProxyError) Error() string {
	switch {
	case e.Proxy == "":
		return fmt.Sprintf("proxy: %v", e.Err)
	case e.Status == 0:
		return fmt.Sprintf("proxy %s: %v", e.Proxy, e.Err)
	}
	return fmt.Sprintf("proxy %s: CONNECT was answered with %d %s", e.Proxy, e.Status, http.StatusText(e.Status))
}

// Unwrap gives the cause.
func (e *ProxyError) Unwrap() error { return e.Err }

// TargetError says that a target cannot be dialled as it stands.
type TargetError struct {
	Target Target
	Reason string
}

// Error is the reason with the target, quoted.
func (e *TargetError) Error() string {
	return fmt.Sprintf("%s: %q", e.Reason, e.Target.Scheme+"://"+e.Target.Host+":"+e.Target.Port)
}
