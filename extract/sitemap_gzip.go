package extract

import (
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
)

// A file that decodes to more than this many times its size is a bomb, but for
// the first MiB (cli.md §3, too_large).
const (
	bombRatio = 100
	bombFree  = 1 << 20
)

func isGzip(b []byte) bool { return bytes.HasPrefix(b, []byte{0x1f, 0x8b}) }

// gunzip decodes the members of a gzip file (RFC 1952 §2.2), and ignores what
// follows the last. With an error comes what could be decoded, limit bytes at most.
func gunzip(body []byte, limit int) ([]byte, error) {
	limit = min(limit, max(bombFree, bombRatio*len(body)))
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	var out bytes.Buffer
	out.Grow(min(limit, 4*len(body)))
	_, err = io.Copy(&out, io.LimitReader(z, int64(limit)+1))
	switch {
	case out.Len() > limit:
		return out.Bytes()[:limit], ErrSitemapSize
	case errors.Is(err, gzip.ErrHeader): // of a member that is none
		err = nil
	}
	return out.Bytes(), err
}
