package cli

import (
	"strings"

	"crawl/results"
)

// What help and manual page say besides the flags.

// signalHelp is a signal that a run listens to.
type signalHelp struct{ name, meaning string }

func signals() []signalHelp {
	return []signalHelp{
		{"SIGINT, SIGTERM, SIGHUP", "Nothing new starts, every outstanding request is cancelled, each line gets its record, and the summary is printed. A second signal ends the run at once."},
		{"SIGUSR1, SIGINFO", "What is in flight is told, in which phase and for how long, and which hosts are parked until when; the run goes on."},
	}
}

// recordParts are the names that columns and templates have for the parts of a record.
func recordParts() string {
	return "Their parts by name: " + strings.Join(results.ColumnNames(nil), ", ") +
		", fields.NAME of what is selected, and meta.NAME (or meta.NAME.NAME) of the line's own data. A template has them as .URL, .FinalURL, .Status, .Error.Kind, .Time.Total, .Fields.NAME and so on, and these functions: json, join \", \" .Links, get \"NAME\" .Meta, ms .Time.Total, slice .Title 0 80, date \"2006-01-02\" .StartedAt."
}
