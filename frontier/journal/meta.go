package journal

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"crawl/frontier"
)

// Setting is something of a run that must stay as it was for its state to mean
// anything, such as the format of the output.
type Setting struct {
	Name, Value string
}

// ChangedError says that a setting is another than when the state was made.
type ChangedError struct {
	Dir     string
	Name    string
	Was, Is string
}

func (e *ChangedError) Error() string {
	return fmt.Sprintf("%s %s: %s was made with %s", e.Name, orNone(e.Is), e.Dir, orNone(e.Was))
}

func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}

// ForeignError says that a directory holds what is no state, or one of another
// version.
type ForeignError struct {
	Path   string
	Reason string
}

func (e *ForeignError) Error() string { return e.Path + " " + e.Reason }

// version is that of the files in a state; another is refused.
const version = 1

// meta is the file of that name.
type meta struct {
	Version  int       `json:"version"`
	Key      string    `json:"key"` // of the hashes
	Settings []Setting `json:"settings"`
}

// readMeta returns a state's key, once its settings are those of now. known is
// false where there is no state yet.
func readMeta(dir string, settings []Setting) (key frontier.SeenKey, known bool, err error) {
	path := filepath.Join(dir, "meta")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return key, false, nil
	}
	if err != nil {
		return key, false, err
	}
	var m meta
	if err := json.Unmarshal(text, &m); err != nil || m.Version < 1 {
		return key, false, &ForeignError{path, "is no state"}
	}
	if m.Version != version {
		return key, false, &ForeignError{path, fmt.Sprintf("has version %d, and this program writes %d", m.Version, version)}
	}
	secret, err := hex.DecodeString(m.Key)
	if err != nil || len(secret) != len(key) {
		return key, false, &ForeignError{path, "is no state"}
	}
	copy(key[:], secret)
	return key, true, compare(dir, m.Settings, settings)
}

// compare finds the first setting that is not as it was.
func compare(dir string, was, is []Setting) error {
	value := func(of []Setting, name string) string {
		if i := slices.IndexFunc(of, func(s Setting) bool { return s.Name == name }); i >= 0 {
			return of[i].Value
		}
		return ""
	}
	for _, s := range slices.Concat(is, was) {
		if a, b := value(was, s.Name), value(is, s.Name); a != b {
			return &ChangedError{Dir: dir, Name: s.Name, Was: a, Is: b}
		}
	}
	return nil
}

// writeMeta makes a state of dir: whole, or not at all.
func writeMeta(dir string, key frontier.SeenKey, settings []Setting) error {
	text, err := json.MarshalIndent(meta{version, hex.EncodeToString(key[:]), settings}, "", "  ")
	if err != nil {
		return err
	}
	return replaceFile(filepath.Join(dir, "meta"), func(f *os.File) error {
		_, err := f.Write(append(text, '\n'))
		return err
	})
}

// replaceFile writes a file beside path, brings it to the disk and renames it
// over path. Where that fails, path is as it was.
func replaceFile(path string, write func(*os.File) error) error {
	f, err := os.OpenFile(path+".tmp", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = onDisk(f)
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return err
	}
	syncDir(filepath.Dir(path))
	return nil
}

// onDisk brings what was written to the disk. A file system that knows no sync
// has nothing more to promise.
func onDisk(f *os.File) error {
	err := f.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) {
		return nil
	}
	return err
}

// syncDir makes the names in dir last through a power cut. Some systems refuse
// that; the names stand all the same.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}

func newKey() (key frontier.SeenKey) {
	rand.Read(key[:]) // it never fails
	return key
}
