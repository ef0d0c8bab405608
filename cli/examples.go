package cli

// example is a command line that help, manual page and README show, and that a
// test runs.
type example struct {
	what    string
	command string
}

// examples are the recipes, each whole by itself, the everyday ones first.
func examples() []example {
	return []example{
		{"every page of a list, as JSON lines in its order",
			`crawl -urls list.txt -order input -o out.jsonl`},
		{"a table of titles for a spreadsheet",
			`crawl -q -urls list.txt -format csv -fields url,status,title -o titles.csv`},
		{"which links of a list are broken, and why",
			`crawl -q -urls list.txt |
  jq -r 'select(.ok == false) | [.url, .error.kind, .error.message] | @tsv'`},
		{"titles and headings of the third column of a table, in its order",
			`cut -f3 sites.tsv | crawl -q -urls - -order input -select heading=h1 |
  jq -r '[.url, .title, .fields.heading] | @tsv'`},
		{"an archive of what went over the wire",
			`crawl -q -urls list.txt -warc site.warc.gz -o list.jsonl`},
		{"what happened, as a page to look at",
			`crawl -q -urls list.txt -o out.jsonl
crawl report out.jsonl > report.html`},
		{"from cron, mailed: only what has changed since the last run",
			`crawl -q -urls list.txt -changes seen.jsonl -template '{{.Change}} {{.URL}}'`},
		{"every page of a site, by its links",
			`crawl https://example.com/ -depth 3 -o site.jsonl`},
		{"a list that takes a day: the same command goes on where it was killed",
			`crawl -urls list.txt -state crawl.state -o pages.jsonl`},
		{"settings for every run from here",
			`crawl -host-rate 2/s -contact me@example.com -print-config > crawl.toml
crawl -config crawl.toml -urls list.txt`},
	}
}
