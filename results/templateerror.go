package results

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// TemplateError says what is wrong with a template, and where.
type TemplateError struct {
	Line, Column int    // from 1; the column in characters; 0 where it is not known
	Reason       string // for people
	// Name is what does not exist: a field with what stands before it (".Error.Kidn"),
	// or a function; "" where something else is wrong.
	Name string
	// Known are the names that there are in its place.
	Known []string
	// Err is the error of text/template; nil where a name does not exist.
	Err error
}

// Unwrap returns the error of text/template.
func (e *TemplateError) Unwrap() error { return e.Err }

func (e *TemplateError) Error() string {
	switch {
	case e.Line > 1 && e.Column > 0:
		return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Reason)
	case e.Line > 1:
		return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
	case e.Column > 0:
		return fmt.Sprintf("column %d: %s", e.Column, e.Reason)
	}
	return e.Reason
}

// templateFault is an error of text/template without what only its authors need: it
// begins with "template: record:1:2: executing "record" at ". One that does not is
// told as it is.
func templateFault(text string, err error) *TemplateError {
	e := &TemplateError{Reason: err.Error(), Err: err}
	rest, ours := strings.CutPrefix(e.Reason, "template: "+templateName+":")
	where, reason, ok := strings.Cut(rest, ": ")
	if !ours || !ok {
		return e
	}
	e.Reason = strings.TrimPrefix(reason, "executing "+strconv.Quote(templateName)+" ")
	line, column, found := strings.Cut(where, ":")
	e.Line, _ = strconv.Atoi(line)
	if before, cerr := strconv.Atoi(column); found && cerr == nil {
		lines := strings.Split(text, "\n")
		if e.Line >= 1 && e.Line <= len(lines) && before <= len(lines[e.Line-1]) {
			e.Column = utf8.RuneCountInString(lines[e.Line-1][:before]) + 1
		}
	}
	return e
}
