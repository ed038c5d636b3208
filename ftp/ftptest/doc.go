// Package ftptest is an FTP server in the process, for tests and for the demo:
// what net/http/httptest is to HTTP. It keeps an in-memory [Tree], writes down
// every command and reply ([Server.Transcript]), and can be told to behave
// badly ([Quirks]). [Script] plays exact exchanges where even that is not
// enough.
//
// Start listens and serves; the caller owns the Server and must Close it.
// Close ends all connections and waits for every goroutine of the server.
// Only Close and WaitIdle block. A Tree may be
// shared between servers and used while they serve.
package ftptest
