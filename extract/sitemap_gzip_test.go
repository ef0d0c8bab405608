package extract

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"

	fast "github.com/klauspost/compress/gzip"
)

func zipped(t testing.TB, s string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, s); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAGzipFileIsReadWhateverItsContentType(t *testing.T) {
	half := len(protocolSitemap) / 2
	for name, body := range map[string]string{
		"one member":            zipped(t, protocolSitemap),
		"two members":           zipped(t, protocolSitemap[:half]) + zipped(t, protocolSitemap[half:]),
		"what follows the last": zipped(t, protocolSitemap) + "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
		"text":                  zipped(t, site+"/\n"+site+"/catalog?item=12&desc=vacation_hawaii\n"+site+"/catalog?item=83&desc=vacation_usa"),
	} {
		for _, contentType := range []string{"", "application/x-gzip", "application/octet-stream", "text/xml; charset=utf-8"} {
			got, _, err := listed(t, body, contentType, SitemapOptions{})
			if got != "/ /catalog?item=12&desc=vacation_hawaii /catalog?item=83&desc=vacation_usa" || err != nil {
				t.Errorf("%s, %q: got %q, %v", name, contentType, got, err)
			}
		}
	}
}

func TestOfDamagedGzipComesWhatCouldBeDecoded(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<urlset>`)
	for i := range 1000 {
		b.WriteString(`<url><loc>/` + strings.Repeat(string(rune('a'+i%26)), 1+i/26) + `</loc></url>`)
	}
	whole := zipped(t, b.String()+`</urlset>`)
	_, s, err := listed(t, whole[:len(whole)/2], "", SitemapOptions{})
	if len(s.URLs) < 100 || len(s.URLs) > 900 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut in half: %d URLs, %v", len(s.URLs), err)
	}
	if _, s, err := listed(t, whole[:len(whole)/2], "", SitemapOptions{MaxURLs: 10}); len(s.URLs) != 10 || !s.Cut || err != nil {
		t.Errorf("cut in half, with ten URLs wanted: %d, cut %v, %v", len(s.URLs), s.Cut, err)
	}
	wrong := []byte(whole)
	wrong[len(wrong)-5] ^= 1 // of the length, after the checksum
	wrong[len(wrong)-8] ^= 1
	if _, s, err := listed(t, string(wrong), "", SitemapOptions{}); len(s.URLs) != 1000 || !errors.Is(err, fast.ErrChecksum) {
		t.Errorf("wrong checksum: %d URLs, %v", len(s.URLs), err)
	}
	for n := 2; n < 10; n++ {
		if _, _, err := listed(t, whole[:n], "", SitemapOptions{}); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	if _, _, err := listed(t, "\x1f\x8b\xff"+whole[3:], "", SitemapOptions{}); !errors.Is(err, fast.ErrHeader) {
		t.Errorf("no deflate: %v", err)
	}
}

func TestFault13AGzipBombIsNotDecoded(t *testing.T) {
	pad := func(n int) string {
		return zipped(t, `<urlset><url><loc>/a</loc></url><!--`+strings.Repeat("x", n)+`--><url><loc>/b</loc></url></urlset>`)
	}
	for _, c := range []struct {
		name, body, want string
		max              int
		err              error
	}{
		{"within a MiB any ratio will do", pad(900 << 10), "/a /b", 0, nil},
		{"over 100 times its size", pad(4 << 20), "/a", 0, ErrSitemapSize},
		{"over the size", zipped(t, protocolSitemap), "/", 300, ErrSitemapSize},
		{"just the size", zipped(t, protocolSitemap), "/ /catalog?item=12&desc=vacation_hawaii /catalog?item=83&desc=vacation_usa", len(protocolSitemap), nil},
	} {
		if got, _, err := listed(t, c.body, "", SitemapOptions{MaxSize: c.max}); got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: got %q, %v; want %q, %v", c.name, got, err, c.want, c.err)
		}
	}
	if out, err := gunzip([]byte(pad(8<<20)), MaxSitemapSize); len(out) > 1<<20 || err != ErrSitemapSize {
		t.Errorf("decoded %d bytes, %v", len(out), err)
	}
}
