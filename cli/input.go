package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"crawl/frontier/list"
)

// openSources opens every list before anything is fetched, so that a missing
// one is told at once. close closes them.
func openSources(o *options, stdin io.Reader) (sources []list.Source, close func(), err error) {
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
		f, err := os.Open(name)
		if err != nil {
			close()
			return nil, nil, fmt.Errorf("list %s: %w", name, errors.Unwrap(err)) // without the "open"
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

// isRegular says that r is a regular file, whose lines are all there.
func isRegular(r io.Reader) bool {
	f, ok := r.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}
