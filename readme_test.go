package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"crawl/results"
)

// Every field that a record may have is in the README, but those of flags that
// are still to come.
func TestReadmeNamesEveryField(t *testing.T) {
	toCome := []string{"depth", "referrer"}
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

var update = flag.Bool("update", false, "write the table of flags into the README")

// The README's table of flags is the help's: go test -run TestReadme -update .
// writes it.
func TestReadmeHasTheFlagsOfTheHelp(t *testing.T) {
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	help, err := helpText()
	if err != nil {
		t.Fatal(err)
	}
	table := flagTable(help)
	if strings.Count(table, "\n") < 40 {
		t.Fatalf("%s\nis all there is in the help", table)
	}
	const end = "<!-- end of flags -->"
	readme := string(data)
	start := strings.Index(readme, "<!-- flags: ")
	stop := strings.Index(readme, end)
	if start < 0 || stop < start {
		t.Fatal("the README has no place for its table of flags")
	}
	start += strings.Index(readme[start:], "\n") + 1
	if readme[start:stop] == "\n"+table+"\n" {
		return
	}
	if !*update {
		t.Fatal("the README has other flags than the help: go test -run TestReadme -update .")
	}
	readme = readme[:start] + "\n" + table + "\n" + readme[stop:]
	if err := os.WriteFile("README.md", []byte(readme), 0o644); err != nil {
		t.Fatal(err)
	}
}

// flagTable is what the help says of flags, as a table of Markdown. In the help a
// flag has two spaces before it, and what it means begins at a column of its own.
func flagTable(help string) string {
	const column = 26
	flags := regexp.MustCompile(`(?m)^(\S.*)\n((?:  -.*\n(?: {26}.*\n)*)+)`)
	escape := strings.NewReplacer("|", `\|`, "*", `\*`, "<", `\<`, "~", `\~`, "`", "\\`")
	var table strings.Builder
	table.WriteString("| flag | meaning |\n|---|---|\n")
	for _, theme := range flags.FindAllStringSubmatch(help, -1) {
		fmt.Fprintf(&table, "| **%s** | |\n", theme[1])
		for _, f := range regexp.MustCompile(`(?m)^  -.*\n(?: {26}.*\n)*`).FindAllString(theme[2], -1) {
			head, text, _ := strings.Cut(f, "\n")
			if len(head) >= column && head[column-2:column] == "  " {
				head, text = head[:column], head[column:]+" "+text
			}
			names := strings.Split(strings.TrimSpace(head), ", ")
			for i, name := range names {
				names[i] = "`" + strings.ReplaceAll(name, "|", `\|`) + "`"
			}
			fmt.Fprintf(&table, "| %s | %s |\n", strings.Join(names, ", "), escape.Replace(strings.Join(strings.Fields(text), " ")))
		}
	}
	return table.String()
}

// The README's exit codes are the help's.
func TestReadmeHasTheExitCodesOfTheHelp(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	help, err := helpText()
	if err != nil {
		t.Fatal(err)
	}
	_, codes, _ := strings.Cut(help, "\nExit codes\n")
	found := regexp.MustCompile(`\b(\d+)(?: {2,}|:)`).FindAllStringSubmatch(codes, -1)
	if len(found) < 11 {
		t.Fatalf("%d exit codes in the help", len(found))
	}
	_, table, _ := strings.Cut(string(readme), "\n| code | meaning |\n")
	table, _, _ = strings.Cut(table, "\n\n")
	for _, code := range found {
		if !regexp.MustCompile(`(?m)^\|[ 0-9,]*\b` + code[1] + `\b[ 0-9,]*\|`).MatchString(table) {
			t.Errorf("the README has no exit code %s", code[1])
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
