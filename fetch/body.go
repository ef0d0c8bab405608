package fetch

import (
	"context"
	"errors"
	"io"
	"net/http"
)

const (
	bombRatio = 100     // decoded to wire bytes, cli.md section 3
	bombFloor = 1 << 20 // decoded bytes before the ratio is looked at
)

var (
	errBomb     = &fault{KindTooLarge, "decompresses to more than 100 times its size"}
	errBulk     = &fault{KindDecode, "compressed body is larger than its content may be"}
	errLong     = &fault{KindTooLarge, "body is longer than is read of it"}
	errNoneRead = &fault{KindDecode, "compressed body yields nothing"}
)

// wire reads the body as it comes, counts it, and remembers how it ended, so
// that a broken connection is told from a broken coding.
type wire struct {
	r     io.Reader
	tap   Tap   // has what is read; nil: nobody
	limit int64 // 0 is none
	n     int64
	err   error
}

func (w *wire) Read(p []byte) (int, error) {
	if w.limit > 0 && w.n > w.limit {
		w.err = errBulk // a decoder may make another error of it
		return 0, errBulk
	}
	n, err := w.r.Read(p)
	if w.tap != nil && n > 0 {
		w.tap.Payload(p[:n])
	}
	w.n += int64(n)
	if err != nil {
		w.err = err
	}
	return n, err
}

// rest reads what no decoder took, for the tap, until limit bytes of the body came. The
// error says why that is not its end.
func (w *wire) rest(limit int64) error {
	w.limit = 0
	_, err := io.CopyN(io.Discard, w, max(limit-w.n, 0)+1)
	switch {
	case w.err == io.EOF:
		return nil
	case err == nil:
		return errLong
	}
	return err
}

// readBody reads the body of a into a pooled buffer, decoded and cut at limit. A
// body that was not read to its end leaves a connection that cannot be used
// again. Where there is a tap, what could not be decoded, or comes after what could, is
// read too: the end of ctx counts for more then.
func (c *Client) readBody(ctx context.Context, resp *Response, a *answer, method string, limit int64) error {
	if a.length == 0 || method == http.MethodHead || a.status == http.StatusNoContent || a.status == http.StatusNotModified {
		resp.Whole = true
		return nil // whatever Content-Encoding says: there is nothing to decode
	}
	w := &wire{r: a.body, tap: a.tap}
	err := c.decode(resp, a, w, limit)
	if w.tap != nil && w.err == nil && !resp.Truncated && !errors.Is(err, errBomb) {
		if broken := w.rest(limit); broken != nil {
			resp.Cut = cutBy(ctx, broken)
		}
		if resp.Cut == KindCancelled || resp.Cut == KindDeadline {
			resp.Release()
			err = w.err
		}
	}
	resp.WireSize, resp.Whole = w.n, w.err == io.EOF
	return err
}

// cutBy is the kind of the error that ended a body. At the limit that is no error of
// reading, whether or not ctx has ended by then.
func cutBy(ctx context.Context, err error) Kind {
	at := where{phase: PhaseBody, answered: true}
	if err != errLong && ctx.Err() != nil {
		return causeKind(context.Cause(ctx), at)
	}
	return classify(err, at)
}

// decode undoes the codings of a body, which is resp's then.
func (c *Client) decode(resp *Response, a *answer, w *wire, limit int64) error {
	src, release, err := c.decoders.open(a.header, w)
	if err != nil {
		return err
	}
	defer release()
	coded := src != io.Reader(w)
	hint := a.length
	if coded {
		w.limit = 2*limit + bombFloor
		hint *= 4 // the usual ratio of a page
	}
	buf, err := c.fill(src, w, sizeHint(hint, limit), limit, coded, resp)
	if err != nil {
		c.buffers.put(buf)
		if w.err != nil && !errors.Is(w.err, io.EOF) {
			return w.err // the connection broke, and the coding with it
		}
		if coded {
			return decodeError(err, a)
		}
		return err
	}
	resp.buf, resp.pool, resp.Body = buf, &c.buffers, buf.b
	return nil
}

// fill reads src up to limit bytes, and one more to learn whether that was all.
func (c *Client) fill(src io.Reader, w *wire, hint, limit int64, coded bool, resp *Response) (*buffer, error) {
	buf := c.buffers.get(hint)
	empty := 0
	for {
		room := min(int64(cap(buf.b)), limit) - int64(len(buf.b))
		if room == 0 && int64(len(buf.b)) < limit {
			buf = c.buffers.grow(buf, limit)
			continue
		}
		var probe [1]byte
		dst := probe[:]
		if room > 0 {
			dst = buf.b[len(buf.b) : int64(len(buf.b))+room]
		}
		n, err := src.Read(dst)
		if n > 0 && room == 0 {
			resp.Truncated = true
			return buf, nil
		}
		buf.b = buf.b[:len(buf.b)+n]
		resp.Size = int64(len(buf.b))
		if coded && resp.Size > bombFloor && resp.Size > bombRatio*w.n {
			return buf, errBomb
		}
		switch {
		case err == io.EOF:
			return buf, nil
		case err != nil:
			return buf, err
		case n > 0:
			empty = 0
		default:
			if empty++; empty > 1000 {
				return buf, errNoneRead
			}
		}
	}
}

// sizeHint is the size of the first buffer: what the header announces, as far
// as a stranger's word is taken, and one byte in which to find the end.
func sizeHint(announced, limit int64) int64 {
	if announced <= 0 {
		announced = 4 * smallestBuffer
	}
	return min(announced+1, limit, firstBuffer)
}
