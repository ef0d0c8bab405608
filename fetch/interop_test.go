//go:build linux

package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The tests in the files interop*_test.go run servers of Debian's packages,
// each for one test, on loopback, with a configuration of the test's own. A
// server that is not installed skips its tests, unless CRAWL_INTEROP=1 says that
// all are (.ci/run).

// installed gives the path of a program, or of a file if name is a path.
func installed(t testing.TB, name string) string {
	t.Helper()
	for _, dir := range []string{"", "/usr/sbin"} { // Debian's users do not have sbin in PATH
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			return path
		}
	}
	if _, err := os.Stat(name); err == nil && filepath.IsAbs(name) {
		return name
	}
	if os.Getenv("CRAWL_INTEROP") == "1" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

// daemon is one server for one test. It runs without privileges, as nobody where
// the tests run as root, so that it behaves alike for everybody.
type daemon struct {
	dir      string // its working directory, which holds its configuration and logs
	port     string // on 127.0.0.1, nobody's until it runs
	as       *syscall.Credential
	uid, gid int
}

func newDaemon(t testing.TB) *daemon {
	t.Helper()
	dir, err := os.MkdirTemp("", "crawl-interop-") // t.TempDir is closed to other users
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	d := &daemon{dir: dir, port: freePort(t), uid: os.Getuid(), gid: os.Getgid()}
	if d.uid == 0 {
		nobody, err := user.Lookup("nobody")
		if err != nil {
			t.Fatal(err)
		}
		d.uid, _ = strconv.Atoi(nobody.Uid)
		d.gid, _ = strconv.Atoi(nobody.Gid)
		d.as = &syscall.Credential{Uid: uint32(d.uid), Gid: uint32(d.gid)}
	}
	d.owns(t, dir)
	return d
}

func (d *daemon) owns(t testing.TB, path string) {
	t.Helper()
	if err := os.Chown(path, d.uid, d.gid); err != nil {
		t.Fatal(err)
	}
}

func (d *daemon) addr() string { return net.JoinHostPort("127.0.0.1", d.port) }

// write makes a file in the daemon's directory, readable by it alone, and gives
// its path.
func (d *daemon) write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(d.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	d.owns(t, path)
	return path
}

// lines gives the lines of a file in the daemon's directory; none if there is no
// such file yet.
func (d *daemon) lines(name string) []string {
	text, _ := os.ReadFile(filepath.Join(d.dir, name))
	return strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' })
}

// command is the program in the daemon's directory, with its rights.
func (d *daemon) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir = d.dir
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=" + d.dir, "TMPDIR=" + d.dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: d.as, Setpgid: true, Pdeathsig: syscall.SIGTERM}
	return cmd
}

// run starts the program and waits until it accepts connections. It is killed as
// the test ends, and stopped if the test's process is killed.
func (d *daemon) run(t testing.TB, program string, args ...string) {
	t.Helper()
	out, err := os.Create(filepath.Join(d.dir, "output"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd := d.command(program, args...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = cmd.Wait() }()
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // its children too
		<-ended
		if t.Failed() {
			t.Logf("%s says:\n%s", filepath.Base(program), strings.Join(d.lines("output"), "\n"))
		}
	})
	eventually(t, filepath.Base(program)+" accepts connections", func() bool {
		select {
		case <-ended:
			t.Fatalf("%s has ended", filepath.Base(program))
		default:
		}
		c, err := net.Dial("tcp", d.addr())
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// freePort is a port of loopback that nothing listens on. It lies below those
// that Linux gives to connections, so nobody takes it by chance.
func freePort(t testing.TB) string {
	t.Helper()
	for range 100 {
		port := strconv.Itoa(10000 + rand.IntN(22000))
		if l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port)); err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return ""
}

// eventually waits for what another process does: until ok, for half a minute.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// get makes one exchange with c and fails the test unless an answer comes.
func get(t testing.TB, c *Client, r *Request) *Response {
	t.Helper()
	resp, err := c.Do(context.Background(), r)
	t.Cleanup(resp.Release)
	if err != nil {
		t.Fatalf("%s: %v", r.URL, err)
	}
	return resp
}

// pemOf writes a certificate with its key as servers read it.
func pemOf(t testing.TB, c tls.Certificate) (cert, key string) {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return certPEM(c.Certificate[0]), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func certPEM(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}
