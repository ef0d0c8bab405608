package report_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"crawl/results"
	"crawl/results/report"
)

var made = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// attack is what a stranger may write where a page shows it.
const attack = `</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">"'--><!--{{.}}` + "\u202e\u2028\x00"

// site are records of all sorts, n of each.
func site(n int) []*results.Record {
	start := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	var list []*results.Record
	add := func(r results.Record) {
		r.Index, r.HasIndex = int64(len(list)), true
		list = append(list, &r)
	}
	for i := range n {
		at := start.Add(time.Duration(i) * 10 * time.Millisecond)
		total := time.Duration(i%50+1) * time.Millisecond
		add(results.Record{
			URL: fmt.Sprintf("https://a.example/page/%d", i), Status: 200, OK: true, Title: fmt.Sprintf("Page %d", i),
			ContentType: "text/html; charset=utf-8", Charset: "utf-8", Protocol: "HTTP/2.0", Size: int64(1000 + i), WireSize: 500,
			Attempts: 1, StartedAt: at, Time: results.Timing{TTFB: total / 2, Total: total},
		})
		add(results.Record{
			URL: fmt.Sprintf("https://b.example:8443/gone/%d", i), Status: 404, ContentType: "text/plain", Protocol: "HTTP/1.1", Size: 9,
			Error: results.Failure{Kind: "http", Message: "404 Not Found", Phase: "headers"}, Attempts: 2,
			StartedAt: at, Time: results.Timing{Queue: total, TTFB: 2 * total, Total: 3 * total},
		})
		add(results.Record{
			URL: fmt.Sprintf("http://a.example/old/%d", i), FinalURL: "https://a.example/new", Status: 200, OK: true, Title: "New",
			Redirects: []results.Redirect{{URL: fmt.Sprintf("http://a.example/old/%d", i), Status: 301}}, Attempts: 1,
			StartedAt: at, Time: results.Timing{DNS: time.Millisecond, Total: total},
		})
		add(results.Record{URL: fmt.Sprintf("https://none.example/%d", i), Error: results.Failure{Kind: "dns", Message: "no such host", Phase: "dns"}, Attempts: 1, StartedAt: at, Time: results.Timing{Total: total}})
		add(results.Record{URL: fmt.Sprintf("https://a.example/page/%d", i), Duplicate: true, DuplicateOf: int64(5 * i)})
	}
	return list
}

// hostile are records in which every text is an attack.
func hostile() []*results.Record {
	return []*results.Record{
		{
			URL: "https://evil.example/" + attack, FinalURL: "javascript:window.hacked=1//" + attack, Status: 200, OK: true, Title: attack,
			ContentType: attack, Charset: attack, Protocol: attack, Change: attack, Size: 1 << 40, Time: results.Timing{Total: time.Hour},
			Redirects: []results.Redirect{{URL: "javascript:window.hacked=1//" + attack, Status: 301}, {URL: "javascript:window.hacked=1//" + attack, Status: 302}},
		},
		{URL: "javascript:window.hacked=1//" + attack, Error: results.Failure{Kind: attack, Message: attack, Phase: attack}},
		{URL: "https://" + attack, Error: results.Failure{Kind: "ok", Message: attack, Phase: "dns"}},
	}
}

// written is the page of records, as the JSON output has them.
func written(t *testing.T, o report.Options, name string, list []*results.Record) (page []byte, r *report.Report) {
	t.Helper()
	var lines []byte
	for _, rec := range list {
		lines = append(results.AppendJSON(lines, rec), '\n')
	}
	r = report.New(o)
	skipped, err := r.Read(t.Context(), name, bytes.NewReader(lines))
	if err != nil || skipped.Lines != 0 {
		t.Fatalf("%v, %v", skipped, err)
	}
	var b bytes.Buffer
	if err := r.WriteHTML(&b, made); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), r
}

// saved is the page as a file.
func saved(t *testing.T, page []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, page, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// Steps in the page, each of which waits for what it changes.
const steps = `
const $ = (s) => document.querySelector(s), shown = () => $("#shown").textContent;
const until = async (ok) => { while (!ok()) await new Promise((r) => setTimeout(r, 10)); };
const set = async (id, value) => {
  const before = shown();
  $(id).value = value;
  $("#filter").dispatchEvent(new Event("input", {bubbles: true}));
  await until(() => shown() !== before);
  return shown();
};
const column = (n) => [...document.querySelectorAll("#rows tr")].slice(0, 3).map((tr) => tr.cells[n].textContent).join("|");
const sortBy = (name) => { $("#table button[data-sort=" + name + "]").click(); return column({index: 0, url: 3, time: 7, size: 6}[name]); };
`

func TestThePageWorksInABrowser(t *testing.T) {
	page, _ := written(t, report.Options{}, "out.jsonl", site(300))
	b := chromium(t)
	b.open(saved(t, page))
	b.want("document.title", "Crawl report: out.jsonl")
	b.want(`document.querySelector(".verdict").textContent`, "600 of 1,200 failed (50.0 %). 300 duplicates besides.")
	b.want(`getComputedStyle(document.querySelector(".tiles")).display`, "grid") // the style is let in
	b.want(`document.querySelector("#browser").hidden`, false)
	b.eval(steps)

	b.want("shown()", "1–100 of 1,500 records")
	b.want("column(3)", "https://a.example/page/0|https://b.example:8443/gone/0|http://a.example/old/0 → https://a.example/new")
	b.want(`set("#f-text", "GONE/17 not")`, "1–11 of 11 records (1,500 in all)")
	b.want(`set("#f-text", "gone/299")`, "1–1 of 1 record (1,500 in all)")
	b.want(`set("#f-text", "nothing like it")`, "No record is like that.")
	b.want(`set("#f-text", "")`, "1–100 of 1,500 records")
	b.want(`set("#f-host", "B.example:8443")`, "1–100 of 300 records (1,500 in all)")
	b.want(`set("#f-host", "")`, "1–100 of 1,500 records")
	b.want(`set("#f-status", "4")`, "1–100 of 300 records (1,500 in all)")
	b.want(`set("#f-status", "200")`, "1–100 of 600 records (1,500 in all)")
	b.want(`set("#f-status", "")`, "1–100 of 1,500 records")
	b.want(`set("#f-verdict", "failed")`, "1–100 of 600 records (1,500 in all)")
	b.want(`[...$("#f-verdict").options].map((o) => o.textContent).join()`, "any,ok,failed,duplicate,without a kind,http,dns")
	b.want(`set("#f-verdict", "")`, "1–100 of 1,500 records")

	b.want(`sortBy("time")`, "150 ms|150 ms|150 ms")
	b.want(`$("#table th[aria-sort]").textContent + $("#table th[aria-sort]").getAttribute("aria-sort")`, "Timedescending")
	b.want(`sortBy("size")`, "1.3 KiB|1.3 KiB|1.3 KiB")
	b.want(`sortBy("url")`, "http://a.example/old/0 → https://a.example/new|http://a.example/old/1 → https://a.example/new|http://a.example/old/10 → https://a.example/new")
	b.want(`sortBy("index")`, "0|1|2")
	b.want(`sortBy("index")`, "1499|1498|1497")

	b.want(`$("button[data-go=last]").click(), shown()`, "1,401–1,500 of 1,500 records")
	b.want(`$("button[data-go=next]").disabled`, true)
	b.want(`$("button[data-go=back]").click(), $("#where").textContent`, "Page 14 of 15")
	b.want(`$("button[type=reset]").click(), until(() => $("#where").textContent === "Page 1 of 15").then(shown)`, "1–100 of 1,500 records")

	b.want(`$("a.pick[data-verdict=dns]").click(), shown()`, "1–100 of 300 records (1,500 in all)")
	b.want(`$("#f-verdict").selectedOptions[0].textContent`, "dns")
	b.want(`$("a.pick[data-status='404']").click(), $("#f-status").value + " " + shown()`, "404 1–100 of 300 records (1,500 in all)")
	b.want(`$("a.pick[data-host='a.example']").click(), shown()`, "1–100 of 900 records (1,500 in all)")

	for _, scheme := range []string{"light", "dark"} {
		b.call("Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]any{"name": "prefers-color-scheme", "value": scheme}}}, nil)
		if low := b.eval(contrasts).(float64); low < 4.5 {
			t.Errorf("%s: a contrast of only %.2f", scheme, low)
		}
		if low := b.eval(strings.Replace(contrasts, texts, `"rect"`, 1)).(float64); low < 3 {
			t.Errorf("%s: a contrast of only %.2f in a chart", scheme, low)
		}
	}
	b.call("Emulation.setEmulatedMedia", map[string]any{"media": "print", "features": []any{map[string]any{"name": "prefers-color-scheme", "value": "dark"}}}, nil)
	if low := b.eval(contrasts).(float64); low < 4.5 {
		t.Errorf("on paper: a contrast of only %.2f", low)
	}
	b.call("Emulation.setEmulatedMedia", map[string]any{"media": ""}, nil)
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": true}, nil)
	b.want("document.documentElement.scrollWidth", 360) // a phone does not scroll sideways
	b.want(`[...document.querySelectorAll(".scroll")].filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.ariaLabel).join()`, "")
	b.want(`[...document.querySelectorAll(".spark")].every((e) => e.getBoundingClientRect().width > 200)`, true)
	b.want(`[...document.querySelectorAll("table.stack :is(tr, th, td)")].filter((e) => !e.getAttribute("role")).length`, 0) // drawn as blocks
	b.want(`$("#rows td:nth-child(4)").getBoundingClientRect().width > 250`, true)
	if list := b.complaints(); len(list) > 0 {
		t.Errorf("the browser complains: %s", strings.Join(list, "\n"))
	}
}

// Without JavaScript the page says all the same, but for the table, and says that.
func TestThePageWorksWithoutJavaScript(t *testing.T) {
	page, _ := written(t, report.Options{}, "out.jsonl", site(5))
	b := chromium(t)
	b.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": true}, nil)
	b.open(saved(t, page))
	b.want(`document.querySelector("#browser").hidden`, true)
	b.want(`document.querySelector("noscript p").getBoundingClientRect().height > 0`, true)
	b.want(`document.querySelectorAll(".chart rect, .spark rect").length > 20`, true)
	b.want(`document.querySelector(".chart rect").getBoundingClientRect().height > 5`, true)
	b.want(`[...document.querySelectorAll("caption")].map((c) => c.textContent).join()`,
		"Statuses,Errors,Latency,Slowest hosts,Hosts with most failures,Largest,Slowest,Protocols,Content types,Charsets,Most frequent, by host,Where most of them ended")
	if list := b.complaints(); len(list) > 0 {
		t.Errorf("the browser complains: %s", strings.Join(list, "\n"))
	}
}

// texts are the elements that contrasts judges, if they have text of their own.
const texts = `"body *:not(script):not(title):not(:disabled):not(rect)"`

// contrasts is the lowest contrast of a text in the page with what is behind it,
// as WCAG 2.2 has it.
const contrasts = `(() => {
  const light = (color) => {
    const [r, g, b] = color.match(/[\d.]+/g).map((v) => (v /= 255, v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const color = getComputedStyle(e).backgroundColor;
      if (!/, 0\)$/.test(color)) return color;
    }
    return "rgb(255, 255, 255)";
  };
  let low = 21;
  for (const e of document.querySelectorAll(` + texts + `)) {
    if (e.tagName !== "rect" && ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim() !== "") || e.closest("[hidden], noscript")) continue;
    const a = light(e.namespaceURI.endsWith("svg") ? getComputedStyle(e).fill : getComputedStyle(e).color), b = light(behind(e));
    low = Math.min(low, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  }
  return low;
})()`

// Whoever has no mouse filters, sorts and turns pages too.
func TestThePageWorksWithTheKeyboard(t *testing.T) {
	page, _ := written(t, report.Options{}, "out.jsonl", site(300))
	b := chromium(t)
	b.open(saved(t, page))
	b.eval(steps)
	press := func(key, code, text string, n int) {
		t.Helper()
		for range n {
			b.call("Input.dispatchKeyEvent", map[string]any{"type": "keyDown", "key": key, "code": key, "text": text, "windowsVirtualKeyCode": int(code[0])}, nil)
			b.call("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key, "code": key, "windowsVirtualKeyCode": int(code[0])}, nil)
		}
	}
	const focused = `document.activeElement.id || document.activeElement.dataset.sort || document.activeElement.dataset.go || document.activeElement.textContent`
	b.eval(`$("#f-text").focus()`)
	b.call("Input.insertText", map[string]any{"text": "gone"}, nil)
	b.want(`until(() => shown().includes("300")).then(shown)`, "1–100 of 300 records (1,500 in all)")
	press("Tab", "\t", "", 5)
	b.want(focused+` === "" || document.activeElement.ariaLabel`, "Records") // what scrolls can be scrolled
	press("Tab", "\t", "", 1)
	b.want(focused, "index")
	press("Tab", "\t", "", 7)
	b.want(focused, "time")
	b.want(`getComputedStyle(document.activeElement).outlineStyle`, "solid")
	press("Enter", "\r", "\r", 1)
	b.want(`$("#table th[aria-sort]").getAttribute("aria-sort") + column(7)`, "descending150 ms|150 ms|150 ms")
	press("Enter", "\r", "\r", 1)
	b.want(`$("#table th[aria-sort]").getAttribute("aria-sort") + column(7)`, "ascending3.00 ms|3.00 ms|3.00 ms")
	b.eval(`$("button[data-go=next]").focus()`)
	press("Enter", "\r", "\r", 1)
	b.want("shown()", "101–200 of 300 records (1,500 in all)")
}

// Runs of different days have charts of their own; a page of nothing says that.
func TestThePageOfRunsThatLieApartAndOfNothing(t *testing.T) {
	list := site(3)
	for i, rec := range site(3) {
		rec.Index = int64(len(list) + i)
		if !rec.StartedAt.IsZero() {
			rec.StartedAt = rec.StartedAt.AddDate(0, 0, 3)
		}
		list = append(list, rec)
	}
	page, _ := written(t, report.Options{}, "out.jsonl", list)
	b := chromium(t)
	b.open(saved(t, page))
	b.want(`document.querySelectorAll(".chart:not(.low)").length`, 2)
	b.want(`[...document.querySelectorAll("h3")].map((h) => h.textContent).join()`,
		"Records that ended, per 10 ms, from 2026-01-02 03:00:00 UTC,Lines in flight,Records that ended, per 10 ms, from 2026-01-05 03:00:00 UTC,Lines in flight,Longest chains")
	b.want(`[...document.querySelectorAll(".tiles div")].find((d) => d.textContent.startsWith("Duration")).textContent`, "Duration58.0 ms within 3 days 0 h")

	if list := b.complaints(); len(list) > 0 {
		t.Errorf("the browser complains: %s", strings.Join(list, "\n"))
	}
	page, _ = written(t, report.Options{}, "empty.jsonl", nil)
	b.open(saved(t, page))
	b.want(`document.querySelector(".verdict.none").textContent`, "There is no record.")
	b.want(`[...document.querySelectorAll("section, nav, .tiles")].filter((e) => e.getBoundingClientRect().height > 0).length`, 0)
}

func TestTheTextsOfStrangersDoNothingInABrowser(t *testing.T) {
	page, _ := written(t, report.Options{}, attack, append(hostile(), site(3)...))
	b := chromium(t)
	b.open(saved(t, page))
	b.eval(steps)
	b.want("shown()", "1–18 of 18 records")
	b.want("typeof window.hacked", "undefined")
	b.want(`document.querySelectorAll("img, iframe, object").length`, 0)
	b.want(`document.querySelectorAll("script").length`, 2)
	b.want(`[...document.querySelectorAll("a")].filter((a) => !/^(https?:|file:.*#)/.test(a.href)).length`, 0)
	b.want(`document.querySelectorAll("a[href*=Zgotmpl]").length`, 0) // not even a link that leads nowhere
	b.want(`[...document.querySelectorAll("a, summary, td, button")].forEach((e) => e.target || e.click()), typeof window.hacked`, "undefined")
	b.want(`$("#rows tr").cells[4].textContent.startsWith("</script><script>window.hacked=1")`, true)
	b.want(`$("a.pick[data-verdict=ok]").click(), shown()`, "1–1 of 1 record (18 in all)") // a kind named like a verdict
	if list := b.complaints(); len(list) > 0 {
		t.Errorf("the browser complains: %s", strings.Join(list, "\n"))
	}
}

// The second line of defence holds by itself: what is put into the page does not
// run, and goes nowhere.
func TestWhatSlipsThroughIsStopped(t *testing.T) {
	page, _ := written(t, report.Options{}, "out.jsonl", site(1))
	page = bytes.Replace(page, []byte("</main>"), []byte(`<script>window.hacked=1</script><img src="http://127.0.0.1:9/x" onerror="window.hacked=1"></main>`), 1)
	b := chromium(t)
	b.open(saved(t, page))
	b.want(`document.querySelectorAll("img").length`, 1)
	b.want(`fetch("http://127.0.0.1:9/").then(() => "went", () => "stopped")`, "stopped")
	b.want("typeof window.hacked", "undefined")
	if n := len(b.complaints()); n == 0 {
		t.Error("the browser had nothing to complain of")
	}
}

func TestAHundredThousandRecordsOpen(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	page, _ := written(t, report.Options{}, "out.jsonl", site(20_000))
	b := chromium(t)
	began := time.Now()
	b.open(saved(t, page))
	b.want("document.querySelector('#shown').textContent", "1–100 of 100,000 records")
	opened := time.Since(began)
	b.eval(steps)
	ms := b.eval(`(() => { const t = performance.now(); sortBy("url"); return performance.now() - t; })()`)
	began = time.Now()
	b.want(`set("#f-text", "gone/1999")`, "1–11 of 11 records (100,000 in all)")
	t.Logf("%d bytes, opened in %v, sorted by URL in %.0f ms, filtered in %v", len(page), opened, ms, time.Since(began))
}
