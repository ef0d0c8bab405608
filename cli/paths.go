package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"crawl/frontier/sqlite"
	"crawl/results"
)

// What a run reads and writes, in one table: no output may destroy an input or another
// output. Every pair of it is judged by what the paths lead to, before anything is
// opened.

// use is one file of a run.
type use struct {
	who    string // as a message begins with it: "-o out.jsonl"
	what   string // as it names it: "the file of -o"
	at     results.Location
	writes bool
}

// uses gathers those of a run.
type uses []use

func (u *uses) reads(flag, path string) {
	if path != "" && path != "-" {
		*u = append(*u, use{what: "the file of " + flag, at: results.Locate(path)})
	}
}

func (u *uses) writes(flag, path string) {
	if path != "" && path != "-" {
		*u = append(*u, use{who: flag + " " + path, what: "the file of " + flag, at: results.Locate(path), writes: true})
	}
}

// beside adds a file that an output brings with it.
func (u *uses) beside(what, flag, path string) {
	*u = append(*u, use{who: fmt.Sprintf("the %s %s of %s", what, path, flag), what: fmt.Sprintf("the %s of %s", what, flag), at: results.Locate(path), writes: true})
}

// stream adds a standard stream, if it is a file.
func (u *uses) stream(name string, s any, writes bool) {
	if f, ok := s.(*os.File); ok {
		*u = append(*u, use{who: name, what: "the file of " + name, at: results.LocateFile(f), writes: writes})
	}
}

// clash says which output would destroy what else the run uses. What is read stands
// before what is written.
func (u uses) clash() error {
	for i, a := range u {
		if !a.writes {
			continue // of lists there may be many
		}
		for _, b := range u[:i] {
			switch {
			case !a.at.Same(b.at):
			case b.writes && a.at.Direct && b.at.Direct: // what both write where it stands is in it
			case b.writes:
				return fmt.Errorf("%s is %s too", a.who, b.what)
			case b.at.Exists():
				return fmt.Errorf("%s would overwrite %s", a.who, b.what)
			}
		}
	}
	return nil
}

// checkFiles judges all that the run reads and writes.
func (o *options) checkFiles(stdin io.Reader, stdout io.Writer) error {
	u := o.inputs(stdin)
	u = append(u, o.outputs(stdout)...)
	if err := o.checkState(u); err != nil {
		return err
	}
	if err := o.checkSeries(u); err != nil {
		return err
	}
	return u.clash()
}

// inputs are the files that the run reads. They stand before what it writes.
func (o *options) inputs(stdin io.Reader) (u uses) {
	for _, name := range o.lists {
		u.reads("-urls", name)
		if name == "-" {
			u.stream("standard input", stdin, false)
		}
	}
	from := "-config"
	if o.config == nil {
		from = "settings"
	}
	u.reads(from, o.configFile)
	if o.netrc {
		name, _ := netrcName() // that there is none is told by whoever reads it
		u.reads("-netrc", name)
	}
	u.reads("-cacert", o.cacert)
	u.reads("-cert", o.cert)
	u.reads("-key", o.key)
	return u
}

// outputs are the files that it writes.
func (o *options) outputs(stdout io.Writer) (u uses) {
	if o.toStdout() || o.summary == "-" {
		u.stream("standard output", stdout, true)
	}
	u.writes("-o", o.output)
	if pruner, err := results.NewPruner(o.output); err == nil && o.state != "" && !o.toStdout() {
		u.beside("temporary file", "-o", pruner.Temp())
	}
	u.writes("-summary", o.summary)
	if !o.archiveNumbered() {
		u.writes("-warc", o.archive)
	}
	u.writes("-changes", o.changes)
	if o.changes != "" {
		u.beside("lock", "-changes", changesLock(o.changes))
	}
	return u
}

// checkState keeps outputs out of the directory of -state, which has files of its own,
// and these from what the run reads.
func (o *options) checkState(u uses) error {
	own := []string{"journal", "meta", "lock", inputOrder, filepath.Base(markPath("")), filepath.Base(string(o.archiveNote())),
		sqlite.File, sqlite.File + "-wal", sqlite.File + "-shm"}
	for _, f := range u {
		switch {
		case !f.at.In(o.state):
		case f.writes:
			return fmt.Errorf("%s is in the directory of -state, which is for its own files", f.who)
		case f.at.Exists() && slices.Contains(own, filepath.Base(f.at.Path)):
			return fmt.Errorf("-state %s would overwrite %s", o.state, f.what)
		}
	}
	if results.SameDir(o.save, o.state) {
		return fmt.Errorf("-save %s is the directory of -state, which is for its own files", o.save)
	}
	return nil
}

// checkSeries keeps other outputs from the names of numbered archives.
func (o *options) checkSeries(u uses) error {
	if !o.archiveNumbered() {
		return nil
	}
	stem := strings.TrimSuffix(results.Locate(o.archive).Path, archiveExtension) + "-"
	for _, f := range u {
		rest, ours := strings.CutPrefix(f.at.Path, stem)
		digits, whole := strings.CutSuffix(rest, archiveExtension)
		if _, err := strconv.Atoi(digits); f.writes && ours && whole && err == nil {
			return fmt.Errorf("%s is one of the files of -warc %s too", f.who, filepath.ToSlash(o.archive))
		}
	}
	return nil
}
