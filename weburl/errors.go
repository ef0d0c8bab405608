package weburl

import (
	"errors"
	"strconv"
	"strings"
)

// What an [Error] wraps; compare with errors.Is.
var (
	// ErrScheme says that the text is a URL of another scheme than http and https.
	ErrScheme = errors.New("scheme is not http or https")
	// ErrInvalid says that the text is no URL.
	ErrInvalid = errors.New("not a URL")
)

// Error says which text was refused and why.
type Error struct {
	Input  string // the text, by way of Redact
	Reason string // for people; never to be matched
	Err    error  // ErrScheme or ErrInvalid
}

// Error is one line without control characters; a long input is cut.
func (e *Error) Error() string {
	in := e.Input
	if len(in) > 200 {
		in = strings.ToValidUTF8(in[:200], "") + "…"
	}
	return strconv.Quote(in) + ": " + e.Reason
}

// Unwrap gives ErrScheme or ErrInvalid.
func (e *Error) Unwrap() error { return e.Err }

func invalid(input, reason string) *Error {
	return &Error{Input: Redact(input), Reason: reason, Err: ErrInvalid}
}

func otherScheme(input, scheme string) *Error {
	reason := "scheme " + strconv.Quote(scheme) + " is not http or https"
	return &Error{Input: Redact(input), Reason: reason, Err: ErrScheme}
}
