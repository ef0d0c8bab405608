// Package list is the frontier of a list of lines: files, standard input and
// the URLs of a command line. The input is the frontier: lines are read as they
// are needed, a bounded window ahead of what was settled, so memory does not
// grow with the list but for duplicate detection.
//
// It is not the output, and not a store for links: Put is refused.
//
// Smallest use:
//
//	f := list.New(ctx, []list.Source{{R: os.Stdin}}, list.Options{})
//	defer f.Close()
//	batch, err := f.Claim(ctx, 100, 16, 0)
//
// All methods may be called from any goroutine.
//
// # Decisions
//
// One goroutine reads ahead; Claim looks only at what was read, so that it
// never blocks on a pipe that nobody writes to. The window passes busy hosts:
// lines of one slow host do not keep those behind them from being read, until
// the window is full of them. The road not taken here is to spill such lines to
// disk; it needs the journal's format and comes with it.
//
// Leases do not expire: the list is read by one process. A later store shared
// by many machines has real deadlines behind the same interface.
package list
