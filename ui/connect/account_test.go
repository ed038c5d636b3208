package connect

import (
	"errors"
	"net"
	"strconv"
	"strings"
	"testing"

	"portside/ftp"
	"portside/ftp/ftptest"
	"portside/queue"
)

// Who needs an account is told how to give one, and it is sent.
func TestAccountIsAskedFor(t *testing.T) {
	login := []ftptest.Step{ftptest.Send("220 hi\r\n"), ftptest.Exchange("USER demo", "331 password\r\n"), ftptest.Exchange("PASS demo", "332 account\r\n")}
	with := append(login[:3:3], ftptest.Exchange("ACCT blue", "230 in\r\n"), ftptest.Exchange("FEAT", "502 no\r\n"), ftptest.Exchange("PWD", "257 \"/\"\r\n"))
	s, err := ftptest.Scripts(login, with)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	dial := func(settings Settings) (queue.FS, error) {
		settings.TLS = "off"
		target, err := Parse("ftp://demo@"+net.JoinHostPort(s.Host(), strconv.Itoa(s.Port())), settings)
		if err != nil {
			t.Fatal(err)
		}
		d := New(nil)
		d.SetPassword(target.Address, "demo")
		return d.Dial(t.Context(), target.Address)
	}
	_, err = dial(Settings{})
	if f := queue.FailureOf(err); !errors.Is(err, ftp.ErrAccount) || f.Ask != queue.AskNothing || !strings.Contains(f.Text, "--account") {
		t.Errorf("without one: %v", err)
	}
	if _, err := dial(Settings{Account: "blue"}); err != nil {
		t.Error(err)
	}
}
