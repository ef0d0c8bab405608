package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"
)

// settle understands a command line where the environment is this, and config, if
// not empty, is in the user's file.
func settle(t *testing.T, config string, environ []string, args ...string) (*options, error) {
	t.Helper()
	home := t.TempDir()
	name := filepath.Join(home, "crawl", "config.toml")
	if config != "" {
		if err := errors.Join(os.Mkdir(filepath.Dir(name), 0o700), os.WriteFile(name, []byte(config), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	environ = append([]string{"XDG_CONFIG_HOME=" + home}, environ...)
	o, _, err := parse(append(args, "http://a.example/"), fromEnvironment(environ), fromFile(t.Context(), environ))
	if err != nil {
		err = errors.New(strings.ReplaceAll(err.Error(), name, "FILE"))
	}
	return o, err
}

// The command line counts for more than the environment, that for more than the
// file, and that for more than the default.
func TestEachSourceYieldsToTheOneBefore(t *testing.T) {
	const file = "retries = 1\nconcurrency = 10\n"
	for _, c := range []struct {
		file string
		env  []string
		args []string
		want int
	}{
		{"", nil, nil, 64},
		{file, nil, nil, 10},
		{file, []string{"CRAWL_CONCURRENCY=20"}, nil, 20},
		{file, []string{"CRAWL_CONCURRENCY=20"}, []string{"-c", "30"}, 30},
		{file, nil, []string{"-concurrency=30"}, 30},
		{file, []string{"CRAWL_CONCURRENCY="}, nil, 10}, // empty: as if it were not there
		{"", []string{"CRAWL_CONCURRENCY=20", "CRAWL_CONFIG="}, nil, 20},
	} {
		o, err := settle(t, c.file, c.env, c.args...)
		if err != nil || o.engine.Concurrency != c.want {
			t.Errorf("%q, %q, %q: %d, %v", c.file, c.env, c.args, o.engine.Concurrency, err)
		}
		if c.file != "" && o.engine.Retries != 1 {
			t.Errorf("%q, %q: what only the file says is lost", c.env, c.args)
		}
	}
}

// A flag that may be repeated has all its values from one source.
func TestValuesOfOneFlagComeFromOneSource(t *testing.T) {
	const file = `header = ["A: 1", "B: 2"]`
	env := []string{"CRAWL_HEADER= C: 3\n\nD: 4=x \r\n"}
	for _, c := range []struct {
		env, args, want []string
	}{
		{nil, nil, []string{"A: 1", "B: 2"}},
		{env, nil, []string{"C: 3", "D: 4=x"}},
		{env, []string{"-H", "E: 5"}, []string{"E: 5"}},
	} {
		o, err := settle(t, file, c.env, c.args...)
		if err != nil || !reflect.DeepEqual(o.headers, c.want) {
			t.Errorf("%q, %q: %q, %v", c.env, c.args, o.headers, err)
		}
	}
	o, err := settle(t, `header = "A: 1"`, nil)
	if err != nil || !reflect.DeepEqual(o.headers, []string{"A: 1"}) {
		t.Errorf("one text for a flag that may be repeated: %q, %v", o.headers, err)
	}
	if o, err = settle(t, `header = []`, nil); err != nil || o.headers != nil {
		t.Errorf("no headers: %q, %v", o.headers, err)
	}
}

// Every type of value can be given by each source.
func TestValuesReachTheRunFromAFile(t *testing.T) {
	o, err := settle(t, "\xef\xbb\xbf# a comment\r\nrobots = false\ntimeout = 2.5\nhost-delay = \"500ms\"\nrate = 7\nmax-body = '1k'\n"+
		"accept = \"2xx\" # another\nformat = \"text\"\nproxy = \"\"\nuser-agent = '''me'''\n", nil)
	f := o.engine.Fetch
	if err != nil || o.engine.Politeness.Robots || f.Timeout != 2500*time.Millisecond || o.engine.Politeness.HostDelay != 500*time.Millisecond ||
		o.engine.Politeness.Rate != 7 || f.MaxBody != 1024 || o.accept.text != "2xx" || o.shape.format != formatText || o.proxy == nil || f.UserAgent != "me" {
		t.Errorf("%v: %+v", err, o.engine)
	}
	o, err = settle(t, "", []string{"CRAWL_ROBOTS=0", "CRAWL_COOKIES=true", "CRAWL_HOST_RATE=30/m", "crawl_links=1"})
	if err != nil || o.engine.Politeness.Robots || !o.engine.Fetch.Cookies || o.engine.Politeness.HostRate != 0.5 || o.engine.Extract.Links {
		t.Errorf("%v: %+v", err, o.engine)
	}
}

// What is wrong is told with the place where it stands, and what may be meant.
func TestAWrongSettingIsToldWithItsPlace(t *testing.T) {
	for config, want := range map[string]string{
		"\nhost-rat = 1":                `FILE:2: no setting is called "host-rat"; did you mean host-rate?`,
		"host_rate = 1":                 `FILE:1: no setting is called "host_rate"; did you mean host-rate?`,
		"zzz = 1":                       `FILE:1: no setting is called "zzz"; crawl -print-config lists them`,
		"list = 'x'":                    `FILE:1: no setting is called "list"; crawl -print-config lists them`,
		"urls = 'x'":                    `FILE:1: urls counts on the command line only`,
		"a.b = 1":                       `FILE:1: the name of a setting has no dot`,
		"# x\n[crawl]\nrate = 1":        `FILE:2: settings stand by themselves, in no [table]`,
		"rate = 1\nrate = 2":            `FILE:2: `,
		"# x\nrate = = 2":               `FILE:2: `,
		"rate = [1, 2]":                 `FILE:1: rate has one value`,
		"rate = []":                     `FILE:1: rate has one value`,
		"rate = {per = 1}":              `FILE:1: rate: want a text in quotes, a number, true or false, or an array of these`,
		"rate = 2020-01-01":             `FILE:1: rate: want a text`,
		"header = [[1]]":                `FILE:1: header: want a text`,
		"user-agent = true":             `FILE:1: user-agent is not a matter of true or false`,
		"robots = 'maybe'":              `FILE:1: -robots "maybe": want true or false`,
		"order = 'none'":                `FILE:1: -order "none": want completed or input`,
		"retries = 1\nretries = 2":      `FILE:2: key retries is already defined`,
		"robots = true\nrobots = false": `FILE:2: key robots is already defined`,
		"\n\nconcurrency = 0":           `FILE:3: -concurrency "0": want a whole number from 1 to 100000`,
		"timeout = nan":                 `FILE:1: -timeout "NaN": want a time`,
		"# x\n\nrate = 100/s":           `FILE:3: rate: a value like 100/s needs quotes: rate = "100/s"`,
		" host-delay=500ms # short":     `FILE:1: host-delay: a value like 500ms needs quotes: host-delay = "500ms"`,
		"accept = 2xx,304\r\n":          `FILE:1: accept: a value like 2xx,304 needs quotes: accept = "2xx,304"`,
		"format = csv\nlinks = 1":       `FILE:1: format: a value like csv needs quotes`,
		"contact = me@a.example":        `FILE:1: contact: a value like me@a.example needs quotes`,
		"user-agent = my bot":           `FILE:1: user-agent: a value like my bot needs quotes: user-agent = "my bot"`,
		"header = A: b":                 `FILE:1: header: a value like A: b needs quotes`,
		"user = me:hush":                `FILE:1: user: a text needs quotes`,
		"proxy = http://a:hush@c":       `FILE:1: proxy: a text needs quotes`,
		"header = Cookie: hush":         `FILE:1: header: a text needs quotes`,
		`save = C:\pages`:               `FILE:1: save: a text needs quotes`,
		"robots = yes":                  `FILE:1: robots: want true or false`,
		"rat = 100/s":                   `FILE:1: expected newline`, // what it may mean is told once it can be read
		"rate = \"100/s":                `FILE:1: `,
		"rate = ":                       `FILE:1: expected value`,
		"header = [A: b]":               `FILE:1: unexpected`,
		"ipv4 = true\nipv6 = true":      `-ipv4 and -ipv6 leave no address to use: give one of them (-print-config shows where each setting comes from)`,
	} {
		if _, err := settle(t, config, nil); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v\nwant %s", config, err, want)
		}
	}
	if _, err := settle(t, "user = me:hush", nil); strings.Contains(err.Error(), "hush") {
		t.Error(err)
	}
	for variable, want := range map[string]string{
		"CRAWL_HOST_RATE=often": `CRAWL_HOST_RATE: -host-rate "often": want a rate such as 10/s, 30/m or 100/h; a bare number is per second`,
		"CRAWL_ROBOTS=perhaps":  `CRAWL_ROBOTS: -robots "perhaps": want true or false`,
	} {
		if _, err := settle(t, "", []string{variable}); err == nil || err.Error() != want {
			t.Errorf("%s: %v\nwant %s", variable, err, want)
		}
	}
	// What is judged later names its place as well.
	for where, sources := range map[string][2]string{
		"CRAWL_HEADER: -header: want 'Name":     {"", "CRAWL_HEADER=A: b\nC"},
		"FILE:2: -header: want 'Name":           {"\nheader = 'A'", ""},
		"CRAWL_METHOD: -method: ":               {"", "CRAWL_METHOD=A B"},
		"CRAWL_CONTACT: -contact: want an e-":   {"", "CRAWL_CONTACT=me"},
		`CRAWL_SELECT: -select "b": `:           {"", "CRAWL_SELECT=a=b\nb"},
		`FILE:1: -template: unclosed action`:    {"template = '{{'", ""},
		"FILE:1: -fields none: ":                {"fields = 'none'", ""},
		`FILE:1: -select "a=c": there is a fie`: {"select = ['a=b', 'a=c']", ""},
	} {
		if _, err := settle(t, sources[0], []string{sources[1]}); err == nil || !strings.HasPrefix(err.Error(), where) {
			t.Errorf("%q: %v\nwant %s", sources, err, where)
		}
	}
	o, err := settle(t, "proxy = 'ftp://x'\nresolve = 'x'", nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err = o.equipConnections(func(string) string { return "" }); err == nil || !strings.Contains(err.Error(), "config.toml:") {
			t.Error(err)
		}
		o.pins = nil
	}
	if _, err := settle(t, "concurrency = 0", nil, "-c", "1"); err != nil {
		t.Errorf("a value of no account is judged: %v", err)
	}
}

// A variable that is no setting may be another program's.
func TestVariablesThatAreNoSettings(t *testing.T) {
	for variable, want := range map[string]string{
		"CRAWL_HOSTRATE=1":   "CRAWL_HOSTRATE is no setting; did you mean CRAWL_HOST_RATE?",
		"CRAWL_INTEROP=1":    "",
		"CRAWL_=1":           "",
		"CRAWL":              "",
		"CRAWL_LIST=x":       "CRAWL_LIST is passed over: -list counts on the command line only",
		"CRAWL_URL=x":        "", // near -urls, which no variable can give
		"CRAWL_HOST-RATE=x":  "CRAWL_HOST-RATE is no setting; did you mean CRAWL_HOST_RATE?",
		"CRAWL_URLS=x":       "CRAWL_URLS is passed over: -urls counts on the command line only",
		"CRAWL_FRESH=1":      "CRAWL_FRESH is passed over: -fresh counts on the command line only",
		"CRAWL_HELP=1":       "CRAWL_HELP is passed over: -help counts on the command line only",
		"CRAWL_H=A: b":       "CRAWL_H is no setting; did you mean CRAWL_HEADER?",
		"CRAWL_X=POST":       "CRAWL_X is no setting; did you mean CRAWL_METHOD?",
		"CRAWL_C=5":          "CRAWL_C is no setting; did you mean CRAWL_CONCURRENCY?",
		"CRAWL_Z=1":          "",
		"CRAWL_L=x":          "", // of -urls
		"CRAWL_Host_Rate=no": "CRAWL_Host_Rate is no setting; did you mean CRAWL_HOST_RATE?",
	} {
		o, err := settle(t, "", []string{variable})
		if err != nil || strings.Join(o.notes, "; ") != want {
			t.Errorf("%s: %v, %q, want %q", variable, err, o.notes, want)
		}
	}
}

// The file is the one of -config, else of CRAWL_CONFIG, else the user's own.
func TestWhichFileIsRead(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.toml"), filepath.Join(dir, "b.toml")
	if err := errors.Join(os.WriteFile(a, []byte("retries = 11"), 0o600), os.WriteFile(b, []byte("retries = 12"), 0o600)); err != nil {
		t.Fatal(err)
	}
	const own = "retries = 13"
	for _, c := range []struct {
		env, args []string
		want      int
	}{
		{nil, nil, 13},
		{[]string{"CRAWL_CONFIG=" + b}, nil, 12},
		{[]string{"CRAWL_CONFIG=" + b}, []string{"-config", a}, 11},
		{nil, []string{"-config", ""}, 2},
		{[]string{"CRAWL_CONFIG=" + b}, []string{"-config="}, 2},
		{[]string{"XDG_CONFIG_HOME=relative"}, nil, 2}, // and no HOME
		{[]string{"XDG_CONFIG_HOME="}, nil, 2},
	} {
		if o, err := settle(t, own, c.env, c.args...); err != nil || o.engine.Retries != c.want {
			t.Errorf("%q, %q: %d, %v", c.env, c.args, o.engine.Retries, err)
		}
	}
	for _, env := range [][]string{{"CRAWL_CONFIG=" + dir + "/none"}, {"CRAWL_CONFIG=" + dir}} {
		if _, err := settle(t, own, env); err == nil || !strings.HasPrefix(err.Error(), "CRAWL_CONFIG: ") {
			t.Errorf("%q: %v", env, err)
		}
	}
}

func TestTheUsersOwnFile(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("it has its place elsewhere")
	}
	for _, c := range []struct{ xdg, home, want string }{
		{"/x", "/h", "/x/crawl/config.toml"},
		{"", "/h", "/h/.config/crawl/config.toml"},
		{"x", "/h", "/h/.config/crawl/config.toml"}, // a relative place counts for nothing (XDG base directories)
		{"", "", ""},
		{"x", "h", ""},
	} {
		env := map[string]string{"XDG_CONFIG_HOME": c.xdg, "HOME": c.home}
		if got := userConfig(func(name string) string { return env[name] }); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

// A directory of another user, as under sudo, is no reason to stop.
func TestAFileOfOnesOwnThatMayNotBeReadIsPassedOver(t *testing.T) {
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		t.Skip("everything may be read")
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "crawl"), 0); err != nil {
		t.Fatal(err)
	}
	environ := []string{"XDG_CONFIG_HOME=" + dir}
	o, _, err := parse([]string{"http://a.example/"}, fromFile(t.Context(), environ))
	if err != nil || len(o.notes) != 1 || !strings.HasSuffix(o.notes[0], "permission denied: it is passed over") {
		t.Errorf("%v, %q", err, o.notes)
	}
	if _, _, err = parse([]string{"-config", dir + "/crawl/config.toml", "http://a.example/"}, fromFile(t.Context(), nil)); err == nil {
		t.Error("one that was asked for is passed over too")
	}
}

// A password that others can read is told, unless nobody else is there to read it.
func TestAReadableSecretIsNoticed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the mode of a file says nothing")
	}
	name := filepath.Join(t.TempDir(), "c.toml")
	for _, c := range []struct {
		config string
		mode   os.FileMode
		told   bool
	}{
		{"user = 'me:pw'", 0o644, true},
		{"user = 'me:pw'", 0o640, true},
		{"user = 'me:pw'", 0o600, false},
		{"user = 'me'", 0o644, false},
		{"header = ['A: b', 'cookie: x']", 0o604, true},
		{"header = ['A: b']", 0o644, false},
		{"proxy = 'socks5://me:pw@h'", 0o644, true},
		{"proxy = 'socks5://h'", 0o644, false},
	} {
		if err := errors.Join(os.WriteFile(name, []byte(c.config), c.mode), os.Chmod(name, c.mode)); err != nil {
			t.Fatal(err)
		}
		o, _, err := parse([]string{"-config", name, "http://a.example/"}, fromFile(t.Context(), nil))
		if err != nil || (len(o.notes) == 1) != c.told {
			t.Errorf("%s, mode %o: %v, %q", c.config, c.mode, err, o.notes)
		}
	}
}

// Whatever a file holds, it is settings or an error with a line of the file.
func FuzzConfig(f *testing.F) {
	for _, seed := range []string{"", "a = 1", "a = [1, 'b', true]\n# c", "[a]\nb = 1", "[[a]]", "a.b = 1", "a = {b = 1}", "\"a\nb\" = 1", "'a.b' = nan", "a = 1\na = 2", "\"\" = \"\\u0000\"", "a = [[1]]", "a = 1979-05-27", "rate = 100/s", "user = a:b # c\r\n"} {
		f.Add([]byte(seed))
	}
	_, flags, _ := parse([]string{"-help"})
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, err := parseConfig("f", data)
		if err != nil {
			if told := unquoted(flags, err, data); !strings.HasPrefix(err.Error(), "f:") || !strings.HasPrefix(told.Error(), "f:") {
				t.Errorf("an error without a place: %v, %v", err, told)
			}
			return
		}
		last, seen := 0, map[string]bool{}
		for _, e := range entries {
			if e.line < last || e.line > bytes.Count(data, []byte("\n"))+1 || seen[e.key] {
				t.Errorf("%+v after line %d", e, last)
			}
			last, seen[e.key] = e.line, true
		}
	})
}
