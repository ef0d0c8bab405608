package robots

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// full fills a file with what line makes of numbers.
func full(head string, line func(i int) string) []byte {
	b := []byte(head)
	for i := 0; ; i++ {
		l := line(i)
		if len(b)+len(l) > MaxSize {
			return b
		}
		b = append(b, l...)
	}
}

// What is kept of a file is no more than about the file, whatever it is made of.
func TestAFileTakesAboutItsOwnMemory(t *testing.T) {
	const all = "user-agent: *\n"
	short := func(i int) string {
		return string([]byte{'!' + byte(i%90), '!' + byte(i/90%90), '!' + byte(i/8100%90)})
	}
	for name, tc := range map[string]struct {
		file  []byte
		times float64 // the file
	}{
		"short rules":         {full(all, func(i int) string { return "allow:/" + short(i) + "\n" }), 1.2},
		"short ones with end": {full(all, func(i int) string { return "allow:/" + short(i) + "$\n" }), 1.2},
		"starred":             {full(all, func(i int) string { return "allow:*" + short(i) + "\n" }), 1.1},
		"directories":         {full(all, func(i int) string { return "allow:/" + short(i) + "/index.htm\n" }), 1.5},
		"escapes of stars":    {full(all, func(i int) string { return "allow:/%2a" + short(i) + "\n" }), 1.2},
		"long":                {full(all, func(i int) string { return fmt.Sprintf("disallow: /%05d%s\n", i, strings.Repeat("x", 10_000)) }), 1},
		"bytes over 0x7f":     {full(all, func(i int) string { return fmt.Sprintf("disallow: /%05d%s\n", i, strings.Repeat("ツ", 1000)) }), 3},
		"sitemaps":            {full(all, func(i int) string { return "sitemap:" + short(i) + "\n" }), 1},
		"one rule repeated":   {full(all, func(int) string { return "allow:/a\n" }), 0.001},
		"nothing that binds":  {full(all, func(int) string { return "allow:\ndisallow: x\n" }), 0},
		"agents":              {full("", func(i int) string { return fmt.Sprintf("user-agent: bot%d\n", i) }), 0},
		"comments":            {full(all+"disallow: /x\n", func(int) string { return "# for us\n" }), 0.001},
		"other agents' rules": {full("user-agent: other\n", func(i int) string { return fmt.Sprintf("disallow: /%d\n", i) }), 0},
	} {
		t.Run(name, func(t *testing.T) {
			if len(tc.file) < MaxSize*9/10 {
				t.Fatalf("a file of %d bytes", len(tc.file))
			}
			size := Parse("x", 200, tc.file).Size()
			if most := int(tc.times * MaxSize); size > most {
				t.Errorf("it keeps %d bytes of %d", size, len(tc.file))
			}
			const n = 10
			var kept [n]Rules
			before := heap()
			for i := range kept {
				kept[i] = Parse("x", 200, bytes.Clone(tc.file))
			}
			if took := (heap() - before) / n; took > size*11/10+8<<10 {
				t.Errorf("it takes %d bytes and says %d", took, size)
			}
			runtime.KeepAlive(kept)
		})
	}
}

// heap is what is in use after a collection.
func heap() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// Rules for all count only where no group names the agent, wherever in the file
// either stands; what others are told is not kept.
func TestOnlyWhatAppliesToTheAgentIsKept(t *testing.T) {
	const mine = "user-agent: mine\ndisallow: /mine\n"
	const every = "user-agent: *\ndisallow: /every\nuser-agent: a\nuser-agent: *\nuser-agent: b\ndisallow: /more\n"
	const other = "user-agent: other\ndisallow: /other\n"
	const both = "user-agent: mine\nuser-agent: *\nuser-agent: MINE\ndisallow: /both\n"
	for _, tc := range []struct {
		file string
		want []string
	}{
		{mine + every + other, []string{"/mine"}},
		{every + other + mine, []string{"/mine"}},
		{mine + other + mine + every + both, []string{"/both", "/mine"}},
		{every + other, []string{"/every", "/more"}},
		{other + both + every, []string{"/both"}},
		{other, nil},
		{"disallow: /none\n", nil},
	} {
		var got []string
		set := Parse("mine", 200, []byte(tc.file)).set
		for i := range set.disallow.common.plain.ends {
			got = append(got, set.disallow.common.plain.at(i))
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%q is kept of\n%s", got, tc.file)
		}
	}
}

// Nor is more than that held while a file is read, however often a group names
// those whom it speaks to.
func TestAGroupIsReadOnce(t *testing.T) {
	file := strings.Repeat("user-agent: *\nuser-agent: mine\n", 1000) + strings.Repeat("allow: /x\ndisallow: /x\n", 1000)
	if f, _ := read("mine", file); len(f.allow) != 1000 || len(f.disallow) != 1000 {
		t.Errorf("%d and %d rules are held of 1000", len(f.allow), len(f.disallow))
	}
}
