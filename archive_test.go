package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/rogpeppe/go-internal/testscript"

	"crawl/results/warc/warctest"
)

// archive PATTERN LISTING: the files that match, in their order, are one strictly
// valid archive. LISTING has a line for each record: its type, status, URI and, if
// the answer was cut, why.
func cmdArchive(ts *testscript.TestScript, neg bool, args []string) {
	files, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	records, err := readArchive(files)
	ts.Check(err)
	var b strings.Builder
	for _, r := range records {
		fmt.Fprintf(&b, "%s %d %s %s\n", r.Type, r.Status, r.Fields["WARC-Target-URI"], r.Fields["WARC-Truncated"])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b.String()), 0o600))
}

// readArchive reads the files of a series. Where CRAWL_ARCHIVES names a directory, it
// leaves a copy of each there for others to judge.
func readArchive(files []string) (all []warctest.Record, err error) {
	for _, file := range files {
		records, err := warctest.ReadFile(file, all...)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, records...)
		if dir := os.Getenv("CRAWL_ARCHIVES"); dir != "" {
			b, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			f, err := os.CreateTemp(dir, "*-"+filepath.Base(file))
			if err != nil {
				return nil, err
			}
			if _, err := f.Write(b); err != nil {
				return nil, err
			}
			f.Close()
		}
	}
	if len(files) == 0 {
		return nil, os.ErrNotExist
	}
	return all, nil
}

// wireServer answers each path with the bytes that it has for it, after what it has to
// say before, and closes the connection after them.
type wireServer struct {
	addr   string
	before map[string]string // informational answers
	wires  map[string]string
	mu     sync.Mutex
	asked  map[string]string // the requests, as they came
}

func serveWires(t *testing.T, wires, before map[string]string) *wireServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &wireServer{addr: l.Addr().String(), before: before, wires: wires, asked: map[string]string{}}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { s.serve(c) })
		}
	})
	t.Cleanup(func() { l.Close(); wg.Wait() })
	return s
}

func (s *wireServer) serve(c net.Conn) {
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	var raw bytes.Buffer
	r, err := http.ReadRequest(bufio.NewReader(teeReader{c, &raw}))
	if err != nil {
		return
	}
	s.mu.Lock()
	s.asked[r.URL.Path] = raw.String()
	s.mu.Unlock()
	_, _ = c.Write([]byte(s.before[r.URL.Path] + s.wires[r.URL.Path]))
}

type teeReader struct {
	net.Conn
	to *bytes.Buffer
}

func (t teeReader) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	t.to.Write(p[:n])
	return n, err
}

// counted is an answer with this Content-Encoding and the length of its body.
func counted(coding, body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s", coding, len(body), body)
}

func inBrotli(text string) string {
	var b bytes.Buffer
	w := brotli.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	w.Close()
	return b.String()
}

func inZstd(text string) string {
	var b bytes.Buffer
	w, _ := zstd.NewWriter(&b) // fails for its options only
	_, _ = w.Write([]byte(text))
	w.Close()
	return b.String()
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	w.Close()
	return b.String()
}

// inChunks is text in the chunked transfer coding, in pieces of an odd size.
func inChunks(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		n := min(len(text), 777)
		fmt.Fprintf(&b, "%x;ext=\"1\"\r\n%s\r\n", n, text[:n])
		text = text[n:]
	}
	return b.String() + "0\r\n\r\n"
}

// TestEveryKindOfAnswerIsArchivedByteForByte: requests as the server had them, answers
// as it sent them, chunks, codings, odd headers and all.
func TestEveryKindOfAnswerIsArchivedByteForByte(t *testing.T) {
	page := "<title>A page</title>" + strings.Repeat("All work and no play. ", 500)
	large := strings.Repeat("0123456789abcdef", 1<<20/16)
	wires := map[string]string{
		"/counted":      fmt.Sprintf("HTTP/1.1 200 OK\r\ncontent-LENGTH:%d\r\nx-Odd:  a  value \r\n\r\n%s", len(page), page),
		"/chunked":      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + inChunks("chunked "+page),
		"/trailer":      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.TrimSuffix(inChunks("trailer "+page), "\r\n") + "X-Trailer: yes\r\n\r\n",
		"/again":        "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n" + inChunks("chunked "+page),
		"/coded":        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzipped("coded "+page),
		"/brotli":       "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n" + inBrotli("brotli "+page),
		"/brotli/chunk": "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nTransfer-Encoding: chunked\r\n\r\n" + inChunks(inBrotli("brotli in chunks "+page)),
		"/zstd":         counted("zstd", inZstd("zstd "+page)),
		"/zstd/chunks":  "HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nTransfer-Encoding: chunked\r\n\r\n" + inChunks(inZstd("zstd in chunks "+page)),
		"/tail":         counted("gzip", gzipped("tail "+page)+string(make([]byte, 200_000))),
		"/false/gzip":   counted("gzip", "false "+large),
		"/false/br":     counted("br", "false br "+large),
		"/false/zstd":   counted("zstd", "false zstd "+large),
		"/unknown":      counted("utf-8", "unknown "+large),
		"/unknown/cut":  strings.TrimSuffix(counted("binary", "unknown and cut "+page), page),
		"/unknown/long": counted("aws-chunked", strings.Repeat("long", 2<<20)),
		"/bad/chunks":   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbad c\r\nnonsense\r\n",
		"/coded/chunks": "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + inChunks(gzipped("in chunks "+page)),
		"/old":          "HTTP/1.0 200 OK\r\n\r\nold " + page,
		"/empty":        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
		"/none":         "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
		"/moved":        "HTTP/1.1 301 Moved Permanently\r\nLocation: /counted\r\nContent-Length: 5\r\n\r\nmoved",
		"/hints":        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhints",
		"/large":        fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(large), large),
		"/broken":       "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nbroken",
		"/bytes":        "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 6\r\n\r\n\x00\xff\r\n\r\n",
	}
	s := serveWires(t, wires, map[string]string{"/hints": "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"})
	wires["/robots.txt"] = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
	var urls strings.Builder
	for path := range wires {
		fmt.Fprintf(&urls, "http://me:secret@%s%s\n", s.addr, path)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "list"), []byte(urls.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("crawl", "-urls", "list", "-o", "out", "-warc", "site.warc.gz", "-c", "1", "-retries", "0", "-max-body", "4MiB", "-H", "X-Mine: yes")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != 1 { // for /again, /broken and such
		t.Fatalf("%v: %s", err, out)
	}
	records, err := readArchive([]string{filepath.Join(dir, "site.warc.gz")})
	if err != nil {
		t.Fatal(err)
	}
	s.check(t, records)
}

// check compares an archive with what went over the wire.
func (s *wireServer) check(t *testing.T, records []warctest.Record) {
	t.Helper()
	seen := map[string]bool{}
	for _, r := range records {
		path := strings.TrimPrefix(r.Fields["WARC-Target-URI"], "http://"+s.addr)
		want := s.wires[path]
		switch r.Type {
		case "request":
			if want = s.asked[path]; !strings.Contains(want, "Basic bWU6c2VjcmV0") {
				t.Errorf("%s was asked for without its password: %q", path, want)
			}
			want = strings.ReplaceAll(want, "Basic bWU6c2VjcmV0", "***")
		case "revisit":
			want = want[:strings.Index(want, "\r\n\r\n")+4]
		case "warcinfo":
			continue
		default:
			seen[path] = true
			why := map[string]string{"/broken": "disconnect", "/unknown/cut": "disconnect", "/unknown/long": "length", "/bad/chunks": "unspecified"}[path]
			if r.Fields["WARC-Truncated"] != why {
				t.Errorf("%s is cut because of %q", path, r.Fields["WARC-Truncated"])
			}
			if why == "length" {
				head, _, _ := strings.Cut(want, "\r\n\r\n")
				want = want[:len(head)+4+4<<20+1] // and one byte to see that there is more
			}
		}
		if r.Block != want {
			t.Errorf("%s of %s is not what went over the wire:\n%.300q\n%.300q", r.Type, path, r.Block, want)
		}
		if r.Fields["WARC-IP-Address"] != "127.0.0.1" {
			t.Errorf("%s of %s: address %q", r.Type, path, r.Fields["WARC-IP-Address"])
		}
		if r.Type == "revisit" {
			seen[path] = true
		}
	}
	for path := range s.wires {
		if !seen[path] {
			t.Errorf("%s is not archived", path)
		}
	}
}

// TestKilledAnywhereArchivesAreWhole: each run writes a file of its own; what a killed
// one left incomplete is cut off by the next; and what has a record is archived.
func TestKilledAnywhereArchivesAreWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	k := newKilled(t)
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	rnd := rand.New(rand.NewPCG(seed, 1))
	args := strings.Fields("-q -urls list -state state -robots=false -retries 0 -o out -warc site.warc.gz -warc-size 20k -c 8")
	for range kills {
		if k.run(t, args, rnd) != -1 {
			t.Fatal("a run ended before it was killed: the list is too short")
		}
	}
	for range 2 { // the second has nothing left to do, and leaves no file
		if code := k.run(t, args, nil); code != 1 {
			t.Fatalf("in the end the code is %d, want 1", code)
		}
	}
	files, err := filepath.Glob(filepath.Join(k.dir, "site-*.warc.gz"))
	if err != nil || len(files) < 5 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	records, err := readArchive(files)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, r := range records {
		there[r.Fields["WARC-Target-URI"]] = true
	}
	for _, index := range indexes(t, k, filepath.Join(k.dir, "out")) {
		if url := k.lines[index]; strings.HasPrefix(url, "http") && !strings.Contains(url, "/broken/") && !there[url] {
			t.Errorf("%s has a record and is not archived", url)
		}
	}
	if _, err := os.Stat(filepath.Join(k.dir, "state", "warc")); err == nil {
		t.Error("the state still names an archive that is written")
	}
}
