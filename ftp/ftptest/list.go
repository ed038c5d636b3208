package ftptest

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// listing answers MLSD, LIST and NLST.
func (s *session) listing(verb, arg string) error {
	all := verb == "MLSD" || !s.q.HideDots
	if verb != "MLSD" && !s.q.NoListOptions {
		options, rest := cutOptions(arg)
		all, arg = all || strings.Contains(options, "a"), rest
	}
	dir := s.path(arg)
	var own io.Reader
	if s.q.Listing != nil {
		own = s.q.Listing(verb, dir)
	}
	var infos []fileInfo
	if own == nil {
		info, err := s.tree().stat(dir, true)
		switch {
		case err != nil:
			return s.refuse(reason(err))
		case info.IsDir():
			if infos, err = s.tree().list(dir); err != nil {
				return s.refuse(reason(err))
			}
		case verb == "MLSD":
			return s.refuse("501 Not a directory.")
		default:
			infos = []fileInfo{info}
		}
	}
	if !all {
		infos = slices.DeleteFunc(infos, func(i fileInfo) bool { return strings.HasPrefix(i.name, ".") })
	}
	return s.transfer("150 Here comes the listing.", false, false, func(d *dataConn) error {
		if own != nil {
			_, err := io.Copy(d, own)
			return err
		}
		w := bufio.NewWriterSize(d, 32<<10)
		if err := s.rows(w, verb, dir, infos); err != nil {
			return err
		}
		return w.Flush()
	})
}

// cutOptions cuts "-la" off the front of a LIST argument.
func cutOptions(arg string) (options, rest string) {
	for strings.HasPrefix(arg, "-") {
		var option string
		option, arg, _ = strings.Cut(arg, " ")
		options += option
	}
	return options, arg
}

// rows writes what is in dir.
func (s *session) rows(w io.Writer, verb, dir string, infos []fileInfo) error {
	now := s.srv.cfg.Now().UTC()
	if verb == "MLSD" {
		if err := s.mlsdDots(w, dir); err != nil {
			return err
		}
	}
	for _, i := range infos {
		i.size += s.q.SizeShift
		if verb != "MLSD" && s.q.Zone != nil {
			i.mtime = inZone(i.mtime, s.q.Zone)
		}
		row := i.name
		switch {
		case verb == "MLSD":
			row = i.facts() + " " + i.name
		case verb == "LIST" && s.q.ListDialect == "dos":
			row = i.dos()
		case verb == "LIST":
			row = i.unix(now)
		}
		if _, err := io.WriteString(w, row+"\r\n"); err != nil {
			return err
		}
	}
	return nil
}

// inZone returns the time of a clock in zone, written as UTC.
func inZone(t time.Time, zone *time.Location) time.Time {
	_, ahead := t.In(zone).Zone()
	return t.Add(time.Duration(ahead) * time.Second)
}

// mlsdDots writes the rows of the directory itself and of the one above.
func (s *session) mlsdDots(w io.Writer, dir string) error {
	for _, dot := range []struct{ kind, name, path string }{{"cdir", ".", dir}, {"pdir", "..", path.Dir(dir)}} {
		info, err := s.tree().stat(dot.path, true)
		if err != nil {
			continue
		}
		facts := strings.Replace(info.facts(), "type=dir;", "type="+dot.kind+";", 1)
		if _, err := io.WriteString(w, facts+" "+dot.name+"\r\n"); err != nil {
			return err
		}
	}
	return nil
}

// statCmd lists over the control connection, or tells the state of the
// session.
func (s *session) statCmd(arg string) error {
	if arg == "" {
		return s.reply("211-Status of the test server:", "    All is well.", "211 End.")
	}
	options, rest := "", arg
	if !s.q.NoListOptions {
		options, rest = cutOptions(arg)
	}
	dir := s.path(rest)
	if s.q.Listing != nil {
		if own := s.q.Listing("STAT", dir); own != nil {
			return s.statReply(dir, own)
		}
	}
	infos, err := s.tree().list(dir)
	if err != nil {
		return s.reply(reason(err))
	}
	if s.q.HideDots && !strings.Contains(options, "a") {
		infos = slices.DeleteFunc(infos, func(i fileInfo) bool { return strings.HasPrefix(i.name, ".") })
	}
	var b bytes.Buffer
	if err := s.rows(&b, "LIST", dir, infos); err != nil {
		return err
	}
	return s.statReply(dir, &b)
}

// statReply sends rows as the lines of a reply, as they come.
func (s *session) statReply(dir string, rows io.Reader) error {
	if err := s.reply("213-Status of " + dir + ":"); err != nil {
		return err
	}
	if _, err := io.Copy(s.conn, rows); err != nil {
		return err
	}
	return s.reply("213 End of status.")
}

func (s *session) mlstCmd(arg string) error {
	p := s.path(arg)
	info, err := s.tree().stat(p, true)
	if err != nil {
		return s.reply(reason(err))
	}
	info.size += s.q.SizeShift
	return s.reply("250-Begin", " "+info.facts()+" "+p, "250 End.")
}

// facts are the facts of MLSD and MLST, without the space and the name.
func (i fileInfo) facts() string {
	kind, size := "file", fmt.Sprintf("size=%d;", i.size)
	switch {
	case i.IsDir():
		kind, size = "dir", ""
	case i.link != "":
		kind, size = "OS.unix=slink:"+strings.ReplaceAll(i.link, ";", "_"), ""
	}
	return fmt.Sprintf("type=%s;%smodify=%s;UNIX.mode=%04o;UNIX.owner=%s;UNIX.group=%s;",
		kind, size, i.mtime.UTC().Format(timeLayout), i.mode.Perm(), i.owner, i.owner)
}

// unix is the row as "ls -l" prints it.
func (i fileInfo) unix(now time.Time) string {
	mode, name, when := i.mode.Perm().String(), i.name, i.mtime.UTC().Format("Jan _2 15:04")
	if old := now.Sub(i.mtime); old > 180*24*time.Hour || old < -24*time.Hour {
		when = i.mtime.UTC().Format("Jan _2  2006")
	}
	switch {
	case i.IsDir():
		mode = "d" + mode[1:]
	case i.mode&fs.ModeSymlink != 0:
		mode, name = "l"+mode[1:], name+" -> "+i.link
	}
	return fmt.Sprintf("%s 1 %-8s %-8s %12d %s %s", mode, i.owner, i.owner, i.size, when, name)
}

// dos is the row as IIS prints it.
func (i fileInfo) dos() string {
	size := fmt.Sprintf("%20d", i.size)
	if i.IsDir() {
		size = "      <DIR>         "
	}
	return i.mtime.UTC().Format("01-02-06  03:04PM") + " " + size + " " + i.name
}
