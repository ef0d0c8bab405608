package weburl

import "testing"

func TestSomeURLsOfBrowsersCannotBeAskedOverHTTP(t *testing.T) {
	const host, port = "host has a character that HTTP does not allow", "port 0 cannot be asked"
	for s, want := range map[string]string{
		"http://a\"b.example/": host, "https://{a.example/": host, "http://a}/": host, "http://u:p@a`.example:8080/": host, "http://a%7bb.example/": host,
		"http://a.example:0/": port, "https://[::1]:000/": port,
		"http://a.example:10/": "", "https://a.example/{}\"`": "", "http://!$&'()*+,;=~_-.example/": "", "http://{u}:`@a.example/": "",
	} {
		u := must(t, s)
		if got := u.Unaskable(); got != want {
			t.Errorf("%s is unaskable for %q, want %q", s, got, want)
		}
		if _, err := ParseInput(s); (err == nil) != (want == "") || err != nil && !isErr(err, ErrInvalid) {
			t.Errorf("%s as a line: %v", s, err)
		}
	}
	if why := (URL{}).Unaskable(); why != "" {
		t.Errorf("the zero URL is unaskable for %q", why)
	}
	if _, err := ParseInput("a{b.example/x"); err == nil || err.Error() != `"a{b.example/x": `+host {
		t.Errorf("got %v", err)
	}
}
