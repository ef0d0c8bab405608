// Package netrc reads the file in which ftp, curl and git keep names and
// passwords of hosts (~/.netrc).
//
// It does not find the file, and it writes none.
//
// Smallest use:
//
//	secrets, err := netrc.Parse(f)
//	name, password, ok := secrets.Find("example.com")
//
// Parse blocks as its reader does; Find may be called from any goroutine, any
// number at once. Neither ever puts what the file holds into an error.
//
// # Decisions
//
// There is no standard but the manual of ftp(1) and what curl does, so that is
// what is read: machine, default, login, password, account, macdef, comments, and
// quotes as curl has them. Other words are passed over, since other tools have
// added words of their own (port, protocol). The road not taken is a library:
// those that are well kept know neither quotes nor comments.
package netrc
