package list

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// FuzzAnyList: whatever bytes a list is made of, what waits outside memory comes
// back as a window that holds the whole list gives it.
func FuzzAnyList(f *testing.F) {
	f.Add([]byte("http://a/1\nhttp://a/2\nhttp://b/\n"), byte(1))
	f.Add([]byte("\xef\xbb\xbfa\r\n#\r\n{\"url\":\"a/1\",\"meta\":1}\r\na/2\n\n\x00\na"), byte(3))
	f.Add([]byte("http://a/\nhttp://a/\nmailto:x\nhttp://b/\nhttp://a/2"), byte(0))
	f.Fuzz(func(t *testing.T, text []byte, seed byte) {
		texts := []string{string(text), "http://a/end\nhttp://b/end\n", string(text)}
		rnd := rand.New(rand.NewPCG(uint64(seed), 1))
		want := wholeList(t, texts)
		got := roughly(t, rnd, start(t.Context(), anySources(rnd, texts), Options{Window: 1 + rnd.IntN(4), Method: "HEAD"},
			func() (blockFile, error) { return &memFile{}, nil }))
		if len(got) != len(want) {
			t.Fatalf("%d entries, want %d", len(got), len(want))
		}
		for i := range want {
			if !reflect.DeepEqual(got[i], want[i]) {
				t.Fatalf("entry %d is\n%+v, want\n%+v", i, got[i], want[i])
			}
		}
	})
}
