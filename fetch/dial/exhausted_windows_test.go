package dial_test

import "golang.org/x/sys/windows"

var lacks = []error{windows.WSAEMFILE, windows.WSAENOBUFS}
