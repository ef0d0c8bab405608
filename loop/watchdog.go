package loop

func (l *Loop) startWatchdog() {}
func (l *Loop) stopWatchdog()  {}
