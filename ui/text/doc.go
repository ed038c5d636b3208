// Package text makes strings fit for a terminal. Whatever comes from outside
// (names, replies, paths, certificate subjects, error texts) passes [Safe]
// before it is shown, and every row is cut and padded by [Fit] and its
// siblings, so that columns never shift. Styles are put around the results:
// none of these functions lets an escape sequence through.
//
// All functions are pure and may be called from any goroutine; none blocks.
package text
