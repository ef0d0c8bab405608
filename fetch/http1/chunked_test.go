package http1

import (
	"strings"
	"testing"
)

const inChunks = ok + "Transfer-Encoding: chunked\r\n\r\n"

func chunkCases() []answerCase {
	return []answerCase{
		{"nothing", inChunks + "0\r\n\r\n", got("") + kept},
		{"one", inChunks + "5\r\nhello\r\n0\r\n\r\n", got("hello") + kept},
		{"many", inChunks + strings.Repeat("1\r\nx\r\n", 3000) + "0\r\n\r\n", got(strings.Repeat("x", 3000)) + kept},
		{"a large one", inChunks + "4e20\r\n" + strings.Repeat("x", 20_000) + "\r\n0\r\n\r\n", got(strings.Repeat("x", 20_000)) + kept},
		{"large ones", inChunks + strings.Repeat("1388\r\n"+strings.Repeat("x", 5000)+"\r\n", 5) + "0\r\n\r\n", got(strings.Repeat("x", 25_000)) + kept},

		{"cut before the first", inChunks, shortBody},
		{"cut in a size", inChunks + "5", shortBody},
		{"cut after a size", inChunks + "5\r\n", shortBody},
		{"cut in a chunk", inChunks + "5\r\nhel", shortBody},
		{"cut after a chunk", inChunks + "5\r\nhello", shortBody},
		{"cut in the end of a chunk", inChunks + "5\r\nhello\r", shortBody},
		{"cut between chunks", inChunks + "5\r\nhello\r\n", shortBody},
		{"cut after the last size", inChunks + "0\r\n", shortBody},
		{"cut in the last line", inChunks + "0\r\n\r", shortBody},
		{"cut in trailers", inChunks + "0\r\nX: y\r\n", shortBody},

		{"no size", inChunks + "\r\nhello\r\n0\r\n\r\n", badBody},
		{"a size that is no number", inChunks + "x\r\nhello\r\n0\r\n\r\n", badBody},
		{"a size of g", inChunks + "g\r\nhello hello hello\r\n0\r\n\r\n", badBody},
		{"a size and more", inChunks + "5x\r\nhello\r\n0\r\n\r\n", badBody},
		{"a size with a prefix", inChunks + "0x5\r\nhello\r\n0\r\n\r\n", badBody},
		{"a signed size", inChunks + "-5\r\nhello\r\n0\r\n\r\n", badBody},
		{"a space before the size", inChunks + " 5\r\nhello\r\n0\r\n\r\n", badBody},
		{"two sizes", inChunks + "5 5\r\nhello\r\n0\r\n\r\n", badBody},
		{"only an extension", inChunks + ";x\r\nhello\r\n0\r\n\r\n", badBody},
		{"a CR in an extension", inChunks + "5;a\rb\r\nhello\r\n0\r\n\r\n", badBody},
		{"a size of 2^63", inChunks + "8000000000000000\r\nhello", badBody},
		{"a size of 2^64", inChunks + "10000000000000000\r\nhello", badBody},
		{"a size of many zeros", inChunks + "00000000000000005\r\nhello\r\n0\r\n\r\n", badBody},
		{"a size of 2^63-1", inChunks + "7fffffffffffffff\r\nhello", shortBody},
		{"a chunk that is longer", inChunks + "5\r\nhello!\r\n0\r\n\r\n", badBody},
		{"a chunk that is longer by a byte", inChunks + "5\r\nhello!\n0\r\n\r\n", badBody},
		{"a chunk that is longer by a CR", inChunks + "5\r\nhello\r\r\n0\r\n\r\n", badBody},
		{"a chunk that is shorter", inChunks + "5\r\nhell\r\n0\r\n\r\n", badBody},
		{"LF alone after data only", inChunks + "5\r\nhello\n0\r\n\r\n", badBody},
		{"a line of size without end", inChunks + "5;" + strings.Repeat("x", 5000), badBody},
	}
}

func TestAChunkedBodyEndsWhereItsChunksSay(t *testing.T) { runAnswers(t, chunkCases()) }
