package ftp

import (
	"errors"
	"slices"
	"testing"

	"portside/ftp/ftptest"
)

// Some servers want an account besides user and password, at different times.
func TestAccountA22(t *testing.T) {
	hello, user := ftptest.Send("220 hi\r\n"), ftptest.Exchange("USER demo", "331 password\r\n")
	rest := []ftptest.Step{ftptest.Exchange("FEAT", "502 no\r\n"), ftptest.Exchange("PWD", "257 \"/\"\r\n")}
	for name, steps := range map[string][]ftptest.Step{
		"after PASS":      {hello, user, ftptest.Exchange("PASS demo", "332 account\r\n"), ftptest.Exchange("ACCT blue", "230 in\r\n")},
		"superfluous":     {hello, user, ftptest.Exchange("PASS demo", "332 account\r\n"), ftptest.Exchange("ACCT blue", "202 no need\r\n")},
		"after USER":      {hello, ftptest.Exchange("USER demo", "332 account\r\n"), ftptest.Exchange("ACCT blue", "230 in\r\n")},
		"before password": {hello, ftptest.Exchange("USER demo", "332 account\r\n"), ftptest.Exchange("ACCT blue", "331 password\r\n"), ftptest.Exchange("PASS demo", "230 in\r\n")},
	} {
		t.Run(name, func(t *testing.T) {
			s := script(t, append(steps, rest...)...)
			dial(t, s, func(cfg *Config) { cfg.Account = "blue" })
			without := script(t, append(steps[:len(steps)-1:len(steps)-1], ftptest.Hangup())...)
			if name == "before password" {
				without = script(t, steps[:2]...)
			}
			if _, err := Dial(t.Context(), configOf(without)); !errors.Is(err, ErrAccount) || errors.Is(err, ErrLogin) {
				t.Errorf("without one: %v", err)
			}
		})
	}
	refused := script(t, hello, user, ftptest.Exchange("PASS demo", "332 account\r\n"), ftptest.Exchange("ACCT blue", "530 no such account\r\n"))
	cfg := configOf(refused)
	cfg.Account = "blue"
	if _, err := Dial(t.Context(), cfg); !errors.Is(err, ErrLogin) {
		t.Errorf("refused: %v", err)
	}
	endless := script(t, hello, ftptest.Exchange("USER demo", "331 p\r\n"), ftptest.Exchange("PASS demo", "331 again\r\n"))
	if _, err := Dial(t.Context(), configOf(endless)); err == nil || errors.Is(err, ErrLogin) {
		t.Errorf("asked for ever: %v", err)
	}
}

// An account may be wanted for storing alone.
func TestAccountForStoring(t *testing.T) {
	store := []ftptest.Step{ftptest.Connect(), ftptest.Send("150 x\r\n"), ftptest.ReadData(func([]byte, error) {}), ftptest.CloseData(), ftptest.Send("226 ok\r\n")}
	way := []ftptest.Step{ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("STOR /f")}
	steps := append([]ftptest.Step{ftptest.Login(), ftptest.Exchange("TYPE I", "200 ok\r\n")}, way...)
	steps = append(steps, ftptest.Send("532 need account\r\n"))
	with := append(append(append([]ftptest.Step{}, steps...), ftptest.Exchange("ACCT blue", "230 ok\r\n")), way...)
	with = append(append(with, store...), ftptest.Exchange("MKD /d", "332 again\r\n"), ftptest.Exchange("NOOP", "200 ok\r\n"))
	c := dial(t, script(t, with...), func(cfg *Config) { cfg.Account = "blue" })
	if err := put(t.Context(), c, "/f", "data", 0); err != nil {
		t.Error(err)
	}
	if err := c.MakeDir(t.Context(), "/d"); !errors.Is(err, ErrAccount) {
		t.Errorf("asked once more: %v", err)
	}
	usable(t, c)

	c = dial(t, script(t, append(steps, ftptest.Exchange("NOOP", "200 ok\r\n"))...))
	if err := put(t.Context(), c, "/f", "data", 0); !errors.Is(err, ErrAccount) || errors.Is(err, ErrBroken) {
		t.Errorf("without one: %v", err)
	}
	usable(t, c)
}

// A listing that has handed out rows is not begun again for the account: its
// reader would see them twice, and may want no more.
func TestAccountForListing(t *testing.T) {
	rows := "-rw-r--r-- 1 a a 1 Jan 02 2020 one\r\n-rw-r--r-- 1 a a 1 Jan 02 2020 two\r\n"
	for name, most := range map[string]int{"all": 10, "left early": 1} {
		t.Run(name, func(t *testing.T) {
			list := []ftptest.Step{ftptest.Expect("EPSV"), ftptest.Listen("229 (|||%d|)\r\n"), ftptest.Expect("LIST -a"), ftptest.Connect(),
				ftptest.Send("150 x\r\n"), ftptest.SendData(rows), ftptest.CloseData()}
			steps := slices.Concat([]ftptest.Step{ftptest.Login(), ftptest.Exchange("SYST", "215 UNIX\r\n"), ftptest.Exchange("TYPE I", "200 ok\r\n")},
				list, []ftptest.Step{ftptest.Send("532 need account\r\n"), ftptest.Exchange("ACCT blue", "230 ok\r\n")})
			for _, step := range append(list, ftptest.Send("226 done\r\n")) {
				steps = append(steps, ftptest.Try(step))
			}
			s := script(t, steps...)
			c := dial(t, s, withShort, func(cfg *Config) { cfg.Account = "blue" })
			n := 0
			var failed error
			for _, err := range c.List(t.Context(), "/") {
				if failed = err; err != nil {
					break
				}
				if n++; n == most {
					break
				}
			}
			if want := min(most, 2); n != want || (failed == nil) != (most == 1) {
				t.Errorf("%d rows, want %d; %v", n, want, failed)
			}
		})
	}
}
