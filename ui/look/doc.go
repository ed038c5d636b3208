// Package look shows the bytes of a file, as text or in hexadecimal. It does no
// I/O: whoever owns a pager has read the bytes.
package look
