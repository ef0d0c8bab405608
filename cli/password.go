package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"crawl/results"
)

// askPassword asks for a password on the terminal. It blocks, but no longer than
// ctx, whose cause is then its error.
func askPassword(ctx context.Context, name string, stderr io.Writer) (string, error) {
	tty, err := os.OpenFile(terminal, os.O_RDWR, 0)
	if err != nil {
		return "", errors.New("-user: no password, and no terminal to ask for it: give name:password")
	}
	prompt := stderr
	if c, ok := stderr.(*console); ok && c.log != nil {
		if screen, err := os.OpenFile(terminal, os.O_WRONLY, 0); err == nil { // stderr is for objects
			defer screen.Close()
			prompt = screen
		}
	}
	fmt.Fprintf(prompt, "crawl: password of %s: ", results.Visible(name))
	password, err := readPassword(ctx, tty)
	fmt.Fprintln(prompt)
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("-user: no password was given: %w", err)
	}
	return password, err
}

// readPassword reads a line from a terminal, which does not show it, and closes
// it. The end of ctx leaves the reading behind, and the terminal as it was.
func readPassword(ctx context.Context, tty *os.File) (string, error) {
	fd := int(tty.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		tty.Close()
		return "", err
	}
	password, err := orStopped(ctx, func() ([]byte, error) {
		defer tty.Close()
		return term.ReadPassword(fd)
	})
	if ctx.Err() != nil {
		_ = term.Restore(fd, before)
		return "", context.Cause(ctx)
	}
	return string(password), err
}
