package dial

import (
	"context"
	"net"
	"os"
	"syscall"
	"testing"
	"time"
)

// withoutFiles takes all files that the process may open, until the test ends;
// free gives one back, and says whether there was one.
func withoutFiles(t *testing.T) (free func() bool) {
	t.Helper()
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &was); err != nil {
		t.Fatal(err)
	}
	few := was
	few.Cur = 64
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &few); err != nil {
		t.Fatal(err)
	}
	var taken []*os.File
	free = func() bool {
		if len(taken) == 0 {
			return false
		}
		taken[0].Close()
		taken = taken[1:]
		return true
	}
	t.Cleanup(func() {
		for free() {
		}
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &was); err != nil {
			t.Error(err)
		}
	})
	for {
		f, err := os.Open(os.DevNull)
		if err != nil {
			if !Exhausted(err) {
				t.Fatal(err)
			}
			return free
		}
		taken = append(taken, f)
	}
}

// The real thing: ulimit -n, the system's sockets, for connections and for
// look-ups.
func TestFault35WithTheSystemsOwnLimit(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer packets.Close()
	shed := 0
	var free func() bool
	d, err := New(Options{ConnectTimeout: time.Minute, Shed: func() bool { shed++; return free() }})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	host, port, _ := net.SplitHostPort(l.Addr().String())
	route, err := d.Route(Target{Scheme: "http", Host: host, Port: port})
	if err != nil {
		t.Fatal(err)
	}

	free = withoutFiles(t)
	conn, err := d.Dial(context.Background(), Call{Route: route})
	if err != nil || shed == 0 {
		t.Fatalf("connect: error %v, %d shed", err, shed)
	}
	defer conn.Close()
	shed = 0
	socket, err := d.openSocket(context.Background(), "udp", packets.LocalAddr().String())
	if err != nil || shed == 0 {
		t.Fatalf("look-up: error %v, %d shed", err, shed)
	}
	socket.Close()
}

func TestAConnectionIsProbedWhileItIsIdle(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := systemConnect(context.Background(), l.Addr().(*net.TCPAddr).AddrPort())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	err = raw.Control(func(fd uintptr) {
		for _, o := range []struct{ level, name, want int }{
			{syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 1}, {syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE, 30}, {syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL, 30},
		} {
			if got, err := syscall.GetsockoptInt(int(fd), o.level, o.name); err != nil || got != o.want {
				t.Errorf("option %d is %d, error %v", o.name, got, err)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}
