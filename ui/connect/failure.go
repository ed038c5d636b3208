package connect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"

	"portside/ftp"
	"portside/queue"
)

// errPlain ends a login before USER: the server offers no TLS, and nobody has
// said yet that speaking without it is fine.
var errPlain = errors.New("the server offers no TLS")

// errSpoke is errPlain for a server that spoke TLS before.
var errSpoke = errors.New("the server spoke TLS before and refuses it now")

// dialFailure says in words why there is no session, and who can do something
// about it.
func dialFailure(label string, cfg ftp.Config, err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	fail := func(ask queue.Ask, format string, args ...any) *queue.Failure {
		f := queue.Fail(queue.ClassServer, fmt.Sprintf(format, args...), err)
		f.Ask = ask
		f.Code = code(err)
		return f
	}
	var cert *ftp.CertError
	var reply *ftp.ReplyError
	var connect *ftp.ConnectError
	switch {
	case errors.Is(err, errPlain):
		return fail(queue.AskPlain, "%s offers no TLS: the password and all files would cross the network in the clear", hostPort(cfg))
	case errors.Is(err, errSpoke):
		return fail(queue.AskPlain, "%s spoke TLS before, and refuses it now: somebody on the way may want to read along. "+
			"Without TLS the password and all files would cross the network in the clear", hostPort(cfg))
	case errors.As(err, &cert):
		return certFailure(cfg, cert, err)
	case errors.As(err, &reply) && reply.TooMany():
		f := fail(queue.AskNothing, "%s takes no more connections now: %s", hostPort(cfg), words(reply))
		f.Limit = true
		return f
	case cfg.Security == ftp.Plain && errors.As(err, &reply) && reply.WantsTLS():
		return fail(queue.AskNothing, "%s talks to nobody without TLS: leave out --tls off: %s", hostPort(cfg), replyText(err))
	case errors.Is(err, ftp.ErrNoPassword):
		return fail(queue.AskPassword, "%s wants a password", label)
	case errors.Is(err, ftp.ErrAccount):
		return fail(queue.AskNothing, "%s wants an account name: give one with --account: %s", hostPort(cfg), replyText(err))
	case errors.Is(err, ftp.ErrLogin):
		return fail(queue.AskPassword, "%s: login refused: %s", label, replyText(err))
	case errors.As(err, &connect):
		return fail(queue.AskNothing, "cannot connect to %s: %s", hostPort(cfg), connectText(connect))
	default:
		return fail(queue.AskNothing, "cannot connect to %s: %s", hostPort(cfg), plainText(err))
	}
}

func connectText(e *ftp.ConnectError) string {
	var dns *net.DNSError
	switch {
	case e.Stage == "proxy":
		return proxyText(e)
	case errors.As(e, &dns) && dns.IsNotFound:
		return "no such host: check the name"
	case errors.Is(e, syscall.ECONNREFUSED):
		return "connection refused: nothing listens on that port"
	case errors.Is(e, syscall.ENETUNREACH), errors.Is(e, syscall.EHOSTUNREACH):
		return "there is no route to that address"
	}
	var reply *ftp.ReplyError
	if e.Stage == "tls" && errors.As(e, &reply) && reply.Command == "AUTH" {
		return fmt.Sprintf("the server offers no TLS: it said %d %s", reply.Code, words(reply))
	}
	if e.Stage == "tls" && errors.As(e, &reply) && reply.Command == "PROT" {
		return e.Err.Error() // it says what is at stake
	}
	if e.Stage == "greeting" && isTimeout(e) && strings.Contains(e.Error(), "ftps://") {
		return "connected, but the server is silent: it may want TLS from the first byte (ftps://)"
	}
	what := map[string]string{
		"connect": "the server did not answer in time", "greeting": "connected, but no welcome came in time: check the port; one of implicit TLS wants ftps://",
		"tls": "the TLS handshake did not end in time", "login": "the login did not end in time",
	}[e.Stage]
	if what != "" && isTimeout(e) {
		return what
	}
	return plainText(e.Err)
}

// failure turns what one operation of a session ended with into a failure
// that says who owns it. What the standard library's words already say
// (not there, exists, local disk) is left as it is, below it.
func failure(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || isLocal(err) {
		return err
	}
	var have *queue.Failure
	if errors.As(err, &have) {
		return err
	}
	f := queue.Fail(class(err), plainText(err), err)
	f.Code = code(err)
	if refusal := (*ftp.ReplyError)(nil); errors.As(err, &refusal) {
		f.Command = refusal.Command
	}
	f.Full = f.Code == 452 || f.Code == 552
	if errors.Is(err, fs.ErrExist) {
		f.Ask = queue.AskExists
	}
	return f
}

func class(err error) queue.Class {
	var reuse *ftp.ReuseError
	if errors.As(err, &reuse) {
		if reuse.Final {
			return queue.ClassJob
		}
		return queue.ClassAttempt
	}
	var reply *ftp.ReplyError
	if !errors.As(err, &reply) {
		if errors.Is(err, fs.ErrInvalid) || errors.Is(err, errors.ErrUnsupported) {
			return queue.ClassJob
		}
		return queue.ClassAttempt
	}
	switch {
	case reply.Code == 452 || reply.Code == 552:
		return queue.ClassServer
	case reply.Temporary(), reply.Code == 550 && inUse(reply), dying(reply):
		return queue.ClassAttempt
	default:
		return queue.ClassJob
	}
}

// dying reports whether a refusal is the last word of a process that ends:
// vsftpd says so when it is killed, whatever it was asked.
func dying(r *ftp.ReplyError) bool { return r.Code == 500 && strings.HasPrefix(words(r), "OOPS") }

// inUse reports whether a refusal of a file is one for the moment.
func inUse(r *ftp.ReplyError) bool {
	text := strings.ToLower(words(r))
	for _, w := range []string{"busy", "locked", "in use", "being used", "sharing violation"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// isLocal reports whether the local disk, not the connection, caused err: a
// kernel copy reports both ends with the same type.
func isLocal(err error) bool {
	for _, e := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG, syscall.EROFS, syscall.EIO} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &t) && t.Timeout()
}

func code(err error) int {
	var reply *ftp.ReplyError
	if errors.As(err, &reply) {
		return reply.Code
	}
	return 0
}

func replyText(err error) string {
	var reply *ftp.ReplyError
	if errors.As(err, &reply) {
		return fmt.Sprintf("%d %s", reply.Code, words(reply))
	}
	return plainText(err)
}

// plainText is err without the words that only a Go programmer reads.
func plainText(err error) string {
	var reply *ftp.ReplyError
	var path *fs.PathError
	var reuse *ftp.ReuseError
	var connect *ftp.ConnectError
	switch {
	case errors.As(err, &reuse):
		return reuse.Error()
	case errors.As(err, &connect) && connect.Stage == "data":
		return connect.Error() // several ways failed, each for its reason
	case errors.As(err, &reply) && reply.Command == "REST":
		return fmt.Sprintf("the server cannot go on in the middle of a file: it said %d %s", reply.Code, words(reply))
	case errors.As(err, &path) && errors.Is(err, fs.ErrNotExist):
		if errors.As(err, &reply) && !reply.Is(fs.ErrNotExist) {
			return fmt.Sprintf("%s: not there, or not for you to see: the server said %d %s", path.Path, reply.Code, words(reply))
		}
		return path.Path + ": the server has no such file or directory"
	case errors.As(err, &path) && errors.Is(err, fs.ErrPermission):
		if errors.As(err, &reply) {
			return fmt.Sprintf("%s: no permission: the server said %d %s", path.Path, reply.Code, words(reply))
		}
		return path.Path + ": the server gives no permission"
	case errors.As(err, &path) && errors.As(err, &reply):
		return fmt.Sprintf("%s: the server said %d %s", path.Path, reply.Code, words(reply))
	case errors.As(err, &reply):
		return fmt.Sprintf("the server said %d %s", reply.Code, words(reply))
	}
	where := ""
	if errors.As(err, &path) {
		where, err = path.Path+": ", path.Err
	}
	switch {
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return where + "the server broke off the connection"
	case isTimeout(err):
		return where + "the server did not answer in time"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return where + "the connection ended too early"
	}
	text := err.Error()
	for _, prefix := range []string{"ftp: ", "tls: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return where + text
}

// words is the text of a reply in one line.
func words(r *ftp.ReplyError) string {
	text := strings.Join(strings.Fields(strings.Join(r.Lines, " ")), " ")
	if text == "" {
		return "(no reason given)"
	}
	return text
}
