//go:build !unix

package cli

import "os"

// inquiries are the signals that ask what is in flight: there are none.
var inquiries []os.Signal
