package fetch

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"strings"
	"testing"
)

// skippable is a zstd frame of which nothing is made (RFC 8878 section 3.1.2).
func skippable(n int) []byte {
	b := binary.LittleEndian.AppendUint32(nil, 0x184d2a50)
	return append(binary.LittleEndian.AppendUint32(b, uint32(n)), make([]byte, n)...)
}

// barren is a begin and what can follow it without end, and nothing is made of
// either.
func barren(t testing.TB) map[string][2]string {
	skipped := strings.Repeat("x", 256)
	return map[string][2]string{
		"zstd":       {"", string(skippable(60_000))},
		"gzip":       {"", string(encode(t, "gzip", nil))},
		"deflate":    {"", "\x00\x00\x00\xff\xff"},                            // empty stored blocks
		"br":         {"\xac\x7f" + skipped, "\xd6\x3f" + skipped},            // metadata (RFC 7932 section 9.2)
		"gzip, zstd": {"", string(encode(t, "zstd", encode(t, "gzip", nil)))}, // the outer gives, the inner does not
	}
}

func TestFault13WhatGivesNothingEndsSoonInEveryCoding(t *testing.T) {
	for coding, b := range barren(t) {
		t.Run(coding, func(t *testing.T) {
			u := raw(t, func(p *peer) {
				p.request()
				p.send("HTTP/1.1 200 OK\r\nContent-Encoding: " + coding + "\r\n\r\n" + b[0])
				endless(p, strings.Repeat(b[1], 1+10_000/len(b[1])))
			})
			resp, err := do(t, Options{}, u)
			e := failsWith(t, err, KindDecode, PhaseBody)
			if e.Error() != "compressed body yields nothing" || retried(resp, err) || resp.WireSize > 3*maxBarren {
				t.Errorf("says %q after %d bytes", e, resp.WireSize)
			}
		})
	}
}

// What an outer coding inflates counts, whatever the inner one makes of it.
func TestFault13ABombBetweenTwoCodingsIsTooLarge(t *testing.T) {
	page := encode(t, "zstd", []byte("x"))
	inner := bytes.Repeat(append(skippable(maxBarren/2), page...), 20)
	resp, err := coded(t, "zstd, gzip", encode(t, "gzip", inner))(Options{})
	e := failsWith(t, err, KindTooLarge, PhaseBody)
	if retried(resp, err) || resp.Size > 10 {
		t.Errorf("says %q after %d bytes", e, resp.Size)
	}
}

// A part that gives nothing is no fault, where it ends.
func TestWhatGivesNothingMayStandInABody(t *testing.T) {
	page := encode(t, "zstd", prose(5000))
	body := append(append(skippable(maxBarren/2), page...), skippable(maxBarren/2)...)
	body = append(body, page...)
	resp, err := coded(t, "zstd", body)(Options{})
	if err != nil || resp.Size != 10_000 || resp.Status != http.StatusOK {
		t.Errorf("%d bytes, %v", resp.Size, err)
	}
}

// The limit of the body as it comes is told as it is, also where a decoder takes it
// for the end of its input.
func TestFault13ACodedBodyWithoutEndIsNotTakenForCutShort(t *testing.T) {
	fruit := string(append(skippable(60_000), encode(t, "zstd", []byte("x"))...))
	u := raw(t, func(p *peer) {
		p.request()
		p.send("HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\n")
		endless(p, fruit)
	})
	resp, err := do(t, Options{MaxBody: 100_000}, u)
	if e := failsWith(t, err, KindDecode, PhaseBody); e.Error() != "compressed body is larger than its content may be" || retried(resp, err) {
		t.Errorf("says %q after %d bytes", e, resp.WireSize)
	}
}
