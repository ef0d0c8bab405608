package extract

import "strings"

// NoFollow reports whether the values of X-Robots-Tag headers forbid to follow
// the links of what came with them, be it a page or anything else. agent is
// the product token by which a value may name us ("crawl: nofollow"), in any case; ""
// where there is none. What a page says of itself is in [Page.Follow].
//
// As Google's documentation of both has it: a value may begin with an agent, and
// is then for that one alone; what is for all and what is for one add up, and the
// stricter counts. Where a proxy has joined headers by commas, an agent counts
// up to the next one. It is pure, and takes time linear in its input.
func NoFollow(values []string, agent string) bool {
	for _, value := range values {
		ours := true
		for part := range strings.SplitSeq(value, ",") {
			name, rules, named := strings.Cut(part, ":")
			if name = strings.TrimSpace(name); named && isAgent(name) {
				ours = strings.EqualFold(name, "robots") || name == "*" || strings.EqualFold(name, agent)
				part = rules
			}
			if ours && forbidsFollow(part) {
				return true
			}
		}
	}
	return false
}

// isAgent reports whether what stands before a ":" is an agent: one word, and no
// rule that has a value.
func isAgent(name string) bool {
	for _, rule := range [...]string{"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"} {
		if strings.EqualFold(name, rule) {
			return false
		}
	}
	return name != "" && strings.IndexFunc(name, isBlank) < 0
}

// forbidsFollow looks for nofollow, or none, in the content of a <meta
// name=robots>: rules separated by commas, or by spaces as some write them. The
// value of a rule is none itself: "max-image-preview: none".
func forbidsFollow(rules string) bool {
	for part := range strings.SplitSeq(rules, ",") {
		for part != "" {
			words, rest, _ := strings.Cut(part, ":")
			if hasToken(words, "nofollow") || hasToken(words, "none") {
				return true
			}
			rest = strings.TrimLeftFunc(rest, isBlank)
			if i := strings.IndexFunc(rest, isBlank); i >= 0 {
				part = rest[i:]
			} else {
				part = ""
			}
		}
	}
	return false
}

func isBlank(r rune) bool { return r <= ' ' }
