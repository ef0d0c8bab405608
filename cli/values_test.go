package cli

import (
	"testing"
	"time"

	"golang.org/x/time/rate"
)

func TestValues(t *testing.T) {
	var d time.Duration
	for in, want := range map[string]time.Duration{"5": 5 * time.Second, "0.5": 500 * time.Millisecond, "1m30s": 90 * time.Second, " 2s ": 2 * time.Second} {
		if err := (span{d: &d}).Set(in); err != nil || d != want {
			t.Errorf("time %q: %v, %v", in, d, err)
		}
	}
	for _, in := range []string{"", "0", "-1", "soon", "NaN", "1e300", "5 apples"} {
		if err := (span{d: &d}).Set(in); err == nil {
			t.Errorf("time %q was taken as %v", in, d)
		}
	}
	for in, want := range map[time.Duration]string{30 * time.Second: "30s", 2 * time.Minute: "2m", time.Hour: "1h", 90 * time.Second: "1m30s", 90 * time.Minute: "1h30m"} {
		if got := (span{d: &in}).String(); got != want {
			t.Errorf("%v prints as %s, want %s", in, got, want)
		}
	}
	if err := (span{&d, true}).Set("0"); err != nil || d != 0 {
		t.Errorf("no delay: %v, %v", d, err)
	}
	if err := (span{&d, true}).Set("-1s"); err == nil {
		t.Errorf("a delay below zero was taken as %v", d)
	}
	var l rate.Limit
	for in, want := range map[string]rate.Limit{"10": 10, "10/s": 10, "30/m": 0.5, "36/h": 0.01, "0": 0, "2.5/s": 2.5} {
		if err := (pace{&l}).Set(in); err != nil || l != want {
			t.Errorf("rate %q: %v, %v", in, l, err)
		}
	}
	for _, in := range []string{"", "-1", "5/d", "/s", "inf", "NaN/s", "5/s/s"} {
		if err := (pace{&l}).Set(in); err == nil {
			t.Errorf("rate %q was taken as %v", in, l)
		}
	}
}

func TestSizes(t *testing.T) {
	var n int64
	for in, want := range map[string]int64{
		"1": 1, "1000": 1000, "10B": 10, " 2 KiB ": 2048, "2k": 2048, "2K": 2048, "2kb": 2000, "1.5MB": 1_500_000,
		"16MiB": 16 << 20, "16m": 16 << 20, "1g": 1 << 30, "1GB": 1_000_000_000, "1GiB": 1 << 30, "2TiB": 2 << 40, "0.5k": 512, "1.9": 1,
	} {
		if err := (size{&n}).Set(in); err != nil || n != want {
			t.Errorf("size %q: %d, %v, want %d", in, n, err, want)
		}
	}
	n = 7
	for _, in := range []string{"", "0", "-1", "k", "1 apple", "1kk", "1e3", "0.5", "0x10", "NaN", "inf", "9e18g", "99999999999TiB", "1.2.3"} {
		if err := (size{&n}).Set(in); err == nil || n != 7 {
			t.Errorf("size %q was taken as %d", in, n)
		}
	}
	for in, want := range map[int64]string{16 << 20: "16MiB", 1000: "1000", 1 << 10: "1KiB", 1536: "1536", 3 << 40: "3TiB", 1 << 62: "4194304TiB"} {
		got := (size{&in}).String()
		if err := (size{&n}).Set(got); got != want || err != nil || n != in {
			t.Errorf("%d prints as %s, want %s, and is read as %d, %v", in, got, want, n, err)
		}
	}
}

func TestStatuses(t *testing.T) {
	var s statuses
	if s.accept() != nil {
		t.Error("without a set, the default is not the engine's")
	}
	for in, want := range map[string][]int{
		"200":                 {200},
		"2xx,304":             {200, 204, 299, 304},
		"2XX, 500-503":        {250, 500, 503},
		"100-599":             {100, 301, 599},
		"404,404":             {404},
		"1xx,2xx,3xx,4xx,5xx": {100, 599},
	} {
		if err := s.Set(in); err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		for _, n := range want {
			if !s.accept()(n) {
				t.Errorf("%s: %d is not taken", in, n)
			}
		}
		for _, n := range []int{-1, 0, 99, 600, 1 << 40} {
			if s.accept()(n) {
				t.Errorf("%s: %d is taken", in, n)
			}
		}
	}
	if err := s.Set("2xx,304"); err != nil || s.accept()(199) || s.accept()(300) || s.accept()(303) || s.accept()(500) {
		t.Errorf("2xx,304 takes more than that: %v", err)
	}
	for _, in := range []string{"", "2xx,", "ok", "xx", "6xx", "0xx", "99", "600", "300-200", "200-", "-200", "20x", "200..300"} {
		if err := s.Set(in); err == nil || s.text != "2xx,304" {
			t.Errorf("%q was taken, and the set is %q", in, s.text)
		}
	}
}
