package results

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// Numbers and text as people like to read them, shared by what goes to a
// terminal.

// appendBytes appends a size: "312 B", "1.2 KiB", "64 KiB", at most 8 wide.
func appendBytes(dst []byte, n int64) []byte {
	if n < 1024 {
		return append(strconv.AppendInt(dst, n, 10), " B"...)
	}
	const units = "KMGTPE"
	v := float64(n) / 1024
	unit := 0
	for v >= 1023.5 && unit < len(units)-1 {
		v /= 1024
		unit++
	}
	decimals := 0
	if v < 9.95 {
		decimals = 1
	}
	dst = strconv.AppendFloat(dst, v, 'f', decimals, 64)
	return append(dst, ' ', units[unit], 'i', 'B')
}

// appendDuration appends a time: "<1 ms", "15 ms", "1.23 s", "12.3 s", "1m02s",
// "2h05m"; at most 7 wide below a thousand hours.
func appendDuration(dst []byte, d time.Duration) []byte {
	if d < time.Millisecond {
		return append(dst, "<1 ms"...)
	}
	// What is rounded up to a unit's end is said in the next one.
	if ms := d.Round(time.Millisecond); ms < time.Second {
		return append(strconv.AppendInt(dst, ms.Milliseconds(), 10), " ms"...)
	}
	if s := d.Round(10 * time.Millisecond); s < 10*time.Second {
		return append(strconv.AppendFloat(dst, s.Seconds(), 'f', 2, 64), " s"...)
	}
	if s := d.Round(100 * time.Millisecond); s < time.Minute {
		return append(strconv.AppendFloat(dst, s.Seconds(), 'f', 1, 64), " s"...)
	}
	n, units := d.Round(time.Second)/time.Second, "ms"
	if n >= 3600 {
		n, units = d.Round(time.Minute)/time.Minute, "hm"
	}
	dst = append(strconv.AppendInt(dst, int64(n/60), 10), units[0])
	return append(dst, byte('0'+n%60/10), byte('0'+n%60%10), units[1])
}

// appendCount appends n with commas between the thousands.
func appendCount(dst []byte, n int64) []byte {
	if n < 0 {
		return strconv.AppendInt(dst, n, 10) // a bug should look like one
	}
	var digits [20]byte
	s := strconv.AppendInt(digits[:0], n, 10)
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, c)
	}
	return dst
}

// counted is a count with its name.
type counted struct {
	n    int64
	name string
}

// number is n with its noun in the singular or the plural.
func number(n int64, one, many string) counted {
	if n == 1 {
		return counted{n, one}
	}
	return counted{n, many}
}

// appendCounts appends those that are not zero: "20 http, 3 timeout".
func appendCounts(dst []byte, list ...counted) []byte {
	start := len(dst)
	for _, c := range list {
		if c.n == 0 {
			continue
		}
		if len(dst) > start {
			dst = append(dst, ", "...)
		}
		dst = append(append(appendCount(dst, c.n), ' '), c.name...)
	}
	return dst
}

// appendRate appends n per second over d, which is more than zero: "0.4/s",
// "12/s", "1,250/s"; by the minute or the hour where there is less than one in ten
// of that: "3.0/min".
func appendRate(dst []byte, n int64, d time.Duration) []byte {
	v, unit := float64(n)/d.Seconds(), "/s"
	if n > 0 && v < 0.0995 {
		v, unit = v*60, "/min"
	}
	if n > 0 && v < 0.0995 {
		v, unit = v*60, "/h"
	}
	if v < 9.95 {
		dst = strconv.AppendFloat(dst, v, 'f', 1, 64)
	} else {
		dst = appendCount(dst, int64(v+0.5))
	}
	return append(dst, unit...)
}

// Visible is s as a terminal shows it and does not obey it: see Text. It may be called
// from any goroutine.
func Visible(s string) string { return string(appendVisible(nil, s, 0)) }

// appendVisible appends s so that a terminal shows it and does not obey it:
// control characters, those that nobody would see and those that turn the direction
// of writing round come as escapes in the manner of Go, invalid bytes as U+FFFD. At
// most limit characters are taken, an ellipsis stands for the rest; 0 is no limit.
func appendVisible(dst []byte, s string, limit int) []byte {
	taken := 0
	var before shown
	for _, c := range s {
		if taken++; limit > 0 && taken > limit {
			return append(dst, "…"...)
		}
		asItIs := before.see(c)
		switch {
		case c >= ' ' && c < 0x7f:
			dst = append(dst, byte(c))
		case c == '\n', c == '\t', c == '\r':
			dst = appendEscaped(dst, c)
		case c < 0xa0:
			dst = append(dst, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
		case asItIs:
			dst = utf8.AppendRune(dst, c)
		case c > 0xffff:
			dst = append(dst, `\U000`...)
			for shift := 16; shift >= 0; shift -= 4 {
				dst = append(dst, hexDigits[c>>shift&15])
			}
		default:
			dst = appendEscaped(dst, c)
		}
	}
	return dst
}

// padLeft moves what dst has from start on to the right, to fill width.
// Every byte there is one column wide.
func padLeft(dst []byte, start, width int) []byte {
	fill := width - (len(dst) - start)
	if fill <= 0 {
		return dst
	}
	dst = padRight(dst, start, width)
	copy(dst[start+fill:], dst[start:])
	for i := range fill {
		dst[start+i] = ' '
	}
	return dst
}

// padRight appends spaces to what dst has from start on, to fill width.
func padRight(dst []byte, start, width int) []byte {
	for len(dst)-start < width {
		dst = append(dst, ' ')
	}
	return dst
}

// Bytes is a size as people read it: "312 B", "1.2 KiB".
func Bytes(n int64) string { return string(appendBytes(nil, n)) }

// Duration is a time as people read it: "15 ms", "12.3 s", "1m02s", "2h05m".
func Duration(d time.Duration) string { return string(appendDuration(nil, d)) }

// Count is a number with commas between its thousands.
func Count(n int64) string { return string(appendCount(nil, n)) }
