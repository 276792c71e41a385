"""receivers_test.py: the receivers that servers are tried against do what their names say."""

import http.client
import os
import shutil
import socket
import ssl
import sys
import tempfile
import time
import unittest

import certificates
import manners
from receiver import Blackhole, Closed, Receiver

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

import tap  # noqa: E402

FAST = http.client.HTTPException, OSError


def post(receiver, timeout=1.0):
    """One request by another's client: the status, the body, and the connection."""
    connection = http.client.HTTPConnection("127.0.0.1", receiver.port, timeout=timeout)
    connection.request("POST", "/hook", b'{"id":"evt_1"}', {"webhook-id": "evt_1"})
    reply = connection.getresponse()
    return reply.status, reply.read(), connection


class Manners(unittest.TestCase):
    """Each at a receiver of its own."""

    def receiver(self, manner, tls=None):
        """Stopped when the test is over."""
        made = Receiver(manner, tls)
        self.addCleanup(made.stop)
        return made

    def test_answers(self):
        """What is well said is understood"""
        for manner, status in ((manners.taking, 200), (manners.answering(503), 503),
                               (manners.without_length, 200)):
            receiver = self.receiver(manner)
            self.assertEqual(post(receiver)[0], status)
            self.assertEqual(receiver.arrivals[0].event, {"id": "evt_1"})
            self.assertEqual(receiver.arrivals[0].taken, status == 200)

    def test_keeps(self):
        """A connection is kept for the next request"""
        receiver = self.receiver(manners.taking)
        connection = post(receiver)[2]
        connection.request("POST", "/", b"{}")
        self.assertEqual(connection.getresponse().status, 200)
        self.assertEqual([(each.connection, each.nth) for each in receiver.arrivals],
                         [(0, 0), (0, 1)])

    def test_leaves(self):
        """The one who leaves does so when the connection is used again"""
        receiver = self.receiver(manners.leaving_when_used_again)
        connection = post(receiver)[2]
        with self.assertRaises(FAST):
            connection.request("POST", "/", b"{}")
            connection.getresponse()
        self.assertEqual(len(receiver.arrivals), 1)

    def test_breaks(self):
        """What is broken is not understood"""
        for manner in (manners.hanging_up, manners.resetting, manners.cut_in_body,
                       manners.cut_in_chunk, manners.garbage, manners.http_0_9,
                       manners.giant_headers, manners.dripping_body(1.5)):
            with self.assertRaises(FAST):
                status, body, _ = post(self.receiver(manner))
                raise AssertionError(f"{status} {body[:50]}")

    def test_endless(self):
        """An answer without an end goes on and on"""
        receiver = self.receiver(manners.endless(200))
        sock = socket.create_connection(("127.0.0.1", receiver.port))
        sock.sendall(b"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
        got = 0
        while got < 4 << 20:
            got += len(sock.recv(1 << 16))
        sock.close()

    def test_turns(self):
        """Flapping ones count"""
        receiver = self.receiver(manners.flapping(2, 3))
        self.assertEqual([post(receiver)[0] for _ in range(6)], [500, 500, 200] * 2)
        receiver = self.receiver(manners.by_turns(manners.answering(500), manners.taking))
        self.assertEqual([post(receiver)[0] for _ in range(3)], [500, 200, 200])

    def test_absent(self):
        """Who is not there refuses or is silent"""
        for absent, trouble in ((Closed(), ConnectionRefusedError),
                                (Blackhole(full=False), TimeoutError)):
            with self.assertRaises(trouble):
                post(absent, 0.2)
            absent.stop()

    def test_tls(self):
        """Only a certificate that is right in everything is taken"""
        home = tempfile.mkdtemp(prefix="kontor-tls-")
        self.addCleanup(shutil.rmtree, home)
        authority = certificates.Authority(home)
        client = ssl.create_default_context(cafile=authority.file)
        names = ("DNS:localhost", "IP:127.0.0.1")
        cases = [(authority.server("good", names, -1, 30), "localhost", True),
                 (authority.server("bare", ("DNS:localhost",), -1, 30), "127.0.0.1", False),
                 (authority.server("old", names, -30, -1), "localhost", False),
                 (authority.server("new", names, 2, 30), "localhost", False),
                 (authority.server("other", ("DNS:example.com",), -1, 30), "localhost", False),
                 (authority.self_signed("own", names), "localhost", False),
                 (certificates.leaving, "localhost", False),
                 (certificates.breaking, "localhost", False),
                 (certificates.plain, "localhost", False),
                 (certificates.stalling, "localhost", False)]
        for number, (tls, host, good) in enumerate(cases):
            receiver = self.receiver(manners.taking, tls)
            sock = socket.create_connection(("127.0.0.1", receiver.port), timeout=0.3)
            try:
                client.wrap_socket(sock, server_hostname=host).close()
                self.assertTrue(good, number)
            except OSError:
                self.assertFalse(good, number)
                sock.close()

    def test_stop(self):
        """A stopped receiver lets go of its port"""
        receiver = Receiver(manners.slow(5))
        sock = socket.create_connection(("127.0.0.1", receiver.port))
        began = time.monotonic()
        receiver.stop()
        sock.close()
        self.assertLess(time.monotonic() - began, 1)
        Receiver(manners.taking, port=receiver.port).stop()


if __name__ == "__main__":
    tap.main()
