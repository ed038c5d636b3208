package connect

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"portside/ftp"
	"portside/queue"
)

func TestDialFailure(t *testing.T) {
	cfg := ftp.Config{Host: "h", Port: 21, User: "joe"}
	reply := func(command string, code int, text string) error {
		return &ftp.ReplyError{Command: command, Code: code, Lines: []string{text}}
	}
	at := func(stage string, err error) error { return &ftp.ConnectError{Stage: stage, Addr: "h:21", Err: err} }
	tests := []struct {
		name  string
		err   error
		ask   queue.Ask
		limit bool
		words string
	}{
		{"refused", at("connect", &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}), "", false, "nothing listens"},
		{"no such host", at("resolve", &net.DNSError{Err: "no such host", IsNotFound: true}), "", false, "no such host"},
		{"silent", at("greeting", os.ErrDeadlineExceeded), "", false, "no welcome"},
		{"silent on 990", at("greeting", fmt.Errorf("implicit TLS (ftps://): %w", os.ErrDeadlineExceeded)), "", false, "(ftps://)"},
		{"no PROT", at("tls", fmt.Errorf("the server does not protect data: %w", reply("PROT", 536, "no"))), "", false, "does not protect"},
		{"wrong password", at("login", errors.Join(ftp.ErrLogin, reply("PASS", 530, "Login incorrect."))), queue.AskPassword, false, "530 Login incorrect."},
		{"no password", at("login", ftp.ErrNoPassword), queue.AskPassword, false, "joe@h wants a password"},
		{"too many", at("greeting", reply("", 421, "Too many connections")), "", true, "no more connections"},
		{"plain", at("login", errPlain), queue.AskPlain, false, "offers no TLS"},
		{"certificate", at("tls", &ftp.CertError{Reason: "it is signed by an unknown authority"}), queue.AskTrust, false, "unknown authority"},
	}
	for _, tt := range tests {
		var f *queue.Failure
		if err := dialFailure("joe@h", cfg, tt.err); !errors.As(err, &f) {
			t.Errorf("%s: %v is no failure", tt.name, err)
			continue
		}
		if f.Class != queue.ClassServer || f.Ask != tt.ask || f.Limit != tt.limit || !strings.Contains(f.Text, tt.words) {
			t.Errorf("%s: got %+v", tt.name, f)
		}
	}
	if err := dialFailure("h", cfg, context.Canceled); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled dial is a failure: %v", err)
	}
}

func TestFailureClass(t *testing.T) {
	reply := func(code int, text string) error {
		return &fs.PathError{Op: "stor", Path: "/x", Err: &ftp.ReplyError{Command: "STOR", Code: code, Lines: []string{text}}}
	}
	tests := []struct {
		name  string
		err   error
		class queue.Class
	}{
		{"550", reply(550, "Permission denied."), queue.ClassJob},
		{"550, in use", reply(550, "File is locked by another user"), queue.ClassAttempt},
		{"killed", reply(500, "OOPS: priv_sock_get_cmd"), queue.ClassAttempt},
		{"500", reply(500, "Unknown command."), queue.ClassJob},
		{"553", reply(553, "Bad name"), queue.ClassJob},
		{"450", reply(450, "busy"), queue.ClassAttempt},
		{"426", reply(426, "closed"), queue.ClassAttempt},
		{"552", reply(552, "quota"), queue.ClassServer},
		{"452", reply(452, "full"), queue.ClassServer},
		{"reset", &net.OpError{Op: "read", Err: syscall.ECONNRESET}, queue.ClassAttempt},
		{"broken", ftp.ErrBroken, queue.ClassAttempt},
		{"protocol", &ftp.ProtocolError{Text: "nonsense"}, queue.ClassAttempt},
		{"unsayable name", &fs.PathError{Op: "retr", Path: "x", Err: fs.ErrInvalid}, queue.ClassJob},
	}
	for _, tt := range tests {
		f := queue.FailureOf(failure(tt.err))
		if f.Class != tt.class || f.Text == "" {
			t.Errorf("%s: got %+v, want class %s", tt.name, f, tt.class)
		}
	}
	if f := queue.FailureOf(failure(reply(552, "quota"))); !f.Full {
		t.Errorf("a full server: got %+v", f)
	}
	full := &fs.PathError{Op: "write", Path: "/x", Err: syscall.ENOSPC}
	if f := queue.FailureOf(failure(full)); f.Class != queue.ClassQueue {
		t.Errorf("a full local disk: got %+v", f)
	}
	if !errors.Is(failure(reply(550, "No such file")), fs.ErrNotExist) {
		t.Error("a missing file no longer matches fs.ErrNotExist")
	}
	if failure(nil) != nil {
		t.Error("no error became one")
	}
}

// A refusal names its command, not what followed it.
func TestFailureNamesTheCommand(t *testing.T) {
	err := failure(fmt.Errorf("/www/a: %w", &ftp.ReplyError{Command: "STOR", Code: 552, Lines: []string{"quota"}}))
	if f := queue.FailureOf(err); f.Command != "STOR" || f.Code != 552 {
		t.Errorf("%+v", f)
	}
}
