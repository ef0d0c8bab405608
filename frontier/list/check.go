package list

import (
	"fmt"
	"net/http"
	"slices"

	"golang.org/x/net/http/httpguts"
)

// CheckMethod refuses a method that could not stand in a request, or is none for
// a page: CONNECT. "" is none, which is the default. It may be called from any
// goroutine.
func CheckMethod(method string) error {
	if method == "" || httpguts.ValidHeaderFieldName(method) && method != http.MethodConnect { // both are tokens
		return nil
	}
	return fmt.Errorf("method %q cannot be sent", method)
}

// unsettable are the headers that belong to the connection, not to the caller.
var unsettable = []string{"Connection", "Content-Length", "Expect", "Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade"}

// CheckHeader refuses a header that could not stand in a request, and those that
// belong to the connection. Its error names the header and says why, and never
// shows the value. It may be called from any goroutine.
func CheckHeader(name, value string) error {
	key := http.CanonicalHeaderKey(name)
	var why string
	switch {
	case !httpguts.ValidHeaderFieldName(name):
		why = "its name is invalid"
	case slices.Contains(unsettable, key):
		why = "it belongs to the connection"
	case !httpguts.ValidHeaderFieldValue(value):
		why = "its value holds a control character"
	case key == "Host" && !httpguts.ValidHostHeader(value):
		why = "its value is no host"
	default:
		return nil
	}
	return fmt.Errorf("header %q cannot be sent: %s", name, why)
}
