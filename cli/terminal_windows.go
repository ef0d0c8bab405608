package cli

// terminal is what a password is read from.
const terminal = "CONIN$"
