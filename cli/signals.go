package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// sameSignal is how long after a signal another one is its echo. No hand is so
// quick.
const sameSignal = 150 * time.Millisecond

// listen catches the signals that ask what is in flight; stop gives them back.
func (c *console) listen() (stop func()) {
	caught := make(chan os.Signal, 1)
	if len(inquiries) > 0 { // to name none is to name all
		signal.Notify(caught, inquiries...)
	}
	c.asked = caught
	return func() { signal.Stop(caught) }
}

// Signals returns a context that SIGINT, SIGTERM or SIGHUP ends, with a Stopped
// as its cause. A second signal exits the process at once, whatever the program
// is doing; one that comes within sameSignal of the first is the same one told
// twice, as timeout(1) and a closing terminal do (to the process and its group).
// SIGHUP stays ignored under nohup; SIGINT does not, although a shell script has
// its background jobs ignore it: who sends it by hand means it. stop ends the
// watch and restores the defaults; it must be called once.
//
// A write to a pipe without a reader becomes an error from here on, so that the
// run can end by itself, with its code.
func Signals(parent context.Context) (ctx context.Context, stop func()) {
	signal.Ignore(sigpipe...)
	ctx, cancel := context.WithCancelCause(parent)
	caught := make(chan os.Signal, 2)
	signal.Notify(caught, syscall.SIGINT, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(caught, syscall.SIGHUP)
	}
	done := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		var first time.Time
		for {
			select {
			case s := <-caught:
				switch {
				case first.IsZero():
					first = time.Now()
					cancel(Stopped{Signal: s.(syscall.Signal)})
				case time.Since(first) > sameSignal:
					os.Exit(exitSignal + int(s.(syscall.Signal)))
				}
			case <-done:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(caught)
		close(done)
		<-ended
		cancel(nil)
	}
}
