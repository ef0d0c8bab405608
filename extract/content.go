package extract

import (
	"bytes"
	"crypto/sha256"
	"hash"
	"unicode"
	"unicode/utf8"
)

// content takes the digest of what a page says to its reader: its title, then
// the characters of its visible text without the white space, those in <main>
// alone if the page has exactly one that says anything.
type content struct {
	all, main hash.Hash
	buf       []byte

	mains  int  // start tags of <main>
	inMain bool // of an HTML <main>
	said   bool // there is text in the first <main>
	unseen int  // open <template>s
	styled bool // in a <style> or <script> of SVG, whose text is not raw
}

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
	c.all.Write(c.buf)
	if c.inMain && c.mains == 1 && len(c.buf) > 0 {
		c.main.Write(c.buf)
		c.said = true
	}
}

// start and end follow which part of the page the text is in. inForeign says that
// the tag is one of SVG or MathML. An element that is empty by its tag is not started.
func (c *content) start(name []byte, inForeign bool) {
	switch string(name) {
	case "main":
		if !inForeign {
			c.mains++
			c.inMain = true
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
		c.inMain = false
	case "template":
		c.unseen = max(0, c.unseen-1)
	case "style", "script":
		c.styled = false
	}
}

// sum is the digest; title goes before the text, and stands for itself.
func (c *content) sum(title string) (digest [sha256.Size]byte) {
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
