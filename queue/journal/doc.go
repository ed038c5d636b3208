// Package journal keeps the commits of a queue in one file that only grows, in
// a directory that belongs to one process at a time.
//
// The file begins with a line that names its format and its mark. A commit is
// one frame: the mark, the length, a checksum, the bytes. The mark is drawn for
// each file, so that no name of a file can be taken for a frame, nor what
// another journal left on the same blocks of the disk. What a crash left of the
// last frame is cut off, and kept beside; a bad frame with good ones behind it
// is damage: the file is kept under another name, and its good frames go on in
// a new one. A file of a newer format, or of somebody else, is not touched.
//
// A Journal serves one caller at a time and belongs to it: Close gives the
// directory to the next process, as the end of the process does. All calls may
// block on the disk.
package journal
