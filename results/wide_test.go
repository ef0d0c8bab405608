package results

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/width"
)

// TestWideCharactersAreThoseOfUnicode: of all letters and of the symbols that are not
// in blocks of their own; of others nearly all.
func TestWideCharactersAreThoseOfUnicode(t *testing.T) {
	wrong := 0
	for c := rune(0x20); c < 0x40000; c++ {
		if !unicode.IsGraphic(c) || columnsOf(c) == 0 {
			continue
		}
		kind, want := width.LookupRune(c).Kind(), 1
		if kind == width.EastAsianWide || kind == width.EastAsianFullwidth {
			want = 2
		}
		if columnsOf(c) == want {
			continue
		}
		if wrong++; unicode.IsLetter(c) && c < 0x16fe0 || c < 0x2e80 {
			t.Errorf("%U %c takes %d", c, c, columnsOf(c))
		}
	}
	if wrong > 450 {
		t.Errorf("%d characters are off", wrong)
	}
}

func TestTextTakesSoManyColumns(t *testing.T) {
	for s, want := range map[string]int{
		"": 0, "abc": 3, "é": 1, "e\u0301": 1, "日本語": 6, "한국": 4, "🎉": 2, "✅ ok": 5, "می\u200cخواهم": 7, "❤\ufe0f": 1, "ｱ": 1, "Ａ": 2, "𠮷": 2, "→…": 2, "\u0600": 1, "a\x1b[31mb\x1b[0m": 2, "a\x1b[3": 1,
	} {
		if got := textWidth([]byte(s)); got != want {
			t.Errorf("%q takes %d columns, want %d", s, got, want)
		}
	}
	for _, tt := range []struct {
		s     string
		width int
		want  string
	}{
		{"abcd", 4, "abcd"}, {"abcde", 4, "abc…"}, {"日本語", 6, "日本語"}, {"日本語", 5, "日本…"}, {"日本語", 4, "日…"}, {"e\u0301e\u0301e\u0301", 2, "e\u0301…"}, {"abc", 1, "…"}, {"日", 1, "…"},
	} {
		if got := string(fitWidth([]byte("日"+tt.s), len("日"), tt.width)); got != "日"+tt.want {
			t.Errorf("%q in %d columns: %q, want %q", tt.s, tt.width, got, tt.want)
		}
	}
}

// TestALineOfATerminalEndsWithItsTitle: what is only nice to know takes no row of its
// own; the URL and why it failed are whole.
func TestALineOfATerminalEndsWithItsTitle(t *testing.T) {
	for _, color := range []bool{false, true} {
		for _, width := range []int{40, 80, 200} {
			for _, r := range textSamples() {
				whole, got := uncolored(textOf(t, color, r)), uncolored(appendAll(t, Text{Color: color, Width: width}, r))
				bare := *r
				if bare.Title = ""; r.Error.Message != "" || r.Title == "" {
					if got != whole {
						t.Errorf("%q is %q in %d columns", whole, got, width)
					}
					continue
				}
				if !strings.HasPrefix(whole, strings.TrimRight(got, "…\n")) || rows(got, width) > rows(textOf(t, false, &bare), width) {
					t.Errorf("%q is %q in %d columns", whole, got, width)
				}
				if rows(whole, width) == rows(textOf(t, false, &bare), width) && got != whole {
					t.Errorf("%q would fit, and is %q", whole, got)
				}
			}
		}
	}
	r := &Record{URL: "http://a.example/" + strings.Repeat("x", 70), Status: 200, OK: true, Title: strings.Repeat("日本 ", 50)}
	if got := textWidth([]byte(appendAll(t, Text{Width: 80}, r))) - 1; got < 158 || got > 160 {
		t.Errorf("the title ends at column %d of rows of 80", got)
	}
	r.URL = "http://a.example/" + strings.Repeat("x", 80+46-17-8)
	if got := appendAll(t, Text{Width: 80}, r); strings.Contains(got, "日") || !strings.Contains(got, "xxx\n") {
		t.Errorf("a title where there is no room: %q", got)
	}
}

// rows is how many rows of a terminal a line takes.
func rows(line string, width int) int {
	return (textWidth([]byte(strings.TrimSuffix(line, "\n"))) + width - 1) / width
}

func uncolored(s string) string {
	for _, code := range []string{red, green, yellow, cyan, dim, plain} {
		s = strings.ReplaceAll(s, code, "")
	}
	return s
}
