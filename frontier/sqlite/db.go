package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// Error is a failure of the file. What was committed before it stays.
type Error struct {
	Path string
	Op   string // what was done with it: open, read, write, commit, close
	Err  error
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s: %v", e.Path, e.Op, e.Err) }

// Unwrap gives Err.
func (e *Error) Unwrap() error { return e.Err }

// db is one connection with its statements. The first error stays, and makes
// every later call do nothing: whoever calls looks at err once, at the end. It
// belongs to one goroutine.
type db struct {
	path  string
	pool  *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	begun bool // a transaction is open
	wrote int  // rows in it
	err   error
}

// openDB connects to the file at path, an absolute one.
func openDB(path string) *db {
	d := &db{path: path, stmts: map[string]*sql.Stmt{}}
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") { // C:/…
		slashed = "/" + slashed
	}
	var err error
	if d.pool, err = sql.Open("sqlite", (&url.URL{Scheme: "file", Path: slashed}).String()); err != nil {
		d.fail("open", err)
		return d
	}
	if d.conn, err = d.pool.Conn(context.Background()); err != nil {
		d.fail("open", err)
	}
	return d
}

// fail keeps the first error and takes back what is not committed.
func (d *db) fail(op string, err error) {
	if err == nil || d.err != nil {
		return
	}
	d.err = &Error{Path: d.path, Op: op, Err: err}
	if d.begun {
		d.begun = false
		_, _ = d.conn.ExecContext(context.Background(), "ROLLBACK") // SQLite may have done so already
	}
}

// plain executes statements without arguments, outside the group's transaction.
func (d *db) plain(text string) {
	if d.err != nil {
		return
	}
	_, err := d.conn.ExecContext(context.Background(), text)
	d.fail("open", err)
}

// stmt is the statement of text, prepared once; nil after an error.
func (d *db) stmt(text string) *sql.Stmt {
	if d.err != nil {
		return nil
	}
	st := d.stmts[text]
	if st == nil {
		var err error
		if st, err = d.conn.PrepareContext(context.Background(), text); err != nil {
			d.fail("prepare", err)
			return nil
		}
		d.stmts[text] = st
	}
	return st
}

// write executes a statement within the open transaction, which it begins if
// there is none, and returns the number of rows that it changed.
func (d *db) write(text string, args ...any) int64 {
	if d.err == nil && !d.begun {
		d.run("BEGIN")
		d.begun = d.err == nil
	}
	n := d.run(text, args...)
	d.wrote += int(n)
	return n
}

// run executes a statement.
func (d *db) run(text string, args ...any) int64 {
	st := d.stmt(text)
	if st == nil {
		return 0
	}
	res, err := st.ExecContext(context.Background(), args...)
	if err != nil {
		d.fail("write", err)
		return 0
	}
	n, err := res.RowsAffected()
	d.fail("write", err)
	return n
}

// one reads the first row of a query into dest; false without one.
func (d *db) one(text string, args []any, dest ...any) bool {
	st := d.stmt(text)
	if st == nil {
		return false
	}
	err := st.QueryRowContext(context.Background(), args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false
	}
	d.fail("read", err)
	return err == nil
}

// each calls row for every row of a query; row makes no other calls.
func (d *db) each(text string, args []any, row func(scan func(...any) error) error) {
	st := d.stmt(text)
	if st == nil {
		return
	}
	rows, err := st.QueryContext(context.Background(), args...)
	if err != nil {
		d.fail("read", err)
		return
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			d.fail("read", err)
			return
		}
	}
	d.fail("read", rows.Err())
}

// commit ends the open transaction, if there is one.
func (d *db) commit() {
	if d.err == nil && d.begun {
		if _, err := d.conn.ExecContext(context.Background(), "COMMIT"); err != nil {
			d.fail("commit", err)
			return
		}
		d.begun, d.wrote = false, 0
	}
}

// close ends the connection and returns the first error of all.
func (d *db) close() error {
	var errs []error
	for _, st := range d.stmts {
		errs = append(errs, st.Close())
	}
	if d.conn != nil {
		errs = append(errs, d.conn.Close())
	}
	if d.pool != nil {
		errs = append(errs, d.pool.Close())
	}
	d.fail("close", errors.Join(errs...))
	return d.err
}
