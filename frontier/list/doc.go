// Package list is the frontier of a list of lines: files, standard input and
// the URLs of a command line. The input is the frontier: lines are read as they
// are needed, a bounded window ahead of what was settled, so memory does not
// grow with the list but for duplicate detection (about 16 bytes a line). Lines
// that must wait for busy hosts, while others could go on, wait outside memory.
//
// It is not the output, and not a store for links: Put is refused.
//
// Smallest use:
//
//	f := list.New(ctx, []list.Source{{R: os.Stdin}}, list.Options{})
//	defer f.Close()
//	batch, err := f.Claim(ctx, 100, 16, 0)
//
// All methods may be called from any goroutine.
//
// # Decisions
//
// One goroutine reads ahead; Claim looks only at what was read, so that it
// never blocks on a pipe that nobody writes to.
//
// The window (10,000 lines) is what is read ahead as a rule. A list sorted by
// host, as most are, fills it with the lines of a few hosts, so a Claim that
// finds no host to lease begins a search: the reader reads on, for as many hosts
// as are leased already, and what it passes waits in backlogs, one a host. Of a
// file that can be read again, a backlog keeps where its lines stand, and a host
// whose lines follow each other has one such place, however many they are: a
// sorted file of any size waits in a few bytes a host. Of a pipe it keeps the
// text. Either fills blocks of one temporary file, but for the first and the last
// KiB of each host, and a block that was read back is used again: the file is
// never larger than what waited at once. Without a search, nothing touches the
// disk. The roads not taken are one file in the list's order, which one slow host
// would keep from ever being cut, and a file a host, of which there are too many.
//
// A search ends with the input, or when what waits comes to 1 GiB, or to 16 MiB
// since it last found a host, until some of that was given out; or when three
// windows are in memory. So a pipe of one slow host is not copied to disk, and a
// file of one slow host is read once to its end, which costs the time to parse
// it, and no space. Where the temporary file cannot be written, the run ends at once:
// it is told while its cause can be mended, not when the last line is done. The road not taken is to search only where the engine says
// that its slots are idle: the interface has no word for that.
//
// What was put off (a retry, a hop) stays in memory and counts there: hosts that
// are parked together hold up the reading of further ones once their lines that
// were asked before fill three windows. The road not taken is to write those too:
// an item with a history is more than its line.
//
// A line that is read again is parsed again. If the file was changed meanwhile,
// the run ends with ErrChanged, unless the line is still one of the same host.
//
// With a journal, lines that are done are told apart as they are read, by the hash
// that finds duplicates, and an index is that of the line's place now. That takes
// about a microsecond a line (bench/frontier.md). The road not
// taken is to go on at the byte where the last run stopped: lines end in any order,
// and a list may change.
//
// Members of a JSON line that do not count are passed over, for records of other tools
// are lines too; Unknown is told of them until it has heard enough. The road not taken
// is to refuse them.
//
// Leases do not expire: the list is read by one process. A later store shared
// by many machines has real deadlines behind the same interface.
package list
