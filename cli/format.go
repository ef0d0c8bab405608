package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"crawl/frontier/journal"
	"crawl/results"
)

// Words that -format takes.
const (
	formatJSONL    = "jsonl"
	formatJSON     = "json"
	formatCSV      = "csv"
	formatTSV      = "tsv"
	formatText     = "text"
	formatTemplate = "template"
)

// Words that -color takes.
const (
	whenAuto   = "auto"
	whenAlways = "always"
	whenNever  = "never"
)

// shape is how records are written, as the flags say.
type shape struct {
	format   string // "": by the terminal
	json     bool   // -json
	template string // "": none
	fields   string // "": all, or those of a table
	color    string

	columns  *results.Columns  // of fields; nil: all
	compiled *results.Template // of template
}

// equipFormat understands what the flags say of the format together.
func (o *options) equipFormat() error {
	if err := o.settleFormat(); err != nil {
		return err
	}
	s := &o.shape
	selected := o.selectedNames()
	var err error
	switch names := s.fields; {
	case s.format == formatTemplate && s.template == "":
		return errors.New("-format template needs a -template, such as '{{.Status}} {{.URL}}'")
	case s.format == formatTemplate:
		if s.compiled, err = compile(s.template, selected, trialTime); err != nil {
			return fmt.Errorf("%s: %w", o.named("template"), err)
		}
	case names != "":
		if s.columns, err = results.ParseColumns(names, selected); err != nil {
			return fmt.Errorf("%s %s: %w", o.named("fields"), names, likeColumn(err, selected))
		}
		if slices.Contains(s.columns.Names(), "links") && !o.engine.Extract.Links {
			return fmt.Errorf("-fields %s: give -links too, or no record has any", names)
		}
	case s.format == formatCSV, s.format == formatTSV:
		if s.columns, err = results.ParseColumns(o.defaultColumns(), selected); err != nil {
			return fmt.Errorf("%s: %w", o.named("select"), err)
		}
	}
	switch {
	case o.state == "":
	case s.format == formatJSON:
		return errors.New("-format json cannot be gone on with: an array has an end; -state takes every other format")
	case s.compiled != nil && !s.compiled.OneLine():
		return errors.New("-template with line ends of its own cannot be gone on with: with -state a record is one line")
	}
	return nil
}

// defaultColumns are those of a table where none are asked for: with what the other
// flags add to a record, but for the links, which are too many for a cell.
func (o *options) defaultColumns() string {
	names := results.DefaultColumns(o.selectedNames())
	if o.engine.Digest || o.save != "" || o.archive != "" {
		names += ",digest"
	}
	if o.save != "" {
		names += ",file"
	}
	if o.crawls() {
		names += ",depth,referrer"
	}
	if o.changes != "" {
		names = "change," + names
	}
	return names
}

// settleFormat finds the one format that -format, -json and -template mean. The
// command line counts for more than the environment and a file.
func (o *options) settleFormat() error {
	s := &o.shape
	meanings := []struct{ flag, format string }{{"format", s.format}, {"json", ""}, {"template", ""}}
	if s.json {
		meanings[1].format = formatJSONL
	}
	if s.template != "" {
		meanings[2].format = formatTemplate
	}
	s.format = ""
	for _, typed := range []bool{true, false} {
		by := ""
		for _, m := range meanings {
			if m.format == "" || o.isTyped(m.flag) != typed || s.format == m.format {
				continue
			}
			if s.format != "" && by != "" {
				return fmt.Errorf("-%s and -%s mean two formats: give one of them", by, m.flag)
			}
			if s.format == "" {
				s.format, by = m.format, m.flag
			}
		}
	}
	if s.format == formatTemplate && s.fields != "" && o.isTyped("fields") {
		return errors.New("-fields is for the other formats: a template says itself what it shows")
	}
	return nil
}

// isTyped says that a flag has its value from the command line.
func (o *options) isTyped(flag string) bool { return o.settings[flag].source == fromFlag }

func (o *options) selectedNames() []string {
	var names []string
	for _, sel := range o.engine.Extract.Select {
		names = append(names, sel.Name())
	}
	return names
}

// likeColumn adds the nearest name to what is wrong with one of -fields.
func likeColumn(err error, selected []string) error {
	var unknown *results.UnknownColumnError
	if !errors.As(err, &unknown) {
		return err
	}
	if name, ok := strings.CutPrefix(unknown.Name, "fields."); ok {
		return fmt.Errorf("%w; -select %s=CSS adds it", err, name)
	}
	names := results.ColumnNames(selected)
	if _, own, ok := strings.Cut(unknown.Name, "."); ok && own != "" {
		names = append(names, "meta."+own)
	}
	if near := likest(strings.ToLower(unknown.Name), names); near != "" {
		return fmt.Errorf("%w; did you mean %s?", err, near)
	}
	return fmt.Errorf("%w; crawl -help lists what it has", err)
}

// encoder is the format and its name. terminal says that a person looks on.
func (s *shape) encoder(terminal bool, getenv func(string) string) (results.Encoder, string) {
	format := s.format
	if format == "" {
		if format = formatJSONL; terminal {
			format = formatText
		}
	}
	switch format {
	case formatJSON:
		return results.JSON{Columns: s.columns}, format
	case formatCSV:
		return results.CSV{Columns: s.columns}, format
	case formatTSV:
		return results.TSV{Columns: s.columns}, format
	case formatText:
		return results.Text{Color: s.colored(terminal, getenv), Columns: s.columns}, format
	case formatTemplate:
		return s.compiled, format
	}
	return results.JSONL{Columns: s.columns}, format
}

// colored says whether text has colours. NO_COLOR wins (no-color.org).
func (s *shape) colored(terminal bool, getenv func(string) string) bool {
	if getenv("NO_COLOR") != "" {
		return false
	}
	return s.color == whenAlways || s.color == whenAuto && terminal && !dumb(getenv)
}

// headed says that the output begins with a line that is no record.
func (s *shape) headed() bool { return s.format == formatCSV || s.format == formatTSV }

// settings are what must stay as it was for an output to be gone on with. Those
// without a value are left out, as states have them that are older than a flag.
func (s *shape) settings(format string) []journal.Setting {
	list := []journal.Setting{{Name: "-format", Value: format}}
	if s.columns != nil {
		list = append(list, journal.Setting{Name: "-fields", Value: strings.Join(s.columns.Names(), ",")})
	}
	if s.compiled != nil {
		list = append(list, journal.Setting{Name: "-template", Value: s.template})
	}
	return list
}
