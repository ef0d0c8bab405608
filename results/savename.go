package results

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
)

// Name is what a saved body is named after: the request of its line, in plain
// strings. They may hold anything; File makes a safe name of them.
type Name struct {
	Scheme string // "https" or "http"
	Host   string // without port, IPv6 without brackets
	Port   string // the scheme's own where the URL has none: "443"
	Path   string // escaped; begins with "/"
	Query  string // escaped, with its "?"; "" where there is none
	// Request sets the request apart from a plain GET of the URL, such as its
	// method; "" is that GET. It decides the name and does not show in it.
	Request string
	// Type is the Content-Type of the answer. It gives the extension where the
	// path has none, and that alone.
	Type string
}

const (
	// maxPart bounds one part of a file's name, and maxFile all of it, in
	// bytes. They leave Windows' 260 some room for the directory.
	maxPart = 99
	maxFile = 200
)

// File is the path, with slashes, under which a body of this name is saved:
// relative, without "." and "..", and valid on Linux, macOS and Windows. It
// has lower case only, so that file systems that ignore case see no two names
// as one; and what is a directory for one name is a file for none.
//
// Names that differ in anything but Type have different files, and equal ones
// the same in every run. A URL that can be a name as it is becomes one:
//
//	https://example.com/                 example.com/index.html
//	https://example.com/a/style.css      example.com/a/style.css
//	https://example.com/about            example.com/about~.html
//	http://example.com:8080/a.txt        example.com_http_8080/a.txt
//
// Any other (with a query, capital letters, escapes, too long …) becomes
// something readable with a hash of the whole request in it, which alone tells
// it from others:
//
//	https://example.com/find?q=Tea       example.com/find_q=tea~ejiixw4ifvqc72rc.html
//
// It is a pure function, for any goroutine.
func (n Name) File() string {
	if file, ok := n.plain(); ok {
		return file
	}
	return n.hashed()
}

// plain is the name of a URL that can be one as it is. No two have the same:
// "~" stands in a plain part nowhere but before an extension that is ours, and
// "index" is ours alone.
func (n Name) plain() (file string, ok bool) {
	host, ok := n.plainHost()
	path, rooted := strings.CutPrefix(n.Path, "/")
	if !ok || !rooted || n.Query != "" || n.Request != "" {
		return "", false
	}
	dirs := strings.Split(path, "/")
	last := dirs[len(dirs)-1]
	dirs = dirs[:len(dirs)-1]
	for _, dir := range dirs {
		if !isPlainPart(dir) || extension(dir) != "" {
			return "", false
		}
	}
	switch {
	case last == "":
		last = "index." + typeExtension(n.Type)
	case !isPlainPart(last), last == "index", strings.HasPrefix(last, "index."):
		return "", false
	case extension(last) == "":
		last += "~." + typeExtension(n.Type)
	}
	file = strings.Join(append(append([]string{host}, dirs...), last), "/")
	return file, len(last) <= maxPart && len(file) <= maxFile
}

// plainHost is the directory of scheme, host and port, if they can be one as
// they are. A host with a "_" cannot.
func (n Name) plainHost() (string, bool) {
	digits := strings.Trim(n.Port, "0123456789") == ""
	if !digits || n.Scheme != "https" && n.Scheme != "http" || !isPlainPart(n.Host) || strings.Contains(n.Host, "_") {
		return "", false
	}
	dir := n.hostDir()
	return dir, len(dir) <= maxPart
}

// hostDir is the host with what is not https on 443.
func (n Name) hostDir() string {
	dir := n.Host
	if n.Scheme != "https" {
		dir += "_" + n.Scheme
	}
	if n.Scheme+n.Port != "https443" && n.Scheme+n.Port != "http80" {
		dir += "_" + n.Port
	}
	return dir
}

// hashed is the name of any other URL. The hash in the last part makes it
// unlike all others, so the rest need only be readable, and is cut at will.
func (n Name) hashed() string {
	dirs := strings.Split(n.Path, "/")
	last := n.unique("", dirs[len(dirs)-1])
	file := safePart(readable(n.hostDir()), maxPart)
	for _, dir := range dirs[:len(dirs)-1] {
		if dir = readable(dir); dir == "" {
			continue
		}
		dir = safePart(dir, maxPart-1)
		if extension(dir) != "" {
			dir += "_" // no file ends like that
		}
		if len(file)+1+len(dir)+1+len(last) > maxFile {
			break
		}
		file += "/" + dir
	}
	return file + "/" + last
}

// aside is the name for when something else stands in the way of File: a file of the
// saver's directory itself, where no other name is.
func (n Name) aside() string {
	dirs := strings.Split(n.Path, "/")
	return n.unique(readable(n.hostDir())+"_", dirs[len(dirs)-1])
}

// unique is a file's name with the hash in it: before, the last part of the path, and
// the query.
func (n Name) unique(before, last string) string {
	last = readable(last)
	ext := extension(last)
	stem := strings.TrimSuffix(last, "."+ext)
	if ext == "" {
		ext = typeExtension(n.Type)
	}
	if stem == "" {
		stem = "index"
	}
	if query := readable(strings.TrimPrefix(n.Query, "?")); query != "" {
		stem += "_" + query
	}
	end := "~" + n.hash() + "." + ext
	return safePart(before+stem, maxPart-len(end)) + end
}

// hash tells requests apart: 80 bits, so that among ten million the chance of
// two with the same is 1 in 10¹⁰. %q keeps the strings apart.
func (n Name) hash() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %q %q", n.Scheme, n.Host, n.Port, n.Path, n.Query, n.Request))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}
