// Package results is the Record of a crawl, one per input line, and its ways
// out: formats, batches, files.
package results
