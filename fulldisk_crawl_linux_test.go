package main

import (
	"math/rand/v2"
	"path/filepath"
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
			args := command("-depth 1000", c.flags)
			disk := k.fillDisk(t, c.size, c.path, "("+noSpace+"|database or disk is full.*|disk I/O error.*)", args)
			disk.remount(0, "64m")
			if code := k.run(t, args, nil); code != 1 {
				t.Fatalf("with room the code is %d, want 1", code)
			}
			k.checkCrawl(t, filepath.Join(k.dir, c.out), sitePages, false)
			k.checkRequests(t)
		})
	}
}

// TestAReadOnlyStateOfACrawlIsTold: and it is as it was afterwards.
func TestAReadOnlyStateOfACrawlIsTold(t *testing.T) {
	k := newKilledCrawl(t)
	disk := mountSmall(t, filepath.Join(k.dir, "small"), "64m")
	args := command("-depth 1000 -state small/state -o out")
	if code := k.run(t, args, rand.New(rand.NewPCG(1, 1))); code != -1 {
		t.Fatalf("the code is %d before the kill", code)
	}
	disk.remount(syscall.MS_RDONLY, "64m")
	refused(t, k.dir, nil, "", "small/state", "read-only file system", args...)
	disk.remount(0, "64m")
	if code := k.run(t, args, nil); code != 1 {
		t.Fatalf("the code is %d, want 1", code)
	}
	k.checkCrawl(t, filepath.Join(k.dir, "out"), sitePages, false)
}
