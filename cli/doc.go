// Package cli is the command: flags to options, lists to sources, a run to an
// exit code. It is the only room that knows pflag and the terminal.
//
// Smallest use, from main:
//
//	ctx, stop := cli.Signals(context.Background())
//	code := cli.Run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
//	stop()
//	os.Exit(code)
//
// Run may be called from any goroutine, also several at once: it keeps nothing
// between calls and changes nothing in the process, but that SIGUSR1 (and SIGINFO)
// is caught meanwhile, which tells what is in flight. Signals does, and belongs to
// main.
//
// # Decisions
//
// Arguments are rewritten before pflag sees them (args.go), from the flag set
// itself: people write -urls, as every Go tool has it, and -c64, as every Unix
// tool has it. The road not taken is the standard flag package, which knows one
// dash but no short flags, attached values or hidden aliases.
//
// A command line is understood in two steps: parse, which is pure, and equip,
// which reads what the flags and the environment name: certificates, proxies, a
// password. Both come before any list is opened, so that a mistake costs nothing.
//
// What a run reads and writes is one table (paths.go), whose pairs are judged before
// anything is opened, by what the paths lead to. The road not taken is a check at each
// flag: with nine flags that name files, the pairs that nobody thought of were most. What
// is not in the table are the pages that -save writes, whose names only the run knows.
//
// A flag that does nothing without another is an error where it was typed (needs.go), and
// none from the environment or a file, which may hold it for other runs.
//
// Whatever may be a secret is a flag of its own type, whose text no error shows:
// of a mistyped flag only what can be its name, of a header only its name.
//
// Settings that the command line leaves open come from the environment and a file
// (config.go). Each source fills in the flags that have no value yet, by the flag
// set itself, which so stays the one place that knows names, types and defaults; a
// flag that is added has its variable, its key, its line of -print-config, its
// completion and its place in the manual by that alone. The road not taken is koanf:
// it merges maps of values, and knows neither the line that a value stands on nor
// what a flag takes.
//
// The manual page is written in roff directly (man.go). The road not taken is mango:
// it sorts all flags into one list, and its dashes cannot be copied into a shell.
//
// The text format is the default on a terminal, where JSON is for nobody's
// eyes; in a pipe it is jsonl, and -format settles it either way.
//
// What is said of a run while it goes on comes from one goroutine (live.go), which
// looks at the engine from outside: the progress line, notices of hosts, what is
// stuck, the answer to SIGUSR1. The engine's loop never waits for stderr: its events
// go through a bounded queue, and what finds no room is dropped and counted.
//
// A run with -state keeps what is done in a directory (state.go): the journal knows
// the lines, the output where its records end, and only here they meet.
//
// A run with -changes says nothing on stderr unless that is a terminal or -q=false is
// given: cron mails whatever is said. Its file is committed after the records are where
// they should be, so that a change may be told twice, and never not at all.
//
// crawl report (report.go) is a word and not a flag, because it runs nothing: it has a
// flag set of its own, and shares with a run how arguments and messages read.
package cli
