package warc

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/klauspost/compress/gzip"
)

// What the standard has for words.
const (
	version         = "WARC/1.1\r\n"
	conformsTo      = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
	revisitProfile  = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
	typeInfo        = "application/warc-fields"
	typeRequest     = "application/http;msgtype=request"
	typeResponse    = "application/http;msgtype=response"
	endOfRecord     = "\r\n\r\n"
	dateFormat      = "2006-01-02T15:04:05.000000Z"
	identifierBytes = 16
)

// fields is the header of a record as it is built.
type fields struct{ b []byte }

func newFields(kind string, id string) *fields {
	f := &fields{append(make([]byte, 0, 1024), version...)}
	f.add("WARC-Type", kind)
	f.add("WARC-Record-ID", id)
	return f
}

// add adds a field; one without a value is left out. No value can end its line.
func (f *fields) add(name, value string) {
	if value == "" {
		return
	}
	f.b = append(f.b, name...)
	f.b = append(f.b, ": "...)
	f.b = appendPlain(f.b, value)
	f.b = append(f.b, "\r\n"...)
}

// end ends the header of a record with a block of this type and size.
func (f *fields) end(contentType string, size int64) []byte {
	f.add("Content-Type", contentType)
	f.add("Content-Length", strconv.FormatInt(size, 10))
	return append(f.b, "\r\n"...)
}

// appendPlain appends a value with its control characters replaced by spaces.
func appendPlain(b []byte, value string) []byte {
	for i := range len(value) {
		c := value[i]
		if c < ' ' || c == 0x7f {
			c = ' '
		}
		b = append(b, c)
	}
	return b
}

// encode makes the records of an exchange, which c.out has then: a response, or
// where again is true a revisit of first, and the request.
func (a *Archive) encode(c *Capture, e Exchange, now, first original, again bool) error {
	requestID, err := a.newID()
	if err != nil {
		return err
	}
	c.out.clear()
	z := a.press(&c.out)
	defer a.release(z)

	if again {
		f := c.common("revisit", e, now, hex.EncodeToString(sum(c.header)))
		f.add("WARC-Profile", revisitProfile)
		f.add("WARC-Refers-To", first.id)
		f.add("WARC-Refers-To-Target-URI", first.uri)
		f.add("WARC-Refers-To-Date", first.date)
		err = member(z, &c.out, f.end(typeResponse, int64(len(c.header))), bytes.NewReader(c.header))
	} else {
		f := c.common("response", e, now, hex.EncodeToString(c.block.Sum(nil)))
		f.add("WARC-Truncated", string(e.Truncated))
		head := f.end(typeResponse, int64(len(c.header))+c.body.size)
		err = member(z, &c.out, head, bytes.NewReader(c.header), &c.body)
	}
	if err != nil {
		return err
	}
	request := redacted(c.request)
	f := newFields("request", requestID)
	f.add("WARC-Date", now.date)
	f.add("WARC-Target-URI", now.uri)
	f.add("WARC-IP-Address", e.IP)
	f.add("WARC-Concurrent-To", now.id)
	f.add("WARC-Block-Digest", "sha256:"+hex.EncodeToString(sum(request)))
	return member(z, &c.out, f.end(typeRequest, int64(len(request))), bytes.NewReader(request))
}

// common is the header that response and revisit have in common.
func (c *Capture) common(kind string, e Exchange, now original, block string) *fields {
	f := newFields(kind, now.id)
	f.add("WARC-Date", now.date)
	f.add("WARC-Target-URI", now.uri)
	f.add("WARC-IP-Address", e.IP)
	f.add("WARC-Block-Digest", "sha256:"+block)
	if c.size > 0 {
		digest := c.digest()
		f.add("WARC-Payload-Digest", "sha256:"+hex.EncodeToString(digest[:]))
	}
	return f
}

// encodeInfo makes the record that a file of this name begins with.
func (a *Archive) encodeInfo(to *spool, name string) error {
	id, err := a.newID()
	if err != nil {
		return err
	}
	var block []byte
	for _, i := range append(a.o.Info[:len(a.o.Info):len(a.o.Info)], Field{"format", "WARC File Format 1.1"}, Field{"conformsTo", conformsTo}) {
		block = append(appendPlain(block, i.Name), ": "...)
		block = append(appendPlain(block, i.Value), "\r\n"...)
	}
	f := newFields("warcinfo", id)
	f.add("WARC-Date", date(a.o.Now()))
	f.add("WARC-Filename", name)
	f.add("WARC-Block-Digest", "sha256:"+hex.EncodeToString(sum(block)))
	z := a.press(to)
	defer a.release(z)
	return member(z, to, f.end(typeInfo, int64(len(block))), bytes.NewReader(block))
}

// member writes a record as one member of gzip.
func member(z *gzip.Writer, to io.Writer, head []byte, block ...io.WriterTo) error {
	z.Reset(to)
	_, err := z.Write(head)
	for _, part := range block {
		if err == nil {
			_, err = part.WriteTo(z)
		}
	}
	if err == nil {
		_, err = io.WriteString(z, endOfRecord)
	}
	if err == nil {
		err = z.Close()
	}
	return err
}

// press waits for a compressor.
func (a *Archive) press(to io.Writer) *gzip.Writer {
	z := <-a.presses
	if z == nil {
		z = gzip.NewWriter(to)
	}
	return z
}

// release gives a compressor back.
func (a *Archive) release(z *gzip.Writer) {
	z.Reset(io.Discard)
	a.presses <- z
}

// newID makes the identifier of a record: a random UUID (RFC 9562 section 5.4).
func (a *Archive) newID() (string, error) {
	var u [identifierBytes]byte
	if _, err := io.ReadFull(a.o.Rand, u[:]); err != nil {
		return "", fmt.Errorf("an identifier for a record: %w", err)
	}
	u[6] = u[6]&0x0f | 0x40
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("<urn:uuid:%x-%x-%x-%x-%x>", u[:4], u[4:6], u[6:8], u[8:10], u[10:]), nil
}

func date(t time.Time) string { return t.UTC().Format(dateFormat) }

func sum(b []byte) []byte {
	s := sha256.Sum256(b)
	return s[:]
}
