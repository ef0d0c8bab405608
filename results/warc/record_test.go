package warc

import (
	"regexp"
	"strings"
	"testing"

	"crawl/results/warc/warctest"
)

func TestAnExchangeIsAResponseAndItsRequestByteForByte(t *testing.T) {
	a, path := inTemp(t, Options{})
	s := said{
		uri: "http://a.example/x", request: "GET /x HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\n\r\n",
		header: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nx-odd:  value \r\n\r\n",
		wire:   "2;x\r\nhe\r\n3\r\nllo\r\n0\r\nT: x\r\n\r\n", payload: "hello",
	}
	mustPut(t, a, s)
	closed(t, a)
	records := read(t, path)
	if kinds(records) != "iAq" {
		t.Fatalf("records %s", kinds(records))
	}
	answer, request := records[1], records[2]
	if answer.Block != s.header+s.wire || request.Block != s.request || answer.Payload != "hello" {
		t.Errorf("%q, %q", answer.Block, request.Block)
	}
	for name, want := range map[string]string{
		"WARC-Target-URI": s.uri, "WARC-Date": "2026-11-25T12:00:00.123456Z", "WARC-IP-Address": "192.0.2.1",
	} {
		if answer.Fields[name] != want || request.Fields[name] != want {
			t.Errorf("%s: %q, %q, want %q", name, answer.Fields[name], request.Fields[name], want)
		}
	}
	if a, r := answer.Fields["Content-Type"], request.Fields["Content-Type"]; a != "application/http;msgtype=response" || r != "application/http;msgtype=request" {
		t.Errorf("types %s, %s", a, r)
	}
	for _, r := range records {
		if id := r.Fields["WARC-Record-ID"]; !regexp.MustCompile(`^<urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}>$`).MatchString(id) {
			t.Errorf("identifier %s", id)
		}
	}
	if _, is := answer.Fields["WARC-Truncated"]; is {
		t.Error("a whole answer says that it is truncated")
	}
}

func TestEachFileSaysWhoMadeItAndHow(t *testing.T) {
	a, path := inTemp(t, Options{Info: []Field{{"software", "crawl/1"}, {"crawl-settings", "-H 'A: b\r\nEvil: c'\x00"}}})
	mustPut(t, a, page("http://a.example/", "x"))
	closed(t, a)
	info := read(t, path)[0]
	want := "software: crawl/1\r\ncrawl-settings: -H 'A: b  Evil: c' \r\nformat: WARC File Format 1.1\r\n" +
		"conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
	if info.Block != want || info.Fields["WARC-Filename"] != "site.warc.gz" || info.Fields["Content-Type"] != "application/warc-fields" {
		t.Errorf("%v %q", info.Fields, info.Block)
	}
}

func TestAPayloadThatIsThereAlreadyIsARevisit(t *testing.T) {
	a, path := inTemp(t, Options{})
	other := page("http://a.example/b", "the same")
	other.header = "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n"
	other.wire = "8\r\nthe same\r\n0\r\n\r\n"
	mustPut(t, a, page("http://a.example/a", "the same"), other, page("http://a.example/c", "another"), page("http://a.example/a", "the same"))
	closed(t, a)
	records := read(t, path)
	if kinds(records) != "iAqvqAqvq" {
		t.Fatalf("records %s", kinds(records))
	}
	v := records[3]
	if v.Block != other.header || v.Fields["WARC-Refers-To-Target-URI"] != "http://a.example/a" || v.Fields["WARC-Target-URI"] != other.uri ||
		v.Fields["WARC-Profile"] != "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest" {
		t.Errorf("%v %q", v.Fields, v.Block)
	}
}

func TestWhatIsNotWholeOrHasNoPayloadIsNeitherARevisitNorAnOriginal(t *testing.T) {
	cut := page("http://a.example/cut", "the same")
	cut.truncated = Length
	empty := said{uri: "http://a.example/empty", header: "HTTP/1.1 204 No Content\r\n\r\n"}
	whole := page("http://a.example/a", "the same")
	a, path := inTemp(t, Options{})
	mustPut(t, a, cut, whole, cut, empty, empty, whole)
	closed(t, a)
	if got := kinds(read(t, path)); got != "iAqAqAqAqAqvq" {
		t.Errorf("records %s", got)
	}
}

func TestAnAnswerThatWasCutSaysWhy(t *testing.T) {
	for _, why := range []Reason{Length, Time, Disconnect, Unspecified} {
		a, path := inTemp(t, Options{})
		mustPut(t, a, said{uri: "http://a.example/", header: "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", wire: "hel", payload: "hel", truncated: why})
		closed(t, a)
		if r := read(t, path)[1]; r.Fields["WARC-Truncated"] != string(why) || r.Payload != "hel" {
			t.Errorf("%s: %v", why, r.Fields)
		}
	}
}

func TestWithoutAnAnswerThereIsNoRecord(t *testing.T) {
	a, path := inTemp(t, Options{})
	mustPut(t, a, said{uri: "http://a.example/"}, page("http://a.example/2", "x"))
	closed(t, a)
	if got := kinds(read(t, path)); got != "iAq" {
		t.Errorf("records %s", got)
	}
}

func TestOnlyTheLastAnswerOfACaptureCounts(t *testing.T) {
	a, path := inTemp(t, Options{})
	c := a.Capture()
	c.Answer([]byte("GET /1 HTTP/1.1\r\n\r\n"), []byte("HTTP/1.1 200 OK\r\n\r\n"))
	c.Wire([]byte("first"))
	c.Payload([]byte("first"))
	c.Answer([]byte("GET /2 HTTP/1.1\r\n\r\n"), []byte("HTTP/1.1 204 No\r\n\r\n"))
	if err := a.Write(c, Exchange{URI: "http://a.example/", Date: noon}); err != nil {
		t.Fatal(err)
	}
	c.Discard()
	mustPut(t, a, page("http://a.example/", "first")) // a capture that was used before
	closed(t, a)
	records := read(t, path)
	if kinds(records) != "iAqAq" || records[1].Block != "HTTP/1.1 204 No\r\n\r\n" || records[2].Block != "GET /2 HTTP/1.1\r\n\r\n" || records[3].Payload != "first" {
		t.Errorf("%s %q %q", kinds(records), records[1].Block, records[2].Block)
	}
	if _, has := records[1].Fields["WARC-IP-Address"]; has {
		t.Error("an address that nobody knows")
	}
}

func TestNoSecretOfARequestIsInTheArchive(t *testing.T) {
	a, path := inTemp(t, Options{})
	s := page("http://a.example/", "x")
	s.request = "GET /?Cookie: HTTP/1.1\r\nHost: a.example\r\nAuthorization: Basic c2VjcmV0\r\ncookie: id=secret; x=secret\r\nProxy-Authorization: secret\r\nX-Cookie: kept\r\nCookie: secret\r\n\r\n"
	mustPut(t, a, s)
	closed(t, a)
	want := "GET /?Cookie: HTTP/1.1\r\nHost: a.example\r\nAuthorization: ***\r\ncookie: ***\r\nProxy-Authorization: ***\r\nX-Cookie: kept\r\nCookie: ***\r\n\r\n"
	if got := read(t, path)[2].Block; got != want {
		t.Errorf("%q", got)
	}
}

// FuzzNoValueMakesALineOfItsOwn: whatever is said of an exchange, and whatever bytes
// it has, the file holds three records with the fields that they should have.
func FuzzNoValueMakesALineOfItsOwn(f *testing.F) {
	for _, s := range []string{"http://a.example/", "http://a.example/\r\nWARC-Type: resource", "\r\n\r\n", "<x>", "http://ä.example/ \x00\x7f", ""} {
		f.Add(s, "192.0.2.1", s, s)
	}
	f.Add("http://a.example/", "::1%eth0\r\nX: y", "", "x")
	f.Fuzz(func(t *testing.T, uri, ip, info, body string) {
		a, path := inTemp(t, Options{Info: []Field{{"info", info}, {info, "x"}}})
		c := a.Capture()
		c.Answer([]byte("GET / HTTP/1.1\r\n\r\n"), []byte("HTTP/1.1 200 OK\r\n\r\n"))
		c.Wire([]byte(body))
		c.Payload([]byte(body))
		if err := a.Write(c, Exchange{URI: uri, IP: ip, Date: noon}); err != nil {
			t.Fatal(err)
		}
		closed(t, a)
		records := read(t, path)
		if kinds(records) != "iAq" || records[1].Payload != body || strings.Count(records[0].Block, "\r\n") != 4 || strings.Count(records[0].Block, "\n") != 4 {
			t.Fatalf("%s %q", kinds(records), records[0].Block)
		}
		for _, r := range records[1:] {
			if got := r.Fields["WARC-Target-URI"]; strings.ContainsAny(got, " \t\r\n\x00\x7f") || (got == "") != (uri == "") {
				t.Fatalf("%q became %q", uri, got)
			}
			if n := len(r.Fields) - len(having(r, "WARC-Target-URI", "WARC-IP-Address", "WARC-Payload-Digest", "WARC-Concurrent-To")); n != 6 {
				t.Fatalf("%d fields beside those: %v", n, r.Fields)
			}
		}
	})
}

// having gives those of the names that a record has.
func having(r warctest.Record, names ...string) (has []string) {
	for _, n := range names {
		if _, ok := r.Fields[n]; ok {
			has = append(has, n)
		}
	}
	return has
}
