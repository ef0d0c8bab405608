//go:build linux

package fetch

import "testing"

// Each page of nginx is coded as it is sent, or was before and lies beside the
// plain file, with another text, so that the test sees which one came.
func TestPagesThatNginxCompressesAreUndone(t *testing.T) {
	fly, before := string(prose(300_000)), "before "+string(prose(200_000))
	for _, coding := range []struct {
		name, suffix string
		modules      []string
		server       string
	}{
		{"gzip", ".gz", nil, "gzip on; gzip_static on;"},
		{"br", ".br", []string{"ngx_http_brotli_filter_module", "ngx_http_brotli_static_module"}, "brotli on; brotli_static on;"},
	} {
		packed := string(encode(t, coding.name, []byte(before)))
		for _, p := range protocols {
			t.Run(coding.name+" over "+p.name, func(t *testing.T) {
				n := serveNginx(t, site{modules: coding.modules, listen: p.listen, server: coding.server, files: map[string]string{
					"fly.html": fly, "before.html": "plain", "before.html" + coding.suffix: packed,
				}})
				c := n.client(t, p.options)
				resp := get(t, c, &Request{URL: n.url(t, "/fly.html")})
				if string(resp.Body) != fly || resp.Size != int64(len(fly)) || resp.WireSize >= resp.Size/2 || resp.WireSize == 0 {
					t.Errorf("compressed as it was sent: %d bytes of %d, %d on the wire", resp.Size, len(fly), resp.WireSize)
				}
				resp = get(t, c, &Request{URL: n.url(t, "/before.html")})
				if string(resp.Body) != before || resp.Size != int64(len(before)) || resp.WireSize != int64(len(packed)) {
					t.Errorf("compressed before: %d bytes of %d, %d on the wire of %d", resp.Size, len(before), resp.WireSize, len(packed))
				}
				if conns := n.connections(t, 2); conns != 1 {
					t.Errorf("%d connections", conns)
				}
			})
		}
	}
}

func TestACompressedPageOfNginxIsCutAtItsDecodedLimit(t *testing.T) {
	page := string(prose(300_000))
	n := serveNginx(t, site{server: "gzip on;", files: map[string]string{"page.html": page}})
	resp, err := do(t, Options{MaxBody: 100_000}, n.url(t, "/page.html"))
	if err != nil || string(resp.Body) != page[:100_000] || !resp.Truncated {
		t.Errorf("%d bytes, truncated: %v, error %v", resp.Size, resp.Truncated, err)
	}
}
