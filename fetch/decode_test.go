package fetch

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// encode writes data in a coding; the two names past the standard ones are
// spellings that servers use.
func encode(t testing.TB, coding string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch coding {
	case "gzip", "x-gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "raw deflate":
		w, err = flate.NewWriter(&b, 6)
	case "br":
		w = brotli.NewWriterLevel(&b, 4)
	case "zstd":
		w, err = zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
	default:
		return data
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var allCodings = []string{"gzip", "x-gzip", "deflate", "raw deflate", "br", "zstd"}

// coded serves body under a Content-Encoding.
func coded(t testing.TB, coding string, body []byte) func(Options) (*Response, error) {
	u := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", strings.TrimPrefix(coding, "raw "))
		_, _ = w.Write(body)
	})
	return func(o Options) (*Response, error) { return do(t, o, u) }
}

// prose is text that compresses as pages do.
func prose(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("the quick brown fox jumps over <a href=/page> lazy dogs </a> and <p> sleeps")
	var b bytes.Buffer
	for b.Len() < n {
		fmt.Fprintf(&b, "%s%d ", words[r.IntN(len(words))], r.IntN(100))
	}
	return b.Bytes()[:n]
}

func TestEachContentCodingIsUndone(t *testing.T) {
	for _, coding := range allCodings {
		for _, n := range []int{1, 1000, 400_000} {
			t.Run(fmt.Sprintf("%s/%d", coding, n), func(t *testing.T) {
				page := prose(n)
				sent := encode(t, coding, page)
				resp, err := coded(t, coding, sent)(Options{})
				if err != nil || !bytes.Equal(resp.Body, page) {
					t.Fatalf("error %v, %d bytes", err, len(resp.Body))
				}
				if resp.Size != int64(n) || resp.WireSize != int64(len(sent)) || resp.Truncated {
					t.Errorf("size %d, wire size %d of %d", resp.Size, resp.WireSize, len(sent))
				}
			})
		}
	}
}

func TestCodingsLaidOverOneAnotherAreUndoneFromTheLast(t *testing.T) {
	page := prose(5000)
	resp, err := coded(t, "gzip, BR", encode(t, "br", encode(t, "gzip", page)))(Options{})
	if err != nil || !bytes.Equal(resp.Body, page) {
		t.Error(err)
	}
	_, err = coded(t, "gzip, gzip, gzip, gzip", page)(Options{})
	failsWith(t, err, KindDecode, PhaseBody)
}

func TestADecoderIsUsedAgainAfterAFailure(t *testing.T) {
	c := newClient(t, Options{})
	for _, coding := range allCodings {
		page := prose(20_000)
		good := encode(t, coding, page)
		bad := append(append([]byte{}, good[:len(good)/2]...), make([]byte, 100)...)
		var body []byte
		u := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", strings.TrimPrefix(coding, "raw "))
			_, _ = w.Write(body)
		})
		for i := range 6 {
			body = good
			if i%2 == 1 {
				body = bad
			}
			resp, err := c.Do(context.Background(), &Request{URL: u})
			if i%2 == 0 && (err != nil || !bytes.Equal(resp.Body, page)) {
				t.Errorf("%s, exchange %d: %v", coding, i, err)
			}
			if i%2 == 1 && err == nil {
				t.Errorf("%s, exchange %d: no error", coding, i)
			}
			resp.Release()
		}
	}
}

func TestFault13ABombIsTooLargeAndCostsLittle(t *testing.T) {
	zeros := make([]byte, 10<<20)
	for _, coding := range []string{"gzip", "deflate", "br", "zstd"} {
		t.Run(coding, func(t *testing.T) {
			bomb := encode(t, coding, zeros)
			resp, err := coded(t, coding, bomb)(Options{})
			e := failsWith(t, err, KindTooLarge, PhaseBody)
			if retried(resp, err) {
				t.Error("retried")
			}
			if resp.Size > 5<<20 {
				t.Errorf("%d bytes were unpacked before anyone noticed", resp.Size)
			}
			if e.Error() != "decompresses to more than 100 times its size" {
				t.Errorf("says %q", e)
			}
		})
	}
}

func TestFault13TheLimitCountsDecodedBytes(t *testing.T) {
	page := prose(200_000)
	for _, coding := range allCodings {
		resp, err := coded(t, coding, encode(t, coding, page))(Options{MaxBody: 50_000})
		if err != nil || !resp.Truncated || resp.Size != 50_000 || !bytes.Equal(resp.Body, page[:50_000]) {
			t.Errorf("%s: error %v, truncated %v, size %d", coding, err, resp.Truncated, resp.Size)
		}
	}
}

func TestFault13MembersWithoutContentDoNotRunOnForEver(t *testing.T) {
	empty := bytes.Repeat(encode(t, "gzip", nil), 1000)
	u := raw(t, func(p *peer) {
		p.request()
		p.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
		endless(p, string(empty))
	})
	_, err := do(t, Options{MaxBody: 100_000}, u)
	failsWith(t, err, KindDecode, PhaseBody)
}

func TestFault14AnInvalidCodingIsDecode(t *testing.T) {
	page := []byte("<html>not compressed at all, whatever the header says</html>")
	for _, coding := range []string{"gzip", "deflate", "br", "zstd"} {
		resp, err := coded(t, coding, page)(Options{})
		failsWith(t, err, KindDecode, PhaseBody)
		if retried(resp, err) || resp.Body != nil || resp.Status != 200 {
			t.Errorf("%s: %+v", coding, resp)
		}
	}
	_, err := coded(t, "x-strange", page)(Options{})
	if e := failsWithKind(t, err, KindDecode); !strings.Contains(e.Error(), "unknown content coding") {
		t.Errorf("says %q", e)
	}
}

func failsWithKind(t *testing.T, err error, kind Kind) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Kind != kind {
		t.Fatalf("got %v, want %s", err, kind)
	}
	return e
}

func TestFault14ACodingCutShortIsDecodeUnlessTheConnectionBroke(t *testing.T) {
	for _, coding := range []string{"gzip", "deflate", "br", "zstd"} {
		whole := encode(t, coding, prose(20_000))
		half := string(whole[:len(whole)/2])
		head := "HTTP/1.1 200 OK\r\nContent-Encoding: " + coding + "\r\n"
		_, err := do(t, Options{}, answers(t, head+fmt.Sprintf("Content-Length: %d\r\n\r\n", len(half))+half))
		failsWith(t, err, KindDecode, PhaseBody)
		_, err = do(t, Options{}, answers(t, head+fmt.Sprintf("Content-Length: %d\r\n\r\n", len(whole))+half))
		failsWith(t, err, KindTruncated, PhaseBody)
		_, err = do(t, Options{}, answers(t, head+"\r\n"+half))
		failsWith(t, err, KindTruncated, PhaseBody)
	}
}

func TestAnEmptyBodyIsAnEmptyPageWhateverItsCoding(t *testing.T) {
	for _, coding := range []string{"gzip", "deflate", "br", "zstd"} {
		for _, framing := range []string{"Content-Length: 0\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "\r\n"} {
			resp, err := do(t, Options{}, answers(t, "HTTP/1.1 200 OK\r\nContent-Encoding: "+coding+"\r\n"+framing))
			if err != nil || resp.Size != 0 || resp.Truncated {
				t.Errorf("%s, %q: %v", coding, framing, err)
			}
		}
	}
}

func TestGzipMembersAreJoinedAndWhatFollowsThemIgnored(t *testing.T) {
	two := append(encode(t, "gzip", []byte("first ")), encode(t, "gzip", []byte("second"))...)
	for name, tail := range map[string]string{"nothing": "", "zeros": strings.Repeat("\x00", 700), "garbage": "\x1fgarbage"} {
		resp, err := coded(t, "gzip", append(two[:len(two):len(two)], tail...))(Options{})
		if err != nil || string(resp.Body) != "first second" {
			t.Errorf("%s after it: body %q, error %v", name, resp.Body, err)
		}
	}
}

func TestIdentityAndNoneAreNoCodings(t *testing.T) {
	for _, name := range []string{"identity", "none", "", " , "} {
		if resp, err := coded(t, name, []byte("plain"))(Options{}); err != nil || string(resp.Body) != "plain" {
			t.Errorf("%q: body %q, error %v", name, resp.Body, err)
		}
	}
}

// FuzzDecode: no coding makes the client panic, hang or pass its limit.
func FuzzDecode(f *testing.F) {
	for i, coding := range []string{"gzip", "deflate", "br", "zstd"} {
		f.Add(uint8(i), encode(f, coding, prose(300)))
		f.Add(uint8(i), encode(f, coding, nil))
	}
	f.Add(uint8(0), []byte("\x1f\x8b\x08"))
	f.Add(uint8(128), append(encode(f, "gzip", []byte("x")), make([]byte, 40_000)...))
	f.Add(uint8(131), bytes.Repeat([]byte("no zstd"), 5000))
	c, err := New(Options{})
	if err != nil {
		f.Fatal(err)
	}
	const limit = 1 << 16
	f.Fuzz(func(t *testing.T, which uint8, body []byte) {
		coding := []string{"gzip", "deflate", "br", "zstd"}[which%4]
		a := &answer{
			status: 200, length: int64(len(body)), framed: true,
			header: http.Header{"Content-Encoding": {coding}}, body: bytes.NewReader(body),
		}
		var resp Response
		tape := &tape{}
		if which >= 128 {
			a.tap = tape
		}
		err := c.readBody(t.Context(), &resp, a, "GET", limit)
		if a.tap != nil && len(body) <= limit && !resp.Truncated && !errors.Is(err, errBomb) && (!resp.Whole || !bytes.Equal(tape.payload.Bytes(), body)) {
			t.Errorf("%d of %d bytes are on tape, whole %v, %v", tape.payload.Len(), len(body), resp.Whole, err)
		}
		if len(resp.Body) > limit || err != nil && resp.Body != nil || resp.Truncated && len(resp.Body) != limit {
			t.Errorf("%d bytes, truncated %v, error %v", len(resp.Body), resp.Truncated, err)
		}
		if err != nil {
			kind := fail(context.Background(), &Request{}, err, where{phase: PhaseBody, answered: true}).Kind
			if kind != KindDecode && kind != KindTooLarge {
				t.Errorf("kind %s: %v", kind, err)
			}
		}
		resp.Release()
	})
}

func FuzzContentEncoding(f *testing.F) {
	for _, s := range []string{"", "gzip", "GZIP , br", "x-gzip,,identity", "gzip, gzip, gzip, gzip", "aws-chunked", "\x00", "none"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, v string) {
		names, err := codings(http.Header{"Content-Encoding": {v}})
		if len(names) > maxCodings || err != nil && names != nil {
			t.Errorf("%q: %q, %v", v, names, err)
		}
		if err != nil {
			e := fail(context.Background(), &Request{}, err, where{phase: PhaseBody, answered: true})
			if e.Kind != KindDecode || e.Error() != clean(e.Error()) {
				t.Errorf("%q: kind %s, says %q", v, e.Kind, e)
			}
		}
		for _, name := range names {
			if _, fresh := new(decoders).pool(name); fresh == nil || !strings.Contains(strings.ToLower(v), name) {
				t.Errorf("%q became %q", v, names)
			}
		}
	})
}
