// Package keymap is the one table of keys: what can be done, by which key, in
// which place. The footer, the list of keys, the README and the key handling
// of the screens are all read from it. It is pure data: nothing here blocks,
// and a [Map] is never changed after it was made, so it may be shared.
package keymap
