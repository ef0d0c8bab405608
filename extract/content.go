package extract

import (
	"bytes"
	"crypto/sha256"
	"hash"
	"strings"
	"unicode"
	"unicode/utf8"
)

// content takes the digest of what a page says to its reader: its title, then
// the characters of its visible text without the white space, those in <main>
// alone if the page has exactly one that says anything. Of a <time> that has one, its
// datetime stands for its text, which may be "5 minutes ago".
type content struct {
	all, main hash.Hash
	buf       []byte

	mains  int  // start tags of <main>
	inMain bool // of an HTML <main>
	said   bool // there is text in the first <main>
	unseen int  // open <template>s
	styled bool // in a <style> or <script> of SVG, whose text is not raw

	moment string // the datetime of the open <time>; "": there is none
	spoken []byte // its text so far
}

// maxSpoken bounds the text of a <time>, without its white space: what is longer, or
// has no end, is text like any other.
const maxSpoken = 100

func newContent() *content { return &content{all: sha256.New(), main: sha256.New()} }

// text takes text between tags, as written.
func (c *content) text(raw []byte) {
	if c.unseen == 0 && !c.styled && len(bytes.TrimSpace(raw)) > 0 {
		c.add(unescapeText(raw))
	}
}

// add takes text for what it is.
func (c *content) add(s string) {
	c.buf = c.buf[:0]
	for _, r := range s {
		if !unicode.IsSpace(r) {
			c.buf = utf8.AppendRune(c.buf, r)
		}
	}
	if c.moment == "" {
		c.say(c.buf)
	} else if c.spoken = append(c.spoken, c.buf...); len(c.spoken) > maxSpoken {
		c.spell()
	}
}

// say takes characters that are no white space.
func (c *content) say(text []byte) {
	c.all.Write(text)
	if c.inMain && c.mains == 1 && len(text) > 0 {
		c.main.Write(text)
		c.said = true
	}
}

// spell takes the text of an open <time> after all.
func (c *content) spell() {
	if c.moment != "" {
		c.moment = ""
		c.say(c.spoken)
		c.spoken = c.spoken[:0]
	}
}

// start and end follow which part of the page the text is in. inForeign says that
// the tag is one of SVG or MathML. An element that is empty by its tag is not started.
func (c *content) start(name []byte, a *attributes, inForeign bool) {
	switch string(name) {
	case "main":
		c.spell()
		if !inForeign {
			c.mains++
			c.inMain = true
		}
	case "time":
		c.spell()
		if moment := strings.Join(strings.Fields(a.datetime), ""); !inForeign && c.unseen == 0 && len(moment) <= maxSpoken {
			c.moment = moment
		}
	case "template":
		c.unseen++
	case "style", "script":
		c.styled = inForeign
	}
}

func (c *content) end(name []byte) {
	switch string(name) {
	case "main":
		c.spell()
		c.inMain = false
	case "time":
		if c.moment != "" {
			c.say([]byte(c.moment))
			c.moment, c.spoken = "", c.spoken[:0]
		}
	case "template":
		c.unseen = max(0, c.unseen-1)
	case "style", "script":
		c.styled = false
	}
}

// sum is the digest; title goes before the text, and stands for itself.
func (c *content) sum(title string) (digest [sha256.Size]byte) {
	c.spell()
	text := c.all
	if c.mains == 1 && c.said {
		text = c.main
	}
	h := sha256.New()
	h.Write([]byte(title))
	h.Write(text.Sum(nil))
	h.Sum(digest[:0])
	return digest
}
