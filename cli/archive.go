package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"crawl/results/warc"
)

// archiveExtension is how the names of archives end, for those who read them.
const archiveExtension = ".warc.gz"

// equipArchive understands -warc.
func (o *options) equipArchive() error {
	e := &o.engine
	switch base := filepath.Base(o.archive); {
	case o.archive == "":
		return nil
	case !strings.HasSuffix(base, archiveExtension) || base == archiveExtension:
		return fmt.Errorf("-warc %q: want a FILE whose name ends in %s", o.archive, archiveExtension)
	}
	e.Fetch.HTTP1, e.Digest = true, true
	return nil
}

// archiveNumbered says that -warc names a series of files, and none of them itself.
func (o *options) archiveNumbered() bool {
	return o.archive != "" && (o.archiveSize > 0 || o.state != "")
}

// openArchive makes the archive of -warc; nil without it. With a state it first mends
// what a killed run left.
func (o *options) openArchive(ctx context.Context, out *output, stderr io.Writer) (*warc.Archive, error) {
	if o.archive == "" {
		return nil, nil
	}
	wo := warc.Options{MaxSize: o.archiveSize, Info: o.archiveInfo()}
	if note := o.archiveNote(); note != "" {
		text, err := orStopped(ctx, note.mend)
		if err != nil {
			return nil, err
		}
		if text != "" {
			notice(o, stderr, text)
		}
		wo.Numbered, wo.Opening = true, note.write
	}
	a, err := warc.Create(o.archive, wo)
	if errors.Is(err, fs.ErrExist) {
		err = &stateError{fmt.Sprintf("-warc %s is there already, and no archive is replaced; -warc-size makes numbered files", o.archive)}
	}
	if s, ok := out.state.(*state); ok {
		s.archive = a
	}
	return a, err
}

// closeArchive ends the archive of a run.
func (o *options) closeArchive() error {
	a := o.engine.Archive
	if a == nil {
		return nil
	}
	if err := a.Close(); err != nil {
		return err
	}
	if note := o.archiveNote(); note != "" {
		_ = os.Remove(string(note)) // else the next run looks in vain
	}
	return nil
}

// archiveNote is a file in the state that names the archive which a run writes, so that
// the next one finds what a killed one left.
type archiveNote string

// archiveNote is "" without a state.
func (o *options) archiveNote() archiveNote {
	if o.state == "" {
		return ""
	}
	return archiveNote(filepath.Join(o.state, "warc"))
}

// write notes which file is about to be made. Whenever it is killed, there is the note
// of before, or this one.
func (n archiveNote) write(path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	temp := string(n) + ".tmp"
	if err := os.WriteFile(temp, []byte(path+"\n"), 0o600); err != nil {
		return err
	}
	return os.Rename(temp, string(n))
}

// mend takes an incomplete last record away from the archive of a run that was
// killed, and says so. It reads all of that file.
func (n archiveNote) mend() (text string, err error) {
	note, err := os.ReadFile(string(n))
	path, whole := strings.CutSuffix(string(note), "\n")
	if err != nil || !whole { // no run was killed, or one before it wrote anything
		return "", nil
	}
	cut, err := warc.Cut(path)
	var damaged *warc.DamagedError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case errors.As(err, &damaged):
		return err.Error() + "; it is left as it is", nil
	case err != nil || cut == 0:
		return "", err
	}
	return fmt.Sprintf("%s: %s bytes of an incomplete record are cut off", path, grouped(cut)), nil
}

// archiveInfo is what an archive says of how it was made: nothing secret.
func (o *options) archiveInfo() []warc.Field {
	policy := "obey"
	if !o.engine.Politeness.Robots {
		policy = "ignore"
	}
	info := []warc.Field{
		{Name: "software", Value: "crawl/" + version},
		{Name: "http-header-user-agent", Value: o.engine.Fetch.UserAgent},
		{Name: "robots", Value: policy},
	}
	if o.contact != "" {
		info = append(info, warc.Field{Name: "operator", Value: o.contact})
	}
	if text := o.settingsText(); text != "" {
		info = append(info, warc.Field{Name: "crawl-settings", Value: text})
	}
	return info
}

// settingsText is what was set, by name, with its secrets masked.
func (o *options) settingsText() string {
	var texts []string
	flags := newFlags(&options{})
	for _, name := range slices.Sorted(maps.Keys(o.settings)) {
		f := flags.Lookup(name)
		if f == nil || !isSetting(f) {
			continue
		}
		for _, value := range o.settings[name].values {
			value = mask(f, value)
			if strings.ContainsAny(value, " \"'") {
				value = strconv.Quote(value)
			}
			texts = append(texts, "-"+name+"="+value)
		}
	}
	return strings.Join(texts, " ")
}
