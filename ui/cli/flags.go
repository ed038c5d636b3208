package cli

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"portside/queue"
	"portside/ui/connect"
)

const defaultRetries = 10

// flags are what the command line can say. Each command has those that mean
// something to it.
type flags struct {
	demo          bool
	plain         bool
	mode          string
	activeAddress string
	activePorts   string
	pasvAddress   string
	activePeer    string
	proxy         string
	tls           string
	ca            string
	pins          []string
	cert, key     string
	tlsMax        string
	clearData     bool
	user          string
	account       string
	compress      bool
	charset       string
	passwordStdin bool
	timeout       time.Duration
	log           string

	connections count
	segments    string
	retries     int
	limit       string
	after       string
	then        after // what after says
	exists      string
	verify      string
	permissions bool
	json        bool
	quiet       bool
}

// connection adds the flags that say how to reach a server.
func (f *flags) connection(s *pflag.FlagSet) {
	s.SortFlags = false
	s.StringVar(&f.mode, "mode", "auto", "who opens data connections, as a `MODE`: auto, passive (we do) or active\n(the server does)")
	s.StringVar(&f.activeAddress, "active-address", "", "the `IP` that active mode announces (default: that of the control connection)")
	s.StringVar(&f.activePorts, "active-ports", "", "the ports that active mode listens on, as `LO-HI` (default: any)")
	s.StringVar(&f.pasvAddress, "pasv-address", "server", "where passive mode dials, as a `WORD`: server (the address that we reached), or trust\n(the one that PASV names)")
	s.StringVar(&f.activePeer, "active-peer", "server", "who may connect in active mode, as a `WORD`: server (it alone) or any")
	s.StringVar(&f.proxy, "proxy", "", "go through the proxy at `URL`: socks5://, http:// (CONNECT) or ftp:// (logs in as\nUSER@HOST); its password comes from PORTSIDE_PROXY_PASSWORD")
	s.StringVar(&f.tls, "tls", "", "a `WORD`: auto, require, implicit or off (default: as the URL's scheme says)")
	s.StringVar(&f.ca, "ca", "", "trust the authorities in `FILE` (PEM) in place of the system's")
	s.StringArrayVar(&f.pins, "pin", nil, "trust the server whose key has this `HASH`, sha256//BASE64 or hex, and no other,\nwhatever its certificate says (may be given several times)")
	s.StringVar(&f.cert, "cert", "", "show servers that ask for one the certificate in `FILE` (PEM)")
	s.StringVar(&f.key, "key", "", "its private key is in `FILE` (PEM; default: that of --cert)")
	s.StringVar(&f.tlsMax, "tls-max", "", "speak no newer TLS than `VERSION`, 1.2 or 1.3, for servers that get it wrong")
	s.BoolVar(&f.clearData, "clear-data", false, "encrypt names and passwords alone: files and listings cross the network in the\nclear")
	s.StringVar(&f.user, "user", "", "the user's `NAME`, where the URL has none")
	s.StringVar(&f.account, "account", "", "the account's `NAME`, for servers that ask for one (ACCT)")
	s.BoolVar(&f.compress, "compress", false, "compress listings and files on their way, where the server can (MODE Z)")
	s.StringVar(&f.charset, "charset", "", "the character set of names on the server, by `NAME`, as in gbk or windows-1251\n(default: UTF-8, and bytes as they are where it is not)")
	s.BoolVar(&f.passwordStdin, "password-stdin", false, "read the password from the first line of standard input")
	s.DurationVar(&f.timeout, "timeout", 0, "the `TIME` that each step of connecting and each reply may take, as in 30s")
	s.StringVar(&f.log, "log", "", "write what is said to the servers to `FILE`; passwords are hidden")
}

// transfers adds the flags of get and put.
func (f *flags) transfers(s *pflag.FlagSet) {
	f.connection(s)
	f.workers(s)
	s.StringVar(&f.exists, "exists", "", "what to do (`WORD`) when a target exists: ask, skip, resume (checks the last 64K\nfirst), newer, size, rename, overwrite or fail (default: ask with a terminal, fail\nwithout one)")
	s.BoolVar(&f.json, "json", false, "print one event a line to standard output")
	s.BoolVarP(&f.quiet, "quiet", "q", false, "print errors only")
}

// workers adds the flags of whatever has a queue.
func (f *flags) workers(s *pflag.FlagSet) {
	s.Var(&f.connections, "connections", "`N` connections to one server at a time: auto (as many as serve best, up to\n8), or a number")
	s.IntVar(&f.retries, "retries", defaultRetries, "`N` attempts in a row without progress before a transfer fails")
	s.StringVar(&f.verify, "verify", "auto", "how to show that both ends hold the same bytes, as a `WORD`: auto (the server's\nchecksum where it has one and the file has 256K or more, else the size), size,\nhash (the checksum, or the transfer fails) or off (what the server says, and the\nbytes that were counted, have to do)")
	s.BoolVar(&f.permissions, "permissions", false, "copy the permission bits of files too (never those of directories, nor setuid,\nsetgid and sticky), where the server tells and takes them")
	s.StringVar(&f.limit, "limit", "", "move at most `RATE` bytes a second in all (2M, 500K), or in each direction (\"down 2M\nup 500K\"), or by the clock (\"02:00-07:00 none, 10M\")")
	s.StringVar(&f.after, "after", "", "ring the bell (bell) or run `COMMAND` once the last transfer has ended: quotes keep\nwords together, no shell sees it; PORTSIDE_DONE, PORTSIDE_FAILED, PORTSIDE_SKIPPED\nand PORTSIDE_BYTES in its environment count what ended")
}

// segmented adds the flag of what downloads, and of what does both.
func (f *flags) segmented(s *pflag.FlagSet) {
	const words = "fetch a big file by `N` connections at once, each from another place on: auto (as many\nas make it faster, up to 8), or a number (1: by one)"
	s.StringVar(&f.segments, "segments", "auto", words)
}

// scattered adds the flag of what uploads. All commands keep the flag in one
// place, so its default is the same.
func (f *flags) scattered(s *pflag.FlagSet) {
	s.StringVar(&f.segments, "segments", "auto", "send a big file by `N` connections at once, each from another place on, where the server\nlets several write one file (few do); auto is by one")
}

// settings returns how to reach servers.
func (f *flags) settings() (connect.Settings, error) {
	s := connect.Settings{User: f.user, TLS: f.tls, CA: f.ca, Timeout: f.timeout, ClearData: f.clearData,
		Account: f.account, Compress: f.compress}
	if !slices.Contains([]string{"", "auto", "require", "implicit", "off"}, f.tls) {
		return s, usage("", "--tls is auto, require, implicit or off, not %q", f.tls)
	}
	if f.timeout < 0 {
		return s, usage("", "--timeout cannot be negative")
	}
	if err := f.certificates(&s); err != nil {
		return s, err
	}
	var err error
	if s.Mode, err = connect.ParseMode(f.mode); err != nil {
		return s, usage("", "--mode: %v", err)
	}
	if s.Charset, err = connect.ParseCharset(f.charset); err != nil {
		return s, usage("", "--charset: %v", err)
	}
	if f.activeAddress != "" {
		if s.ActiveAddress, err = netip.ParseAddr(f.activeAddress); err != nil {
			return s, usage("", "--active-address: %q is not an IP address", f.activeAddress)
		}
	}
	if f.activePorts != "" {
		if s.ActivePorts, err = connect.ParsePorts(f.activePorts); err != nil {
			return s, usage("", "--active-ports: %v", err)
		}
	}
	return s, f.network(&s)
}

// network reads the flags about proxies and other addresses.
func (f *flags) network(s *connect.Settings) error {
	switch f.pasvAddress {
	case "server", "trust":
		s.TrustPASV = f.pasvAddress == "trust"
	default:
		return usage("", "--pasv-address is server or trust, not %q", f.pasvAddress)
	}
	switch f.activePeer {
	case "server", "any":
		s.AnyPeer = f.activePeer == "any"
	default:
		return usage("", "--active-peer is server or any, not %q", f.activePeer)
	}
	if f.proxy == "" {
		return nil
	}
	var err error
	if s.Proxy, _, err = connect.ParseProxy(f.proxy); err != nil {
		return usage("", "--proxy: %v", err)
	}
	if s.Mode.String() == "active" && !strings.HasPrefix(s.Proxy, "ftp:") {
		return usage("", "--mode active cannot pass a proxy, since the server could not connect to you: use passive")
	}
	return nil
}

// certificates adds what says whom to trust, and what shows who we are.
func (f *flags) certificates(s *connect.Settings) error {
	s.Cert, s.Key, s.TLSMax = f.cert, f.key, f.tlsMax
	switch {
	case f.key != "" && f.cert == "":
		return usage("", "--key needs --cert")
	case !slices.Contains([]string{"", "1.2", "1.3"}, f.tlsMax):
		return usage("", "--tls-max is 1.2 or 1.3, not %q", f.tlsMax)
	}
	if f.ca != "" {
		if err := connect.CheckCA(f.ca); err != nil {
			return usage("", "--ca: %v", err)
		}
	}
	if f.cert != "" {
		if err := connect.CheckCert(f.cert, f.key); err != nil {
			return usage("", "--cert: %v", err)
		}
	}
	for _, text := range f.pins {
		pin, err := connect.ParsePin(text)
		if err != nil {
			return usage("", "--pin: %v", err)
		}
		s.Pins = append(s.Pins, pin)
	}
	return nil
}

// policy returns what to do when a target exists. Without a terminal there is
// nobody to ask.
func (f *flags) policy(terminal bool) (queue.Policy, error) {
	p := queue.Policy(f.exists)
	known := []queue.Policy{queue.ExistsAsk, queue.ExistsSkip, queue.ExistsResume, queue.ExistsNewer,
		queue.ExistsSize, queue.ExistsRename, queue.ExistsOverwrite, queue.ExistsFail}
	switch {
	case p == "" && terminal:
		return queue.ExistsAsk, nil
	case p == "" || p == queue.ExistsAsk && !terminal:
		return queue.ExistsFail, nil
	case !slices.Contains(known, p):
		var words []string
		for _, k := range known {
			words = append(words, string(k))
		}
		return "", usage("", "--exists is one of %s, not %q", strings.Join(words, ", "), f.exists)
	default:
		return p, nil
	}
}

// check refuses numbers that make no sense.
func (f *flags) check() error {
	switch {
	case !queue.Verify(f.verify).Valid() || f.verify == "":
		return usage("", "--verify is auto, size, hash or off, not %q", f.verify)
	case f.retries < 1:
		return usage("", "--retries is 1 or more")
	}
	var err error
	if f.then, err = parseAfter(f.after); err != nil {
		return usage("", "--after: %v", err)
	}
	if _, err = f.parts(); err != nil {
		return err
	}
	_, err = f.limits()
	return err
}

// maxSegments is more than any server likes.
const maxSegments = 64

// parts returns the number of segments; 0 for the usual one.
func (f *flags) parts() (int, error) {
	if f.segments == "auto" || f.segments == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(f.segments)
	if err != nil || n < 1 || n > maxSegments {
		return 0, usage("", "--segments is auto, or 1 to %d, not %q", maxSegments, f.segments)
	}
	return n, nil
}

// limits returns the bytes a second that may be moved.
func (f *flags) limits() (queue.Limits, error) {
	l, err := queue.ParseLimits(f.limit)
	if err != nil {
		return l, usage("", "--limit: %v", err)
	}
	return l, nil
}
