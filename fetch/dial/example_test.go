package dial_test

import (
	"context"
	"fmt"
	"net"

	"crawl/fetch/dial"
)

func Example() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).AddrPort().Port()

	pin, err := dial.ParsePin("example.com:*:127.0.0.1")
	if err != nil {
		panic(err)
	}
	d, err := dial.New(dial.Options{Resolve: []dial.Pin{pin}})
	if err != nil {
		panic(err)
	}
	defer d.Close()
	route, err := d.Route(dial.Target{Scheme: "http", Host: "example.com", Port: fmt.Sprint(port)})
	if err != nil {
		panic(err)
	}
	conn, err := d.Dial(context.Background(), dial.Call{Route: route})
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	fmt.Println("connected to", conn.IP)
	// Output: connected to 127.0.0.1
}
