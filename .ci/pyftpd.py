#!/usr/bin/python3
"""One pyftpdlib server: pyftpd.py HOST PORT KIND SPECIAL ROOT USER CERTIFICATE

KIND is plain, tls or implicit. SPECIAL is "-", or some of nat, one, dos,
latin1, norest and noepsv with commas between them; .ci/servers says what
they mean.
"""
import os
import pwd
import sys
import time

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.filesystems import AbstractedFS
from pyftpdlib.handlers import ActiveDTP, FTPHandler, TLS_DTPHandler, TLS_FTPHandler
from pyftpdlib.servers import FTPServer

NOWHERE = "192.0.2.1"  # an address for documentation, RFC 5737

# The commands that a special server lacks.
MISSING = {
    "dos": ["MLSD", "MLST"],
    "norest": ["REST", "SIZE", "MDTM"],
    "noepsv": ["EPSV", "EPRT", "MLSD", "MLST", "FEAT", "OPTS"],
}


class CarefulActive(ActiveDTP):
    """Forgets the descriptor that it has handed over.

    The connector of pyftpdlib 1.5.7 is closed late, and takes the descriptor's
    next owner, perhaps another session's, off the event loop with it.
    """

    def handle_connect(self):
        super().handle_connect()
        self._fileno = None


class PatientDTP(TLS_DTPHandler):
    """Waits for the transfer command before it minds the TLS handshake.

    pyftpdlib 1.5.7 hangs up on a client whose handshake comes first.
    """

    def readable(self):
        if self._ssl_accepting:
            return True
        if not self.receive and not self._ssl_closing and self.cmd is None:
            return False
        return super().readable()


class Explicit(TLS_FTPHandler):
    dtp_handler = PatientDTP
    tls_control_required = True
    tls_data_required = True


class Implicit(Explicit):
    def handle(self):
        self._prot = True
        self.secure_connection(self.ssl_context)

    def handle_ssl_established(self):
        FTPHandler.handle(self)


class Windows(FTPHandler):
    def ftp_SYST(self, line):
        self.respond("215 Windows_NT")


class WindowsFS(AbstractedFS):
    """Lists as IIS does: date, time, <DIR> or size, name."""

    def format_list(self, basedir, listing, ignore_err=True):
        for name in listing:
            try:
                stat = self.stat(os.path.join(basedir, name))
            except OSError:
                if ignore_err:
                    continue
                raise
            when = time.strftime("%m-%d-%y  %I:%M%p", time.gmtime(stat.st_mtime))
            what = "<DIR>".ljust(15) if os.path.isdir(os.path.join(basedir, name)) else stat.st_size
            yield f"{when} {what:>20} {name}\r\n".encode("utf8", self.cmd_channel.unicode_errors)


class Latin(FTPHandler):
    def decode(self, data):
        return data.decode("latin-1")

    def push(self, s):
        # FEAT is the only answer with a line of this form
        super().push(Wire(s.replace(" UTF8\r\n", "")))


class Wire(str):
    """Text that is sent in Latin-1, whatever it is asked to become."""

    def encode(self, *_):
        return super().encode("latin-1", "replace")


class LatinFS(AbstractedFS):
    def format_list(self, *args, **kwargs):
        return map(self.latin, super().format_list(*args, **kwargs))

    def format_mlsx(self, *args, **kwargs):
        return map(self.latin, super().format_mlsx(*args, **kwargs))

    @staticmethod
    def latin(line):
        return line.decode("utf8", "replace").encode("latin-1", "replace")


def handler_for(kind, special):
    handler = {"plain": FTPHandler, "tls": Explicit, "implicit": Implicit}[kind]
    if "dos" in special:
        handler = Windows
        handler.abstracted_fs = WindowsFS
    if "latin1" in special:
        handler = Latin
        handler.abstracted_fs = LatinFS
    if "nat" in special:
        handler.masquerade_address = NOWHERE
    missing = {name for word in special for name in MISSING.get(word, [])}
    handler.proto_cmds = {k: v for k, v in handler.proto_cmds.items() if k not in missing}
    handler.use_gmt_times = True
    handler.active_dtp = CarefulActive
    return handler


def main():
    host, port, kind, special, root, user, cert = sys.argv[1:]
    special = special.split(",")
    handler = handler_for(kind, special)
    handler.authorizer = DummyAuthorizer()
    handler.authorizer.add_user("demo", "demo", root, perm="elradfmwMT")
    if kind != "plain":
        handler.certfile = cert
        handler.ssl_context = handler.get_ssl_context()
        # Without an id context OpenSSL refuses sessions that clients resume.
        handler.ssl_context.set_session_id(b"portside")
    server = FTPServer((host, int(port)), handler)
    server.max_cons = 512
    server.max_cons_per_ip = 1 if "one" in special else 0
    account = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    server.serve_forever()


if __name__ == "__main__":
    main()
