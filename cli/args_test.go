package cli

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/time/rate"
)

// What people type, and what pflag is given.
func TestNormalise(t *testing.T) {
	for typed, want := range map[string]string{
		"-urls list.txt":            "--urls=list.txt --",
		"--urls list.txt":           "--urls=list.txt --",
		"-urls=a=b":                 "--urls=a=b --",
		"-i list.txt -l other.txt":  "--urls=list.txt --list=other.txt --",
		"-c64":                      "--concurrency=64 --",
		"-c 64 u1 -q u2":            "--concurrency=64 --quiet=true -- u1 u2",
		"-c=64":                     "--concurrency=64 --",
		"-urls - -q":                "--urls=- --quiet=true --",
		"-user-agent -dash":         "--user-agent=-dash --",
		"-robots=false":             "--robots=false --",
		"-q -- -not-a-flag http://": "--quiet=true -- -not-a-flag http://",
		"-o/tmp/x":                  "--output=/tmp/x --",
		"-":                         "-- -",
	} {
		fs, _ := newFlags(&options{})
		got, err := normalise(fs, strings.Fields(typed))
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: %q, %v; want %q", typed, strings.Join(got, " "), err, want)
		}
	}
}

func TestNormaliseRefuses(t *testing.T) {
	for typed, want := range map[string]string{
		"-outpt x":  "unknown flag -outpt; did you mean -output?",
		"-conc 5":   "unknown flag -conc; did you mean -concurrency?",
		"--ulrs=x":  "unknown flag --ulrs; did you mean -urls?",
		"-host-rat": "unknown flag -host-rat; did you mean -host-rate?",
		"-xyz":      "unknown flag -xyz; crawl -help lists them",
		"-cx":       "unknown flag -cx; crawl -help lists them",
		"-z":        "unknown flag -z; crawl -help lists them",
		"---urls":   "unknown flag ---urls; did you mean -urls?",
		"-c":        "-c needs a value",
		"-urls":     "-urls needs a value",
	} {
		fs, _ := newFlags(&options{})
		_, err := normalise(fs, strings.Fields(typed))
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v; want %q", typed, err, want)
		}
	}
}

// No arguments, however odd, break the parsing.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"-urls x", "-c64 --", "-select a=b", "-=", "--=x", "-timeout 1e99", "-\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		o, _, err := parse(strings.Fields(s))
		if err != nil && strings.TrimSpace(err.Error()) == "" {
			t.Errorf("%q: an error without words", s)
		}
		if err == nil && !o.help && !o.ver && (o.engine.Concurrency < 1 || o.engine.Fetch.Timeout <= 0) {
			t.Errorf("%q: %+v", s, o.engine)
		}
	})
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"urls", "ulrs", 1}, {"output", "outpt", 1}, {"kitten", "sitting", 3}} {
		if got := distance(c.a, c.b); got != c.want || distance(c.b, c.a) != c.want {
			t.Errorf("%s, %s: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestValues(t *testing.T) {
	var d time.Duration
	for in, want := range map[string]time.Duration{"5": 5 * time.Second, "0.5": 500 * time.Millisecond, "1m30s": 90 * time.Second, " 2s ": 2 * time.Second} {
		if err := (span{&d}).Set(in); err != nil || d != want {
			t.Errorf("time %q: %v, %v", in, d, err)
		}
	}
	for _, in := range []string{"", "0", "-1", "soon", "NaN", "1e300", "5 apples"} {
		if err := (span{&d}).Set(in); err == nil {
			t.Errorf("time %q was taken as %v", in, d)
		}
	}
	for in, want := range map[time.Duration]string{30 * time.Second: "30s", 2 * time.Minute: "2m", time.Hour: "1h", 90 * time.Second: "1m30s", 90 * time.Minute: "1h30m"} {
		if got := (span{&in}).String(); got != want {
			t.Errorf("%v prints as %s, want %s", in, got, want)
		}
	}
	var l rate.Limit
	for in, want := range map[string]rate.Limit{"10": 10, "10/s": 10, "30/m": 0.5, "36/h": 0.01, "0": 0, "2.5/s": 2.5} {
		if err := (pace{&l}).Set(in); err != nil || l != want {
			t.Errorf("rate %q: %v, %v", in, l, err)
		}
	}
	for _, in := range []string{"", "-1", "5/d", "/s", "inf", "NaN/s", "5/s/s"} {
		if err := (pace{&l}).Set(in); err == nil {
			t.Errorf("rate %q was taken as %v", in, l)
		}
	}
}
