#!/usr/bin/python3
"""One pyftpdlib server: pyftpd.py HOST PORT plain|tls|implicit ROOT USER CERTIFICATE"""
import os
import pwd
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import ActiveDTP, FTPHandler, TLS_DTPHandler, TLS_FTPHandler
from pyftpdlib.servers import FTPServer


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


def main():
    host, port, kind, root, user, cert = sys.argv[1:]
    handler = {"plain": FTPHandler, "tls": Explicit, "implicit": Implicit}[kind]
    handler.use_gmt_times = True
    handler.active_dtp = CarefulActive
    handler.authorizer = DummyAuthorizer()
    handler.authorizer.add_user("demo", "demo", root, perm="elradfmwMT")
    if kind != "plain":
        handler.certfile = cert
        handler.ssl_context = handler.get_ssl_context()
        # Without an id context OpenSSL refuses sessions that clients resume.
        handler.ssl_context.set_session_id(b"portside")
    server = FTPServer((host, int(port)), handler)
    server.max_cons = 512
    account = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    server.serve_forever()


if __name__ == "__main__":
    main()
