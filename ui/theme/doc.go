// Package theme holds the looks of the screen: the escape sequences of its
// styles and the glyphs of its lines, made once and then only concatenated,
// because rows are drawn after every message. Only the sixteen colours that
// the terminal itself defines are used, so light and dark themes both work,
// and everything that a colour says a word or a glyph says too.
//
// A [Theme] is never changed after it was made and may be shared. Nothing here
// blocks.
package theme
