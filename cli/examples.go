package cli

// example is a command line that help, manual page and README show, and that a
// test runs.
type example struct {
	what    string
	command string
}

// examples are the recipes, each whole by itself.
func examples() []example {
	return []example{
		{"every page of a list, as JSON lines in its order", `crawl -urls list.txt -order input -o out.jsonl`},
		{"which links are broken, and why", `crawl -q -urls list.txt | jq -r 'select(.ok == false) | .url, .error.message'`},
		{"URLs from a pipe, and a field by CSS selector", `cut -f3 sites.tsv | crawl -q -urls - -order input -select heading=h1`},
		{"a list that takes a day: the same command goes on where it was killed", `crawl -urls list.txt -state crawl.state -o pages.jsonl`},
		{"settings for every run from here", `crawl -host-rate 2/s -contact me@example.com -print-config > crawl.toml` + "\n" + `crawl -config crawl.toml -urls list.txt`},
	}
}
