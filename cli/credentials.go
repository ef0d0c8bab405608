package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"crawl/cli/netrc"
)

// equipCredentials puts the names and passwords of -user and -netrc into the
// options. It blocks while a password is asked for, but no longer than ctx.
func (o *options) equipCredentials(ctx context.Context, stderr io.Writer) error {
	if o.user != nil {
		name, password, ok := strings.Cut(*o.user, ":")
		if !ok {
			var err error
			if password, err = askPassword(ctx, name, stderr); err != nil {
				return err
			}
		}
		o.engine.Fetch.User = url.UserPassword(name, password)
	}
	if o.netrc {
		secrets, err := orStopped(ctx, readNetrc)
		if err != nil {
			return err
		}
		o.engine.Fetch.Netrc = secrets.Find
	}
	return nil
}

// readNetrc reads the file that the environment names.
func readNetrc() (*netrc.File, error) {
	name, err := netrcName()
	if err != nil {
		return nil, err
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("-netrc: %w", err)
	}
	defer f.Close()
	secrets, err := netrc.Parse(f)
	if err != nil {
		return nil, fmt.Errorf("-netrc: %s: %w", name, err)
	}
	return secrets, nil
}

// netrcName is where the file is.
func netrcName() (string, error) {
	if name := os.Getenv("NETRC"); name != "" {
		return name, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", errors.New("-netrc: the environment has neither NETRC nor a home directory")
	}
	return filepath.Join(home, ".netrc"), nil
}
