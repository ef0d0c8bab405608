package engine

import "errors"

// SinkError is Run's error when the sink failed, a body could not be saved, or an
// exchange not archived: not
// every record was written.
type SinkError struct{ Err error }

func (e *SinkError) Error() string { return e.Err.Error() }

// Unwrap gives the error of the sink, of Options.Save or of Options.Archive.
func (e *SinkError) Unwrap() error { return e.Err }

// ErrStuck is the cause of a SinkError when the sink did not take the last
// records within the grace period after ctx was done: its goroutine was left
// behind in a write.
var ErrStuck = errors.New("output or state is blocked: the last records were not taken in time")
