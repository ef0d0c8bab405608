package main

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestAFullDiskEndsTheCrawlAndLosesNothing: as with a list, whatever finds no room
// ends the crawl at once and is told, and the same command goes on.
func TestAFullDiskEndsTheCrawlAndLosesNothing(t *testing.T) {
	for _, c := range []struct {
		name, size, flags, path, out string
	}{
		{"the store", "300k", "-state small/state -o out", "small/state/(state.db|output)", "out"},
		{"the output", "64k", "-state state -o small/out", "small/out", "small/out"},
		{"both", "500k", "-state small/state -o small/out", "small/.*", "small/out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k := newKilledCrawl(t)
			disk := mountSmall(t, filepath.Join(k.dir, "small"), c.size)
			args := append(strings.Fields("-q -urls list -depth 1000 -robots=false -retries 0 -per-host 8 -c"), fmt.Sprint(inFlight))
			args = append(args, strings.Fields(c.flags)...)
			for range 2 { // the second finds no room either
				refused(t, k.dir, nil, "", c.path, "(no space left on device|database or disk is full.*|disk I/O error.*)", args...)
			}
			disk.remount(0, "64m")
			if code := k.run(t, args, nil); code != 1 {
				t.Fatalf("with room the code is %d, want 1", code)
			}
			k.checkCrawlIn(t, c.out, sitePages, false)
			k.checkRequests(t)
		})
	}
}

// TestAReadOnlyStateOfACrawlIsTold: and it is as it was afterwards.
func TestAReadOnlyStateOfACrawlIsTold(t *testing.T) {
	k := newKilledCrawl(t)
	disk := mountSmall(t, filepath.Join(k.dir, "small"), "64m")
	args := append(strings.Fields("-q -urls list -depth 1000 -robots=false -retries 0 -per-host 8 -state small/state -o out -c"), fmt.Sprint(inFlight))
	if code := k.run(t, args, rand.New(rand.NewPCG(1, 1))); code != -1 {
		t.Fatalf("the code is %d before the kill", code)
	}
	disk.remount(syscall.MS_RDONLY, "64m")
	refused(t, k.dir, nil, "", "small/state", "read-only file system", args...)
	disk.remount(0, "64m")
	if code := k.run(t, args, nil); code != 1 {
		t.Fatalf("the code is %d, want 1", code)
	}
	k.checkCrawl(t, sitePages, false)
}
