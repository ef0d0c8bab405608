package cli

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// newTerminal is a terminal, and the end at which a person would sit.
func newTerminal(t *testing.T) (tty, person *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { person.Close() })
	fd := int(person.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	tty, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return tty, person
}

// shows says whether a terminal shows what is typed.
func shows(t *testing.T, terminal *os.File) bool {
	t.Helper()
	state, err := unix.IoctlGetTermios(int(terminal.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return state.Lflag&unix.ECHO != 0
}

type typed struct {
	password string
	err      error
}

// reading reads a password, and returns once the terminal shows nothing.
func reading(t *testing.T, ctx context.Context, tty, person *os.File) <-chan typed {
	t.Helper()
	if !shows(t, person) {
		t.Fatal("a new terminal shows nothing")
	}
	done := make(chan typed, 1)
	go func() {
		password, err := readPassword(ctx, tty)
		done <- typed{password, err}
	}()
	for shows(t, person) {
		time.Sleep(time.Millisecond) // another process's clock: the kernel's terminal
	}
	return done
}

func TestAPasswordIsReadAndNotShown(t *testing.T) {
	tty, person := newTerminal(t)
	spare, err := syscall.Dup(int(tty.Fd())) // keeps the terminal alive when it is closed
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(spare)
	done := reading(t, t.Context(), tty, person)
	if _, err := person.WriteString("hu sh\n"); err != nil {
		t.Fatal(err)
	}
	if got := <-done; got.err != nil || got.password != "hu sh" {
		t.Errorf("%q, %v", got.password, got.err)
	}
	if !shows(t, person) {
		t.Error("the terminal is left silent")
	}
	if _, err := syscall.Write(spare, []byte("end")); err != nil {
		t.Fatal(err)
	}
	seen := ""
	for !strings.HasSuffix(seen, "end") {
		text := make([]byte, 100)
		n, err := person.Read(text)
		if err != nil {
			t.Fatal(err)
		}
		seen += string(text[:n])
	}
	if strings.Contains(seen, "hu") {
		t.Errorf("the terminal shows %q", seen)
	}
}

// Ctrl-C, or the deadline, while a password is asked for.
func TestTheEndOfARunLeavesTheTerminalAsItWas(t *testing.T) {
	tty, person := newTerminal(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	done := reading(t, ctx, tty, person)
	cancel(Stopped{syscall.SIGINT})
	var stopped Stopped
	if got := <-done; got.password != "" || !errors.As(got.err, &stopped) {
		t.Errorf("%q, %v", got.password, got.err)
	}
	if !shows(t, person) {
		t.Error("the terminal is left silent")
	}
	_, _ = person.WriteString("\n") // the reading that was left behind ends
}
