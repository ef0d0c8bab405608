// Package journal is the state directory of a list's run: it remembers which
// lines are done, so that a run that was killed at any instant goes on where it
// stopped.
//
// It is not the output and not a queue: the list itself says what there is to do,
// and the journal which of its lines have their record. It knows no flags.
//
// Smallest use:
//
//	j, err := journal.Open(dir, journal.Options{Settings: settings})
//	found, err := j.Load(journal.Output{Length: length})
//	// cut the output back to found.End, and for each line that is read:
//	it.Key = j.Key(&it)
//	switch j.Meet(&it) { … }
//	// and once its record is written:
//	err = j.Append(journal.Entry{Key: it.Key, Index: it.Index, End: length})
//	err = j.Close()
//
// A Journal is for one goroutine at a time; its calls block on the disk.
//
// # Files
//
// The directory holds:
//
//	lock      locked while a process has the state, with its name inside
//	meta      version, key of the hashes, settings that must not change (JSON)
//	journal   16 bytes of head, then 48 for each line that is done
//
// An entry has a checksum. Where the last is not whole, or zeros follow, as a kill, a
// full disk or a power cut leave it, that is cut off, and those lines are done again.
// Anything else is damage, and told: with its entries the output would be cut.
//
// # What is promised
//
// After kill -9: all that Append returned for. It makes one write, which is the
// system's from then on; an entry that was torn is known by its checksum.
// A journal that loses its name meanwhile is told within five seconds.
//
// After a power cut: all but what was noted within the last five seconds, or since
// Close. Every five seconds the output is brought to the disk and after it the
// journal, so that entries speak of records that are there. Entries beyond the
// output's length are dropped, and so are those at whose end no record ends. This
// holds on file systems that write a file's bytes before its length, as ext4, XFS,
// APFS and NTFS do by default.
//
// # Decisions
//
// A journal beside the output, and not the output itself, as many tools have it:
// the output may be in any format or a pipe, hold no more than a few fields, and
// need not be parsed. At ten million lines the journal is 480 MB, read in some
// seconds.
//
// A line is known by the keyed hash of its request, as duplicates are, and not by
// its place: a list may change between the runs. Lines that the list repeats match
// as often as they are done. A duplicate's entry counts for a duplicate alone: it is
// written at once, and its request may still be open.
//
// The lock is the system's, on an open file, so that it ends with its process,
// however that ends. The road not taken is a file with a process number in it,
// which outlives a kill and then names a stranger.
//
// A place in the queue of records that wait for their turn (Entry.Held, Entry.Turn)
// stands in the entry, because an output in input order grows also by records that
// were done long before. From a last entry's turn follows which of them are still to
// come.
//
// Files are never rewritten in place: forgetting what failed writes a new journal
// and a new output, gives the journal the name journal.next, and only then puts
// both in place; a kill in between is made good by the next Load.
package journal
