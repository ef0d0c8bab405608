// Package progress is what a person sees of a run on a terminal: a line of numbers
// that changes, and the screen that keeps it below all that is written meanwhile.
//
// It is not a clock and not a counter: State is given to it, and so are the times.
// It starts no goroutine.
//
// Smallest use:
//
//	screen := progress.NewScreen(os.Stderr, func() int { return 80 })
//	records := screen.Above(os.Stdout)
//	screen.Show(progress.State{Done: 3, Total: 10}.Line(screen.Room()))
//	fmt.Fprintln(records, "a record") // above the line
//	screen.Clear()
//
// A Screen's methods, and the writers that Above gives, may be called from any
// goroutine. They block as the terminal does. A Rate is for one goroutine, a State
// is a value.
//
// # Decisions
//
// One lock for the line and for all that is written above it: the line is erased,
// the text written, the line drawn again, and when Write returns the text is on the
// terminal. Not taken: mpb, which hands what is written above its bars to a
// goroutine that prints it with the next frame, so that a record would count as
// written before it is; progressbar and pb, which know one writer, and on resizing
// leave rows of old lines behind.
//
// The line is ASCII, so that it has as many columns as bytes in any locale.
//
// The terminal's width is asked each time, and no signal is waited for: the line is
// drawn several times a second anyway. A line that was drawn on a wider terminal may
// stand on several rows now, as most terminals break it anew; all are erased.
package progress
