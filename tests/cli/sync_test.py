"""sync_test.py: kontor sync --stdio: the API's requests and answers, unchanged, and nothing else."""

import json
import os
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from world import World

import tap

FLOOD = 64 << 20


class Endless:
    """A server that answers with more than anybody takes; it counts what it got rid of."""

    def __init__(self, family=socket.AF_INET, address=("127.0.0.1", 0)):
        self.socket = socket.socket(family)
        self.socket.bind(address)
        self.socket.listen()
        self.sent, self.asked = 0, b""
        self.gone = threading.Event()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        taken, _ = self.socket.accept()
        while b"\r\n\r\n" not in self.asked:
            self.asked += taken.recv(65536)
        piece = b"x" * 65536
        try:
            taken.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % FLOOD)
            while self.sent < FLOOD:
                self.sent += taken.send(piece)
        except OSError:
            pass
        self.gone.set()
        taken.close()


class Relay:
    """One connection: what is written to it are requests."""

    def __init__(self, env, *words):
        self.process = subprocess.Popen(
            [os.environ["KONTOR"], "sync", "--stdio", *words], env=env, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def ask(self, head, body=b""):
        """Sends a request; what is refused need not be taken to its end."""
        try:
            self.process.stdin.write(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
            self.process.stdin.flush()
        except BrokenPipeError:
            pass

    def answer(self):
        """The next answer: status, headers and body."""
        status = int(self.process.stdout.readline().split()[1])
        headers = {}
        while (line := self.process.stdout.readline().strip()):
            name, _, value = line.decode().partition(": ")
            headers[name.lower()] = value
        return status, headers, self.process.stdout.read(int(headers["content-length"]))

    def end(self, timeout=20):
        """Waits for the program's end: its exit code and what it said."""
        code = self.process.wait(timeout)
        said = self.process.stderr.read().decode()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                stream.close()
            except BrokenPipeError:
                pass
        return code, said


class Sync(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.relays = []

    def tearDown(self):
        for relay in self.relays:
            if relay.process.poll() is None:
                relay.process.kill()
                relay.end()
        self.world.close()

    def relay(self, *words, **env):
        self.relays.append(Relay({**self.world.signed_in(), **env}, *words))
        return self.relays[-1]

    def test_requests(self):
        """/sync/hands-on-one-request-after-the-other"""
        relay = self.relay()
        body = b"name=Jenny"
        relay.ask(f"POST /v1/customers HTTP/1.1\nContent-Length: {len(body)}", body)
        status, _, made = relay.answer()
        self.assertEqual(status, 200)
        relay.ask(f"GET /v1/customers/{json.loads(made)['id']} HTTP/1.1\nHost: localhost")
        status, _, found = relay.answer()
        self.assertEqual((status, json.loads(found)), (200, json.loads(made)))
        relay.ask("GET /v1/nonsense HTTP/1.1\nConnection: close")
        self.assertEqual(relay.answer()[0], 404)
        self.assertEqual(relay.end(), (0, ""))

    def test_large_body(self):
        """/sync/hands-on-bodies-of-any-size"""
        relay = self.relay()
        body = b"description=" + b"x" * 900_000
        for _ in range(3):
            relay.ask(f"POST /v1/customers HTTP/1.1\nContent-Length: {len(body)}", body)
            self.assertIn(relay.answer()[0], (400, 413))
        relay.ask("GET /v1/balance HTTP/1.1")
        self.assertEqual(relay.answer()[0], 200)

    def test_keys(self):
        """/sync/gives-its-key-to-requests-that-bring-none"""
        relay = self.relay()
        relay.ask("GET /v1/balance HTTP/1.1\nAuthorization: Bearer sk_test_nobody")
        self.assertEqual(relay.answer()[0], 401)
        relay.ask("GET /v1/balance HTTP/1.1")
        self.assertEqual(relay.answer()[0], 200)
        stranger = self.relay(KONTOR_API_KEY="")
        stranger.ask("GET /v1/balance HTTP/1.1")
        self.assertEqual(stranger.answer()[0], 401)
        stranger.ask(f"GET /v1/balance HTTP/1.1\nAuthorization: Bearer {self.world.key}")
        self.assertEqual(stranger.answer()[0], 200)

    def test_end(self):
        """/sync/ends-with-its-input-also-while-the-server-holds-an-answer-back"""
        self.world.run("customers", "create")
        relay = self.relay()
        relay.ask("GET /v1/kontor/events?wait=0 HTTP/1.1")
        after = json.loads(relay.answer()[2])["next"]
        relay.ask(f"GET /v1/kontor/events?after={after}&wait=50 HTTP/1.1")
        relay.process.stdin.close()
        self.assertEqual(relay.process.wait(20), 0)
        self.assertEqual(relay.process.stdout.read(), b"")

    def test_server_ends(self):
        """/sync/ends-with-its-server"""
        relay = self.relay()
        relay.ask("GET /v1/balance HTTP/1.1")
        relay.answer()
        self.world.server.kill()
        self.assertEqual(relay.end(), (0, ""))
        code, said = self.relay().end()
        self.assertEqual(code, 3)
        self.assertIn(f"The server at {self.world.server.base} cannot be reached", said)

    def test_nowhere_else(self):
        """/sync/hands-nothing-on-but-requests-of-the-api"""
        table = [
            ("GET /metrics HTTP/1.1", "is no path of the API"),
            ("GET http://example.com/v1/balance HTTP/1.1", "is no path of the API"),
            ("SSH-2.0-OpenSSH", "begins no request"),
            ("GET /v1/x HTTP/1.1\nX: " + "x" * 70_000, "at most 65536 bytes"),
        ]
        for request, sentence in table:
            relay = self.relay()
            relay.ask(request)
            self.assertEqual(relay.process.stdout.read(), b"", request)
            code, said = relay.end()
            self.assertEqual(code, 2, request)
            self.assertIn(sentence, said)

    def test_pace(self):
        """/sync/takes-no-more-of-an-answer-than-is-read"""
        server = Endless()
        relay = self.relay(KONTOR_URL=f"http://127.0.0.1:{server.socket.getsockname()[1]}")
        relay.ask("GET /v1/kontor/sync/snapshot HTTP/1.1")
        self.assertIn(b"200", relay.process.stdout.readline())
        before = -1
        while server.sent != before:
            before = server.sent
            time.sleep(0.3)
        self.assertLess(server.sent, FLOOD // 2)
        with open(f"/proc/{relay.process.pid}/status", encoding="ascii") as status:
            peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
        self.assertLess(peak, (FLOOD >> 10) // 2)
        rest = relay.process.stdout.read()
        self.assertEqual(len(rest) - rest.index(b"\r\n\r\n") - 4, FLOOD)
        self.assertTrue(server.gone.wait(20))

    def test_gone(self):
        """/sync/lets-go-of-the-server-when-nobody-reads"""
        server = Endless()
        relay = self.relay(KONTOR_URL=f"http://127.0.0.1:{server.socket.getsockname()[1]}")
        relay.ask("GET /v1/kontor/sync/snapshot HTTP/1.1")
        relay.process.stdin.close()
        self.assertTrue(server.gone.wait(20))
        self.assertLess(server.sent, FLOOD)

    def test_socket(self):
        """/sync/reaches-a-server-by-a-socket-of-this-machine"""
        folder = tempfile.mkdtemp(prefix="kontor-sock-")
        server = Endless(socket.AF_UNIX, folder + "/kontor.sock")
        relay = self.relay(KONTOR_URL=f"unix:{folder}/kontor.sock")
        relay.ask("GET /v1/balance HTTP/1.1")
        self.assertIn(b"200", relay.process.stdout.readline())
        self.assertIn(b"\r\nHost: localhost\r\n", server.asked)
        os.unlink(folder + "/kontor.sock")
        os.rmdir(folder)

    def test_usage(self):
        """/sync/says-what-it-does-not-understand"""
        table = [
            ((), {}, "needs --stdio"),
            (("--stdio",), {"KONTOR_URL": "ssh://example.com"}, "reached through ssh itself"),
            (("--stdio", "--profile", "nobody"), {}, "no profile “nobody”"),
        ]
        for words, env, sentence in table:
            done = self.world.run("sync", *words, env={**self.world.signed_in(), **env})
            self.assertIn(done.returncode, (2, 4), words)
            self.assertIn(sentence, done.stderr)
            self.assertEqual(done.stdout, "")
        terminal = self.world.terminal("sync", "--stdio")
        code, said = terminal.end()
        self.assertEqual(code, 2)
        self.assertIn("not a terminal", said)


if __name__ == "__main__":
    tap.main()
