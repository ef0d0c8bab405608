package dial_test

import (
	"net"
	"testing"

	"crawl/fetch/dial"
)

func TestAnAddressAndANameAreDialled(t *testing.T) {
	_, port, _ := net.SplitHostPort(serve(t, echo))
	d := newDialer(t, dial.Options{Lookup: lookup("127.0.0.1")})
	for _, host := range []string{"127.0.0.1", "example.com", "[::ffff:127.0.0.1]"} {
		conn, err := reach(t, d, "http://"+host+":"+port)
		if err != nil {
			t.Fatal(err)
		}
		if talks(t, conn); conn.IP.String() != "127.0.0.1" || conn.Protocol != "" {
			t.Errorf("%s: address %v, protocol %q", host, conn.IP, conn.Protocol)
		}
	}
}
