package sqlite

import (
	"crypto/rand"
	"errors"
	"fmt"
)

const (
	// schemaVersion is PRAGMA user_version of the files written here. It also
	// stands for the rules by which URLs are normalised (package weburl).
	schemaVersion = 1
	// applicationID marks the file as one of ours: "crwl".
	applicationID = 0x6372776c
)

// schema makes the tables. Times are nanoseconds since 1970.
const schema = `
CREATE TABLE state (            -- one row
	key        BLOB NOT NULL,     -- of the hashes
	seeded     INTEGER NOT NULL,  -- a run has put all its seeds
	runs       INTEGER NOT NULL,  -- that opened the file
	ids        INTEGER NOT NULL,  -- given so far
	turns      INTEGER NOT NULL,
	ok         INTEGER NOT NULL,
	failed     INTEGER NOT NULL,
	duplicate  INTEGER NOT NULL,
	no_record  INTEGER NOT NULL,
	read       INTEGER NOT NULL,
	output_end INTEGER NOT NULL,
	pages      INTEGER NOT NULL,  -- taken of the run's limit
	answered   INTEGER NOT NULL,  -- any request was
	pruning    INTEGER NOT NULL,  -- the output is being made without the failed
	cuts       TEXT NOT NULL      -- how many links were cut by each rule, as JSON
);
CREATE TABLE page (             -- how many were taken of a host's limit
	host TEXT PRIMARY KEY,        -- its name
	n    INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE reach (            -- where redirects of seeds ended: it is in scope
	url TEXT PRIMARY KEY
) WITHOUT ROWID;
CREATE TABLE seen (             -- every request that was taken in
	h   INTEGER PRIMARY KEY,      -- the hash of its identity
	id  INTEGER NOT NULL,
	idx INTEGER                   -- of a seed: its index
);
CREATE TABLE host (
	hid    INTEGER PRIMARY KEY,
	name   TEXT NOT NULL UNIQUE,
	turn   INTEGER,               -- its place among those that may be asked
	at     INTEGER,               -- when it may be, if it waits
	parked INTEGER NOT NULL       -- until when nobody is given it
);
CREATE UNIQUE INDEX host_turn ON host (turn) WHERE turn IS NOT NULL;
CREATE INDEX host_at ON host (at) WHERE at IS NOT NULL;
CREATE TABLE queue (            -- what is not settled
	hid      INTEGER NOT NULL,
	at       INTEGER NOT NULL,    -- 0: never asked; else when it is to be asked again
	id       INTEGER NOT NULL,
	url      TEXT NOT NULL,
	depth    INTEGER NOT NULL,
	referrer TEXT NOT NULL,
	more     BLOB,                -- what else there is to it, as JSON
	PRIMARY KEY (hid, at, id)
) WITHOUT ROWID;
CREATE TABLE note (             -- seeds that get a record only
	id       INTEGER PRIMARY KEY,
	url      TEXT NOT NULL,
	depth    INTEGER NOT NULL,
	referrer TEXT NOT NULL,
	more     BLOB
);
CREATE TABLE failed (           -- requests that failed, to be done again if asked to
	id       INTEGER PRIMARY KEY,
	url      TEXT NOT NULL,
	depth    INTEGER NOT NULL,
	referrer TEXT NOT NULL,
	more     BLOB,
	start    INTEGER NOT NULL,    -- where the record begins in the output
	page     TEXT NOT NULL        -- of which host it took a page, if it did
);
CREATE TABLE done (             -- what has its record near the end of the output
	end      INTEGER NOT NULL,    -- of the record
	id       INTEGER NOT NULL,
	url      TEXT NOT NULL,
	depth    INTEGER NOT NULL,
	referrer TEXT NOT NULL,
	more     BLOB,
	verdict  INTEGER NOT NULL,
	page     TEXT NOT NULL,       -- of which host it took a page, if it did
	note     INTEGER NOT NULL     -- it is a seed that got a record only
);
CREATE INDEX done_end ON done (end);
CREATE TABLE line (             -- how many such seeds there were
	h INTEGER PRIMARY KEY,
	n INTEGER NOT NULL
);
CREATE TABLE held (             -- links that wait for the end of the seeds
	id       INTEGER PRIMARY KEY,
	h        INTEGER NOT NULL UNIQUE,
	url      TEXT NOT NULL,
	depth    INTEGER NOT NULL,
	referrer TEXT NOT NULL,
	more     BLOB
);
`

// ErrForeign says that the file is an SQLite database of somebody else.
var ErrForeign = errors.New("is not the state of a crawl")

// VersionError says that the file was written by another version.
type VersionError struct{ Found, Want int }

func (e *VersionError) Error() string {
	return fmt.Sprintf("has version %d of the state's format, and this program reads version %d", e.Found, e.Want)
}

// setUp prepares the connection, and makes the tables of a new file.
func (d *db) setUp(o Options) {
	d.plain("PRAGMA busy_timeout = 5000") // somebody may look at the file meanwhile
	var app, version, tables int
	d.one("PRAGMA application_id", nil, &app)
	d.one("PRAGMA user_version", nil, &version)
	d.one("SELECT count(*) FROM sqlite_master", nil, &tables)
	switch {
	case d.err != nil:
		return
	case tables > 0 && app != applicationID:
		d.fail("open", ErrForeign)
		return
	case tables > 0 && version != schemaVersion:
		d.fail("open", &VersionError{Found: version, Want: schemaVersion})
		return
	}
	d.plain("PRAGMA journal_mode = WAL")
	d.plain("PRAGMA synchronous = NORMAL")
	d.plain("PRAGMA wal_autocheckpoint = 4000") // pages: one write-back of 16 MiB, not four of 4
	d.plain(fmt.Sprintf("PRAGMA cache_size = -%d", o.Cache>>10))
	if o.maxPages > 0 {
		d.plain(fmt.Sprintf("PRAGMA max_page_count = %d", o.maxPages))
	}
	if tables > 0 {
		return
	}
	key := make([]byte, 16)
	rand.Read(key) // it never fails
	d.plain("BEGIN IMMEDIATE")
	d.plain(schema)
	d.plain(fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	d.plain(fmt.Sprintf("PRAGMA user_version = %d", schemaVersion))
	d.run("INSERT INTO state VALUES (?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '{}')", key)
	d.plain("COMMIT")
}
