package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"crawl/cli"
	"crawl/results"
)

// Every field that a record may have is in the README, but those of flags that
// are still to come.
func TestReadmeNamesEveryField(t *testing.T) {
	toCome := []string{"depth", "referrer", "from_cache", "change"}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	golden, err := os.ReadFile("results/testdata/records.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range bytes.Lines(golden) {
		var record map[string]json.RawMessage
		if err := json.Unmarshal(line, &record); err != nil {
			t.Fatal(err)
		}
		for name := range record {
			if seen++; !bytes.Contains(readme, []byte("`"+name+"`")) && !slices.Contains(toCome, name) {
				t.Errorf("the README does not name the field %s", name)
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d fields in the golden records", seen)
	}
}

// The README's table and the help name the same flags.
func TestReadmeNamesEveryFlag(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if code := cli.Run(t.Context(), []string{"-help"}, nil, &out, io.Discard); code != 0 {
		t.Fatalf("help: exit code %d", code)
	}
	help := out.String()
	flags := regexp.MustCompile(`(?m)^  (-[a-z0-9-]+)`).FindAllStringSubmatch(help, -1)
	if len(flags) < 15 {
		t.Fatalf("%d flags in the help", len(flags))
	}
	for _, f := range flags {
		if !regexp.MustCompile("`" + f[1] + "[ `]").Match(readme) {
			t.Errorf("the README does not name %s", f[1])
		}
	}
	backticked := regexp.MustCompile("`(-[a-z0-9-]+)[ `]")
	for _, f := range regexp.MustCompile(`(?m)^\| .*`).FindAllString(string(readme), -1) {
		for _, name := range backticked.FindAllStringSubmatch(f, -1) {
			if !strings.Contains(help, name[1]) {
				t.Errorf("the README names %s, and the help does not", name[1])
			}
		}
	}
}

// The columns of a table are those that the README lists, in their order.
func TestReadmeNamesTheColumnsOfATable(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(strings.ReplaceAll(string(readme), "`", "")), " ")
	names := strings.ReplaceAll(results.DefaultColumns(nil), ",", ", ")
	if !strings.Contains(text, "their columns are "+names+", and fields.NAME for each -select") {
		t.Errorf("the README does not list %s", names)
	}
}
