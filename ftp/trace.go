package ftp

// Trace receives the conversation with a server, line by line, as it happens.
type Trace struct {
	// Line is called with '>' for a command, '<' for a line of a reply, '!' for
	// a line of a refusal and '*' for what we did or saw beside them. The text
	// is as it came from the server, but never holds the password.
	Line func(dir byte, text string)
}
