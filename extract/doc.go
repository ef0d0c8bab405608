// Package extract takes a page apart: the bytes of a body and the URL they
// came from go in, a [Page] comes out, with title, description, canonical URL, language,
// links, the answers of CSS selectors, and the charset with where it was learnt.
//
// Beside it stand [ParseSitemap], for the files in which sites list their pages,
// and [NoFollow], for what a header says of links.
//
// What it is not: a fetcher (bodies come in as bytes), a browser (no script
// runs, no style applies), or a validator (any bytes give a Page).
//
// Smallest use:
//
//	price, err := extract.ParseSelector("price=.price@data-amount")
//	page, err := extract.Parse(body, "text/html", base, extract.Options{
//		Links:  true,
//		Select: []extract.Selector{price},
//	})
//
// All functions are pure: any goroutine may call them, they share no state and
// do not block. They are meant for pool workers, because the tree of a
// page of 100 KB takes a millisecond of CPU, and that of 16 MiB a second.
//
// # Decisions
//
// The built-in fields come from one pass over the tags that copies nothing
// (tag.go, scan.go); the tree of golang.org/x/net/html, and goquery on it, is
// built only for selectors. The road not taken, goquery for everything, costs
// five times the CPU with links and twenty times without, and gives nothing at
// all for a page that is nested deeper than 512 elements. Tests and fuzz targets hold the tags to that tokenizer and the
// fields to goquery's answers. Known differences, none seen on a real page:
// what the tree builder throws away (links in a <frameset>, what may not stand
// in a <template>), and markup in which HTML and SVG or MathML are left open
// inside each other.
//
// As in goquery, and in a browser that runs scripts, the content of <noscript>
// is text: links only there are not seen. Comments, <script>, <style>,
// <textarea>, <iframe> and <title> hold no links either.
//
// Links are those of HTML's document.links: <a> and <area> with href, and the
// <a> of SVG. A <base> counts for the whole page, the links before it included;
// one that is not http(s) is ignored.
//
// Of rel, nofollow alone keeps a link from being followed: ugc and sponsored say
// whose it is. What is said to all robots and what is said to us by name adds up,
// and the stricter counts, as Google has it. noindex is for those who keep an index,
// and is not told.
//
// A sitemap is read by a scanner of our own (xml.go) that goes on where XML is
// broken: a bare "&" in a URL, or a file that was cut, is the rule more than the exception.
// A fuzz target holds it to encoding/xml wherever that has an answer. The road not taken is
// encoding/xml: its tokens alone take twice the CPU that the URLs take here, and of a
// file with one bare "&" it gives the beginning. gzip is decoded as a whole, up to
// the protocol's 50 MiB or what the caller allows; a stream would keep that memory free,
// but needs a second way to decode text.
//
// XHTML is read by HTML's rules, as lenient as they are, but for <script/> and
// its like, which are closed. The tree builder knows no such thing: selectors
// miss what follows a <script/>.
//
// The digest of a page's content is for telling whether a reader would see a
// difference, so that a build stamp, a nonce, an order of attributes or an advert's
// script makes none: it is of the title and of the text between the tags, character
// references decoded, every white space left out, for pretty-printers and minifiers
// disagree on it. Not in it are comments, attributes, and the content of <script>,
// <style>, <noscript>, <template>, <textarea>, <iframe>. Where there is exactly one
// <main> with any text, its text alone counts, since around it stand menus, clocks and
// counters of visitors. Of a <time> with a datetime that is what counts, for its text
// may be "5 minutes ago"; who writes other news into it is not heard. A text of over
// 100 bytes, or without an end, counts as text. Roads not taken: the digest of the body, which differs with
// every request to many a site; <article>, of which a page has one today and two
// tomorrow; guessing the main text by its density, as readers do, whose answer jumps
// where the page hardly changed; hidden elements, which only styles and scripts decide.
//
// The charset follows the WHATWG Encoding and HTML standards. A <meta> after the
// first 1,024 bytes counts as in a browser: where there was only a guess, the
// page is read again. Bytes that read the same anyway are not decoded. Where the
// decoders of golang.org/x/text differ from the standard's, ours do as the
// standard: a page labelled gbk or gb2312 may hold gb18030's four bytes, and the
// bytes 0x80 to 0x9f that a single-byte encoding leaves open are the C1
// controls. One difference is left, since it tells nobody anything: private-use
// characters of Shift_JIS and GBK come as U+FFFD.
package extract
