package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"crawl": main})
}

// TestScript runs the command as people do: each file of testdata/script is a
// promise of the public contract, played against a server on loopback.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			site, err := newSite()
			if err != nil {
				return err
			}
			env.Defer(site.close)
			env.Values["site"] = site
			env.Setenv("SITE", site.plain.URL)
			env.Setenv("HOST", strings.TrimPrefix(site.plain.URL, "http://"))
			env.Setenv("PORT", port(site.plain.URL))
			env.Setenv("OTHER", site.other.URL)
			env.Setenv("TLS", site.secure.URL)
			env.Setenv("MIRROR", site.mirror.URL)
			env.Setenv("MIRRORPORT", port(site.mirror.URL))
			env.Setenv("NOBODY", "http://"+site.nobody)
			env.Setenv("TLSPORT", port(site.secure.URL))
			env.Setenv("SILENT", site.silent.Addr().String())
			env.Setenv("PROXY", strings.TrimPrefix(site.proxy.URL, "http://"))
			env.Setenv("GUARDED", strings.TrimPrefix(site.guarded.URL, "http://"))
			env.Setenv("SSL_CERT_FILE", env.WorkDir+"/ca.pem")
			identity, err := site.identity()
			if err != nil {
				return err
			}
			return errors.Join(os.WriteFile(env.WorkDir+"/ca.pem", site.ca(), 0o600),
				os.WriteFile(env.WorkDir+"/client.pem", identity, 0o600))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code":    cmdCode,
			"record":  cmdRecord,
			"records": cmdRecords,
			"array":   cmdArray,
			"urls":    cmdURLs,
			"asked":   cmdAsked,
			"arrived": cmdArrived,
			"proxied": cmdProxied,
			"saved":   cmdSaved,
			"becomes": cmdBecomes,
			"known":   cmdKnown,
			"recipes": cmdRecipes,
			"archive": cmdArchive,
		},
	})
}

func port(url string) string { return url[strings.LastIndexByte(url, ':')+1:] }

// code N cmd...: runs a command, whose exit code is N.
func cmdCode(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// record FILE INDEX JSON: the record of a line has these values, and exactly
// one record has this index. null means that the field is absent.
func cmdRecord(ts *testscript.TestScript, neg bool, args []string) {
	index, err := strconv.ParseFloat(args[1], 64)
	ts.Check(err)
	var want map[string]any
	ts.Check(json.Unmarshal([]byte(os.Expand(args[2], ts.Getenv)), &want))
	var found []map[string]any
	for _, r := range readRecords(ts, args[0]) {
		if r["index"] == index {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		ts.Fatalf("%d records of line %s", len(found), args[1])
	}
	if diff := missing(want, found[0]); diff != "" {
		ts.Fatalf("line %s: %s\nrecord: %v", args[1], diff, found[0])
	}
}

// missing says which value of want is not in got.
func missing(want, got map[string]any) string {
	for name, w := range want {
		g, ok := got[name]
		wm, isMap := w.(map[string]any)
		gm, _ := g.(map[string]any)
		switch {
		case w == nil && ok:
			return fmt.Sprintf("%s is %v, and should be absent", name, g)
		case isMap:
			if diff := missing(wm, gm); diff != "" {
				return name + "." + diff
			}
		case w != nil && !reflect.DeepEqual(w, g):
			return fmt.Sprintf("%s is %v, want %v", name, g, w)
		}
	}
	return ""
}

// records FILE N [KIND]: the file has one record for each of the lines 0 to
// N-1 (of this error kind; ok is kind ""), and with "ordered" they stand so.
func cmdRecords(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	seen := map[float64]bool{}
	for i, r := range readRecords(ts, args[0]) {
		index := r["index"].(float64)
		if seen[index] {
			ts.Fatalf("line %v has two records", index)
		}
		seen[index] = true
		if len(args) > 2 && args[2] == "ordered" && index != float64(i) {
			ts.Fatalf("record %d is of line %v", i, index)
		}
		if len(args) > 2 && args[2] != "ordered" {
			kind := ""
			if e, ok := r["error"].(map[string]any); ok {
				kind = e["kind"].(string)
			}
			if kind != strings.TrimPrefix(args[2], "ok") {
				ts.Fatalf("line %v has kind %q", index, kind)
			}
		}
	}
	for i := range n {
		if !seen[float64(i)] {
			ts.Fatalf("line %d has no record", i)
		}
	}
	if len(seen) != n {
		ts.Fatalf("%d records, want %d", len(seen), n)
	}
}

// array FILE N: the file is one JSON array of N records, each of another line.
func cmdArray(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	var recs []json.RawMessage
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &recs))
	seen := map[any]bool{}
	for _, r := range recs {
		seen[readRecord(ts, args[0], string(r))["index"]] = true
	}
	if len(recs) != n || len(seen) != n {
		ts.Fatalf("%d records of %d lines, want %d", len(recs), len(seen), n)
	}
}

func readRecords(ts *testscript.TestScript, file string) []map[string]any {
	var recs []map[string]any
	for line := range strings.Lines(ts.ReadFile(file)) {
		recs = append(recs, readRecord(ts, file, line))
	}
	return recs
}

// readRecord reads a record, which is to fit the schema that is published.
func readRecord(ts *testscript.TestScript, file, text string) map[string]any {
	var r map[string]any
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		ts.Fatalf("%s: no JSON: %q", file, text)
	}
	schema, err := recordSchema()
	ts.Check(err)
	if err := schema.Validate(any(r)); err != nil {
		ts.Fatalf("%s: no record: %s\n%v", file, text, err)
	}
	return r
}

var recordSchema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	return jsonschema.NewCompiler().Compile("results/record.schema.json")
})

// urls FILE N PREFIX: writes a list of N URLs.
func cmdURLs(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s%d\n", args[2], i)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o600))
}

// asked PATH N: the site was asked for this path N times; with "peak" as PATH,
// it had N requests at once at most.
func cmdAsked(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	site := ts.Value("site").(*site)
	site.mu.Lock()
	defer site.mu.Unlock()
	got := site.asked[args[0]]
	if args[0] == "peak" {
		got = site.peak
	}
	if (got == n) == neg {
		ts.Fatalf("%s: %d, want %d (negated: %v)", args[0], got, n, neg)
	}
}

// arrived N: waits until N requests have reached the site.
func cmdArrived(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	ts.Value("site").(*site).await(n)
}

// proxied REQUEST N: the proxies had this request ("METHOD TARGET") N times; with
// "all", N requests in all.
func cmdProxied(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	site := ts.Value("site").(*site)
	if got := site.proxy.times(args[0]) + site.guarded.times(args[0]); (got == n) == neg {
		ts.Fatalf("%s through a proxy: %d, want %d (negated: %v)", args[0], got, n, neg)
	}
}
