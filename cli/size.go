package cli

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// size is a number of bytes above zero: "16MiB", "500k", "2MB", "1000". A bare
// letter counts in 1024s, as in curl and wget; KB, MB and GB in 1000s.
type size struct{ n *int64 }

var units = map[string]float64{
	"": 1, "b": 1,
	"k": 1 << 10, "kib": 1 << 10, "kb": 1e3,
	"m": 1 << 20, "mib": 1 << 20, "mb": 1e6,
	"g": 1 << 30, "gib": 1 << 30, "gb": 1e9,
	"t": 1 << 40, "tib": 1 << 40, "tb": 1e12,
}

func (v size) String() string {
	if v.n == nil {
		return "0"
	}
	n, unit := *v.n, ""
	for _, larger := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if n == 0 || n%1024 != 0 {
			break
		}
		n, unit = n/1024, larger
	}
	return strconv.FormatInt(n, 10) + unit
}

func (v size) Type() string { return "SIZE" }

func (v size) Set(s string) error {
	s = strings.TrimSpace(s)
	digits := len(s) - len(strings.TrimLeft(s, "0123456789."))
	number, err := strconv.ParseFloat(s[:digits], 64)
	unit, known := units[strings.ToLower(strings.TrimSpace(s[digits:]))]
	n := math.Floor(number * unit)
	if err != nil || !known || n < 1 || n >= math.MaxInt64 {
		return errors.New("want a size above zero, such as 500k, 16MiB or 2MB; a bare number is bytes")
	}
	*v.n = int64(n)
	return nil
}
