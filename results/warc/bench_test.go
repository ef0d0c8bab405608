package warc

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkWrite archives a page of 30 KB, coded as the web has it and not.
func BenchmarkWrite(b *testing.B) {
	text := strings.Repeat("<p class=\"line\">All work and no play makes Jack a dull boy.</p>\n", 480)
	for name, body := range map[string]string{"plain": text, "coded": noise(len(text)/4, 1)} {
		b.Run(name, func(b *testing.B) {
			a, _ := inTemp(b, Options{})
			b.SetBytes(int64(len(body)))
			for i := 0; b.Loop(); i++ {
				s := page("http://a.example/", fmt.Sprint(i)+body)
				if err := put(b, a, s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCut reads an archive of 8 MB to its end.
func BenchmarkCut(b *testing.B) {
	a, path := inTemp(b, Options{})
	for i := range 100 {
		mustPut(b, a, page("http://a.example/", noise(80_000, uint64(i))))
	}
	closed(b, a)
	b.SetBytes(a.file.size)
	for b.Loop() {
		if n, err := Cut(path); n != 0 || err != nil {
			b.Fatal(n, err)
		}
	}
}
