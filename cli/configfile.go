package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"unicode"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
	"github.com/spf13/pflag"
)

// fromFile takes settings from the file that -config or CRAWL_CONFIG names, or
// from the user's own, which need not be there. It reads the file no longer than
// ctx, which a FIFO may need.
func fromFile(ctx context.Context, environ []string) source {
	return func(o *options, flags *pflag.FlagSet) error {
		who, name := variable("config"), lookupEnv(environ, variable("config"))
		own := o.config == nil && name == ""
		switch {
		case o.config != nil:
			who, name = "-config", *o.config
		case own:
			who, name = "settings", userConfig(func(key string) string { return lookupEnv(environ, key) })
		}
		if name == "" {
			return nil
		}
		data, err := orStopped(ctx, func() ([]byte, error) { return readConfig(name) })
		switch {
		case own && errors.Is(err, fs.ErrPermission):
			o.notes = append(o.notes, fmt.Sprintf("%s: %v: it is passed over", who, err))
			return nil
		case own && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)):
			return nil
		case err != nil:
			return fmt.Errorf("%s: %w", who, err)
		}
		o.configFile = name
		return o.fillFrom(flags, name, data)
	}
}

// fillFrom gives flags the values of a file.
func (o *options) fillFrom(flags *pflag.FlagSet, name string, data []byte) error {
	entries, err := parseConfig(name, data)
	if err != nil {
		return unquoted(flags, err, data)
	}
	secret := false
	for _, e := range entries {
		where := fmt.Sprintf("%s:%d", name, e.line)
		f := flags.Lookup(e.key)
		switch {
		case f == nil || f.Hidden:
			return fmt.Errorf("%s: %w", where, unknownSetting(flags, e.key))
		case !isSetting(f):
			return fmt.Errorf("%s: %s counts on the command line only", where, e.key)
		case len(e.values) != 1 && !isRepeatable(f):
			return fmt.Errorf("%s: %s has one value", where, e.key)
		case e.boolean && f.Value.Type() != "bool":
			return fmt.Errorf("%s: %s is not a matter of true or false", where, e.key)
		}
		for _, value := range e.values {
			secret = secret || mask(f, value) != value
		}
		if err := o.fill(flags, e.key, e.values, where); err != nil {
			return err
		}
	}
	if info, err := os.Stat(name); secret && err == nil && othersMayRead(info) {
		o.notes = append(o.notes, fmt.Sprintf("%s holds a secret, and others may read it: chmod 600 %s", name, name))
	}
	return nil
}

// othersMayRead says that a regular file can be read by more than its owner. The
// mode says nothing of that on Windows.
func othersMayRead(info fs.FileInfo) bool {
	return runtime.GOOS != "windows" && info.Mode().IsRegular() && info.Mode().Perm()&0o044 != 0
}

func unknownSetting(flags *pflag.FlagSet, key string) error {
	near := flags.Lookup(nearest(flags, key))
	if near != nil && isSetting(near) {
		return fmt.Errorf("no setting is called %q; did you mean %s?", key, near.Name)
	}
	return fmt.Errorf("no setting is called %q; crawl -print-config lists them", key)
}

// entry is a setting of a file.
type entry struct {
	key     string
	values  []string
	boolean bool
	line    int
}

// parseConfig reads TOML (https://toml.io) without tables: key = value, the value a
// text, a number, true or false, or an array of these. name is for errors, which
// have the line.
func parseConfig(name string, data []byte) ([]entry, error) {
	var values map[string]any
	if err := toml.Unmarshal(data, &values); err != nil {
		var at *toml.DecodeError
		if errors.As(err, &at) {
			line, _ := at.Position()
			return nil, &tomlError{name, line, strings.TrimPrefix(err.Error(), "toml: ")}
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var entries []entry
	p := unstable.Parser{} // it knows lines; that its interface may change is why nothing else is asked of it
	p.Reset(data)
	for p.NextExpression() {
		e := p.Expression()
		if e.Kind != unstable.KeyValue {
			key := e.Key()
			key.Next()
			return nil, fmt.Errorf("%s:%d: settings stand by themselves, in no [table]", name, lineOf(&p, key.Node()))
		}
		key := e.Key()
		key.Next()
		found := entry{key: string(key.Node().Data), line: lineOf(&p, key.Node())}
		if !key.IsLast() {
			return nil, fmt.Errorf("%s:%d: the name of a setting has no dot", name, found.line)
		}
		var ok bool
		if found.values, ok = texts(values[found.key]); !ok {
			return nil, fmt.Errorf("%s:%d: %s: want a text in quotes, a number, true or false, or an array of these", name, found.line, found.key)
		}
		_, found.boolean = values[found.key].(bool)
		entries = append(entries, found)
	}
	return entries, p.Error()
}

// tomlError is what cannot be read as TOML.
type tomlError struct {
	name   string
	line   int
	reason string
}

func (e *tomlError) Error() string { return fmt.Sprintf("%s:%d: %s", e.name, e.line, e.reason) }

// bare is a line of a file that would be a setting if its value had quotes.
var bare = regexp.MustCompile(`^\s*([A-Za-z0-9_-]+)\s*=\s*([^\s"'\[{#][^"'#]*?)\s*(?:#.*)?$`)

// unquoted is err, or in its place that quotes are missing, where that is why.
func unquoted(flags *pflag.FlagSet, err error, data []byte) error {
	var at *tomlError
	if !errors.As(err, &at) {
		return err
	}
	lines := strings.Split(string(data), "\n")
	if at.line < 1 || at.line > len(lines) {
		return err
	}
	found := bare.FindStringSubmatch(lines[at.line-1])
	if found == nil {
		return err
	}
	key, value := found[1], found[2]
	f := flags.Lookup(key)
	reason := ""
	switch {
	case f == nil || f.Hidden || !isSetting(f), toml.Unmarshal([]byte("value = "+value), &map[string]any{}) == nil:
		return err // the value is right as it stands
	case f.Value.Type() == "bool":
		reason = "want true or false"
	case mask(f, value) != value || strings.ContainsFunc(value, unicode.IsControl) || strings.Contains(value, `\`):
		reason = "a text needs quotes"
	default:
		reason = fmt.Sprintf(`a value like %s needs quotes: %s = "%s"`, value, key, value)
	}
	return &tomlError{at.name, at.line, key + ": " + reason}
}

func lineOf(p *unstable.Parser, n *unstable.Node) int { return p.Shape(n.Raw).Start.Line }

// texts are the values of a setting, as flags take them.
func texts(v any) (values []string, ok bool) {
	switch v := v.(type) {
	case string:
		return []string{v}, true
	case bool:
		return []string{strconv.FormatBool(v)}, true
	case int64:
		return []string{strconv.FormatInt(v, 10)}, true
	case float64:
		return []string{strconv.FormatFloat(v, 'f', -1, 64)}, true
	case []any:
		for _, element := range v {
			one, ok := texts(element)
			if _, nested := element.([]any); !ok || nested {
				return nil, false
			}
			values = append(values, one...)
		}
		return values, true
	}
	return nil, false
}
