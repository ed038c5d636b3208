// Package listing turns the directory listings of FTP servers into entries.
//
// It is pure: it reads what it is given and knows no clock and no network.
// Each dialect is one file. A listing whose dialect is not known beforehand is
// scored on its first lines, and the winner is kept to its end. A row that
// cannot be read is an entry with Raw set, never an error and never a guess.
// Only reading from the given reader may block.
package listing
