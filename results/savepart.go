package results

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// isPlainPart reports whether a part of a URL can be a part of a file's name as it
// is, on every system.
func isPlainPart(part string) bool {
	for i := range len(part) {
		if c := part[i]; !isLowerOrDigit(c) && c != '.' && c != '-' && c != '_' {
			return false
		}
	}
	return part != "" && safePart(part, maxPart) == part
}

// readable is a part of a URL as a person would read it: unescaped and in lower
// case, with only letters, digits and . - = left, and "_" for each run of
// anything else.
func readable(part string) string {
	if text, err := url.PathUnescape(part); err == nil {
		part = text
	}
	var b strings.Builder
	gap := false
	for _, r := range part {
		r = unicode.ToLower(r)
		if !strings.ContainsRune(".-=", r) && !unicode.In(r, unicode.L, unicode.M, unicode.Nd) {
			gap = true
			continue
		}
		if gap {
			b.WriteByte('_')
			gap = false
		}
		b.WriteRune(r)
	}
	if gap {
		b.WriteByte('_')
	}
	return b.String()
}

// safePart cuts a part to max bytes and mends what some system would not take,
// or not as it is: no name at all, dots at its ends (hidden files, "..", and
// those that Windows drops) and names of devices.
func safePart(part string, limit int) string {
	if isDevice(part) {
		part = "_" + part
	}
	if len(part) > limit {
		part = part[:limit]
		for !utf8.ValidString(part) {
			part = part[:len(part)-1]
		}
	}
	if strings.HasPrefix(part, ".") {
		part = "_" + part[1:]
	}
	if strings.HasSuffix(part, ".") {
		part = part[:len(part)-1] + "_"
	}
	if part == "" {
		return "_"
	}
	return part
}

// isDevice reports whether Windows takes a name for that of a device, which it
// does whatever its extension.
func isDevice(part string) bool {
	stem, _, _ := strings.Cut(part, ".")
	switch stem {
	case "con", "prn", "aux", "nul":
		return true
	}
	port := strings.HasPrefix(stem, "com") || strings.HasPrefix(stem, "lpt")
	return port && len(stem) == 4 && '0' <= stem[3] && stem[3] <= '9'
}

// extension is that of a file's name: up to eight lower-case letters and
// digits after the last dot. Digits alone are none ("v1.2"), and a dot at the
// beginning makes none.
func extension(part string) string {
	dot := strings.LastIndexByte(part, '.')
	ext := part[dot+1:]
	if dot <= 0 || len(ext) > 8 || strings.Trim(ext, "0123456789") == "" {
		return ""
	}
	for i := range len(ext) {
		if !isLowerOrDigit(ext[i]) {
			return ""
		}
	}
	return ext
}

func isLowerOrDigit(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }

// typeExtension is the extension for a Content-Type. Not taken: package mime,
// whose answers differ between machines.
func typeExtension(contentType string) string {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	if ext := typeExtensions[media]; ext != "" {
		return ext
	}
	switch {
	case strings.HasSuffix(media, "+json"):
		return "json"
	case strings.HasSuffix(media, "+xml"):
		return "xml"
	case strings.HasPrefix(media, "text/"):
		return "txt"
	}
	return "bin"
}

var typeExtensions = map[string]string{
	"application/gzip":         "gz",
	"application/javascript":   "js",
	"application/json":         "json",
	"application/pdf":          "pdf",
	"application/wasm":         "wasm",
	"application/xhtml+xml":    "xhtml",
	"application/x-javascript": "js",
	"application/x-ndjson":     "ndjson",
	"application/xml":          "xml",
	"application/zip":          "zip",
	"audio/mpeg":               "mp3",
	"font/woff":                "woff",
	"font/woff2":               "woff2",
	"image/avif":               "avif",
	"image/gif":                "gif",
	"image/jpeg":               "jpg",
	"image/png":                "png",
	"image/svg+xml":            "svg",
	"image/vnd.microsoft.icon": "ico",
	"image/webp":               "webp",
	"image/x-icon":             "ico",
	"text/css":                 "css",
	"text/csv":                 "csv",
	"text/html":                "html",
	"text/javascript":          "js",
	"text/markdown":            "md",
	"text/xml":                 "xml",
	"video/mp4":                "mp4",
}
