"""certificates.py: an authority of the test's own, and servers' certificates good and bad."""

import pathlib
import socket
import ssl
import struct
import subprocess
import time


def openssl(home, *words):
    """Runs openssl in the authority's folder."""
    subprocess.run(["openssl", *words], cwd=home, check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


CONFIG = """[ca]
default_ca = here
[here]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
[v3_ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
"""


class Authority:
    """Signs certificates that a client who trusts ca.pem takes."""

    def __init__(self, home):
        self.home = pathlib.Path(home)
        (self.home / "index.txt").touch()
        (self.home / "serial").write_text("01\n")
        (self.home / "config").write_text(CONFIG)
        self.request("ca", ())
        openssl(self.home, "req", "-x509", "-key", "ca.key", "-subj", "/CN=Test authority", "-days",
                "30", "-out", "ca.pem", "-config", "/dev/null", "-addext",
                "basicConstraints=critical,CA:true", "-addext",
                "keyUsage=critical,keyCertSign")
        self.file = self.home / "ca.pem"

    def request(self, name, alternatives):
        """A key, and what is to be signed for it."""
        openssl(self.home, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out",
                f"{name}.key")
        extension = ["-addext", "subjectAltName=" + ",".join(alternatives)] if alternatives else []
        openssl(self.home, "req", "-new", "-key", f"{name}.key", "-subj", f"/CN={name}", "-out",
                f"{name}.csr", "-config", "/dev/null", *extension)

    def server(self, name, alternatives, begins, ends):
        """A server's context with a certificate for these names, from one day of now to another."""
        self.request(name, alternatives)
        day = [time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + 86400 * days))
               for days in (begins, ends)]
        openssl(self.home, "ca", "-batch", "-config", "config", "-cert", "ca.pem", "-keyfile",
                "ca.key", "-startdate", day[0], "-enddate", day[1], "-in", f"{name}.csr", "-out",
                f"{name}.pem", "-notext")
        return self.context(name)

    def self_signed(self, name, alternatives):
        """A server's context with a certificate that nobody vouches for."""
        self.request(name, alternatives)
        openssl(self.home, "x509", "-req", "-in", f"{name}.csr", "-signkey", f"{name}.key", "-days",
                "30", "-copy_extensions", "copy", "-out", f"{name}.pem")
        return self.context(name)

    def context(self, name):
        """The server's side of TLS with this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.home / f"{name}.pem", self.home / f"{name}.key")
        return context


def stalling(sock):
    """Reads the client's hello and never answers it."""
    while sock.recv(65536):
        pass
    raise OSError("gone")


def leaving(sock):
    """Closes in the midst of the handshake."""
    sock.recv(65536)
    sock.send(b"\x16\x03\x03\x00\x7a\x02\x00")
    raise OSError("left")


def breaking(sock):
    """Breaks the handshake off with a reset."""
    sock.recv(65536)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise OSError("left")


def plain(sock):
    """Speaks no TLS at all."""
    sock.recv(65536)
    sock.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    raise OSError("left")
