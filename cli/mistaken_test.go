package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A word that asks for help is not taken for a host.
func TestAskingForHelpByAWord(t *testing.T) {
	for typed, want := range map[string]string{
		"help":                 `"help" is taken for a host; -help shows the flags, and https://help/ is the host`,
		"version":              `"version" is taken for a host; -version shows the version, and https://version/ is the host`,
		"-q help https://a/":   `"help" is taken for a host; -help shows the flags, and https://help/ is the host`,
		"https://help/":        "",
		"help:8080":            "",
		"help.example":         "",
		"helper":               "",
		"-urls help":           "",
		"-user-agent help a.b": "",
	} {
		_, _, err := parse(strings.Fields(typed))
		if (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("%s: %v, want %s", typed, err, want)
		}
	}
}

// The name of a list is easily given without -urls, and is then a host.
func TestAListGivenAsAURLIsNoticed(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("big.txt", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir("dir", 0o700); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", 100_000)
	for typed, want := range map[string]string{
		"big.txt":                    "big.txt is also a file here; crawl -urls big.txt reads it",
		"a.example ./big.txt":        "./big.txt is also a file here; crawl -urls ./big.txt reads it",
		"big.txt ./big.txt":          "big.txt is also a file here; crawl -urls big.txt reads it",
		"https://big.txt/":           "",
		"dir":                        "",
		"none.txt a\x00b " + long:    "",
		"-urls big.txt":              "",
		"-urls big.txt a.example":    "",
		filepath.Join("dir", "none"): "",
		"reprot big.txt":             "reprot is taken for a host; did you mean crawl report FILE?",
		"Repor":                      "Repor is taken for a host; did you mean crawl report FILE?",
		"reports -urls big.txt":      "reports is taken for a host; did you mean crawl report FILE?",
		"reprot.example big.txt":     "big.txt is also a file here; crawl -urls big.txt reads it",
		"reprot:80":                  "",
		"https://reprot/":            "",
		"a.example reprot":           "",
		"intranet":                   "",
	} {
		o, _, err := parse(strings.Fields(typed))
		if err != nil {
			t.Fatal(err)
		}
		if got := o.meant(); got != want {
			t.Errorf("%.30s: %q, want %q", typed, got, want)
		}
	}
}
