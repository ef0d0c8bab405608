package list

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"crawl/frontier/memory"
)

func TestMembersThatDoNotCountAreFound(t *testing.T) {
	for text, want := range map[string]string{
		`{"url":"x","meta":{"a":{"b":1}},"method":"GET","headers":{"X":"y"},"timeout":5}`: "",
		`{"URL":"x","Meta":1}`: "", `{}`: "", `{"metta":1}`: "metta", `{"url":"x" , "body" : "}{\"a\":1" ,"z":[{"y":1}]}`: "body z",
		`{"u\u0072l":"x","\u006deta":1,"a\"b":2}`: `a"b`, `{"url":":","a":"b:","c":["d",{"e":"f"}],"g":null}`: "a c g", `{"a\\":1,"b":"\\"}`: `a\ b`,
		`{"url"`: "", `{"a":"`: "a", `{"\`: "",
	} {
		if got := strings.Join(unknownMembers([]byte(text)), " "); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// told are what a list of these texts tells, and how often.
func told(t *testing.T, crawl, more bool, sources ...Source) []string {
	t.Helper()
	var all []string
	unknown := Unknown(func(source string, line int64, names []string) bool {
		all = append(all, fmt.Sprint(source, ":", line, " ", names))
		return more
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if crawl {
		store := memory.New(memory.Options{})
		s := Seed(ctx, sources, store, SeedOptions{Unknown: unknown})
		<-s.stopped
		s.Close()
		store.Close()
		return all
	}
	l := New(ctx, sources, Options{Unknown: unknown})
	<-l.stopped
	l.Close()
	return all
}

// TestMembersThatDoNotCountAreTold: with their place, in the order of the lines, for
// as long as somebody listens. What is no JSON has a record that says so.
func TestMembersThatDoNotCountAreTold(t *testing.T) {
	sources := func() []Source {
		return []Source{
			{Name: "a", R: strings.NewReader("\ufeff{\"url\":\"http://a.example/\"}\n# {\"x\":1}\n\n http://a.example/{\"x\":1}\n {\"url\":\"http://b.example/\",\"metta\":1} \n{\"x\":1,}\n[{\"x\":1}]\n"), Regular: true},
			{Name: "b", R: strings.NewReader(`{"urll":"http://c.example/","y":2}` + strings.Repeat("\nhttp://a.example/", 600) + "\n{\"z\":1}"), Regular: true},
			{Name: "c", R: strings.NewReader(`{"w":1}`), Regular: true, NoLines: true},
		}
	}
	for _, crawl := range []bool{false, true} {
		if got, want := told(t, crawl, true, sources()...), []string{"a:5 [metta]", "b:1 [urll y]", "b:602 [z]", "c:0 [w]"}; !slices.Equal(got, want) {
			t.Errorf("told %q, want %q", got, want)
		}
		if got := told(t, crawl, false, sources()...); len(got) != 1 {
			t.Errorf("told %q", got)
		}
	}
}

func FuzzMembers(f *testing.F) {
	f.Add([]byte(`{"url":"x","a":{"b":[1]},"c\"":"\\"}`))
	f.Add([]byte(`{"a" : "}" , "a":1,"\ud800":2}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		got := unknownMembers(text)
		var members map[string]json.RawMessage
		if len(text) == 0 || text[0] != '{' || json.Unmarshal(text, &members) != nil {
			return
		}
		for _, name := range got {
			if _, ok := members[name]; !ok {
				t.Errorf("%q is no member of %s", name, text)
			}
		}
		for name := range members {
			known := slices.ContainsFunc(Members(), func(m string) bool { return strings.EqualFold(m, name) })
			if known == slices.Contains(got, name) {
				t.Errorf("%q of %s: told %q", name, text, got)
			}
		}
	})
}
