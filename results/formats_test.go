package results

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// everyFormat are all encoders, with and without columns.
func everyFormat(t testing.TB) map[string]Encoder {
	t.Helper()
	c := chosen(t, "index,url,title,error.kind")
	return map[string]Encoder{
		"jsonl": JSONL{}, "jsonl with columns": JSONL{c}, "json": JSON{}, "json with columns": JSON{c}, "csv": CSV{c}, "tsv": TSV{c},
		"text": Text{}, "text with columns": Text{Columns: c}, "template": parsed(t, "{{.Index}} {{.Title}}"), "template of lines": parsed(t, `{{.Index}}\n{{.Title}}`),
	}
}

// TestEveryFormatIsTheSameInInputOrder: whatever the order in which records come,
// through memory and through the file of those that wait.
func TestEveryFormatIsTheSameInInputOrder(t *testing.T) {
	for name, enc := range everyFormat(t) {
		for seed := range uint64(5) {
			rnd := rand.New(rand.NewPCG(seed, 9))
			var list []*Record
			for i := range int64(rnd.IntN(60)) {
				list = append(list, &Record{Index: i, HasIndex: true, URL: fmt.Sprint("u", i), Title: randomText(rnd)})
			}
			var out strings.Builder
			o := NewOrdered(NewWriter(&out, enc), Options{HoldMemory: 1 + rnd.Int64N(2000), HoldDir: t.TempDir()})
			for _, i := range rnd.Perm(len(list)) {
				must(t, o.Write(list[i]))
			}
			must(t, o.Close())
			if want := string(written(t, enc, list...)); out.String() != want {
				t.Errorf("%s: in order\n%q\nwant\n%q", name, out.String(), want)
			}
		}
	}
}

// TestEveryFormatOfLinesGoesOnAfterAnyRecord: a file that is cut where a record ends,
// or before the first, becomes what it would have been.
func TestEveryFormatOfLinesGoesOnAfterAnyRecord(t *testing.T) {
	list := samples()
	for name, enc := range everyFormat(t) {
		if f, framed := enc.(Framer); framed && f.Tail() != "" {
			continue // it has an end
		}
		whole := string(written(t, enc, list...))
		ends := []int64{0}
		w := NewWriter(&strings.Builder{}, enc)
		for _, r := range list {
			must(t, w.Write(r))
			ends = append(ends, w.Place().End)
		}
		path := filepath.Join(t.TempDir(), "out")
		for i, end := range ends {
			must(t, os.WriteFile(path, []byte(whole[:end]+"torn"), 0o600))
			g, err := Grow(path)
			must(t, err)
			if !g.Whole(end) || g.Whole(end+1) {
				t.Errorf("%s: a record ends at %d, and is not taken for whole", name, end)
			}
			must(t, g.Cut(end))
			w := NewWriterAt(g, enc, end)
			for _, r := range list[i:] {
				must(t, w.Write(r))
			}
			must(t, w.Close())
			must(t, g.Close())
			holds(t, path, whole)
		}
	}
}

// TestARecordIsALine: in every format that promises it.
func TestARecordIsALine(t *testing.T) {
	rnd := rand.New(rand.NewPCG(10, 11))
	for name, enc := range everyFormat(t) {
		if name == "template of lines" || strings.HasPrefix(name, "json") && !strings.HasPrefix(name, "jsonl") {
			continue
		}
		for range 300 {
			held(t, appendAll(t, enc, randomRecord(rnd)))
		}
	}
}
