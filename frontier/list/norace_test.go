//go:build !race

package list

// raceDetector says that tests run ten times as long as otherwise.
const raceDetector = false
