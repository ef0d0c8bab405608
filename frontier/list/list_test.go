package list

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"crawl/frontier"
	"crawl/frontier/frontiertest"
)

func TestFrontier(t *testing.T) {
	frontiertest.Run(t, func(t *testing.T, clock *frontiertest.Clock, urls ...string) frontier.Frontier {
		l := New(t.Context(), lines(strings.Join(urls, "\n")), Options{Now: clock.Now})
		t.Cleanup(l.Close)
		return l
	})
}

// lines is a regular file that holds text.
func lines(text string) []Source {
	return []Source{{Name: "list", R: strings.NewReader(text), Regular: true}}
}

// drain settles everything that the list hands out, and returns it by index.
func drain(t *testing.T, l *List) ([]frontier.Item, error) {
	t.Helper()
	var all []frontier.Item
	for {
		b, err := l.Claim(t.Context(), 100, 100, 0)
		if err != nil {
			return all, err
		}
		var outs []frontier.Outcome
		got := b.NoFetch
		for _, lease := range b.Leases {
			got = append(got, lease.Items...)
		}
		for _, it := range got {
			outs = append(outs, frontier.Outcome{Token: it.Token, ItemID: it.ID})
			for int64(len(all)) <= it.Index {
				all = append(all, frontier.Item{})
			}
			all[it.Index] = it
		}
		if err := l.Settle(t.Context(), outs); err != nil {
			t.Fatal(err)
		}
		for _, lease := range b.Leases {
			if err := l.Release(t.Context(), lease, 0); err != nil {
				t.Fatal(err)
			}
		}
		if b.Done {
			return all, nil
		}
		if len(got) == 0 {
			<-b.More
		}
	}
}

// TestInputTolerance: faults.md rows 26 to 29, cli.md §2.
func TestInputTolerance(t *testing.T) {
	text := "\xef\xbb\xbfhttp://a.example/\r\n" +
		"\n" +
		"# a comment\n" +
		"   b.example/path#part  \n" +
		"mailto:me@example.com\n" +
		"http://a.example\n" +
		"http://nul.example/\x00\n" +
		"http://user:secret@c.example/\n" +
		"http://long.example/" + strings.Repeat("x", 10<<20) + "\n" +
		`{"url":"http://d.example/","meta":{"id":7},"method":"head","headers":{"x-a":"b"},"timeout":"5s"}` + "\n" +
		`{"url":"http://d.example/","timeout":-1}` + "\n" +
		"{ no json\n" +
		"http://last.example/"
	l := New(t.Context(), lines(text), Options{})
	defer l.Close()
	all, err := drain(t, l)
	if err != nil {
		t.Fatal(err)
	}
	type entry struct {
		line    int64
		url     string
		invalid bool
		dup     int64
	}
	want := []entry{
		{1, "http://a.example/", false, 0},
		{4, "https://b.example/path", false, 0},
		{5, "", true, 0},
		{6, "http://a.example/", false, 0},
		{7, "", true, 0},
		{8, "http://c.example/", false, 0},
		{9, "", true, 0},
		{10, "http://d.example/", false, 0},
		{11, "", true, 0},
		{12, "", true, 0},
		{13, "http://last.example/", false, 0},
	}
	if len(all) != len(want) {
		t.Fatalf("%d entries, want %d", len(all), len(want))
	}
	for i, w := range want {
		it := all[i]
		if it.Line != w.line || it.Index != int64(i) || (it.Invalid != nil) != w.invalid || !w.invalid && it.URL.String() != w.url {
			t.Errorf("entry %d: line %d, url %s, invalid %v; want %+v", i, it.Line, it.URL, it.Invalid, w)
		}
	}
	if it := all[3]; it.Token != 0 || it.DuplicateOf != 0 || it.Invalid != nil {
		t.Errorf("the repeated line is %+v, want a note that it doubles 0", it)
	}
	if it := all[5]; strings.Contains(it.Input, "secret") || it.Input != "http://***@c.example/" {
		t.Errorf("credentials in the input as typed: %q", it.Input)
	}
	if n := len(all[6].Input); n > maxLine {
		t.Errorf("the long line's input has %d bytes", n)
	}
	if it := all[7]; it.Method != "HEAD" || it.Header.Get("X-A") != "b" || it.Timeout != 5*time.Second || string(it.Meta) != `{"id":7}` {
		t.Errorf("the object line came out as %+v", it)
	}
}

// TestBadObjects: a JSON line that is no request says why in plain words, keeps
// its text, and shows no credentials.
func TestBadObjects(t *testing.T) {
	for line, want := range map[string][2]string{
		`{"url":"http://me:pw@a.example/", broken`:                                             {`{"url":"http://***@a.example/", broken`, "line begins with { and is no valid JSON"},
		`{"url":["http://me:pw@a.example/"]}`:                                                  {`{"url":["http://***@a.example/"]}`, "url cannot be a JSON array"},
		`{"headers":{"Cookie" : "a=\"pw","X-A":"b"}}`:                                          {`{"headers":{"Cookie" : "***","X-A":"b"}}`, "JSON object without a url"},
		`{"url":7,"headers":{"authorization":"Bearer pw"}}`:                                    {`{"url":7,"headers":{"authorization":"***"}}`, "url cannot be a JSON number"},
		`{"headers":{"Authorization":"Bearer p`:                                                {`{"headers":{"Authorization":"***`, "line begins with { and is no valid JSON"},
		`{"meta":"x"}`:                                                                         {`{"meta":"x"}`, "JSON object without a url"},
		`{"url":"http://a.example/","headers":{"Authorization":["Bearer pw"]}}`:                {`{"url":"http://a.example/","headers":{"Authorization***`, "headers cannot be a JSON array"},
		`{"url":"http://a.example/","headers":[{"name":"Authorization","value":"Bearer pw"}]}`: {`{"url":"http://a.example/","headers":[{"name":"Authorization***`, "headers cannot be a JSON array"},
		`{"url":"http://a.example/","headers":{"Cookie":{"a":"pw"}}}`:                          {`{"url":"http://a.example/","headers":{"Cookie***`, "headers cannot be a JSON object"},
		`{'url':'http://a.example/','headers':{'Authorization':'Basic pw'}}`:                   {`{'url':'http://a.example/','headers':{'Authorization***`, "line begins with { and is no valid JSON"},
		`{"url":"http://a.example/","headers":{"Authorizat\u0069on":"Basic pw"}} x`:            {`{"url":"http://a.example/","headers":{"Authorizat***`, "line begins with { and is no valid JSON"},
		`{"url":"http://a.example/","headers":{"Authorization":["a","b"],"Cookie":"pw"}}`:      {`{"url":"http://a.example/","headers":{"Authorization***`, "headers cannot be a JSON array"},
		`{"headers":{"Cookie":"pw","proxy-authorization":"pw2","X":"y"}}`:                      {`{"headers":{"Cookie":"***","proxy-authorization":"***","X":"y"}}`, "JSON object without a url"},
		`{"url":7,"meta":"\u0061bc"}`:                                                          {`{"url":7,"meta":"\u0061bc"}`, "url cannot be a JSON number"},
		`{"url":"http://a.example/","method":7}`:                                               {`{"url":"http://a.example/","method":7}`, "method cannot be a JSON number"},
		`{"url":"http://a.example/","timeout":"x"}`:                                            {"http://a.example/", `timeout "x" is no time above zero`},
		`{"url":"http://a.example/","headers":{"a b":"c"}}`:                                    {"http://a.example/", `header "a b" cannot be sent: its name is invalid`},
		`{"url":"http://a.example/","headers":{"a":"b\r\nc"}}`:                                 {"http://a.example/", `header "a" cannot be sent: its value holds a control character`},
		`{"url":"http://a.example/","headers":{"Host":"a b"}}`:                                 {"http://a.example/", `header "Host" cannot be sent: its value is no host`},
		`{"url":"http://a.example/","headers":{"te":"x"}}`:                                     {"http://a.example/", `header "te" cannot be sent: it belongs to the connection`},
		`{"url":"http://a.example/","headers":{"a":"1","A":"2"}}`:                              {"http://a.example/", `header "A" is given twice`},
		`{"url":"http://a.example/","method":"GET / HTTP/1"}`:                                  {"http://a.example/", `method "GET / HTTP/1" cannot be sent`},
	} {
		it := parseLine([]byte(line), false)
		if it.Input != want[0] || it.Invalid == nil || it.Invalid.Error() != want[1] {
			t.Errorf("%s: input %q, %v; want %q, %q", line, it.Input, it.Invalid, want[0], want[1])
		}
	}
}

// TestLongLineIsCutAtARune: what is shown of a line is as long as it may be.
func TestLongLineIsCutAtARune(t *testing.T) {
	it := parseLine([]byte(strings.Repeat("你", 30_000)), true)
	if n := len(it.Input); n != maxLine/3*3 {
		t.Errorf("%d bytes are shown, want %d", n, maxLine/3*3)
	}
}

// TestNestedCredentials: a secret in a fragment or a query is one too.
func TestNestedCredentials(t *testing.T) {
	for _, at := range []string{"@", "pw@pw@", "%40", "\uff20", "%ef%BC%A0", "\ufe6b", "%EF%b9%aB"} {
		it := parseLine([]byte("http://a.example/?to=http://me:pw"+at+"b.example/#//me:pw"+at+"c"), false)
		if it.Input != "http://a.example/?to=http://***@b.example/#//***@c" {
			t.Errorf("%s: input shows %q", at, it.Input)
		}
	}
}

// TestALineThatIsNoURLShowsNoPassword: nothing says where its userinfo stands, so that
// whatever looks like one is hidden. An address is none.
func TestALineThatIsNoURLShowsNoPassword(t *testing.T) {
	for line, want := range map[string]string{
		"mailto:me:pw@h":                       "mailto:***@h",
		"MAILTO:me%3Apw%40h":                   "MAILTO:***@h",
		"tel:me:pw@h":                          "***@h",
		"some words me:pw@h":                   "***@h",
		"a b/c me:pw@h/x":                      "a b/c ***@h/x",
		"http://a b/?x=me:pw@h&y=me%3apw%40h":  "http://a b/?x=***@h&y=***@h",
		"a b/c me:pw\uff20h":                   "a b/c ***@h",
		`{"url":"mailto:me:pw@h"}`:             "mailto:***@h",
		`{"url":"a b/me:pw@h","timeout":"1s"}`: "a b/***@h",
		`{"\/":"me:pw@h"}`:                     `{"\/":"***@h"}`,
		`{"\/":"me:pw@h", broken`:              `{"\/":"***@h", broken`,
		"mailto:joe@example.com":               "mailto:joe@example.com",
		"a b/ mailto:joe@example.com":          "a b/ mailto:joe@example.com",
		"ftp://a/b@c":                          "ftp://a/b@c",
	} {
		if it := parseLine([]byte(line), false); it.Input != want || it.Invalid == nil {
			t.Errorf("%s: %q, want %q (%v)", line, it.Input, want, it.Invalid)
		}
	}
	// Of a URL the path is shown as it is, as it is asked for.
	if it := parseLine([]byte("http://a.example/me:x@y"), false); it.Input != "http://a.example/me:x@y" || it.Invalid != nil {
		t.Error(it.Input, it.Invalid)
	}
}

// TestNoSecretIsPassedOver: the short way past the search finds nothing that the
// search would.
func TestNoSecretIsPassedOver(t *testing.T) {
	pieces := []string{"http:", "//", "/", "?", "#", "a", "E", "0", "4", "%", "%4", "%40", "%E", "%ef", "%EF%bc%A0", "%ef%B9%ab", "@", "\uff20", "\ufe6b", "é", "\xef", " "}
	rnd := rand.New(rand.NewPCG(7, 8))
	for range 200_000 {
		var b strings.Builder
		for range 2 + rnd.IntN(7) {
			b.WriteString(pieces[rnd.IntN(len(pieces))])
		}
		if s := b.String(); !mayNest(s) && nested.MatchString(s) {
			t.Fatalf("%q holds a secret that is not looked for", s)
		}
	}
}

// TestSameURLOtherRequest: a request is method, URL with userinfo and headers.
func TestSameURLOtherRequest(t *testing.T) {
	text := `http://a.example/
{"url":"http://a.example/"}
{"url":"http://a.example/","method":"HEAD"}
{"url":"http://a.example/","headers":{"X-Key":"1"}}
{"url":"http://a.example/","headers":{"X-Key":"2"}}
{"url":"http://a.example/","method":"GET","headers":{"x-key":"1"}}
http://me:pw@a.example/
HTTP://A.example:80/./#top`
	l := New(t.Context(), lines(text), Options{})
	defer l.Close()
	all, err := drain(t, l)
	if err != nil {
		t.Fatal(err)
	}
	dups := ""
	for _, it := range all {
		if it.Token == 0 {
			dups += fmt.Sprintf("%d=%d ", it.Index, it.DuplicateOf)
		}
	}
	if dups != "1=0 5=3 7=0 " {
		t.Errorf("duplicates: %s", dups)
	}
}

// TestClaimDoesNotBlock: a pipe that nobody writes to must not hang the run.
// What waits behind the lines that were handed out is counted, in all and by
// host.
func TestBehindIsWhatWaitsForAHost(t *testing.T) {
	l := New(t.Context(), lines("http://a/1\nhttp://b/1\nhttp://a/2\nhttp://a/3\n"), Options{})
	defer l.Close()
	waitRead(t, l, 4)
	if _, err := l.Claim(t.Context(), 1, 1, 0); err != nil {
		t.Fatal(err)
	}
	if l.Waiting() != 3 {
		t.Errorf("%d lines wait", l.Waiting())
	}
	for host, want := range map[string]int{"a:80": 2, "b:80": 1, "nobody:80": 0} {
		if got := l.Behind(host); got != want {
			t.Errorf("%d lines wait for %s, want %d", got, host, want)
		}
	}
}

func TestClaimDoesNotBlock(t *testing.T) {
	r, w := io.Pipe()
	l := New(t.Context(), []Source{{Name: "-", R: r}}, Options{})
	defer l.Close()
	b, err := l.Claim(t.Context(), 1, 1, 0)
	if err != nil || b.Done || len(b.Leases) > 0 || b.Wait != 0 {
		t.Fatalf("on an open empty pipe: %+v, %v", b, err)
	}
	fmt.Fprintln(w, "http://a.example/")
	<-b.More
	if b, _ = l.Claim(t.Context(), 1, 1, 0); len(b.Leases) != 1 {
		t.Errorf("a line came, and %d leases", len(b.Leases))
	}
	w.Close()
}

// TestWindow: memory does not grow with the list, and busy hosts are passed.
func TestWindow(t *testing.T) {
	var text strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&text, "http://busy.example/%d\n", i)
	}
	text.WriteString("http://other.example/\n")
	l := New(t.Context(), lines(text.String()), Options{Window: 100})
	defer l.Close()
	f := frontiertestClaim(t, l, 100)
	if st, _ := l.Stats(t.Context()); st.Read != 100 {
		t.Errorf("%d lines were read ahead of what was settled, want 100", st.Read)
	}
	for _, it := range f.Items {
		if err := l.Settle(t.Context(), []frontier.Outcome{{Token: it.Token, ItemID: it.ID}}); err != nil {
			t.Fatal(err)
		}
	}
	waitRead(t, l, 200)
}

func frontiertestClaim(t *testing.T, l *List, read int64) frontier.Lease {
	t.Helper()
	waitRead(t, l, read)
	b, err := l.Claim(t.Context(), 1, int(read), 0)
	if err != nil || len(b.Leases) != 1 {
		t.Fatalf("claim: %v, %v", b, err)
	}
	return b.Leases[0]
}

// waitRead waits until the reader has taken n lines.
func waitRead(t *testing.T, l *List, n int64) {
	t.Helper()
	for {
		b, err := l.Claim(t.Context(), 0, 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		st, _ := l.Stats(t.Context())
		if st.Read >= n {
			return
		}
		<-b.More
	}
}

// TestReadError: what was read is still handed out; then the error comes.
func TestReadError(t *testing.T) {
	broken := errors.New("disk on fire")
	r := io.MultiReader(strings.NewReader("http://a.example/\n"), iotest.ErrReader(broken))
	l := New(t.Context(), []Source{{Name: "list.txt", R: r, Regular: true}}, Options{})
	defer l.Close()
	all, err := drain(t, l)
	if len(all) != 1 || !errors.Is(err, broken) || !strings.Contains(err.Error(), "list.txt") {
		t.Errorf("%d entries, then %v", len(all), err)
	}
}

// TestInterrupt: after an interrupt a pipe is not read on, a file is.
func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	defer w.Close()
	l := New(ctx, []Source{{Name: "-", R: r}}, Options{})
	cancel()
	if all, err := drain(t, l); len(all) != 0 || err != nil {
		t.Errorf("from the pipe: %d entries, %v", len(all), err)
	}
	l.Close()

	l = New(ctx, lines("http://a.example/\nhttp://b.example/\n"), Options{})
	defer l.Close()
	if all, err := drain(t, l); len(all) != 2 || err != nil {
		t.Errorf("from the file: %d entries, %v", len(all), err)
	}
}

// TestInterruptVoidsWaits: an item that waits for its time is given out after an
// interrupt, to get its record.
func TestInterruptVoidsWaits(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	l := New(ctx, lines("http://a.example/1\nhttp://b.example/1\n"), Options{})
	defer l.Close()
	waitRead(t, l, 2)
	b, _ := l.Claim(t.Context(), 2, 1, 0)
	it := b.Leases[0].Items[0]
	it.NotBefore = time.Now().Add(time.Hour)
	if err := l.Settle(t.Context(), []frontier.Outcome{{Token: it.Token, ItemID: it.ID, Again: &it}}); err != nil {
		t.Fatal(err)
	}
	for _, lease := range b.Leases {
		if err := l.Release(t.Context(), lease, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	b, _ = l.Claim(t.Context(), 2, 1, 0)
	if len(b.Leases) != 0 {
		t.Fatalf("%d leases before their time", len(b.Leases))
	}
	cancel()
	for len(b.Leases) == 0 { // More may also tell of the end of the list, which is no news here
		<-b.More
		b, _ = l.Claim(t.Context(), 2, 1, 0)
	}
	if len(b.Leases) != 2 {
		t.Errorf("%d leases after the interrupt, want both", len(b.Leases))
	}
}

// TestSkimOfAPipe: nobody waits for what a pipe may still bring.
func TestSkimOfAPipe(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	defer w.Close()
	l := New(ctx, []Source{{Name: "-", R: r}}, Options{})
	defer l.Close()
	cancel()
	if all, err := drain(t, l); len(all) != 0 || err != nil {
		t.Fatal(all, err)
	}
	if n, whole := l.Skim(t.Context()); n != 0 || whole {
		t.Errorf("skimmed %d (whole %v) from an open pipe", n, whole)
	}
}

// TestSkim: lines that nobody has time for are counted.
func TestSkim(t *testing.T) {
	text := strings.Repeat("http://a.example/\n\n# no entry\n", 500)
	l := New(t.Context(), lines(text), Options{Window: 100})
	defer l.Close()
	waitRead(t, l, 100)
	if n, whole := l.Skim(t.Context()); n != 400 || !whole {
		t.Errorf("skimmed %d (whole %v), want 400", n, whole)
	}
}

// TestPositional: entries of a command line have no line numbers.
func TestPositional(t *testing.T) {
	l := New(t.Context(), []Source{{R: strings.NewReader("a.example"), NoLines: true}}, Options{})
	defer l.Close()
	all, err := drain(t, l)
	if err != nil || len(all) != 1 || all[0].Line != 0 || all[0].URL.String() != "https://a.example/" {
		t.Errorf("%+v, %v", all, err)
	}
}

// TestALineIsNotHeldUpByTheNext: of what came through a pipe, each whole line is
// there at once, whatever is written of the one behind it.
func TestALineIsNotHeldUpByTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		l := New(t.Context(), []Source{{Name: "-", R: r}}, Options{})
		defer l.Close()
		defer r.Close() // or the reader stays in it
		if _, err := io.WriteString(w, "http://a.example/1\nhttp://a.example/2\nhttp://a.exam"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		st, _ := l.Stats(t.Context())
		if st.Read != 2 {
			t.Errorf("%d lines are there, want 2", st.Read)
		}
	})
}
