package fetch

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestAPageIsFetchedWithEverythingARecordNeeds(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.Write([]byte("hello " + r.UserAgent()))
	}))
	defer s.Close()
	resp, err := newClient(t, Options{UserAgent: "test/1"}).Do(t.Context(), &Request{URL: mustURL(t, s.URL+"/a?b")})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Release()
	if string(resp.Body) != "hello test/1" || resp.Status != 200 || resp.Size != 12 || resp.WireSize != 12 ||
		resp.Truncated || resp.Protocol != "HTTP/1.1" || resp.IP != "127.0.0.1" || resp.ContentType != "text/plain" ||
		resp.Time.Connect <= 0 || resp.Time.TTFB <= 0 || resp.Time.DNS != 0 || resp.Time.TLS != 0 {
		t.Errorf("got %+v", resp)
	}
}
