package frontier

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Identity is what duplicates are judged by (cli.md §2): method, URL with its
// userinfo, and the item's own headers; a sitemap is not the page at its URL. It may hold a password: never print it.
func (it *Item) Identity() string {
	id := it.URL.Identity()
	if it.Sitemap {
		return "sitemap\x00" + id
	}
	if (it.Method == "" || it.Method == http.MethodGet) && len(it.Header) == 0 {
		return id
	}
	var b strings.Builder
	b.WriteString(cmp.Or(it.Method, http.MethodGet) + "\x00" + id)
	for _, name := range slices.Sorted(maps.Keys(it.Header)) {
		b.WriteString("\x00" + name + ":" + it.Header.Get(name))
	}
	return b.String()
}
