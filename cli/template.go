package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"crawl/results"
)

// trialTime is how long a template may take for the records that it is tried on. That
// takes some microseconds, unless it loops.
const trialTime = 2 * time.Second

// compile makes a template, which is tried on a few records. Nothing can end one
// that loops; its goroutine is left behind, and the program ends for the error.
func compile(text string, selected []string, limit time.Duration) (*results.Template, error) {
	ctx, cancel := context.WithTimeoutCause(context.Background(), limit, errors.New("it does not come to an end"))
	defer cancel()
	t, err := orStopped(ctx, func() (*results.Template, error) { return results.NewTemplate(text, selected) })
	return t, likeName(err)
}

// likeName adds the nearest name to one that a template cannot have.
func likeName(err error) error {
	var fault *results.TemplateError
	if !errors.As(err, &fault) || fault.Name == "" {
		return err
	}
	name, isField := strings.CutPrefix(fault.Name, ".Fields.")
	own, ofMeta := strings.CutPrefix(fault.Name, ".Meta.")
	near := nearestPart(fault.Name, fault.Known)
	switch isFunction := !strings.Contains(fault.Name, "."); {
	case isField:
		return fmt.Errorf("%w; -select %s=CSS adds it", err, name)
	case ofMeta:
		return fmt.Errorf("%w; did you mean get %q .Meta?", err, own)
	case isFunction && near != "":
		return fmt.Errorf("%w; did you mean %s? There are %s", err, near, strings.Join(fault.Known, ", "))
	case isFunction:
		return fmt.Errorf("%w; there are %s", err, strings.Join(fault.Known, ", "))
	case near != "":
		return fmt.Errorf("%w; did you mean %s?", err, near)
	}
	return fmt.Errorf("%w; crawl -help lists what a record has", err)
}

// nearestPart is the name of a part that is most like the one typed, if any is. The
// names of JSON are like those of templates: final_url and .FinalURL.
func nearestPart(typed string, known []string) string {
	plain := func(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }
	folded := make([]string, len(known))
	for i, name := range known {
		folded[i] = plain(name)
	}
	near := likest(plain(typed), folded)
	for i := range folded {
		if near == folded[i] {
			return known[i]
		}
	}
	return ""
}

// unfailing is a template whose failures cost no line: what it brought until then is
// written, with a mark, and the run tells of them at its end.
type unfailing struct {
	*results.Template

	mu     sync.Mutex // a sink that is stuck goes on
	failed int64
	first  error
}

// Append implements results.Encoder.
func (u *unfailing) Append(dst []byte, r *results.Record) ([]byte, error) {
	dst, err := u.Template.Append(dst, r)
	if err == nil {
		return dst, nil
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.failed++; u.failed == 1 {
		u.first = fmt.Errorf("%s: %w", r.URL, err)
	}
	return append(dst[:len(dst)-1], "<template failed>\n"...), nil
}

// fault tells of the failures; nil where there were none.
func (u *unfailing) fault() error {
	if u == nil {
		return nil
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	switch u.failed {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("-template failed, and its line ends in <template failed>: %w", u.first)
	}
	return fmt.Errorf("-template failed on %s records, whose lines end in <template failed>, the first of them: %w", grouped(u.failed), u.first)
}
