package loop_test

var executorRows, runnerRows, queueRows []row
