package cli

import (
	"strings"
	"testing"
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
		"-c64 -4 -k":                "--concurrency=64 --ipv4=true --insecure=true --",
		"-6 -4=false --ipv6=false":  "--ipv6=true --ipv4=false --ipv6=false --",
		"-XPOST -x127.0.0.1:3128":   "--method=POST --proxy=127.0.0.1:3128 --",
		"-http1 -H X-A:b -HX-C:d":   "--http1=true --header=X-A:b --header=X-C:d --",
		"-proxy= -user me:-x":       "--proxy= --user=me:-x --",
	} {
		fs := newFlags(&options{})
		got, err := normalise(fs, strings.Fields(typed))
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: %q, %v; want %q", typed, strings.Join(got, " "), err, want)
		}
	}
}

func TestNormaliseRefuses(t *testing.T) {
	for typed, want := range map[string]string{
		"-outpt x":   "unknown flag -outpt; did you mean -output?",
		"-conc 5":    "unknown flag -conc; did you mean -concurrency?",
		"--ulrs=x":   "unknown flag --ulrs; did you mean -urls?",
		"-host_rate": "unknown flag -host_rate; did you mean -host-rate?",
		"-host-rat":  "unknown flag -host-rat; did you mean -host-rate?",
		"-xyz":       "unknown flag -xyz; crawl -help lists them",
		"-cx":        "unknown flag -cx; crawl -help lists them",
		"-z":         "unknown flag -z; crawl -help lists them",
		"-u me:hush": "unknown flag -u; did you mean -user?",
		"-uME:hush":  "unknown flag -uME; did you mean -user?",
		"-debug":     "unknown flag -debug; crawl -help lists them",
		"-A mine":    "unknown flag -A; did you mean -user-agent?",
		"-b a=hush":  "unknown flag -b; -cookies keeps cookies, and -H 'Cookie: NAME=VALUE' sends one",
		"-I":         "unknown flag -I; -X HEAD asks for headers alone",
		"-L":         "unknown flag -L; redirects are followed already",
		"-s":         "unknown flag -s; did you mean -quiet?",
		"-sSL":       "unknown flag -sSL; did you mean -quiet?",
		"-m 5":       "unknown flag -m; did you mean -timeout?",
		"-m5":        "unknown flag -m5; did you mean -timeout?",
		"-e http:":   "unknown flag -e; -H 'Referer: URL' sends one",
		"-f":         "unknown flag -f; -accept says which statuses are ok",
		"-d a=hush":  "unknown flag -d; bodies are not sent",
		"-F a=hush":  "unknown flag -F; bodies are not sent",
		"-O":         "unknown flag -O; -save DIR keeps the pages",
		"-n":         "unknown flag -n; did you mean -netrc?",
		"-E c.pem":   "unknown flag -E; did you mean -cert?",
		"--u":        "unknown flag --u; crawl -help lists them",
		"---urls":    "unknown flag ---urls; did you mean -urls?",
		"-c":         "-c needs a value",
		"-urls":      "-urls needs a value",
		"-46":        "unknown flag -46; crawl -help lists them",
		"--4":        "unknown flag --4; crawl -help lists them",
		"-ipv5":      "unknown flag -ipv5; did you mean -ipv4?",
		"-http2":     "unknown flag -http2; did you mean -http1?",
		"-resolv x":  "unknown flag -resolv; did you mean -resolve?",
		"-deny":      "unknown flag -deny; did you mean -deny-private?",
		// What is no part of a name may be a secret.
		"-xhttp://me:hush@proxy": "unknown flag -xhttp; crawl -help lists them",
		"-usr=me:hush":           "unknown flag -usr; did you mean -user?",
		"-usr:hush":              "unknown flag -usr; did you mean -user?",
		"-Hcookie: hush":         "unknown flag -Hcookie; did you mean -cookies?",
	} {
		fs := newFlags(&options{})
		_, err := normalise(fs, strings.Fields(typed))
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v; want %q", typed, err, want)
		}
	}
}

// No arguments, however odd, break the parsing.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"-urls x", "-c64 --", "-select a=b", "-=", "--=x", "-timeout 1e99", "-\xff", "-max-body 1e9g x", "-H a:b -H c; x", "-accept 2xx,1-9 x", "-contact a@b x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		o, _, err := parse(strings.Fields(s))
		if err != nil && strings.TrimSpace(err.Error()) == "" {
			t.Errorf("%q: an error without words", s)
		}
		if err == nil && !o.help && !o.ver && (o.engine.Concurrency < 1 || o.engine.Fetch.Timeout <= 0 || o.engine.Fetch.MaxBody < 1) {
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
