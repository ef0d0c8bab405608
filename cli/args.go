package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// normalise rewrites a command line so that pflag understands it as people
// meant it (cli.md §1): long flags with one dash or two, short ones with one,
// flags and URLs in any order. Out comes "--name=value" for every flag that
// takes a value, judged from the flag set itself, and what is wrong is an error
// that names what was typed.
//
// pflag alone reads -urls as five short flags and "-output x" as "-o utput".
func normalise(fs *pflag.FlagSet, args []string) ([]string, error) {
	var flags, rest []string
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			rest = append(rest, args...)
			break
		}
		if len(arg) < 2 || arg[0] != '-' {
			rest = append(rest, arg)
			continue
		}
		flag, value, given, err := lookup(fs, arg)
		if err != nil {
			return nil, err
		}
		if flag.NoOptDefVal == "" && !given { // it takes a value: the next argument, whatever it looks like
			if len(args) == 0 {
				return nil, fmt.Errorf("%s needs a value", typedName(arg))
			}
			value, given, args = args[0], true, args[1:]
		}
		if !given {
			value = flag.NoOptDefVal
		}
		flags = append(flags, "--"+flag.Name+"="+value)
	}
	return append(append(flags, "--"), rest...), nil
}

// lookup finds the flag that arg means, and the value attached to it.
func lookup(fs *pflag.FlagSet, arg string) (flag *pflag.Flag, value string, given bool, err error) {
	name, value, given := strings.Cut(strings.TrimPrefix(arg[1:], "-"), "=")
	if flag = fs.Lookup(name); flag != nil && len(name) > 1 {
		return flag, value, given, nil
	}
	if strings.HasPrefix(arg, "--") {
		return nil, "", false, unknown(fs, arg)
	}
	if len(name) == 1 {
		if flag = fs.ShorthandLookup(name); flag != nil {
			return flag, value, given, nil
		}
		return nil, "", false, unknown(fs, arg)
	}
	// -c64, -XPOST: a value attached to a short flag, where it does not look
	// like a lower-case word, which is a long flag mistyped.
	if flag = fs.ShorthandLookup(arg[1:2]); flag != nil && flag.NoOptDefVal == "" && !isLower(arg[2]) && name != "" {
		return flag, arg[2:], true, nil
	}
	return nil, "", false, unknown(fs, arg)
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
