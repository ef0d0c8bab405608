package dial_test

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"

	"crawl/fetch/dial"
)

// echo answers each line with itself.
func echo(c net.Conn) { _, _ = io.Copy(c, c) }

// talk sends a line and reads one.
func talk(t testing.TB, c net.Conn) string {
	t.Helper()
	if _, err := io.WriteString(c, "hello\n"); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

func TestAnAddressAndANameAreDialled(t *testing.T) {
	_, port, _ := net.SplitHostPort(serve(t, echo))
	d := newDialer(t, dial.Options{Lookup: lookup("127.0.0.1")})
	for _, host := range []string{"127.0.0.1", "example.com", "[::ffff:127.0.0.1]"} {
		conn, err := reach(t, d, "http://"+host+":"+port)
		if err != nil {
			t.Fatal(err)
		}
		if got := talk(t, conn); got != "hello" || conn.IP.String() != "127.0.0.1" || conn.Protocol != "" {
			t.Errorf("%s: said %q, address %v, protocol %q", host, got, conn.IP, conn.Protocol)
		}
		conn.Close()
	}
}
