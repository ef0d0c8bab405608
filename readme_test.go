package main

import (
	"bytes"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"crawl/cli"
)

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
