package list

import (
	"strings"
	"testing"
)

// A line that is broken JSON shows no header that is a secret, in whatever form.
func TestBrokenObjectsShowNoSecrets(t *testing.T) {
	for _, text := range []string{
		`{"url":"http://a.example/","headers":["Authorization: S3CRET x"]}`,
		`[{"url":"x","headers":{"Authorization":"S3CRET"}}]`,
		`{"headers":{"Cookie": "S3CRET`,
		`[["cookie","S3CRET"]]`,
	} {
		if it := parseLine([]byte(text), false); it.Invalid == nil || strings.Contains(it.Input, "S3CRET") {
			t.Errorf("%s: %v, %s", text, it.Invalid, it.Input)
		}
	}
}

// What is too long to be a request is shown as far as it goes, and no secret of it.
func TestAnObjectThatIsTooLongShowsNoSecret(t *testing.T) {
	it := parseLine([]byte(`{"headers":{"Authorization":"Bearer pw"},"url":"http://a.example/`+strings.Repeat("x", maxLine)), true)
	if it.Invalid != errLong || !strings.HasPrefix(it.Input, `{"headers":{"Authorization":"***"},"url":"http://a.example/xx`) {
		t.Errorf("%.80s: %v", it.Input, it.Invalid)
	}
}
