package pool

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// ErrGoexit is the error of a job whose function called runtime.Goexit.
var ErrGoexit = errors.New("job called runtime.Goexit")

// A PanicError is a panic of a job, with the stack of the place where it happened.
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

func newPanicError(v any) *PanicError {
	if err, ok := v.(*PanicError); ok {
		return err
	}
	return &PanicError{Value: v, Stack: debug.Stack()}
}
