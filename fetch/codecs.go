package fetch

import (
	"bufio"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// gzipDecoder reads the members of a gzip body one after another (RFC 1952
// section 2.2) and ignores what follows the last, as browsers do. An empty body
// is an empty page, whatever its header says.
type gzipDecoder struct {
	br      *bufio.Reader
	z       gzip.Reader
	started bool
	done    bool
}

func (d *gzipDecoder) reset(r io.Reader) { d.br.Reset(r); d.started, d.done = false, false }

func (d *gzipDecoder) Read(p []byte) (int, error) {
	if d.done {
		return 0, io.EOF
	}
	if !d.started {
		if _, err := d.br.Peek(1); err != nil {
			return 0, err
		}
		if err := d.next(); err != nil {
			return 0, err
		}
	}
	n, err := d.z.Read(p)
	if err != io.EOF {
		return n, err
	}
	if magic, _ := d.br.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		return n, d.next()
	}
	d.done = true
	return n, skipTail(d.br)
}

// next begins a member.
func (d *gzipDecoder) next() error {
	d.started = true
	err := d.z.Reset(d.br)
	d.z.Multistream(false)
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// skipTail reads what follows a complete coding, within reason, so that the
// connection can be used again.
func skipTail(r *bufio.Reader) error {
	for skipped := 0; skipped < maxTail; {
		n, err := r.Discard(max(r.Buffered(), 1))
		if err != nil {
			return err
		}
		skipped += n
	}
	return io.EOF
}

// deflateDecoder reads "deflate", which is zlib by RFC 9110 and raw deflate by
// many servers: the first two bytes tell.
type deflateDecoder struct {
	br   *bufio.Reader
	z    io.ReadCloser // the one in use: zlib or raw
	zlib io.ReadCloser
	raw  io.ReadCloser
	done bool
}

func (d *deflateDecoder) reset(r io.Reader) { d.br.Reset(r); d.z, d.done = nil, false }

func (d *deflateDecoder) Read(p []byte) (int, error) {
	if d.done {
		return 0, io.EOF
	}
	if d.z == nil {
		if err := d.start(); err != nil {
			return 0, err
		}
	}
	n, err := d.z.Read(p)
	if err == io.EOF {
		d.done = true
		return n, skipTail(d.br)
	}
	return n, err
}

func (d *deflateDecoder) start() (err error) {
	head, err := d.br.Peek(2)
	if len(head) == 0 {
		return err
	}
	if len(head) == 2 && head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0 {
		if d.zlib == nil {
			d.zlib, err = zlib.NewReader(d.br)
		} else {
			err = d.zlib.(zlib.Resetter).Reset(d.br, nil)
		}
		d.z = d.zlib
		return err
	}
	if d.raw == nil {
		d.raw = flate.NewReader(d.br)
	} else if err := d.raw.(flate.Resetter).Reset(d.br, nil); err != nil {
		return err
	}
	d.z = d.raw
	return nil
}

// counted notes whether a source gave anything, so that an empty body is an
// empty page and not a broken one.
type counted struct {
	r   io.Reader
	any bool
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.any = c.any || n > 0
	return n, err
}

// brDecoder reads brotli (RFC 7932).
type brDecoder struct {
	src counted
	r   *brotli.Reader
}

func newBrotli() *brDecoder {
	d := new(brDecoder)
	d.r = brotli.NewReader(&d.src)
	return d
}

func (d *brDecoder) reset(r io.Reader) {
	d.src = counted{r: r}
	_ = d.r.Reset(&d.src) // its error is documented to be nil
}

func (d *brDecoder) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	if err == io.ErrUnexpectedEOF && !d.src.any {
		err = io.EOF
	}
	return n, err
}

// zstdDecoder reads zstd (RFC 8878) on the caller's goroutine, with the window
// that RFC 9659 allows on the web.
type zstdDecoder struct {
	r   *zstd.Decoder
	err error // what New or Reset said, told by Read
}

func newZstd() *zstdDecoder {
	r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
	return &zstdDecoder{r: r, err: err}
}

func (d *zstdDecoder) reset(r io.Reader) {
	if d.r != nil {
		d.err = d.r.Reset(r)
	}
}

func (d *zstdDecoder) Read(p []byte) (int, error) {
	if d.err != nil {
		return 0, d.err
	}
	return d.r.Read(p)
}
