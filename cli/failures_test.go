package cli

import (
	"testing"

	"crawl/results"
)

func TestMaxFailuresIsANumberOrAShare(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "5": "5", " 7 ": "7", "5%": "5%", "0.5%": "0.5%", "100%": "100%", "0%": "0%",
		"-1": "", "5.5": "", "101%": "", "-1%": "", "%": "", "": "", "NaN%": "", "five": "", "1e3": "",
	} {
		var f failures
		err := f.Set(text)
		if (err == nil) != (want != "") || err == nil && f.String() != want {
			t.Errorf("%q: %q, %v", text, f.String(), err)
		}
	}
}

// The share is one of the lines read, those without a record and those of earlier
// runs included, less the duplicates.
func TestFailuresAreJudgedAgainstTheLinesReadLessDuplicates(t *testing.T) {
	for _, c := range []struct {
		allowed string
		sum     results.Summary
		want    bool
	}{
		{"0", results.Summary{OK: 5}, false},
		{"0", results.Summary{OK: 5, Failed: 1}, true},
		{"1", results.Summary{OK: 5, Failed: 1}, false},
		{"1", results.Summary{OK: 5, Failed: 1, Earlier: results.Earlier{Failed: 1}}, true},
		{"10%", results.Summary{OK: 9, Failed: 1}, false},
		{"10%", results.Summary{OK: 8, Failed: 1}, true},
		{"10%", results.Summary{OK: 8, Failed: 1, Duplicates: 100}, true},
		{"10%", results.Summary{OK: 8, Failed: 1, Unrecorded: 1}, false},
		{"10%", results.Summary{OK: 1, Failed: 1, Earlier: results.Earlier{OK: 18, Duplicates: 9}}, false},
		{"10%", results.Summary{OK: 1, Failed: 1, Earlier: results.Earlier{OK: 16, Failed: 1}}, true},
		{"0%", results.Summary{Failed: 1}, true},
		{"0%", results.Summary{}, false},
		{"100%", results.Summary{Failed: 9}, false},
	} {
		var f failures
		if err := f.Set(c.allowed); err != nil {
			t.Fatal(err)
		}
		if got := f.exceeded(&c.sum); got != c.want {
			t.Errorf("%s of %+v: %v", c.allowed, c.sum, got)
		}
	}
}
