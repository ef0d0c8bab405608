package fetch

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
)

const (
	maxCodings = 3       // content codings laid over one another
	maxWindow  = 8 << 20 // of zstd on the web, RFC 9659
	maxTail    = 64 << 10
)

var (
	errTooManyCodings = &fault{KindDecode, "too many content codings"}
	errCutInside      = &fault{KindDecode, "compressed body is cut short"}
)

// decoders keeps the readers of content codings; each costs tens of kilobytes
// to make. It may be used from any goroutine.
type decoders struct{ gzip, deflate, br, zstd sync.Pool }

// decoder undoes one coding. reset readies it for a new body; it reads nothing
// yet.
type decoder interface {
	io.Reader
	reset(io.Reader)
}

// open gives a reader that undoes the codings of h (RFC 9110 section 8.4), and a
// release that must be called once it is not used any more. Without a coding
// that is w itself.
func (d *decoders) open(h http.Header, w *wire) (src io.Reader, release func(), err error) {
	names, err := codings(h)
	if err != nil {
		return nil, nil, err
	}
	src, release = w, func() {}
	for i := len(names) - 1; i >= 0; i-- { // listed in the order they were applied
		pool, fresh := d.pool(names[i])
		dec, ok := pool.Get().(decoder)
		if !ok {
			dec = fresh()
		}
		dec.reset(src)
		src = dec
		inner := release
		release = func() { dec.reset(nil); pool.Put(dec); inner() }
	}
	return src, release, nil
}

// codings lists the content codings to undo. An unknown one is an error: bytes
// nobody can read are not a page.
func codings(h http.Header) ([]string, error) {
	var names []string
	for _, v := range h["Content-Encoding"] {
		for name := range strings.SplitSeq(v, ",") {
			name = strings.ToLower(strings.Trim(name, " \t"))
			switch name {
			case "", "identity", "none":
			case "gzip", "x-gzip", "deflate", "br", "zstd":
				names = append(names, name)
			default:
				return nil, &fault{KindDecode, "unknown content coding " + quote(name)}
			}
		}
	}
	if len(names) > maxCodings {
		return nil, errTooManyCodings
	}
	return names, nil
}

func (d *decoders) pool(name string) (*sync.Pool, func() decoder) {
	switch name {
	case "deflate":
		return &d.deflate, func() decoder { return &deflateDecoder{br: bufio.NewReader(nil)} }
	case "br":
		return &d.br, func() decoder { return newBrotli() }
	case "zstd":
		return &d.zstd, func() decoder { return newZstd() }
	}
	return &d.gzip, func() decoder { return &gzipDecoder{br: bufio.NewReader(nil)} }
}

// decodeError makes a coding's error a fault, with the codec's own text. A body
// that only the closing of the connection ends was broken off if its coding is
// incomplete.
func decodeError(err error, a *answer) error {
	var f *fault
	switch {
	case errors.As(err, &f):
		return err
	case !errors.Is(err, io.ErrUnexpectedEOF):
		return &fault{KindDecode, rootText(err)}
	case !a.framed:
		return err
	}
	return errCutInside
}
