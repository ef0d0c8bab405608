package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"crawl/frontier/list"
)

// openSources opens every list before anything is fetched, so that a missing
// one is told at once. close closes them. It blocks on a FIFO that nobody writes
// to, but no longer than ctx.
func openSources(ctx context.Context, o *options, stdin io.Reader) (sources []list.Source, close func(), err error) {
	var files []*os.File
	close = func() {
		for _, f := range files {
			f.Close()
		}
	}
	for _, name := range o.lists {
		if name == "-" {
			sources = append(sources, list.Source{Name: "standard input", R: stdin, Regular: isRegular(stdin)})
			continue
		}
		f, err := orStopped(ctx, func() (*os.File, error) { return os.Open(name) })
		if err != nil {
			close()
			return nil, nil, listError(name, err)
		}
		files = append(files, f)
		if info, err := f.Stat(); err == nil && info.IsDir() {
			close()
			return nil, nil, fmt.Errorf("list %s is a directory", name)
		}
		sources = append(sources, list.Source{Name: name, R: f, Regular: isRegular(f)})
	}
	if len(o.urls) > 0 {
		text := strings.Join(o.urls, "\n")
		sources = append(sources, list.Source{Name: "the command line", R: strings.NewReader(text), Regular: true, NoLines: true})
	}
	return sources, close, nil
}

// listError says what is wrong with a list, in one line.
func listError(name string, err error) error {
	var path *os.PathError
	switch {
	case strings.Contains(name, "://"):
		return errors.New("-urls takes the name of a file; a URL stands by itself: crawl URL")
	case errors.As(err, &path):
		return fmt.Errorf("list %s: %w", name, path.Err) // without the "open"
	}
	return err
}

// orStopped is what open returns, or the cause of ctx's end if that is sooner:
// opening a FIFO blocks for as long as its other end is closed. open is then
// left behind, but not before it had a moment to end: a file that it makes must have
// an owner who removes it.
func orStopped[T any](ctx context.Context, open func() (T, error)) (T, error) {
	type opened struct {
		v   T
		err error
	}
	done := make(chan opened, 1)
	go func() {
		v, err := open()
		done <- opened{v, err}
	}()
	select {
	case o := <-done:
		return o.v, o.err
	case <-ctx.Done():
	}
	select {
	case o := <-done:
		return o.v, o.err
	case <-time.After(moment):
		var none T
		return none, context.Cause(ctx)
	}
}

// isRegular says that r is a regular file, whose lines are all there.
func isRegular(r io.Reader) bool {
	f, ok := r.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}
