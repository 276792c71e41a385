"""listen_test.py: kontor listen: every event once, in order for each object, signed, whatever happens to the server."""

import http.server
import json
import threading
import time
import unittest

import stripe
from world import Running, World

import tap


class Shop:
    """A program on somebody's desk that takes events; slower for the first of each object."""

    def __init__(self):
        self.got, self.under_way, self.overlaps, self.status = [], set(), [], 200
        self.lock = threading.Lock()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                about = json.loads(body)["data"]["object"]["id"]
                with outer.lock:
                    if about in outer.under_way:
                        outer.overlaps.append(about)
                    outer.under_way.add(about)
                    outer.got.append((dict(self.headers), body))
                time.sleep(0.01)
                with outer.lock:
                    outer.under_way.discard(about)
                self.send_response(outer.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"localhost:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def events(self):
        return [json.loads(body) for _, body in list(self.got)]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Listen(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.shop = Shop()
        self.running = []

    def tearDown(self):
        for running in self.running:
            if running.process.poll() is None:
                running.process.kill()
                running.process.wait()
        self.shop.close()
        self.world.close()

    def listen(self, *words):
        running = Running(self.world, "listen", *words)
        self.running.append(running)
        return running.begins("Listening")

    def customer(self, n_changes):
        """A customer who changes so many times; the events that this makes."""
        made = self.world.run("customers", "create", "--name", "0", "--json")
        identity = json.loads(made.stdout)["id"]
        for number in range(1, n_changes):
            self.world.run("customers", "update", identity, "--name", str(number))
        return identity

    def assert_all_once_in_order(self, objects):
        """What the shop got of @objects is what the server says, once each and in that order."""
        said = json.loads(self.world.run("get", "events", "-d", "limit=100", "--json").stdout)
        for identity in objects:
            wanted = [event["id"] for event in reversed(said["data"])
                      if event["data"]["object"]["id"] == identity]
            self.assertEqual([event["id"] for event in self.shop.events()
                              if event["data"]["object"]["id"] == identity], wanted)
        self.assertEqual(self.shop.overlaps, [])

    def test_in_order(self):
        """/listen/hands-events-on-in-order-for-each-object"""
        running = self.listen("--forward-to", self.shop.address)
        objects = []
        workers = [threading.Thread(target=lambda: objects.append(self.customer(6)))
                   for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        # It prints what it was answered: only then it counts as taken.
        running.wait_for(lambda: sum("[200]" in line for line in running.lines) >= 24)
        self.assert_all_once_in_order(objects)
        self.assertEqual(running.interrupt(), 130)
        self.assertIn("24 events: 24 taken, 0 not.", running.notes)

    def test_signed(self):
        """/listen/signs-as-a-webhook-does"""
        secret = self.world.run("listen", "--print-secret").stdout.strip()
        running = self.listen("--forward-to", self.shop.address)
        self.customer(1)
        running.wait_for(lambda: self.shop.got)
        headers, body = self.shop.got[0]
        event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secret)
        self.assertEqual(event["type"], "customer.created")
        self.assertEqual(headers["webhook-id"], event["id"])
        with self.assertRaises(Exception):
            stripe.Webhook.construct_event(body + b" ", headers["Stripe-Signature"], secret)

    def test_goes_on(self):
        """/listen/misses-nothing-when-the-server-is-killed"""
        running = self.listen("--forward-to", self.shop.address)
        first = self.customer(3)
        running.wait_for(lambda: len(self.shop.got) >= 3)
        self.world.server.kill()
        running.begins("No event will be missed")
        self.world.server.start()
        second = self.customer(3)
        running.wait_for(lambda: len(self.shop.got) >= 6, timeout=60)
        self.assert_all_once_in_order([first, second])

    def test_since(self):
        """/listen/begins-behind-an-event-or-a-time"""
        self.customer(3)
        first = json.loads(self.world.run("get", "events", "--json").stdout)["data"][-1]["id"]
        running = self.listen("--since", first, "--json")
        running.wait_for(lambda: len(running.lines) >= 2)
        names = [json.loads(line)["data"]["object"]["name"] for line in running.lines]
        self.assertEqual(names, ["1", "2"])
        everything = self.listen("--since", "1h", "--json")
        everything.wait_for(lambda: len(everything.lines) >= 3)

    def test_some(self):
        """/listen/takes-the-types-that-were-asked-for"""
        running = self.listen("--events", "customer.deleted,charge.*", "--json")
        identity = self.customer(2)
        self.world.run("customers", "delete", identity, "--confirm")
        running.wait_for(lambda: running.lines)
        self.assertEqual([json.loads(line)["type"] for line in running.lines],
                         ["customer.deleted"])

    def test_refused(self):
        """/listen/shows-what-was-not-taken-and-tries-again-when-asked"""
        self.shop.status = 500
        running = self.listen("--forward-to", self.shop.address, "--retry", "2")
        self.customer(1)
        running.wait_for(lambda: len([line for line in running.lines if "[500]" in line]) == 3)
        self.assertEqual(len(self.shop.got), 3)

    def test_usage(self):
        """/listen/says-what-it-does-not-understand"""
        table = [
            (("--since", "yesterday"), "--since"),
            (("--forward-to", "ftp://x"), "no address to forward to"),
            (("--forward-to", "x", "-H", "nonsense"), "no header"),
        ]
        for words, sentence in table:
            done = self.world.run("listen", *words)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(sentence, done.stderr)

    def test_terminal(self):
        """/listen/ends-cleanly-on-a-terminal"""
        terminal = self.world.terminal("listen")
        terminal.read_until("Listening")
        self.customer(1)
        terminal.read_until("customer.created")
        terminal.type("\x03")
        code, said = terminal.end()
        self.assertEqual(code, 130)
        self.assertIn("1 event.", said)


if __name__ == "__main__":
    tap.main()
