"""hooks_test.py: webhooks in the console: what failed is found, looked at and sent again."""

import http.server
import os
import threading
import time
import unittest

import tap
from desk import Desk

N = 3


class Receiver:
    """Takes events, or answers with another status."""

    def __init__(self):
        self.status, self.n_got = 500, 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                outer.n_got += 1
                body = b'{"error":"no room"}' if outer.status >= 400 else b'{"taken":true}'
                self.send_response(outer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Hooks(unittest.TestCase):
    def setUp(self):
        os.environ["KONTOR_WEBHOOK_ALLOW"] = "127.0.0.0/8"
        self.desk = Desk()
        self.addCleanup(self.desk.remove)
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)
        made = self.desk.ask("POST", "/v1/webhook_endpoints", **{
            "url": self.receiver.url, "enabled_events[0]": "customer.*", "description": "Shop floor"})
        self.endpoint = made["id"]
        for number in range(N):
            self.desk.ask("POST", "/v1/customers", name=f"w{number}")
        self.wait_for(N)

    def attempts(self, **filters):
        query = "&".join(f"{name}={value}" for name, value in filters.items())
        return self.desk.ask("GET", "/v1/kontor/webhook_attempts?limit=100&" + query)["data"]

    def wait_for(self, n, **filters):
        """Until so many attempts are noted."""
        deadline = time.monotonic() + 20
        while len(self.attempts(**filters)) < n:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def test_resend_one(self):
        """/hooks/failed-attempt-is-found-and-sent-again"""
        self.receiver.status = 200
        screen = self.desk.script(
            ":wait synced\nkeys g w\n:expect failing\n:wait idle\nkeys Enter j Enter\n:wait idle\n"
            ":expect customer.created\nkeys Enter\n:expect no room\nkeys r\n:expect is sent to\n"
            "keys Ctrl-s\n:expect Send again: done\n", "--size", "120x50")
        self.assertEqual(screen, "")
        self.wait_for(1, outcome="succeeded")
        self.assertEqual(len(self.attempts(outcome="succeeded")), 1)
        self.desk.script(":wait synced\nkeys g a\n:wait idle\n:expect succeeded\nkeys g w\n:expect enabled\n")

    def test_resend_marked(self):
        """/hooks/marked-attempts-are-sent-again-each-delivery-once"""
        self.receiver.status = 200
        self.desk.script(
            ":wait synced\nkeys g a /\n:type outcome:failed\nkeys Enter\n:wait idle\n:expect 3\nkeys * r\n"
            ":expect Deliveries: 3, endpoints: 1\nkeys Ctrl-s\n:expect Send again: all 3 done.\n")
        self.wait_for(N, outcome="succeeded")
        by_hand = self.attempts(outcome="succeeded")
        self.assertEqual(len({attempt["delivery"] for attempt in by_hand}), N)
        self.assertTrue(all(attempt["by_hand"] for attempt in by_hand))

    def test_compare(self):
        """/hooks/two-attempts-are-compared-with-headers-and-bodies"""
        screen = self.desk.script(":wait synced\nkeys g a\n:wait idle\nkeys Space D\n:expect request.body.data\n"
                                  "keys a\n:screen -\n", "--size", "160x90")
        self.assertRegex(screen, r'~ request\.body\.data\.object\.name +"w1" +"w2"')
        self.assertRegex(screen, r"~ request\.headers\.[Ss]tripe-[Ss]ignature +")
        self.assertRegex(screen, r"  response\.status +500 +500")
        self.assertRegex(screen, r'  response\.body\.error +"no room" +"no room"')

    def test_versions(self):
        """/hooks/event-of-an-update-shows-the-object-before-and-after"""
        customer = self.desk.ask("GET", "/v1/customers?limit=1")["data"][0]
        self.desk.ask("POST", "/v1/customers/" + customer["id"], name="Renamed")
        screen = self.desk.script(":wait synced\nkeys g e /\n:type type:customer.updated\nkeys Enter\n"
                                  ":expect 1 of 1\n:wait idle\nkeys D\n:expect values differ\n:screen -\n",
                                  "--size", "160x50")
        self.assertRegex(screen, r'~ name +"w2" +"Renamed"')
        self.assertIn("Before the update", screen)

    def test_change(self):
        """/hooks/endpoints-are-edited-disabled-and-enabled"""
        path = "/v1/webhook_endpoints/" + self.endpoint
        self.desk.script(":wait synced\nkeys g w\n:wait idle\nkeys e Tab Ctrl-u\n:type charge.*, customer.created\n"
                         "keys Ctrl-s\n:expect Edit the endpoint: done\nkeys :\n:type endpoint.disable\n"
                         "keys Enter Enter\n:expect Disable the endpoint: done\n:expect disabled\n")
        now = self.desk.ask("GET", path)
        self.assertEqual(now["enabled_events"], ["charge.*", "customer.created"])
        self.assertEqual((now["status"], now["url"]), ("disabled", self.receiver.url))
        self.desk.script(":wait synced\nkeys g w\n:wait idle\n:expect disabled\nkeys :\n:type endpoint.enable\n"
                         "keys Enter Enter\n:expect Enable the endpoint: done\n")
        self.assertEqual(self.desk.ask("GET", path)["status"], "enabled")

    def test_roll(self):
        """/hooks/new-secret-is-shown-once-and-stored-nowhere"""
        screen = self.desk.script(":wait synced\nkeys g w\n:wait idle\nkeys :\n:type endpoint.roll\nkeys Enter Enter\n"
                                  ":expect shown once\n:screen -\nkeys Enter\n:wait idle\n:screen -\n")
        shown, after = screen.split("shown once", 1)[1].split("kept safe", 1)
        secret = next(word for word in shown.split() if word.startswith("whsec_"))
        self.assertNotIn(secret, after)
        folder = os.path.join(self.desk.folder, "copy")
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), "rb") as file:
                self.assertNotIn(secret.encode(), file.read(), name)

    def test_offline(self):
        """/hooks/without-a-server-secrets-are-not-rolled-and-sending-waits"""
        self.desk.script(":wait synced\n")
        self.desk.server.stop()
        try:
            self.desk.script(":expect OFFLINE\nkeys g w\n:wait idle\n:expect failing\nkeys :\n:type endpoint.roll\n"
                             "keys Enter\n:expect needs the server\n")
            self.desk.script(":expect OFFLINE\nkeys g a\n:wait idle\nkeys * r Ctrl-s\n"
                             ":expect 3 queued; they are sent when\n")
        finally:
            self.receiver.status = 200
            self.desk.server.start()
        self.desk.script(":wait synced\n:wait idle\n")
        self.wait_for(N, outcome="succeeded")


if __name__ == "__main__":
    tap.main()
