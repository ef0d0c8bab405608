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
	maxBarren  = 1 << 20 // bytes in a row of which a coding makes nothing; none has blocks of such a size
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
		l, ok := pool.Get().(*layer)
		if !ok {
			l = &layer{dec: fresh()}
		}
		l.begin(src, w)
		src = l
		inner := release
		release = func() { l.end(); pool.Put(l); inner() }
	}
	return src, release, nil
}

// layer is one coding of a body, with a guard: a coding may have parts that give
// nothing (skippable frames, empty members and blocks), and without end; and of
// what an outer coding inflates an inner one may make little again.
type layer struct {
	dec    decoder
	src    io.Reader // what is decoded
	wire   *wire     // what came
	n      int64     // bytes of src
	barren int64     // those since the last that dec gave
	wrong  error
}

func (l *layer) begin(src io.Reader, w *wire) {
	*l = layer{dec: l.dec, src: src, wire: w}
	l.dec.reset((*feed)(l))
}

func (l *layer) end() {
	*l = layer{dec: l.dec}
	l.dec.reset(nil)
}

// Read gives the guard's own error, whatever the decoder makes of it.
func (l *layer) Read(p []byte) (int, error) {
	n, err := l.dec.Read(p)
	if n > 0 {
		l.barren = 0
	}
	if err != nil && l.wrong != nil {
		err = l.wrong
	}
	return n, err
}

// feed is what the decoder of a layer reads.
type feed layer

func (f *feed) Read(p []byte) (int, error) {
	switch {
	case f.wrong != nil:
	case f.barren > maxBarren:
		f.wrong = errNoneRead
	case f.n > bombFloor && f.n > bombRatio*f.wire.n:
		f.wrong = errBomb
	default:
		n, err := f.src.Read(p)
		f.n += int64(n)
		f.barren += int64(n)
		return n, err
	}
	return 0, f.wrong
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
