package results

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Pruner makes a file anew with only some of its records, which are a line each, in
// a second file beside it that Commit puts in its place. The second file has a name
// that the next run finds again, so that a Commit which a kill came before can be
// made up for. It is for one goroutine, and its calls block on the disk.
type Pruner struct {
	// Headed says that the first line is no record but the head, which is kept.
	Headed bool

	path string
	dest string // path, links resolved
	from *os.File
	to   *os.File
	in   *bufio.Reader
	out  *bufio.Writer
	end  int64 // of what was kept
	at   int64 // how far the file was read
}

// NewPruner returns a Pruner of the file at path. It touches nothing yet.
func NewPruner(path string) (*Pruner, error) {
	dest, err := follow(path)
	if err != nil {
		return nil, named("open", path, err)
	}
	return &Pruner{path: path, dest: dest}, nil
}

// Temp is the path of the second file, which need not be there. One that a killed run left
// there is removed.
func (p *Pruner) Temp() string { return tempBeside(p.dest, "pruned") }

// Next takes the file's next record and keeps it, or does not. It returns how long
// what was kept is. A line that has no end is io.ErrUnexpectedEOF.
func (p *Pruner) Next(keep bool) (end int64, err error) {
	if p.to == nil {
		if err := p.open(); err != nil {
			return 0, named("rewrite", p.path, err)
		}
	}
	return p.line(keep)
}

// Without keeps all records but those that begin at these offsets, which ascend,
// and brings what was kept to the disk: it is Next for each and Finish. It returns
// how long what was kept is. An offset at which no record begins is
// io.ErrUnexpectedEOF.
func (p *Pruner) Without(starts []int64) (end int64, err error) {
	if err := p.open(); err != nil {
		return 0, named("rewrite", p.path, err)
	}
	info, err := p.from.Stat()
	if err != nil {
		return 0, named("rewrite", p.path, err)
	}
	for end = p.end; p.at < info.Size(); {
		keep := len(starts) == 0 || p.at != starts[0]
		if !keep {
			starts = starts[1:]
		}
		if end, err = p.Next(keep); err != nil {
			return 0, err
		}
	}
	if len(starts) > 0 {
		return 0, named("rewrite", p.path, io.ErrUnexpectedEOF)
	}
	return end, p.Finish()
}

// line takes the next line, head or record.
func (p *Pruner) line(keep bool) (end int64, err error) {
	for {
		text, err := p.in.ReadSlice('\n')
		p.at += int64(len(text))
		if keep {
			n, werr := p.out.Write(text)
			p.end += int64(n)
			if werr != nil {
				return 0, named("rewrite", p.path, werr)
			}
		}
		switch {
		case err == nil:
			return p.end, nil
		case err == io.EOF:
			return 0, named("rewrite", p.path, io.ErrUnexpectedEOF)
		case !errors.Is(err, bufio.ErrBufferFull):
			return 0, named("rewrite", p.path, err)
		}
	}
}

// open opens both files. The second has the first one's mode and, if possible,
// its owner.
func (p *Pruner) open() (err error) {
	if p.from, err = os.Open(p.dest); err != nil {
		return err
	}
	info, err := p.from.Stat()
	if err != nil {
		return err
	}
	_ = os.Remove(p.Temp()) // of a run that was killed, perhaps with another mode
	if p.to, err = os.OpenFile(p.Temp(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm()); err != nil {
		return err
	}
	keepOwner(p.to, info)
	p.in, p.out = bufio.NewReaderSize(p.from, batch), bufio.NewWriterSize(p.to, batch)
	if err := p.to.Chmod(info.Mode().Perm()); err != nil { // past the umask
		return err
	}
	if p.Headed {
		_, err = p.line(true)
	}
	return err
}

// Finish brings what was kept to the disk. Without a line, nothing was.
func (p *Pruner) Finish() error {
	if p.to == nil {
		return nil
	}
	err := p.out.Flush()
	if err == nil {
		err = onDisk(p.to)
	}
	err = errors.Join(err, p.to.Close(), p.from.Close())
	p.to = nil
	return named("rewrite", p.path, err)
}

// Commit puts the second file in the first one's place. Where there is none, it
// was put there before, and nothing happens.
func (p *Pruner) Commit() error {
	if err := os.Rename(p.Temp(), p.dest); err != nil {
		if isGone(err) {
			return nil
		}
		return named("rewrite", p.path, err)
	}
	syncDir(filepath.Dir(p.dest))
	return nil
}

// Discard removes the second file, if there is one.
func (p *Pruner) Discard() {
	if p.to != nil {
		p.to.Close()
		p.from.Close()
		p.to = nil
	}
	_ = os.Remove(p.Temp())
}
