// Package listing turns the directory listings of FTP servers into entries.
//
// It is pure: it reads what it is given and knows no clock and no network.
// Each dialect is one file, and one folder of testdata with rows that it must
// read and rows that it must refuse. A listing is scored on its first lines in
// every dialect, and the winner is kept to its end. A row that cannot be read
// is an entry with Raw set, never an error and never a guess; it costs no other
// row. What a dialect tells in blocks or records is no number of bytes, so
// that the size is unknown. Only reading from the given reader may block.
package listing
