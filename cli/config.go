package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// Settings from everywhere (cli.md §11): what the command line leaves open, the
// environment says, then a file, then the default. The command line comes first,
// and each source that follows fills in only what has no value yet, so that
// nothing has to be taken back: a flag that may be repeated has all its values
// from one source.

// setting is what a source says of a flag.
type setting struct {
	values []string // as they were written
	source string   // "flag", a variable, or a file and its line
}

const fromFlag = "flag"

// source completes the options, by the flags that have no value yet.
type source func(*options, *pflag.FlagSet) error

// typed notes the flags of a normalised command line.
func (o *options) typed(canonical []string) {
	for _, arg := range canonical {
		name, value, ok := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
		if !ok { // "--", which ends them
			return
		}
		s := o.settings[name]
		o.settings[name] = setting{append(s.values, value), fromFlag}
	}
}

// fill gives a flag the values of a source, unless an earlier one had some.
func (o *options) fill(fs *pflag.FlagSet, name string, values []string, where string) error {
	if _, known := o.settings[name]; known {
		return nil
	}
	for _, value := range values {
		if err := fs.Set(name, value); err != nil {
			return fmt.Errorf("%s: %w", where, plain(err))
		}
	}
	o.settings[name] = setting{values, where}
	return nil
}

// isSetting says that a flag may come from the environment or a file. A hidden
// one is another name of a flag.
func isSetting(f *pflag.Flag) bool {
	_, typed := f.Annotations[onCommandLine]
	return !typed && !f.Hidden
}

// isRepeatable says that a flag gathers every value it is given.
func isRepeatable(f *pflag.Flag) bool {
	_, ok := f.Value.(many)
	return ok
}

// named is what a wrong value of a flag is told by: its name, and where the value
// stands if that is not the command line.
func (o *options) named(flag string) string {
	if s, set := o.settings[flag]; set && s.source != fromFlag {
		return s.source + ": -" + flag
	}
	return "-" + flag
}

// withSources adds to what is wrong with a run that it may come from elsewhere.
func (o *options) withSources(err error) error {
	if err == nil {
		return nil
	}
	for _, s := range o.settings {
		if s.source != fromFlag {
			return fmt.Errorf("%w (-print-config shows where each setting comes from)", err)
		}
	}
	return err
}
