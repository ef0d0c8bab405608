//go:build !windows

package dial

import "syscall"

// lacks are the system's words for having no room for another socket. The lack
// of local ports, EADDRNOTAVAIL, is not among them: the same number says that
// the machine has no IPv6, and waiting does not change that.
var lacks = [...]error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM}
