package cli

import (
	"fmt"
	"strings"
	"unicode"

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

// typedName is the flag as it was typed, without what can be no part of a name:
// a value, which may be a secret (-xhttp://me:secret@proxy).
func typedName(arg string) string {
	end := strings.IndexFunc(arg, func(r rune) bool {
		return r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	if end < 0 {
		return arg
	}
	return arg[:end]
}

// unknown names what was typed and the nearest real flag.
func unknown(fs *pflag.FlagSet, arg string) error {
	typed := typedName(arg)
	if near := nearest(fs, strings.TrimLeft(typed, "-")); near != "" {
		return fmt.Errorf("unknown flag %s; did you mean -%s?", typed, near)
	}
	return fmt.Errorf("unknown flag %s; crawl -help lists them", typed)
}

// nearest is the flag whose name is most like the one typed, if any is alike:
// it begins with it, or differs in a third of its letters at most.
func nearest(fs *pflag.FlagSet, typed string) string {
	best, least := "", 1+max(1, len(typed)/3)
	fs.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		d := distance(typed, f.Name)
		if len(typed) > 2 && strings.HasPrefix(f.Name, typed) {
			d = 1
		}
		if d < least {
			best, least = f.Name, d
		}
	})
	return best
}

// distance counts the letters to add, drop, change or swap with a neighbour to
// make a of b (the optimal string alignment distance).
func distance(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j-1]+cost, d[i-1][j]+1, d[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
