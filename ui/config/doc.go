// Package config is what portside keeps on disk about its user: so far, which
// servers have spoken TLS (known_certs).
//
// Every file is read whole when it is opened, and written whole: aside, synced,
// and renamed into place, readable by its owner alone. Several processes may
// write at once; each reads what the others wrote under a lock before it
// writes. A file of a newer or a broken format is kept as it is: opening it
// returns an error in words beside what could be read, and nothing is written to
// it. Calls may block on the disk, and for two seconds on the lock.
package config
