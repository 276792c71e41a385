"""events_test.py: events that are sent to their webhook endpoints again."""

import http.server
import json
import threading
import time
import unittest

from world import World

import tap


class Receiver(http.server.ThreadingHTTPServer):
    """Takes every event."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Taker)
        self.got = []  # path and event id
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path):
        """An address of it."""
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def wait(self, *arrivals):
        """Whether exactly these came, in whatever order."""
        until = time.monotonic() + 10
        while sorted(self.got) != sorted(arrivals) and time.monotonic() < until:
            time.sleep(0.02)
        return sorted(self.got) == sorted(arrivals)


class Taker(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, self.headers["webhook-id"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Resend(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World({"KONTOR_WEBHOOK_ALLOW": "127.0.0.0/8"})
        cls.receiver = Receiver()

    @classmethod
    def tearDownClass(cls):
        cls.receiver.shutdown()
        cls.receiver.server_close()
        cls.world.close()

    def kontor(self, *words):
        done = self.world.run(*words, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def endpoint(self, path, events):
        return self.kontor("post", "webhook_endpoints", "-d", "url=" + self.receiver.url(path),
                           "-d", "enabled_events[]=" + events)["id"]

    def test_resend(self):
        """all that were to get it do once more, or the one that is named"""
        first, second = self.endpoint("/1", "customer.created"), self.endpoint("/2", "customer.*")
        other = self.endpoint("/3", "refund.created")
        gone = self.endpoint("/4", "customer.created")
        event = self.world.run("trigger", "customer.created").stdout.strip()
        came = [("/1", event), ("/2", event), ("/4", event)]
        self.assertTrue(self.receiver.wait(*came), self.receiver.got)
        self.kontor("delete", "webhook_endpoints/" + gone, "--confirm")

        sent = self.kontor("events", "resend", event)
        self.assertEqual({item["endpoint"] for item in sent["data"]}, {first, second})
        came += [("/1", event), ("/2", event)]
        self.assertTrue(self.receiver.wait(*came), self.receiver.got)

        done = self.world.run("events", "resend", event, "--endpoint", other)
        self.assertRegex(done.stdout, rf"whd_\w+ +{other} +http")
        came += [("/3", event)]
        self.assertTrue(self.receiver.wait(*came), self.receiver.got)

        self.kontor("post", "webhook_endpoints/" + first, "-d", "disabled=true")
        done = self.world.run("events", "resend", event, "--color", "off")
        self.assertEqual(done.returncode, 1)
        self.assertIn("disabled", done.stderr)
        self.assertNotIn(first, done.stdout)
        came += [("/2", event), ("/3", event)]
        self.assertTrue(self.receiver.wait(*came), self.receiver.got)

    def test_refusals(self):
        """what cannot be sent is said"""
        event = self.world.run("trigger", "setup_intent.created").stdout.strip()
        for words, code, said in (
            ((event,), 5, "name one with --endpoint"),
            ((event, "--endpoint", "we_none"), 5, "No such webhook endpoint"),
            ((event, "--endpoint", "../account"), 2, "begin with we_"),
            (("ch_1",), 2, "begin with evt_"),
            (("evt_none",), 1, "No such event"),
            ((), 2, "needs EVENT"),
        ):
            with self.subTest(words):
                done = self.world.run("events", "resend", *words)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn(said, done.stderr)
                self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    tap.main()
