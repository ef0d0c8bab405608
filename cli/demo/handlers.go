package demo

import (
	"compress/gzip"
	"fmt"
	"html"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// page is an HTML page with a title and two links.
func page(title string) string {
	return fmt.Sprintf(`<!doctype html>
<html lang="en"><head><title>%[1]s</title>
<meta name="description" content="A page of the demo site: %[1]s">
</head><body><h1>%[1]s</h1>
<p><a href="/page/1">the second page</a>, <a href="../">up</a></p>
</body></html>
`, html.EscapeString(title))
}

func writePage(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	io.WriteString(w, page(title))
}

// pages is the host where all is well.
func pages() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/page/{n}", func(w http.ResponseWriter, r *http.Request) {
		writePage(w, 200, "Page "+r.PathValue("n"))
	})
	return mux
}

// slow is the host that takes its time: 150 to 400 ms a page.
func slow() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/page/{n}", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.PathValue("n"))
		select {
		case <-time.After(time.Duration(150+50*(n%6)) * time.Millisecond):
			writePage(w, 200, "Slow page "+r.PathValue("n"))
		case <-r.Context().Done():
		}
	})
	return mux
}

// busy is the host that asks for a second of patience after its first page.
func busy() http.Handler {
	var once sync.Once
	var open time.Time
	mux := http.NewServeMux()
	mux.HandleFunc("/page/{n}", func(w http.ResponseWriter, r *http.Request) {
		once.Do(func() { open = time.Now().Add(900 * time.Millisecond) })
		if time.Now().Before(open) {
			w.Header().Set("Retry-After", "1")
			writePage(w, http.StatusTooManyRequests, "Later, please")
			return
		}
		writePage(w, 200, "Busy page "+r.PathValue("n"))
	})
	return mux
}

// troubled is the host with the web's usual troubles.
func troubled() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/robots.txt", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "User-agent: *\nDisallow: /private/\n")
	})
	mux.HandleFunc("/private/", func(w http.ResponseWriter, r *http.Request) {
		writePage(w, 200, "Nobody should see this")
	})
	mux.HandleFunc("/chain/{n}", func(w http.ResponseWriter, r *http.Request) {
		if n, _ := strconv.Atoi(r.PathValue("n")); n > 0 {
			http.Redirect(w, r, fmt.Sprintf("/chain/%d?%s", n-1, r.URL.RawQuery), http.StatusFound)
			return
		}
		writePage(w, 200, "The end of the chain")
	})
	mux.HandleFunc("/loop/a", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop/b", http.StatusFound) })
	mux.HandleFunc("/loop/b", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop/a", http.StatusFound) })
	mux.HandleFunc("/elsewhere", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "ftp://example.com/file")
		w.WriteHeader(http.StatusFound)
	})
	mux.HandleFunc("/gone/", func(w http.ResponseWriter, r *http.Request) { writePage(w, 404, "Not here") })
	mux.HandleFunc("/broken/", func(w http.ResponseWriter, r *http.Request) { writePage(w, 500, "Broken") })
	mux.Handle("/flaky/", flaky())
	mux.Handle("/latin1", encoded(charmap.ISO8859_1, "Größe und Maß", "text/html; charset=iso-8859-1"))
	mux.Handle("/shift-jis", encoded(japanese.ShiftJIS, "日本語のページ", "text/html; charset=Shift_JIS"))
	mux.Handle("/windows-1251", encoded(charmap.Windows1251, "Привет, мир", "text/html; charset=windows-1251"))
	mux.HandleFunc("/gzip", packed)
	mux.HandleFunc("/cut-off", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Length", "100000")
		io.WriteString(w, page("Cut off")) // and the server hangs up
	})
	return mux
}

// flaky answers 503 the first time a page is asked for.
func flaky() http.Handler {
	var mu sync.Mutex
	seen := map[string]bool{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		again := seen[r.URL.Path]
		seen[r.URL.Path] = true
		mu.Unlock()
		if again {
			writePage(w, 200, "Better now")
			return
		}
		writePage(w, 503, "Not now")
	})
}

// encoded serves a page in an old encoding.
func encoded(enc encoding.Encoding, title, contentType string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := enc.NewEncoder().String(page(title))
		if err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		w.Header().Set("Content-Type", contentType)
		io.WriteString(w, text)
	})
}

// packed serves a page in gzip.
func packed(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Encoding", "gzip")
	zw := gzip.NewWriter(w)
	io.WriteString(zw, page("Packed page"))
	_ = zw.Close()
}
