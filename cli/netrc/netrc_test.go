package netrc

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func Example() {
	secrets, err := Parse(strings.NewReader("machine example.com login me password hush"))
	if err != nil {
		fmt.Println(err)
		return
	}
	name, _, ok := secrets.Find("EXAMPLE.com")
	fmt.Println(name, ok)
	// Output: me true
}

func parse(t *testing.T, text string) *File {
	t.Helper()
	f, err := Parse(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return f
}

func TestAHostFindsItsNameAndPassword(t *testing.T) {
	const example = `# my hosts
machine a.example login anna password secret

machine b.example
	login ben # no comment here: a value was to come
	password "two words \"quoted\" \\ \t."
	account ignored
machine c.example password #hash
machine d.example login dora
machine e.example login "" password ""
machine f.example
machine [2001:db8::1] login six password p6
machine G.Example. login gerd password pg
machine a.example login second password never
machine "h.example" login login password password
default login anybody password guest
default login never password second
`
	f := parse(t, example)
	for host, want := range map[string]string{
		"a.example":     "anna secret",
		"A.EXAMPLE":     "anna secret",
		"b.example":     "ben two words \"quoted\" \\ \t.",
		"c.example":     " #hash",
		"d.example":     "dora ",
		"e.example":     " ",
		"f.example":     "none",
		"2001:db8::1":   "six p6",
		"[2001:db8::1]": "six p6",
		"g.example":     "gerd pg",
		"h.example":     "login password",
		"z.example":     "anybody guest",
		"":              "anybody guest",
	} {
		name, password, ok := f.Find(host)
		got := name + " " + password
		if !ok {
			got = "none"
		}
		if got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}

func TestWithoutADefaultAnotherHostHasNone(t *testing.T) {
	f := parse(t, "\ufeffmachine a.example login me password pw")
	if _, _, ok := f.Find("b.example"); ok {
		t.Error("another host has a password")
	}
	if _, _, ok := f.Find("a.example"); !ok {
		t.Error("a byte order mark hides the first machine")
	}
	if _, _, ok := (&File{}).Find("a.example"); ok {
		t.Error("an empty file has a password")
	}
}

// A default counts wherever it stands, and only where no machine fits.
func TestAMachineGoesBeforeTheDefault(t *testing.T) {
	f := parse(t, "default login any password thing\nmachine a.example login me password pw")
	if name, _, _ := f.Find("a.example"); name != "me" {
		t.Errorf("found %q", name)
	}
	if name, _, _ := f.Find("b.example"); name != "any" {
		t.Errorf("found %q", name)
	}
}

func TestMacrosAndOtherToolsWordsArePassedOver(t *testing.T) {
	f := parse(t, `macdef upload
machine trap.example login x password y
put file

machine a.example port 21 login me protocol https password pw
macdef last
bye`)
	if _, _, ok := f.Find("trap.example"); ok {
		t.Error("a macro was read as an entry")
	}
	if name, password, _ := f.Find("a.example"); name != "me" || password != "pw" {
		t.Errorf("%q %q", name, password)
	}
}

// What cannot be read is told by its line, and nothing of the file is shown.
func TestAnErrorShowsTheLineAndNoSecret(t *testing.T) {
	for text, want := range map[string]string{
		"machine a.example login me password \"hush":            "line 1: a quote that does not end on its line",
		"\n\nmachine a login \"hush\npassword b\"":              "line 3: a quote that does not end on its line",
		"machine a login hush\npassword":                        "line 2: password without a value",
		"machine a login hush password hush\nmachine":           "line 2: machine without a value",
		"machine a password \"hush\\":                           "line 1: a quote that does not end on its line",
		"machine a password hush " + strings.Repeat(" ", 1<<20): "longer than 1 MiB",
	} {
		_, err := Parse(strings.NewReader(text))
		if err == nil || err.Error() != want {
			t.Errorf("%.50q: %v, want %s", text, err, want)
		}
	}
}

type broken struct{}

var errBroken = errors.New("disk on fire")

func (broken) Read([]byte) (int, error) { return 0, errBroken }

func TestAReadersErrorIsReturned(t *testing.T) {
	if _, err := Parse(broken{}); !errors.Is(err, errBroken) {
		t.Error(err)
	}
}

// Whatever a file holds, it is read or refused, and an error shows none of it.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"machine a login b password c", "default login \"a\\\"", "macdef x\n\n\nmachine a", "# c\r\nmachine [::1]", "password", "\"", "\ufeff"} {
		f.Add(s, "a")
	}
	f.Fuzz(func(t *testing.T, text, host string) {
		file, err := Parse(strings.NewReader(text))
		if err != nil {
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || syntax.Line < 1 || syntax.Line > 1+strings.Count(text, "\n") {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if name, password, ok := file.Find(host); !ok && name+password != "" {
			t.Errorf("%q: %q %q without ok", text, name, password)
		}
	})
}
