package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// printed is what -print-config shows of a command line.
func printed(t *testing.T, environ []string, args ...string) string {
	t.Helper()
	o, fs, err := parse(append(args, "-print-config"), fromEnvironment(environ), fromFile(t.Context(), environ))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := o.writeConfig(&out, fs); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// Each setting is shown with its value and where it comes from.
func TestPrintedSettingsSayWhereTheyComeFrom(t *testing.T) {
	name := filepath.Join(t.TempDir(), "c.toml")
	if err := os.WriteFile(name, []byte("\nrate = 7\ncookies = true\nparsers = 3"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := printed(t, []string{"CRAWL_PARSERS=4"}, "-config", name, "-c64", "-timeout", "1m", "-timeout=2m", "-select", "a=b", "-select", "c='d'")
	for _, want := range []string{
		"# Flags, then CRAWL_ variables, then a file, then defaults. The file: " + name,
		"rate = '7' # " + name + ":2",
		"cookies = true # " + name + ":3",
		"parsers = 4 # CRAWL_PARSERS",
		"concurrency = 64 # flag",
		"timeout = '2m' # flag",
		`select = ['a=b', "c='d'"] # flag`,
		"# retries = 2 # default",
		"# robots = true # default",
		"# links = false # default",
		"# proxy has no value",
		"# deadline has no value",
	} {
		if !strings.Contains("\n"+regexp.MustCompile(` +# `).ReplaceAllString(out, " # ")+"\n", "\n"+want+"\n") {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
}

// Every flag is shown that is a setting, and no other.
func TestEverySettingIsPrinted(t *testing.T) {
	out := printed(t, nil)
	_, fs, _ := parse([]string{"-help"})
	settings := 0
	fs.VisitAll(func(f *pflag.Flag) {
		is := regexp.MustCompile(`(?m)^# ` + f.Name + ` (=|has no)`).MatchString(out)
		if is != isSetting(f) {
			t.Errorf("%s: shown %v", f.Name, is)
		}
		if is {
			settings++
		}
	})
	if settings < 30 {
		t.Errorf("%d settings", settings)
	}
}

// What is printed is a file for -config that gives the same run.
func TestPrintedSettingsCanBeRead(t *testing.T) {
	name := filepath.Join(t.TempDir(), "c.toml")
	args := []string{"-c", "7", "-robots=false", "-H", `A: "b" \ 'c'`, "-H", "D;", "-rate", "30/m", "-x", "", "-format", "text", "-user-agent", "me \u00e9\t#", "-max-body", "1k", "-k"}
	if err := os.WriteFile(name, []byte(printed(t, nil, args...)), 0o600); err != nil {
		t.Fatal(err)
	}
	want, _, err := parse(append(args, "http://a.example/"))
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := parse([]string{"-config", name, "http://a.example/"}, fromFile(t.Context(), nil))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.engine, want.engine) || !reflect.DeepEqual(got.proxy, want.proxy) || got.shape.format != want.shape.format {
		t.Errorf("%+v\nwant %+v", got.engine, want.engine)
	}
}

// No secret is printed, whatever it comes from; what is none, is.
func TestSecretsAreNotPrinted(t *testing.T) {
	out := printed(t, []string{"CRAWL_USER=me:hush"}, "-x", "http://me:hush@proxy.example:3128",
		"-H", "Authorization: Bearer hush", "-H", "cookie :hush", "-H", "X-Api-Key: hush", "-H", "Accept: shown")
	if strings.Contains(out, "hush") {
		t.Error(out)
	}
	for _, want := range []string{`'me:***'`, `'http://***@proxy.example:3128'`, `'Authorization: ***'`, `'Accept: shown'`} {
		if !strings.Contains(out, want) {
			t.Errorf("%s is not in\n%s", want, out)
		}
	}
	if line := regexp.MustCompile(`(?m)^[^#].*\*\*\*.*`).FindString(out); line != "" {
		t.Errorf("asterisks would be a setting: %s", line)
	}
	_, fs, _ := parse([]string{"-help"})
	for _, c := range []struct{ flag, value, want string }{
		{"proxy", "me:hush@h:1", "***@h:1"},
		{"proxy", "socks5://a:hu/sh@h", "socks5://***@h"},
		{"proxy", "http://a:hu@sh@h", "http://***@h"},
		{"proxy", "h:3128", "h:3128"},
		{"proxy", "", ""},
		{"user", "me", "me"},
		{"user", "me:", "me:"},
		{"user", "me:a:b", "me:***"},
		{"header", "Cookie:", "Cookie:"},
		{"header", "Set-Cookie;", "Set-Cookie;"},
		{"header", "Bearer hush", "***"},
		{"header", "hush", "***"},
		{"header", "Cookie=hush;", "***"},
		{"header", "Cookie a=hush;", "***"},
		{"contact", "me@example.com", "me@example.com"},
		{"contact", "https://me:hush@example.com/bot", "https://***@example.com/bot"},
	} {
		if got := mask(fs.Lookup(c.flag), c.value); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.flag, c.value, got, c.want)
		}
	}
}
