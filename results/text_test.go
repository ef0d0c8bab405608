package results

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

func textOf(t testing.TB, color bool, list ...*Record) string {
	t.Helper()
	var all []byte
	for _, r := range list {
		var err error
		if all, err = (Text{Color: color}).Append(all, r); err != nil {
			t.Fatal(err)
		}
	}
	return string(all)
}

// textSamples are the samples and the widest of what stands in columns.
func textSamples() []*Record {
	return append(samples(),
		&Record{URL: "https://example.com/wide", Status: 302, Size: 1023 << 10, Time: Timing{Total: 999 * time.Millisecond}, Error: Failure{Kind: "redirect_scheme", Message: "redirect to ftp: is not followed", Phase: "redirect"}},
		&Record{URL: "https://example.com/not-followed", Status: 301, OK: true, Time: Timing{Total: 30 * time.Microsecond}},
		&Record{URL: "https://example.com/moved", FinalURL: "https://www.example.com/", Status: 200, OK: true, Title: strings.Repeat("long ", 40)},
		&Record{URL: "https://example.com/" + strings.Repeat("path/", 60), Status: 503, Error: Failure{Kind: "http", Message: "503 Service Unavailable"}},
		&Record{URL: "https://example.com/late", Error: Failure{Kind: "deadline", Message: "the run's deadline came"}},
	)
}

func TestTheTextFormatLooksAsItDidBefore(t *testing.T) {
	golden(t, "records.txt", []byte(textOf(t, false, textSamples()...)))
	golden(t, "records-color.txt", []byte(textOf(t, true, textSamples()...)))
}

func TestTheOutcomeIsOneWord(t *testing.T) {
	for want, r := range map[string]Record{
		"200":       {Status: 200, OK: true},
		"404":       {Status: 404, Error: Failure{Kind: "http"}},
		"http":      {Error: Failure{Kind: "http"}},
		"truncated": {Status: 200, Error: Failure{Kind: "truncated"}},
		"duplicate": {Duplicate: true, OK: true},
		"ok":        {OK: true},
		"failed":    {},
	} {
		if got := string(appendOutcomeWord(nil, &r)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAMessageIsWholeButForTheStatusBeforeIt(t *testing.T) {
	for message, want := range map[string]string{
		"404 Not Found":      "  Not Found\n",
		"404":                "  404\n",
		"the page is gone":   "  the page is gone\n",
		"4040 is no status":  "  4040 is no status\n",
		"gone, 404 Not Here": "  gone, 404 Not Here\n",
	} {
		line := textOf(t, false, &Record{URL: "u", Status: 404, Error: Failure{Kind: "http", Message: message}})
		if !strings.HasSuffix(line, "  u"+want) {
			t.Errorf("%q becomes %q", message, line)
		}
	}
}

func TestEveryURLStandsInTheSameColumnAndWhole(t *testing.T) {
	for _, r := range textSamples() {
		line := textOf(t, false, r)
		column := 15 + 2 + 8 + 2 + 7 + 2
		if r.Change != "" {
			column += 9 + 2
		}
		if !strings.HasPrefix(line[column:], "https://") && !strings.HasPrefix(line[column:], "mailto:") {
			t.Errorf("the URL does not stand in column %d of %q", column, line)
		}
		if strings.Contains(r.URL, "path/") && !strings.Contains(line, r.URL) {
			t.Errorf("the URL is cut in %q", line)
		}
		if strings.Count(line, "\n") != 1 {
			t.Errorf("%q is not one line", line)
		}
	}
}

func TestNothingFromTheNetworkReachesTheTerminalAsACommand(t *testing.T) {
	var all strings.Builder
	for c := rune(0); c < 0x100; c++ {
		all.WriteRune(c)
	}
	all.WriteString("\xff\xc3\u2028\u2029\u202a\u202e\u2066\u2069 é日本\u200d🎉")
	bad := all.String()
	r := &Record{URL: bad, FinalURL: bad, Title: bad[250:], Error: Failure{}, Status: 200}
	failed := &Record{URL: bad, Error: Failure{Kind: bad, Message: bad, Phase: bad}}
	text := textOf(t, false, r, failed)
	if !utf8.ValidString(text) {
		t.Error("not UTF-8")
	}
	for _, c := range text {
		if c != '\n' && (unicode.IsControl(c) || unicode.Is(unicode.Zl, c) || unicode.Is(unicode.Zp, c) || unicode.Is(unicode.Bidi_Control, c)) {
			t.Errorf("%U is written as it is", c)
		}
	}
	for _, want := range []string{`\x1b`, `\n`, `\x7f`, `\x9b`, `\u202e`, "é日本\u200d🎉"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %q", want, text)
		}
	}
}

// TestNobodyIsFooledByWhatIsNotSeen: on a terminal. What makes an emoji of several,
// and letters of Persian stand apart, stays.
func TestNobodyIsFooledByWhatIsNotSeen(t *testing.T) {
	for s, want := range map[string]string{
		"a\u200bb": `a\u200bb`, "\ufeffx": `\ufeffx`, "x\U000e0041\U000e007f": `x\U000e0041\U000e007f`, "a\u00adb": `a\u00adb`, "\u2060\u115f": `\u2060\u115f`,
		"\u200e\u200f\u061c": `\u200e\u200f\u061c`, "\u202e\u2066\u2028": `\u202e\u2066\u2028`, "\ufff9\u180e\u3164\u034f": `\ufff9\u180e\u3164\u034f`,
		"👩\u200d👩\u200d👧": "👩\u200d👩\u200d👧", "❤\ufe0f\u200d🔥": "❤\ufe0f\u200d🔥", "1\ufe0f\u20e3": "1\ufe0f\u20e3", "می\u200cخواهم": "می\u200cخواهم", "क्\u200dष": "क्\u200dष",
		"a\u200db": `a\u200db`, "\u200dx": `\u200dx`, "é\u200d\u200d": "é\u200d" + `\u200d`, "日 \u200c": `日 \u200c`, "x\ufe0f\ufe0f\U000e0101": "x\ufe0f" + `\ufe0f\U000e0101`, " \ufe0f": ` \ufe0f`,
		"葛\U000e0100": "葛\U000e0100", "\u06dd٣": "\u06dd٣", "日本 é 🎉": "日本 é 🎉", "\u00a0": "\u00a0",
	} {
		if got := string(appendVisible(nil, s, 0)); got != want {
			t.Errorf("%+q is shown as %+q, want %+q", s, got, want)
		}
	}
}

func TestFault24TerminalEscapesAreNeutralisedOnATerminalAndEscapedInJSON(t *testing.T) {
	const attack = "\x1b]0;owned\a\x1b[2J\x1b[31mred\u009b31m\r\n\x7f\x00\b\u202e"
	r := &Record{URL: "https://example.com/" + attack, FinalURL: "https://example.com/x" + attack, Input: attack, Status: 200, OK: true,
		Title: attack, Description: attack, Lang: attack, Links: []string{attack}, Fields: []Field{{Name: attack, Value: attack}},
		ContentType: attack, Charset: attack, File: attack, Referrer: attack, Redirects: []Redirect{{URL: attack, Status: 301}}}
	failed := &Record{URL: attack, Error: Failure{Kind: "protocol", Message: attack, Phase: attack}}
	line, err := JSONL{}.Append(nil, r)
	must(t, err)
	text := textOf(t, false, r, failed)
	for _, out := range []string{text, string(line)} {
		for _, c := range strings.ReplaceAll(out, "\n", "") {
			if unicode.IsControl(c) {
				t.Errorf("%U is written as it is in %q", c, out)
			}
		}
	}
	if strings.Count(text, "\n") != 2 || strings.Count(string(line), "\n") != 1 {
		t.Errorf("not a line a record: %q, %q", text, line)
	}
	var back struct {
		Title       string
		ContentType string `json:"content_type"`
		Redirects   []Redirect
	}
	must(t, json.Unmarshal(line, &back))
	if back.Title != attack || back.ContentType != attack || back.Redirects[0].URL != attack {
		t.Errorf("the strings came back as %+v", back)
	}
}

func TestWithoutColorThereAreNoEscapes(t *testing.T) {
	if text := textOf(t, false, textSamples()...); strings.Contains(text, "\x1b") {
		t.Errorf("escapes in %q", text)
	}
	colored := textOf(t, true, textSamples()...)
	for _, code := range []string{red, green, yellow, cyan, dim, plain} {
		colored = strings.ReplaceAll(colored, code, "")
	}
	if colored != textOf(t, false, textSamples()...) {
		t.Error("colours change more than colours")
	}
}

func TestTextAllocatesNothing(t *testing.T) {
	var buf []byte
	for i, r := range textSamples() {
		buf = append(buf[:0], make([]byte, 4096)...)
		if n := testing.AllocsPerRun(50, func() { buf, _ = Text{Color: true}.Append(buf[:0], r) }); n != 0 {
			t.Errorf("sample %d: %v allocations", i, n)
		}
	}
}

func TestSizesAreReadable(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 1: "1 B", 1023: "1023 B", 1024: "1.0 KiB", 1229: "1.2 KiB", 10188: "9.9 KiB", 10189: "10 KiB",
		65536: "64 KiB", 1023 << 10: "1023 KiB", 1<<20 - 1: "1.0 MiB", 1 << 30: "1.0 GiB", 1<<63 - 1: "8.0 EiB",
	} {
		if got := string(appendBytes(nil, n)); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestTimesAreReadable(t *testing.T) {
	const ms, s = time.Millisecond, time.Second
	for d, want := range map[time.Duration]string{
		1: "<1 ms", ms - 1: "<1 ms", ms: "1 ms", 15*ms + 400_000: "15 ms", s - 1: "1.00 s", 999 * ms: "999 ms", s: "1.00 s", 1234 * ms: "1.23 s",
		9994 * ms: "9.99 s", 9995 * ms: "10.0 s", 30 * s: "30.0 s", 59_949 * ms: "59.9 s", 59_950 * ms: "1m00s", 75 * s: "1m15s",
		3599 * s: "59m59s", 3600*s - ms: "1h00m", 7384 * s: "2h03m", 999 * 3600 * s: "999h00m",
	} {
		if got := string(appendDuration(nil, d)); got != want {
			t.Errorf("%d: %q, want %q", d, got, want)
		}
	}
}

func TestCountsAreReadable(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 12345: "12,345", 123456: "123,456", 1<<63 - 1: "9,223,372,036,854,775,807", -1: "-1"} {
		if got := string(appendCount(nil, n)); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0.0/s", 1: "0.1/s", 99: "9.9/s", 100: "10/s", 12345: "1,235/s"} {
		if got := string(appendRate(nil, n, 10*time.Second)); got != want {
			t.Errorf("%d in 10 s: %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0.0/s", 1: "1.0/h", 5: "5.0/h", 6: "0.1/min", 357: "6.0/min", 360: "0.1/s"} {
		if got := string(appendRate(nil, n, time.Hour)); got != want {
			t.Errorf("%d in an hour: %q, want %q", n, got, want)
		}
	}
}
