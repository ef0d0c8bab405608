package loop

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Sentinels for the faults that a caller may want to tell apart with
// errors.Is. Cancellation is a type, [CancelError]; so are panics, [PanicError].
var (
	// ErrLoopClosed is returned by every call that needs a loop that still runs or can run (L28, L30).
	ErrLoopClosed = errors.New("loop is closed")
	// ErrLoopRunning refuses to run or close a loop that is running (L26).
	ErrLoopRunning = errors.New("loop is running")
	// ErrLoopStopped says that Stop ended RunUntilComplete before its future was done (L24).
	ErrLoopStopped = errors.New("loop stopped before the future was done")
	// ErrForeignLoop refuses a future or task that belongs to another loop (L25).
	ErrForeignLoop = errors.New("future belongs to another loop")
	// ErrNotDone is the result of a future that has none yet (F2).
	ErrNotDone = errors.New("result is not set")
	// ErrAlreadyDone refuses a second result (F3).
	ErrAlreadyDone = errors.New("future is already done")
	// ErrSealed refuses to set the result of a task, a gather or an executor job from outside (T4).
	ErrSealed = errors.New("result is set by its owner only")
	// ErrNilError refuses SetError(nil) (F17).
	ErrNilError = errors.New("nil error set on a future")
	// ErrNotInTask is returned when a suspending call is made off the task that the Ctx belongs to (L32).
	ErrNotInTask = errors.New("not called from the running task of this context")
	// ErrSelfAwait is returned to a task that awaits itself (T20).
	ErrSelfAwait = errors.New("task awaits itself")
	// ErrAwaitCycle is returned to the task that would close a ring of tasks awaiting each other (T21).
	ErrAwaitCycle = errors.New("tasks await each other in a cycle")
	// ErrGoexit ends a task or job whose body called runtime.Goexit, as t.FailNow does (D6).
	ErrGoexit = errors.New("body called runtime.Goexit")
	// ErrEmptySet refuses to wait for nothing (W1).
	ErrEmptySet = errors.New("set of futures is empty")
	// ErrReturnWhen refuses an unknown ReturnWhen (W1).
	ErrReturnWhen = errors.New("unknown ReturnWhen value")
	// ErrSetDone is the end of a closed and empty WaitSet.
	ErrSetDone = errors.New("wait set is closed and empty")
	// ErrExecutorClosed refuses work after the executor's shutdown (E7).
	ErrExecutorClosed = errors.New("executor is shut down")
	// ErrDeadlock is what a [DeadlockError] is (L35).
	ErrDeadlock = errors.New("deadlock: nothing can wake the loop")
	// ErrInterrupted is returned by a run that SIGINT ended (R6); the customary exit code is 130.
	ErrInterrupted = errors.New("interrupted")
	// ErrTimeout is returned when a limit of this package passed. It is a context.DeadlineExceeded to errors.Is.
	ErrTimeout error = timeoutError{}
)

type timeoutError struct{}

func (timeoutError) Error() string        { return "time limit passed" }
func (timeoutError) Timeout() bool        { return true }
func (timeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

// A CancelError is the error of a cancelled task or future (D3). It is a
// context.Canceled to errors.Is. The same value reaches everybody who awaits
// the cancelled thing (T17); it must not be changed.
type CancelError struct {
	Cause  error  // what was given to Cancel, or nil
	Origin string // name of the task or future on which Cancel was called (T18)
}

// Error says who was cancelled and why.
func (e *CancelError) Error() string {
	var b strings.Builder
	b.WriteString("cancelled")
	if e.Origin != "" {
		fmt.Fprintf(&b, " (%s)", e.Origin)
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, ": %v", e.Cause)
	}
	return b.String()
}

// Is makes every CancelError a context.Canceled.
func (e *CancelError) Is(target error) bool { return target == context.Canceled }

// Unwrap gives the cause, but for ErrTimeout: to what runs inside, a limit set
// around it is a cancellation, as in asyncio, or a retry loop would take it for
// one of its own limits. It becomes ErrTimeout outside of the scope.
func (e *CancelError) Unwrap() error {
	if e.Cause == ErrTimeout {
		return nil
	}
	return e.Cause
}

// isCancel tells whether err means "cancelled" for a task that returns it: a
// CancelError, bare or wrapped (T19). A join of a CancelError with an error of
// the cleanup is a failure (T15), and so is the context.Canceled of a context
// that has nothing to do with the loop.
func isCancel(err error) bool {
	for err != nil {
		switch e := err.(type) {
		case *CancelError:
			return true
		case interface{ Unwrap() error }:
			err = e.Unwrap()
		case interface{ Unwrap() []error }:
			all := e.Unwrap()
			for _, one := range all {
				if !isCancel(one) {
					return false
				}
			}
			return len(all) > 0
		default:
			return false
		}
	}
	return false
}

// A PanicError carries a panic out of a task, a callback or an executor job,
// with the stack of the place where it happened (D5).
type PanicError struct {
	Value any
	Stack []byte
}

// Error gives the panic value; the stack is in the field.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap gives the panic value, if it was an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// A DeadlockError names the tasks that are parked while nothing can wake them
// (L35): no callback is ready, no timer is set, no executor job and no Hold is
// out. It is an [ErrDeadlock].
type DeadlockError struct {
	Tasks []string // "name: what it waits for", in creation order
}

func (e *DeadlockError) Error() string {
	if len(e.Tasks) == 0 {
		return ErrDeadlock.Error()
	}
	return ErrDeadlock.Error() + " [" + strings.Join(e.Tasks, ", ") + "]"
}

// Is makes it an ErrDeadlock.
func (e *DeadlockError) Is(target error) bool { return target == ErrDeadlock }
