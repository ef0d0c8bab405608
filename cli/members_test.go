package cli

import (
	"bytes"
	"testing"
)

// TestAMemberThatDoesNotCountIsToldOnce: the one that is nearly right, if any is; but
// not those of our own records.
func TestAMemberThatDoesNotCountIsToldOnce(t *testing.T) {
	var out bytes.Buffer
	tell := (&options{}).unknownMembers(&out)
	if !tell("a", 1, []string{"schema", "status", "time", "error", "links", "fields"}) || out.Len() > 0 {
		t.Errorf("a record is told: %s", &out)
	}
	if tell("list.jsonl", 3, []string{"status", "body", "Metta", "urls"}) {
		t.Error("it wants to hear more")
	}
	if want := "crawl: list.jsonl:3: member \"Metta\" does not count; did you mean meta?\n"; out.String() != want {
		t.Errorf("%s", &out)
	}
	for want, names := range map[string][]string{
		`l:3: member "body" does not count, here and in other lines; url, meta, method, headers and timeout do`: {"body", "port"},
		`l:3: member "header" does not count; did you mean headers?`:                                            {"header"},
		`l:3: member "uri" does not count; did you mean url?`:                                                   {"host", "uri"},
	} {
		if got := memberText("l", 3, names); got != want {
			t.Errorf("%q: %s", names, got)
		}
	}
	if got := memberText("the command line", 0, []string{"uri"}); got != `the command line: member "uri" does not count; did you mean url?` {
		t.Error(got)
	}
	if (&options{quiet: true}).unknownMembers(&out) != nil {
		t.Error("-q does not silence it")
	}
}
