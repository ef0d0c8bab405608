package loop

import (
	"context"
	"log/slog"
)

// An ErrContext describes an error that had no other way out.
type ErrContext struct {
	Message string   // what happened, in a few words
	Err     error    // a *PanicError for panics
	Task    AnyTask  // the task that it happened in, if any
	Future  Waitable // the future whose error nobody looked at, if not a task
	Name    string   // of the task or future, if it has one
}

// SetExceptionHandler replaces what is done with errors that nobody else gets:
// panics, errors never looked at, late errors of executor jobs and gathers. nil
// restores the default, which logs. The handler runs on the loop and must not
// suspend; if it panics, the default one reports both (L17).
func (l *Loop) SetExceptionHandler(fn func(*Loop, ErrContext)) {
	l.mu.Lock()
	l.handler = fn
	l.mu.Unlock()
}

// CallExceptionHandler gives e to the handler in force. It runs the handler
// inside the call and belongs on the loop's goroutine.
func (l *Loop) CallExceptionHandler(e ErrContext) { l.report(e) }

func (l *Loop) report(e ErrContext) {
	if e.Task != nil && e.Name == "" {
		e.Name = e.Task.Name()
	}
	l.mu.Lock()
	handler := l.handler
	l.mu.Unlock()
	if handler == nil {
		l.logError(e)
		return
	}
	defer func() {
		if v := recover(); v != nil {
			l.logError(ErrContext{Message: "panic in exception handler", Err: newPanicError(v)})
			l.logError(e)
		}
	}()
	handler(l, e)
}

func (l *Loop) logError(e ErrContext) {
	logger := l.opts.Logger
	if logger == nil {
		logger = slog.Default()
	}
	defer func() { _ = recover() }() // a broken logger must not end the loop
	attrs := []slog.Attr{slog.Any("err", e.Err)}
	if e.Name != "" {
		attrs = append(attrs, slog.String("task", e.Name))
	}
	if p, ok := e.Err.(*PanicError); ok {
		attrs = append(attrs, slog.String("stack", string(p.Stack)))
	}
	logger.LogAttrs(context.Background(), slog.LevelError, e.Message, attrs...)
}

// reportSoon queues a report from any goroutine; l.mu is held.
func (l *Loop) reportSoon(e ErrContext) {
	l.push(callback(func() { l.report(e) }))
}

// unseenReport is a queued report of an error that nobody looked at (F12).
type unseenReport struct{ f *core }

func (u unseenReport) run() { u.f.l.reportUnseen(u.f) }

func (l *Loop) reportUnseen(f *core) {
	l.report(ErrContext{Message: "error was never retrieved", Err: f.ext.err, Name: f.name()})
}

// ReportUnseen reports, oldest first, every error of a done task or future that
// nobody has looked at, and forgets it. Close does it too; so a long-running
// program loses none, and calls this now and then to hear of them earlier. The
// loop keeps the last 1024 and reports older ones by itself. It runs the handler
// inside the call and belongs on the loop's goroutine.
func (l *Loop) ReportUnseen() {
	for {
		l.mu.Lock()
		f := l.unseen.head
		if f != nil {
			f.see()
		}
		l.mu.Unlock()
		if f == nil {
			return
		}
		l.reportUnseen(f)
	}
}
