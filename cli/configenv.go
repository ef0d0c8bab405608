package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

const envPrefix = "CRAWL_"

// variable is the name under which the environment has a flag: CRAWL_HOST_RATE
// for host-rate.
func variable(flag string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// fromEnvironment takes settings from variables, given as "NAME=value". One that is
// empty is as if it were not there; of a flag that may be repeated it has a value
// on each of its lines. A variable that is no setting may belong to another
// program: it is passed over, with a note where it is nearly one.
func fromEnvironment(environ []string) source {
	return func(o *options, fs *pflag.FlagSet) error {
		for _, entry := range environ {
			name, value, _ := strings.Cut(entry, "=")
			flag, ours := strings.CutPrefix(name, envPrefix)
			if !ours || value == "" || name == variable("config") {
				continue
			}
			f := fs.Lookup(strings.ReplaceAll(strings.ToLower(flag), "_", "-"))
			switch {
			case f == nil || variable(f.Name) != name:
				o.nearlyASetting(fs, name, flag)
				continue
			case !isSetting(f):
				o.notes = append(o.notes, fmt.Sprintf("%s is passed over: -%s counts on the command line only", name, f.Name))
				continue
			}
			values := []string{value}
			if isRepeatable(f) {
				values = lines(value)
			}
			if err := o.fill(fs, f.Name, values, name); err != nil {
				return err
			}
		}
		return nil
	}
}

// nearlyASetting notes a variable that may be mistyped.
func (o *options) nearlyASetting(fs *pflag.FlagSet, name, flag string) {
	near := fs.Lookup(nearest(fs, strings.ReplaceAll(strings.ToLower(flag), "_", "-")))
	if len(flag) == 1 { // the letter of a flag, as typed or small
		if near = fs.ShorthandLookup(flag); near == nil {
			near = fs.ShorthandLookup(strings.ToLower(flag))
		}
	}
	if near != nil && isSetting(near) {
		o.notes = append(o.notes, fmt.Sprintf("%s is no setting; did you mean %s?", name, variable(near.Name)))
	}
}

// lines are those of a text that hold something.
func lines(text string) []string {
	var found []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			found = append(found, line)
		}
	}
	return found
}

// lookupEnv is the value of a variable in a list of "NAME=value", the last one's.
func lookupEnv(environ []string, name string) string {
	found := ""
	for _, entry := range environ {
		if n, value, ok := strings.Cut(entry, "="); ok && n == name {
			found = value
		}
	}
	return found
}
