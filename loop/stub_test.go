package loop_test

var gatherRows, waitRows, timeoutRows, groupRows, executorRows, runnerRows, queueRows []row
