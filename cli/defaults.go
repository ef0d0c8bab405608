package cli

import "time"

// What a run does unless it is told otherwise, where the room that does it has
// no default of its own.
const (
	defaultRetries        = 2
	defaultRedirects      = 10
	defaultTimeout        = 30 * time.Second
	defaultConnectTimeout = 10 * time.Second
	defaultMaxBody        = 16 << 20
)

// Words that -order takes.
const (
	orderCompleted = "completed"
	orderInput     = "input"
)
