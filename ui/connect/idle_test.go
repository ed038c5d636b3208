package connect

import (
	"testing"

	"portside/ftp/ftptest"
	"portside/queue"
	"portside/queue/local"
)

// A session that the server ended while nobody used it costs a new login, and
// no more.
func TestIdleSessionEndsA14(t *testing.T) {
	greet := func(more ...ftptest.Step) []ftptest.Step {
		return append([]ftptest.Step{ftptest.Send("220 hi\r\n"), ftptest.Exchange("USER demo", "230 in\r\n")}, more...)
	}
	features, home := ftptest.Exchange("FEAT", "211-x\r\n MLST size*;\r\n211 end\r\n"), ftptest.Exchange("PWD", "257 \"/\"\r\n")
	stat := ftptest.Exchange("MLST /f", "250-x\r\n type=file;size=5; /f\r\n250 end\r\n")
	for name, end := range map[string][]ftptest.Step{
		"421":            {ftptest.Send("421 You were idle.\r\n"), ftptest.Hangup()},
		"FIN":            {ftptest.Hangup()},
		"RST":            {ftptest.Reset()},
		"at the command": {ftptest.Expect("MLST /f"), ftptest.Hangup()},
	} {
		t.Run(name, func(t *testing.T) {
			gate := make(chan struct{})
			first := greet(append([]ftptest.Step{features, home, stat, ftptest.Hold(gate)}, end...)...)
			srv, err := ftptest.Scripts(first, greet(home, stat, ftptest.Exchange("QUIT", "221 bye\r\n")))
			if err != nil {
				t.Fatal(err)
			}
			defer srv.Close()
			target, err := Parse("ftp://demo@"+srv.Addr(), Settings{TLS: "off"})
			if err != nil {
				t.Fatal(err)
			}
			log := queue.NewLog(1000)
			dialer := New(log)
			dialer.SetPassword(target.Address, "demo")
			q := queue.New(queue.Options{Local: local.New(), Remote: dialer, Log: log})
			defer q.Close()
			at := queue.Place{Address: target.Address, Path: "/f"}
			if e, err := q.Stat(t.Context(), at); err != nil || e.Size != 5 {
				t.Fatal(e, err)
			}
			close(gate)
			if e, err := q.Stat(t.Context(), at); err != nil || e.Size != 5 {
				t.Error(e, err)
			}
			logins := 0
			for _, line := range srv.Transcript() {
				if line[1:] == "> USER demo" {
					logins++
				}
			}
			if logins != 2 {
				t.Errorf("%d logins", logins)
			}
		})
	}
}
