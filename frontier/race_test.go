//go:build race

package frontier

// raceDetector says that tests run ten times as long as otherwise.
const raceDetector = true
