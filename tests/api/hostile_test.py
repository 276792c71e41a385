"""hostile_test.py: input that no honest client sends gets a refusal or a closed line, never a crash.

Each case goes over a raw socket. After each one an honest request must still be answered, at the
end the server must stop cleanly, and the books must be right.
"""

import json
import os
import socket
import struct
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

import tap  # noqa: E402
from kontord import Server  # noqa: E402

MEBIBYTE = 1 << 20
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

server = Server()
KEY = server.key()


def request(body=b"", method="POST", path="/v1/customers", kind=FORM, headers=(), length=None):
    """The bytes of one request."""
    if isinstance(body, str):
        body = body.encode()
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: kontor.example",
        f"Authorization: Bearer {KEY}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body) if length is None else length}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def talk(data, timeout=20, half_close=False):
    """Sends bytes and reads until the server closes; returns all that came back."""
    received = b""
    with socket.create_connection((server.host, server.port), timeout=timeout) as line:
        try:
            for start in range(0, len(data), 1 << 16):
                line.sendall(data[start : start + (1 << 16)])
            if half_close:
                line.shutdown(socket.SHUT_WR)
            while True:
                chunk = line.recv(1 << 16)
                if not chunk:
                    break
                received += chunk
        except (ConnectionError, BrokenPipeError):
            pass
    return received


def status_of(reply):
    """The status of a reply; 0 when the line was closed without one."""
    return int(reply.split(b" ", 2)[1]) if reply.startswith(b"HTTP/1.") else 0


def body_of(reply):
    """The body of a reply that says how long it is."""
    return reply.split(b"\r\n\r\n", 1)[1]


def nested(depth):
    """Parameters inside each other."""
    return "metadata" + "[a]" * depth + "=1"


# Each row: what it is, the bytes.
REFUSED = [
    ("a name that is no UTF-8", request(b"name=%FF%FE")),
    ("raw bytes that are no UTF-8", request(b"name=\xff\xfe")),
    ("an overlong encoding of a slash", request(b"name=%C0%AF")),
    ("half of a surrogate pair", request(b"name=%ED%A0%80")),
    ("a zero byte in text", request(b"name=a%00b")),
    ("a broken percent sign", request(b"name[%zz]=1")),
    ("brackets that do not close", request(b"metadata[a=1")),
    ("brackets that were not opened", request(b"metadata]a[=1")),
    ("a form nested fifty deep", request(nested(50))),
    ("a form nested ten thousand deep", request(nested(10_000))),
    ("one name as text and as a map", request(b"metadata=1&metadata[a]=1")),
    ("one name as a list and as a map", request(b"metadata[]=1&metadata[a]=1")),
    ("a hundred thousand parameters", request("&".join(f"x{i}=1" for i in range(100_000)))),
    ("JSON nested a hundred deep", request('{"metadata":' + '{"a":' * 100 + "1" + "}" * 101, kind=JSON)),
    ("JSON nested a million deep", request('{"a":' * 1_000_000, kind=JSON)),
    ("a million brackets", request("[" * 1_000_000, kind=JSON)),
    ("JSON with a number without end", request('{"amount":' + "9" * 100_000 + "}", kind=JSON)),
    ("JSON with text that is no UTF-8", request(b'{"name":"\xff"}', kind=JSON)),
    ("JSON with half of a surrogate pair", request(b'{"name":"\\ud800"}', kind=JSON)),
    ("JSON with a zero byte", request(b'{"name":"a\\u0000b"}', kind=JSON)),
    ("JSON followed by something", request(b'{"name":"a"} x', kind=JSON)),
    ("JSON with a comment", request(b'{"name":"a"/**/}', kind=JSON)),
    ("JSON with a bare word", request(b'{"name":NaN}', kind=JSON)),
    ("a body of an unknown type", request(b"<name/>", kind="application/xml")),
    ("ten mebibytes of text", request(b"name=" + b"x" * (10 * MEBIBYTE))),
    ("a header of a mebibyte", request(headers=["X-Long: " + "x" * MEBIBYTE])),
    ("ten thousand headers", request(headers=[f"X-{i}: 1" for i in range(10_000)])),
    ("a path of a mebibyte", request(method="GET", path="/v1/" + "x" * MEBIBYTE)),
    ("an idempotency key of a kilobyte", request(headers=["Idempotency-Key: " + "k" * 1024])),
    ("a length that is no number", request(length="ten")),
    ("a negative length", request(length=-1)),
    ("a length beyond all bounds", request(length="9" * 40)),
    ("an unknown method", request(method="BREW", path="/v1/customers")),
    ("no HTTP at all", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 100),
    ("a line of noise", b"hello there\r\n\r\n"),
    ("a request for another place", request(method="GET", path="/../../etc/passwd")),
    ("an encoded way up", request(method="GET", path="/v1/customers/..%2f..%2fetc%2fpasswd")),
    ("SQL in an id", request(method="GET", path="/v1/customers/'%20OR%201=1--")),
    ("SQL in a filter", request(method="GET", path="/v1/customers?starting_after=x'%20OR%20'1'='1")),
    ("SQL in a search", request(method="GET", path="/v1/customers/search?query=name:%22a%22)%20OR%201=1--")),
    ("an amount beyond 64 bits", request(b"amount=9223372036854775808&currency=usd", path="/v1/payment_intents")),
    ("an amount of ten thousand digits", request("amount=" + "9" * 10_000 + "&currency=usd", path="/v1/payment_intents")),
]

# A reply with 200 is right for these, but what was sent must not get out of its place.
HARMLESS = [
    ("SQL in a name", "'); DROP TABLE customers; --"),
    ("markup in a name", "<script>alert(1)</script>"),
    ("a quote and a backslash in a name", '"\\"\\u0000'),
    ("line ends in a name", "a\r\nSet-Cookie: b=c\r\n\r\nHTTP/1.1 200 OK"),
    ("right-to-left marks in a name", "\u202eabc\u2066"),
    ("a format string in a name", "%s%n%x%d"),
]


class Case(unittest.TestCase):
    """After each case an honest request is answered."""

    def tearDown(self):
        self.assertTrue(server.is_alive(), server.read_log()[-4000:])
        reply = talk(request(b"name=Honest"))
        self.assertEqual(status_of(reply), 200, reply[:500])

    def refuse(self, data, name, **how):
        """Plays one case: 4xx in Stripe's shape, or the line is closed."""
        reply = talk(data, **how)
        status = status_of(reply)
        if status == 0:
            self.assertEqual(reply, b"", name)
            return
        self.assertTrue(400 <= status < 500, f"{name}: {reply[:300]!r}")
        head = reply.split(b"\r\n\r\n", 1)[0].lower()
        if b"application/json" in head:
            error = json.loads(body_of(reply))["error"]
            self.assertIsInstance(error["type"], str)
            self.assertIsInstance(error["message"], str)
            self.assertLess(len(error["message"]), 2000, name)
            self.assertNotRegex(error["message"].lower(), r"sqlite|select \*|\.c:\d")


class Hostile(Case):
    """A request for each row of the tables."""


def add_cases():
    """One test for each row, so that each is counted and named."""

    def refused(name, data):
        def case(self):
            # What is no HTTP has no end that a server could see, but for the client's falling silent.
            self.refuse(data, name, half_close=b"HTTP/1.1" not in data)

        case.__doc__ = f"Refused: {name}"
        return case

    def harmless(name, text):
        def case(self):
            reply = talk(request(json.dumps({"name": text}), kind=JSON))
            status = status_of(reply)
            self.assertIn(status, (200, 400), reply[:300])
            self.assertEqual(reply.count(b"HTTP/1.1 "), 1 + body_of(reply).count(b"HTTP/1.1 "))
            self.assertNotIn(b"set-cookie", reply.split(b"\r\n\r\n", 1)[0].lower())
            if status == 200:
                self.assertEqual(json.loads(body_of(reply))["name"], text)

        case.__doc__ = f"Harmless: {name}"
        return case

    for number, (name, data) in enumerate(REFUSED):
        setattr(Hostile, f"test_a{number:03}", refused(name, data))
    for number, (name, text) in enumerate(HARMLESS):
        setattr(Hostile, f"test_b{number:03}", harmless(name, text))


add_cases()


class Lines(Case):
    """What can be done with the connection itself."""

    def test_header_injection(self):
        """A header value cannot smuggle a header into the reply"""
        reply = talk(request(headers=["Idempotency-Key: a%0d%0aX-Evil: 1", "Stripe-Version: x%0d%0ay"]))
        self.assertNotIn(b"\r\nX-Evil", reply)

    def test_lone_line_feed(self):
        """A version with a line feed in it is refused"""
        self.refuse(request(headers=["Stripe-Version: 2022\n-11-15"]), "line feed")

    def test_half_closed(self):
        """A client that stops speaking in the middle of a body is let go"""
        self.refuse(request(b"name=x", length=1000), "half closed", half_close=True)

    def test_half_closed_after_whole_request(self):
        """A client that stops speaking after its request still gets its reply"""
        reply = talk(request(b"name=Half"), half_close=True)
        self.assertEqual(status_of(reply), 200)

    def test_gone_at_once(self):
        """Clients that hang up rudely after asking do no harm"""
        for _ in range(50):
            line = socket.create_connection((server.host, server.port))
            line.sendall(request(b"name=Rude"))
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.close()

    def test_slow_sender(self):
        """A client that sends letter by letter does not hold up the others"""
        data = request(b"name=Slow")
        with socket.create_connection((server.host, server.port), timeout=20) as slow:
            for index in range(0, 40):
                slow.sendall(data[index : index + 1])
                if index % 10 == 0:
                    began = time.monotonic()
                    self.assertEqual(status_of(talk(request(b"name=Fast"))), 200)
                    self.assertLess(time.monotonic() - began, 5)
            slow.sendall(data[40:])
            self.assertEqual(status_of(slow.recv(1 << 16)), 200)

    def test_many_idle(self):
        """Two hundred open lines that say nothing leave room for the one that speaks"""
        idle = [socket.create_connection((server.host, server.port)) for _ in range(200)]
        try:
            self.assertEqual(status_of(talk(request(b"name=Busy"))), 200)
        finally:
            for line in idle:
                line.close()

    def test_pipelined(self):
        """Requests sent in one breath are answered in order"""
        one = request(b"name=One").replace(b"Connection: close\r\n", b"")
        reply = talk(one + request(b"name=Two"))
        self.assertLess(reply.find(b'"One"'), reply.find(b'"Two"'))
        self.assertEqual(reply.count(b"HTTP/1.1 200"), 2)

    def test_chunked(self):
        """A body in chunks is taken whole"""
        head = request(headers=["Transfer-Encoding: chunked"]).replace(b"Content-Length: 0\r\n", b"")
        reply = talk(head + b"5\r\nname=\r\n5\r\nChunk\r\n0\r\n\r\n")
        self.assertIn(status_of(reply), (200, 411, 501))
        if status_of(reply) == 200:
            self.assertIn(b'"Chunk"', reply)

    def test_broken_chunks(self):
        """Chunks that lie about their size are refused"""
        head = request(headers=["Transfer-Encoding: chunked"]).replace(b"Content-Length: 0\r\n", b"")
        for chunks in (b"zz\r\nname=x\r\n0\r\n\r\n", b"ffffffffffffffffffff\r\nx", b"-5\r\nname=\r\n0\r\n\r\n"):
            self.refuse(head + chunks, "broken chunks", half_close=True)

    def test_two_lengths(self):
        """Two lengths that differ are refused, so that nothing is smuggled behind a proxy"""
        self.refuse(request(b"name=x", headers=["Content-Length: 60"]), "two lengths", half_close=True)

    def test_length_and_chunks(self):
        """A length beside chunks lets nothing through that was not meant"""
        smuggled = b"0\r\n\r\n" + request(b"name=Smuggled").replace(b"Connection: close\r\n", b"")
        data = request(smuggled, headers=["Transfer-Encoding: chunked"])
        reply = talk(data.replace(b"Connection: close\r\n", b"", 1), half_close=True)
        self.assertLessEqual(reply.count(b"HTTP/1.1 200"), 1, reply[:600])

    def test_many_large_bodies_do_not_pile_up(self):
        """Large bodies that are refused leave no memory behind"""
        with open(f"/proc/{server.process.pid}/status", encoding="ascii") as file:
            before = next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))
        for _ in range(30):
            talk(request(b"name=" + b"x" * (3 * MEBIBYTE)))
        with open(f"/proc/{server.process.pid}/status", encoding="ascii") as file:
            after = next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))
        self.assertLess(after - before, 40 * 1024, "kibibytes of growth")


class TheEnd(unittest.TestCase):
    def test_stop(self):
        """The server stops cleanly and its books are right"""
        self.assertEqual(server.stop(), 0, server.read_log()[-4000:])
        audit = server.audit()
        if audit is not None:
            self.assertTrue(audit["ok"], audit)
        server.remove()


if __name__ == "__main__":
    try:
        tap.main()
    finally:
        if server.is_alive():
            server.process.kill()
