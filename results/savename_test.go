package results

import (
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// nameOf is the Name of a GET of an https URL of example.com, answered with HTML.
func nameOf(path, query string) Name {
	return Name{Scheme: "https", Host: "example.com", Port: "443", Path: path, Query: query, Type: "text/html; charset=utf-8"}
}

func TestAURLThatCanBeAFileNameIsOne(t *testing.T) {
	for path, want := range map[string]string{
		"/":                               "index.html",
		"/about":                          "about~.html",
		"/about/":                         "about/index.html",
		"/about/team":                     "about/team~.html",
		"/about/team.html":                "about/team.html",
		"/a/b/c/style.min.css":            "a/b/c/style.min.css",
		"/list.php":                       "list.php",
		"/v1.2/users":                     "v1.2/users~.html",
		"/release-1.2":                    "release-1.2~.html",
		"/a.7z":                           "a.7z",
		"/robots.txt":                     "robots.txt",
		"/indexes/index-of":               "indexes/index-of~.html",
		"/a.verylongextension":            "a.verylongextension~.html",
		"/" + strings.Repeat("x", 93):     strings.Repeat("x", 93) + "~.html",
		strings.Repeat("/12345678", 20):   strings.Repeat("12345678/", 19) + "12345678~.html",
		"/icons/con-trol/auxiliary.png":   "icons/con-trol/auxiliary.png",
		"/wiki/some_page_with_an_article": "wiki/some_page_with_an_article~.html",
	} {
		if got := nameOf(path, "").File(); got != "example.com/"+want {
			t.Errorf("%s: %q, want example.com/%s", path, got, want)
		}
	}
}

func TestTheDirectoryOfAHostSaysWhatIsNotHTTPSOn443(t *testing.T) {
	for _, c := range []struct{ scheme, host, port, want string }{
		{"https", "example.com", "443", "example.com"},
		{"http", "example.com", "80", "example.com_http"},
		{"https", "example.com", "8443", "example.com_8443"},
		{"http", "example.com", "8443", "example.com_http_8443"},
		{"https", "example.com", "80", "example.com_80"},
		{"http", "example.com", "443", "example.com_http_443"},
		{"http", "127.0.0.1", "3000", "127.0.0.1_http_3000"},
		{"https", "xn--bcher-kva.example", "443", "xn--bcher-kva.example"},
	} {
		n := Name{Scheme: c.scheme, Host: c.host, Port: c.port, Path: "/"}
		if got := n.File(); got != c.want+"/index.bin" {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

// The dots of want stand for a hash.
func TestAnyOtherURLHasSomethingReadableAndAHash(t *testing.T) {
	long := strings.Repeat("long", 500)
	for _, c := range []struct {
		n    Name
		want string
	}{
		{nameOf("/", "?"), "example.com/index~….html"},
		{nameOf("/find", "?q=tea&page=2"), "example.com/find_q=tea_page=2~….html"},
		{nameOf("/list.php", "?id=3"), "example.com/list_id=3~….php"},
		{nameOf("/About/Team", ""), "example.com/about/team~….html"},
		{nameOf("/README.md", ""), "example.com/readme~….md"},
		{nameOf("/index.html", ""), "example.com/index~….html"},
		{nameOf("/index", ""), "example.com/index~….html"},
		{nameOf("/a.html/b", ""), "example.com/a.html_/b~….html"},
		{nameOf("/a//b", ""), "example.com/a/b~….html"},
		{nameOf("/~joe/", ""), "example.com/_joe/index~….html"},
		{nameOf("/wiki/%E6%97%A5%E6%9C%AC%E8%AA%9E", ""), "example.com/wiki/日本語~….html"},
		{nameOf("/%C3%9Cber%20uns", ""), "example.com/über_uns~….html"},
		{nameOf("/%FF%FE", ""), "example.com/_~….html"},
		{nameOf("/50%", ""), "example.com/50_~….html"},
		{nameOf("/con", ""), "example.com/_con~….html"},
		{nameOf("/AUX.tar.gz", ""), "example.com/_aux.tar~….gz"},
		{nameOf("/nul/lpt1.x/com10", ""), "example.com/_nul/_lpt1.x_/com10~….html"},
		{nameOf("/.htaccess", ""), "example.com/_htaccess~….html"},
		{nameOf("/.git/config", ""), "example.com/_git/config~….html"},
		{nameOf("/a./b.", ""), "example.com/a_/b~….html"},
		{nameOf("/a%20/%20", ""), "example.com/a_/_~….html"},
		{nameOf("/a%00.png", ""), "example.com/a_~….png"},
		{nameOf("/a.txt:stream", ""), "example.com/a.txt_stream~….html"},
		{nameOf("/../../etc/passwd", ""), "example.com/__/__/etc/passwd~….html"},
		{nameOf("/%2e%2e/%2E%2E%2fx", ""), "example.com/__/_._x~….html"},
		{nameOf(`/..\..\x`, ""), "example.com/_._.._x~….html"},
		{nameOf("", ""), "example.com/index~….html"},
		{nameOf("/"+strings.Repeat("x", 94), ""), "example.com/" + strings.Repeat("x", 77) + "~….html"},
		{nameOf("/"+long, ""), "example.com/" + long[:77] + "~….html"},
		{nameOf("/"+long+"/"+long+"/x", ""), "example.com/" + long[:98] + "/x~….html"},
		{nameOf("/%C3%BC"+strings.Repeat("%C3%BC", 60), ""), "example.com/" + strings.Repeat("ü", 38) + "~….html"},
		{Name{Scheme: "https", Host: "foo_bar.example", Port: "443", Path: "/"}, "foo_bar.example/index~….bin"},
		{Name{Scheme: "http", Host: "::1", Port: "8080", Path: "/"}, "_1_http_8080/index~….bin"},
		{Name{Scheme: "https", Host: "aux", Port: "443", Path: "/"}, "_aux/index~….bin"},
		{Name{Scheme: "https", Host: "..", Port: "", Path: "/"}, "_._/index~….bin"},
		{Name{Scheme: "https", Host: "example.com", Port: "443", Path: "/", Request: "POST"}, "example.com/index~….bin"},
		{Name{Scheme: "http", Host: strings.Repeat("x", 94), Port: "8", Path: "/"}, strings.Repeat("x", 94) + "_http/index~….bin"},
		{Name{Scheme: "../x", Host: "example.com", Port: "443", Path: "/"}, "example.com_.._x_443/index~….bin"},
		{Name{Scheme: "https", Host: "example.com", Port: "../x", Path: "/"}, "example.com_.._x/index~….bin"},
		{Name{}, "_/index~….bin"},
	} {
		got := c.n.File()
		if hash.ReplaceAllString(got, "~…$1") != c.want || !hash.MatchString(got) {
			t.Errorf("%.80q: %q, want %q", c.n.Path+c.n.Query, got, c.want)
		}
		validOnEverySystem(t, got)
	}
}

var hash = regexp.MustCompile(`~[a-z2-7]{16}(\.[a-z0-9]{1,8})$`)

func TestTheSameURLHasTheSameNameInEveryRelease(t *testing.T) {
	n := nameOf("/find", "?q=Tea")
	n.Request = "POST"
	if got := n.File(); got != "example.com/find_q=tea~crxldgdlxwbzyvem.html" {
		t.Error(got)
	}
}

func TestTheContentTypeGivesAnExtensionWhereThePathHasNone(t *testing.T) {
	for contentType, want := range map[string]string{
		"text/html":                     "html",
		" Text/HTML ;charset=utf-8":     "html",
		"application/json":              "json",
		"application/problem+json; a=b": "json",
		"application/atom+xml":          "xml",
		"image/svg+xml":                 "svg",
		"text/plain":                    "txt",
		"text/x-anything":               "txt",
		"image/jpeg":                    "jpg",
		"":                              "bin",
		"application/octet-stream":      "bin",
		"../../etc/passwd":              "bin",
		"text/\x00; ../":                "txt",
		"application/" + strings.Repeat("x", 1000): "bin",
	} {
		n := Name{Scheme: "https", Host: "h", Port: "443", Path: "/a", Type: contentType}
		if got := n.File(); got != "h/a~."+want {
			t.Errorf("%q: %q, want %s", contentType, got, want)
		}
		if n.Path = "/a.php"; n.File() != "h/a.php" {
			t.Errorf("%q: %q", contentType, n.File())
		}
	}
}

// device is what Windows takes for one, by Microsoft's own list.
var device = regexp.MustCompile(`(?i)^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(\..*)?$`)

// validOnEverySystem holds a name to the rules of Linux, macOS and Windows.
func validOnEverySystem(t *testing.T, file string) {
	t.Helper()
	if !utf8.ValidString(file) || len(file) > 200 || !filepath.IsLocal(filepath.FromSlash(file)) {
		t.Errorf("%q is no local path of 200 bytes of UTF-8 at most", file)
	}
	if strings.ContainsFunc(file, unicode.IsControl) || strings.ContainsAny(file, `<>:"\|?*`) {
		t.Errorf("%q holds what a name may not", file)
	}
	parts := strings.Split(file, "/")
	if len(parts) < 2 {
		t.Errorf("%q has no directory of its host", file)
	}
	for _, part := range parts {
		if part == "" || len(part) > 99 || part[0] == '.' || strings.HasSuffix(part, ".") || strings.HasSuffix(part, " ") || device.MatchString(part) {
			t.Errorf("%q in %q is no name everywhere", part, file)
		}
	}
	if folded(file) != folded(strings.ToLower(file)) || strings.ToLower(file) != file {
		t.Errorf("%q has capital letters", file)
	}
}

// folded is one spelling for all that a file system may take for the same.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			least = min(least, f)
		}
		return least
	}, s)
}

// apart fails the test where the files of two different names cannot stand
// beside each other.
func apart(t *testing.T, a, b Name) {
	t.Helper()
	fa, fb := folded(a.File()), folded(b.File())
	a.Type, b.Type = "", ""
	if a == b {
		return
	}
	if fa == fb {
		t.Errorf("%q is the file of %q and of %q", fa, a, b)
	}
	if strings.HasPrefix(fa, fb+"/") || strings.HasPrefix(fb, fa+"/") {
		t.Errorf("%q of %q and %q of %q: a file and a directory", fa, a, fb, b)
	}
}

func TestNoTwoURLsHaveTheSameFile(t *testing.T) {
	hosts := []string{"a", "a_http", "a_80", "A", "a.html", "index", ""}
	ports := []string{"443", "80", "", "0443"}
	parts := []string{"a", "A", "a~", "a~.html", "a.html", "a.html_", "index", "index.html", "index~", "%61", "con", "_con", "a_", "_a", "a.", ".a", "..", "", "a~q3bzfgwpq7zz3cpk.html"}
	types := []string{"text/html", "text/plain", ""}
	rnd := rand.New(rand.NewPCG(7, 8))
	pick := func(list []string) string { return list[rnd.IntN(len(list))] }
	byFile, isDir := map[string]Name{}, map[string]Name{}
	for range 60_000 {
		n := Name{Scheme: pick([]string{"http", "https"}), Host: pick(hosts), Port: pick(ports), Type: pick(types)}
		for range 1 + rnd.IntN(3) {
			n.Path += "/" + pick(parts)
		}
		if rnd.IntN(4) == 0 {
			n.Query = pick([]string{"?", "?a", "?A", "?html"})
		}
		file, aside := folded(n.File()), folded(n.aside())
		n.Type = ""
		if other, ok := byFile[aside]; ok && other != n || strings.Contains(aside, "/") {
			t.Fatalf("%q is the file of %q and of %q", aside, n, other)
		}
		if other, ok := byFile[file]; ok && other != n {
			t.Fatalf("%q is the file of %q and of %q", file, n, other)
		}
		byFile[file] = n
		byFile[aside] = n
		for i := range len(file) {
			if file[i] == '/' {
				isDir[file[:i]] = n
			}
		}
	}
	for file, n := range byFile {
		if other, ok := isDir[file]; ok {
			t.Fatalf("%q is the file of %q and a directory of %q", file, n, other)
		}
	}
	if len(byFile) < 10_000 {
		t.Errorf("only %d names", len(byFile))
	}
}

func FuzzFileName(f *testing.F) {
	f.Add("https", "example.com", "443", "/a", "", "text/html", "http", "example.com", "80", "/a/b", "?q=1", "")
	f.Add("https", "example.com", "443", "/a~.html", "", "", "https", "example.com", "443", "/a", "", "text/html")
	f.Add("https", "con", "443", "/../..//%2e%2e/%00", "?\\", "a/b", "https", "CON", "443", "/nul.txt", "", "")
	f.Add("https", "a_80", "443", "/index.html", "", "", "https", "a", "80", "/", "", "text/html")
	f.Add("", "", "", "", "", "", "", "", "", "/", "", "")
	f.Add("https", "h", "443", "/"+strings.Repeat("x", 93), "", "text/html", "https", "h", "443", "/"+strings.Repeat("x/", 95), "", "")
	f.Add("https", "h", "443", "/\xff\u0130\u212a\u017f", "?\u00b9", "", "https", "h", "443", "/com\u00b9", "", "")
	f.Fuzz(func(t *testing.T, s1, h1, o1, p1, q1, t1, s2, h2, o2, p2, q2, t2 string) {
		a := Name{Scheme: s1, Host: h1, Port: o1, Path: p1, Query: q1, Type: t1}
		b := Name{Scheme: s2, Host: h2, Port: o2, Path: p2, Query: q2, Type: t2}
		validOnEverySystem(t, a.File())
		validOnEverySystem(t, b.File())
		validOnEverySystem(t, "saver/"+a.aside())
		apart(t, a, b)
		b.Scheme, b.Host, b.Port, b.Type = s1, h1, o1, t1
		apart(t, a, b)
		b.Path, b.Query, b.Request = p1, q1, q2
		apart(t, a, b)
	})
}
