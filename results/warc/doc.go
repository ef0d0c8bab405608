// Package warc keeps HTTP exchanges in a WARC 1.1 file (ISO 28500:2017), as they
// went over the wire.
//
// What it is: an Archive, one file or a numbered series of them, and a Capture, which
// gathers the bytes of one exchange. Each exchange becomes a response record, or a
// revisit record where its payload is in the archive already, and a request record;
// each record is a gzip member of its own.
//
// What it is not: a reader, an index, a proxy. It makes no exchange and parses no
// HTTP; whoever does tells a Capture what is what.
//
// Smallest use:
//
//	a, err := warc.Create("site.warc.gz", warc.Options{})
//	c := a.Capture()
//	c.Answer(request, header) // then Wire and Payload, while the body comes
//	err = a.Write(c, warc.Exchange{URI: "http://example.com/", Date: began})
//	c.Discard()
//	err = a.Close()
//
// Who may call: an Archive's methods may be called from any goroutine, and block on
// the disk. A Capture is for one goroutine at a time. No goroutine is started.
//
// # Memory
//
// Of an exchange 256 KiB of the body and as much of the compressed records are in
// memory, and the header; what is beyond is in temporary files of TMPDIR without
// a name. There are as many compressors as CPUs, of about a megabyte each. What is
// known of earlier payloads, so that a second one becomes a revisit, takes 32 MiB
// at most: two generations of 16 MiB, of which the older is forgotten once the
// younger is full, so that what is met again and again stays known.
//
// # Decisions
//
// The file grows in place, and takes each exchange by one append of whole members.
// A run that is killed leaves all that it had, and at worst a last member that is
// cut short, which Cut takes away. The road not taken, a temporary file that is
// renamed in the end, would leave nothing of the day's work under its name.
//
// No file is ever replaced. Create refuses a path where something is; a numbered
// series goes on after its highest number. Archives are kept because what they hold
// may be gone; wget's habit of replacing one is a loss that nobody notices.
//
// Records are made on the goroutine that made the exchange, and only the append
// is under the lock, so compression uses all CPUs. The road not taken, one
// goroutine that writes, would be the slowest part of a fast run.
//
// Digests are sha256, in lower-case hexadecimal, as the newer archivers have it, and
// as sha256sum and the digest of our own records have it. The road not taken is sha1
// in base 32, which is older, but for which anybody can make two pages that are
// one; readers that verify digests know both. A payload's digest is that of the
// body without chunks and with its content coding, as the standard has it; there
// are readers that take it over the chunks as well, and complain (warcio's check,
// in Python, of chunked answers).
//
// Of a request, the values of Authorization, Proxy-Authorization and Cookie are
// replaced by "***", against the letter of the standard: archives are passed on, and
// a password must not be. What the server sent is left as it came, Set-Cookie too.
//
// An answer that was not read to its end is kept as far as it came, and says why
// (WARC-Truncated). It is neither a revisit nor the original of one, and neither is an
// answer without a payload. Where no header came there is no record.
//
// klauspost/compress is the one library here: it is twice as fast as the standard
// one at the same size, and compression is what an archive costs.
package warc
