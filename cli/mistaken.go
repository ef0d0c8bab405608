package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode"

	"github.com/spf13/pflag"
)

// What people type that is nearly right: flags that are none, and words that are
// taken for URLs.

// noURL refuses a positional argument that is hardly meant for a host. One that
// is can be given as a URL with its scheme.
func noURL(arg string) error {
	if strings.TrimSpace(arg) == "" {
		return errors.New("an empty argument is no URL")
	}
	switch arg {
	case "true", "false":
		return fmt.Errorf("%q is no URL; a switch takes its value with =, as in -robots=%s", arg, arg)
	case "help":
		return fmt.Errorf("%q is taken for a host; -help shows the flags, and https://help/ is the host", arg)
	case "version":
		return fmt.Errorf("%q is taken for a host; -version shows the version, and https://version/ is the host", arg)
	case reportWord:
		return fmt.Errorf("%q is taken for a host; crawl report FILE makes a page where report is the first word; https://report/ is the host", arg)
	}
	return nil
}

// meant notices what was most likely meant by a word that is taken for a host.
func (o *options) meant() string {
	if text := o.reportAsURL(); text != "" {
		return text
	}
	return o.listAsURL()
}

// reportAsURL notices a first word that is nearly the one of a report.
func (o *options) reportAsURL() string {
	if len(o.urls) == 0 || strings.ContainsAny(o.urls[0], ".:/") || likest(strings.ToLower(o.urls[0]), []string{reportWord}) == "" {
		return ""
	}
	return fmt.Sprintf("%s is taken for a host; did you mean crawl report FILE?", o.urls[0])
}

// listAsURL notices the first positional argument that is also a file here, and
// may be a list without its -urls.
func (o *options) listAsURL() string {
	for _, arg := range o.urls {
		if info, err := os.Stat(arg); err == nil && info.Mode().IsRegular() {
			return fmt.Sprintf("%s is also a file here; crawl -urls %s reads it", arg, arg)
		}
	}
	return ""
}

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
	if fs.Name() == command && len(typed) > 1 && (len(typed) == 2 || !isLower(typed[2])) {
		if hint := fromCurl(typed[1]); hint != "" {
			return fmt.Errorf("unknown flag %s; %s", typed, hint)
		}
	}
	if near := nearest(fs, strings.TrimLeft(typed, "-")); near != "" {
		return fmt.Errorf("unknown flag %s; did you mean -%s?", typed, near)
	}
	return fmt.Errorf("unknown flag %s; %s -help lists them", typed, fs.Name())
}

// fromCurl says what is ours for a short flag that users of curl type.
func fromCurl(short byte) string {
	switch short {
	case 'A':
		return "did you mean -user-agent?"
	case 'b':
		return "-cookies keeps cookies, and -H 'Cookie: NAME=VALUE' sends one"
	case 'd', 'F':
		return "bodies are not sent"
	case 'e':
		return "-H 'Referer: URL' sends one"
	case 'E':
		return "did you mean -cert?"
	case 'f':
		return "-accept says which statuses are ok"
	case 'I':
		return "-X HEAD asks for headers alone"
	case 'L':
		return "redirects are followed already"
	case 'm':
		return "did you mean -timeout?"
	case 'n':
		return "did you mean -netrc?"
	case 'O':
		return "-save DIR keeps the pages"
	case 's':
		return "did you mean -quiet?"
	case 'u':
		return "did you mean -user?"
	}
	return ""
}

// nearest is the flag whose name is most like the one typed, if any is alike:
// it begins with it, or differs in a third of its letters at most.
func nearest(fs *pflag.FlagSet, typed string) string {
	var names []string
	fs.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return likest(typed, names)
}

// likest is the name that is most like the one typed, if any is.
func likest(typed string, names []string) string {
	best, least := "", 1+max(1, len(typed)/3)
	for _, name := range names {
		d := distance(typed, name)
		if len(typed) > 2 && strings.HasPrefix(name, typed) {
			d = 1
		}
		if d < least {
			best, least = name, d
		}
	}
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
