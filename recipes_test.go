package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"crawl/cli"
)

// The recipes of the README and the examples of the help: each is run as it stands,
// by testdata/script/recipes.txtar.

// helpText is what crawl -help writes.
func helpText() (string, error) {
	var out strings.Builder
	if code := cli.Run(context.Background(), []string{"-help"}, nil, &out, io.Discard); code != 0 {
		return "", fmt.Errorf("-help: exit code %d", code)
	}
	return out.String(), nil
}

// examplesOf are the commands under "Examples" of the help, each after its comment.
func examplesOf(help string) []string {
	_, rest, _ := strings.Cut(help, "\nExamples\n")
	rest, _, _ = strings.Cut(rest, "\n\n")
	var commands []string
	for line := range strings.SplitSeq(rest, "\n") {
		line = strings.TrimPrefix(line, "  ")
		if strings.HasPrefix(line, "# ") {
			commands = append(commands, "")
			continue
		}
		last := &commands[len(commands)-1]
		*last = strings.TrimPrefix(*last+"\n"+line, "\n")
	}
	return commands
}

// recipesOf are the shell commands of the README that run crawl. That go brings it
// is another test's matter.
func recipesOf(readme string) []string {
	var blocks []string
	for _, block := range regexp.MustCompile("(?ms)^```sh\n(.*?)^```").FindAllStringSubmatch(readme, -1) {
		text := regexp.MustCompile(`(?m)^go .*\n`).ReplaceAllString(block[1], "")
		if strings.Contains(text, "crawl ") {
			blocks = append(blocks, strings.TrimSuffix(text, "\n"))
		}
	}
	return blocks
}

// A recipe of the help stands in the README too, word by word.
func TestReadmeHasTheExamplesOfTheHelp(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	help, err := helpText()
	if err != nil {
		t.Fatal(err)
	}
	recipes := strings.Join(recipesOf(string(readme)), "\n")
	examples := examplesOf(help)
	if len(examples) < 4 {
		t.Fatalf("%d examples in the help", len(examples))
	}
	for _, example := range examples {
		if !strings.Contains(recipes, example) {
			t.Errorf("no recipe of the README has\n%s", example)
		}
	}
}

// recipes DIR EXPECT: runs every recipe and example in a copy of DIR, where names
// of the world are those of the site. None may complain, and none may end with
// another code than 0 or 1. Each line of EXPECT is "PART => REGEXP": what a recipe
// with this part in it writes to stdout, or to a file, matches.
func cmdRecipes(ts *testscript.TestScript, neg bool, args []string) {
	readme, err := os.ReadFile("README.md")
	ts.Check(err)
	help, err := helpText()
	ts.Check(err)
	world := strings.NewReplacer(
		"https://example.com/", ts.Getenv("SITE")+"/page/1",
		"-user me", "-user me:hush", // there is no terminal to ask
		"me:secret@proxy.example:3128", "me:gatekeeper@"+ts.Getenv("GUARDED"),
	)
	expected := strings.Split(strings.TrimSpace(ts.ReadFile(args[1])), "\n")
	for i, recipe := range append(recipesOf(string(readme)), examplesOf(help)...) {
		dir := fmt.Sprintf("recipe-%d", i)
		script := fmt.Sprintf("cp -r '%s' %s && cd %s || exit 9\n%s", ts.MkAbs(args[0]), dir, dir, world.Replace(recipe))
		if err := ts.Exec("bash", "-c", script); err != nil && err.Error() != "exit status 1" {
			ts.Fatalf("%s\n%v", recipe, err)
		}
		if said := ts.ReadFile("stderr"); strings.Contains("\n"+said, "\ncrawl: ") {
			ts.Fatalf("%s\nsays %s", recipe, said)
		}
		wrote := []string{ts.ReadFile("stdout")}
		for _, name := range made(ts, ts.MkAbs(args[0]), ts.MkAbs(dir)) {
			wrote = append(wrote, ts.ReadFile(name))
		}
		for _, line := range expected {
			part, want, ok := strings.Cut(line, " => ")
			if !ok {
				ts.Fatalf("%s: want PART => REGEXP", line)
			}
			if strings.Contains(recipe, part) && !slices.ContainsFunc(wrote, regexp.MustCompile(want).MatchString) {
				ts.Fatalf("%s\nwrites no %s:\n%s", recipe, want, strings.Join(wrote, "\n"))
			}
		}
	}
}

// made are the files in dir that were not in from.
func made(ts *testscript.TestScript, from, dir string) []string {
	var names []string
	entries, err := os.ReadDir(dir)
	ts.Check(err)
	for _, e := range entries {
		if _, err := os.Stat(filepath.Join(from, e.Name())); err != nil && e.Type().IsRegular() {
			names = append(names, filepath.Join(dir, e.Name()))
		}
	}
	return names
}
