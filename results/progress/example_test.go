package progress_test

import (
	"fmt"
	"time"

	"crawl/results/progress"
)

func ExampleState_Line() {
	s := progress.State{Done: 42, OK: 40, Failed: 2, Total: 100, PerSecond: 7, InFlight: 8}
	s.Left = progress.Left(s.Total, s.Done, s.PerSecond, []progress.Load{{Queued: 11, Every: 2 * time.Second}})
	fmt.Println(s.Line(60))
	// Output: 42%  42/100  2 failed  7.0/s  8 in flight  ETA 20s
}
