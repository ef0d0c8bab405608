package dial

import "syscall"

// lacks are Winsock's words for having no room for another socket, which
// syscall.EMFILE and its like are not: WSAEMFILE and WSAENOBUFS.
var lacks = [...]error{syscall.Errno(10024), syscall.Errno(10055)}
