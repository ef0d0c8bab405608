package cli

import (
	"fmt"
	"io"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/pflag"
	"golang.org/x/net/http/httpguts"

	"crawl/results"
)

// writeConfig shows every setting, its value and where it comes from. What it
// writes is a file for -config, which sets what was set: defaults, and values with
// a secret in them, are comments.
func (o *options) writeConfig(w io.Writer, fs *pflag.FlagSet) error {
	file := o.configFile
	if file == "" {
		file = "none"
	}
	fmt.Fprintf(w, "# Flags, then CRAWL_ variables, then a file, then defaults. The file: %s\n", results.Visible(file))
	for _, theme := range themes(fs) {
		heading := "\n# " + theme.name + "\n"
		for _, f := range theme.flags {
			if !isSetting(f) {
				continue
			}
			line, err := o.settingLine(f)
			if err != nil {
				return fmt.Errorf("-%s: %w", f.Name, err)
			}
			fmt.Fprintf(w, "%s%s\n", heading, line)
			heading = ""
		}
	}
	return nil
}

// settingLine is a flag as a line of TOML.
func (o *options) settingLine(f *pflag.Flag) (string, error) {
	s, set := o.settings[f.Name]
	if !set {
		s = setting{[]string{f.Value.String()}, "default"}
	}
	if !set && isNothing(s.values[0]) && f.Value.Type() != "bool" {
		return fmt.Sprintf("# %s has no value", f.Name), nil
	}
	if !isRepeatable(f) {
		s.values = s.values[len(s.values)-1:] // the last one counts
	}
	secret := false
	texts := make([]string, len(s.values))
	for i, value := range s.values {
		texts[i] = mask(f, value)
		secret = secret || texts[i] != value
	}
	if secret {
		s.source += ", a secret"
	}
	text, err := toml.Marshal(map[string]any{f.Name: tomlValue(f, texts)})
	line := fmt.Sprintf("%-32s # %s", strings.TrimSpace(string(text)), results.Visible(s.source))
	if secret || !set {
		line = "# " + line
	}
	return line, err
}

// tomlValue is what a file of settings would have.
func tomlValue(f *pflag.Flag, values []string) any {
	if isRepeatable(f) {
		return values
	}
	value := values[0]
	if b, err := strconv.ParseBool(value); err == nil && f.Value.Type() == "bool" {
		return b
	}
	if n, err := strconv.Atoi(value); err == nil && f.Value.Type() == "N" {
		return n
	}
	return value
}

// isNothing says that a default is not worth a word.
func isNothing(text string) bool {
	switch text {
	case "", "0", "0s", "false":
		return true
	}
	return false
}

const masked = "***"

var (
	userinfo = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*://)?.*@`)
	telling  = regexp.MustCompile(`(?i)auth|cookie|credential|key|pass|secret|session|signature|token`)
)

// mask hides the secrets in a flag's value: of a URL its userinfo, of a name and
// password the password, of a header the value if its name speaks of a secret.
// What kind of text it is, the flag's type says.
func mask(f *pflag.Flag, value string) string {
	switch placeholder(f) {
	case "URL":
		return userinfo.ReplaceAllString(value, "${1}"+masked+"@")
	case "TEXT": // an address, or a URL
		if strings.Contains(value, "://") {
			return userinfo.ReplaceAllString(value, "${1}"+masked+"@")
		}
	case "NAME:PASSWORD":
		if name, password, _ := strings.Cut(value, ":"); password != "" {
			return name + ":" + masked
		}
	case "HEADER":
		name, text, ok := strings.Cut(value, ":")
		if bare, empty := strings.CutSuffix(strings.TrimSpace(name), ";"); !ok && !(empty && httpguts.ValidHeaderFieldName(bare)) {
			return masked // no header, and perhaps its value alone
		}
		if telling.MatchString(textproto.TrimString(name)) && textproto.TrimString(text) != "" {
			return name + ": " + masked
		}
	}
	return value
}
