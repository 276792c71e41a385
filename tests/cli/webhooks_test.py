"""webhooks_test.py: webhook endpoints by the command line: how they fare, what was sent, and again."""

import http.server
import json
import threading
import time
import unittest

from world import World, without_colours

import tap


class Receiver:
    """Takes events, or answers with another status."""

    def __init__(self):
        self.status, self.got = 200, []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((dict(self.headers), body))
                self.send_response(outer.status)
                self.send_header("Content-Length", "9")
                self.end_headers()
                self.wfile.write(b"\033[2Jdone\n")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Webhooks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World({"KONTOR_WEBHOOK_ALLOW": "127.0.0.0/8"})
        cls.receiver = Receiver()
        made = cls.world.run("post", "webhook_endpoints", "-d", "url=" + cls.receiver.url,
                             "-d", "enabled_events[]=customer.*", "--json")
        cls.endpoint = json.loads(made.stdout)

    @classmethod
    def tearDownClass(cls):
        cls.receiver.server.shutdown()
        cls.receiver.server.server_close()
        cls.world.close()

    def setUp(self):
        self.receiver.status = 200

    def kontor(self, *words, code=0):
        done = self.world.run(*words)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def objects(self, *words):
        return json.loads(self.kontor(*words, "--json").stdout)["data"]

    def happen(self, n=1):
        """Events, and all of their attempts noted."""
        identity = self.endpoint["id"]
        before = len(self.objects("webhooks", "attempts", "--endpoint", identity, "-l", "100"))
        for number in range(n):
            self.kontor("customers", "create", "--name", f"w{number}")
        deadline = time.monotonic() + 20
        while len(self.objects("webhooks", "attempts", "-l", "100")) < before + n:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def test_1_list(self):
        """endpoints are listed with their counters"""
        self.happen(2)
        shown = self.kontor("webhooks").stdout
        self.assertRegex(shown, rf"{self.endpoint['id']} +good +http://127\.0\.0\.1:\d+/hook +2 +0 ")
        self.assertEqual(self.kontor("webhooks", "list").stdout, shown)
        pair, = self.objects("webhooks")
        self.assertEqual(pair["endpoint"]["id"], self.endpoint["id"])
        self.assertEqual(pair["health"]["counters"]["succeeded"], 2)
        line, = self.kontor("webhooks", "--jsonl").stdout.splitlines()
        self.assertEqual(json.loads(line)["endpoint"], pair["endpoint"])
        code, said = self.world.terminal("webhooks", columns=60).end()
        self.assertEqual(code, 0)
        self.assertLessEqual(max(map(len, without_colours(said).splitlines())), 60)

    def test_2_show(self):
        """an attempt is shown with both sides, and its signature checked"""
        self.happen()
        attempt = self.objects("webhooks", "attempts", "-l", "1")[0]
        for identity in (attempt["id"], attempt["delivery"]):
            shown = self.kontor("webhooks", "show", identity, "--secret", self.endpoint["secret"])
            self.assertIn("was made with this secret", shown.stderr)
            self.assertRegex(shown.stdout, r"(?mi)^stripe-signature: t=\d+,v1=")
            self.assertIn('\n  "object": "event"', shown.stdout)
            self.assertRegex(shown.stdout, r"(?m)^HTTP 200$")
            self.assertIn("done", shown.stdout)
            self.assertNotIn("\033", shown.stdout)
        wrong = self.kontor("webhooks", "show", attempt["id"], "--secret", "whsec_wrong", code=1)
        self.assertIn("was not made with this secret", wrong.stderr)
        self.kontor("webhooks", "show", "evt_1", code=2)
        self.kontor("webhooks", "show", "wha_99999999", code=5)

    def test_3_resend(self):
        """what failed is listed, and sent again"""
        self.receiver.status = 500
        self.happen(3)
        failed = self.objects("webhooks", "attempts", "--failed", "--since", "1h")
        self.assertEqual({a["outcome"] for a in failed}, {"http_error"})
        self.assertRegex(self.kontor("webhooks").stdout, rf"{self.endpoint['id']} +failing ")
        self.receiver.status = 200
        count = len(self.receiver.got)
        done = self.kontor("webhooks", "resend", "--endpoint", self.endpoint["id"],
                           "--state", "pending", "--since", "1h")
        self.assertRegex(done.stdout, r"^3 deliveries are sent again\n$")
        deadline = time.monotonic() + 20
        while len(self.receiver.got) < count + 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(len(self.receiver.got), count + 3)
        one = self.kontor("webhooks", "resend", failed[0]["delivery"], "--json")
        self.assertEqual(json.loads(one.stdout)["id"], failed[0]["delivery"])
        event = self.kontor("webhooks", "resend", "--endpoint", self.endpoint["id"], "--event",
                            failed[0]["event"], "--json")
        self.assertEqual(json.loads(event.stdout)["event"], failed[0]["event"])
        for words in ((), (failed[0]["delivery"], "--endpoint", self.endpoint["id"]),
                      ("--endpoint", self.endpoint["id"], "--all"),
                      ("--endpoint", self.endpoint["id"], "--state", "lost")):
            self.kontor("webhooks", "resend", *words, code=2)
        done = self.kontor("webhooks", "resend", "--endpoint", self.endpoint["id"], "--all",
                           "--confirm", "--json")
        self.assertGreaterEqual(json.loads(done.stdout)["resent"], 3)

    def test_4_test(self):
        """a test event is sent and its outcome shown"""
        done = self.kontor("webhooks", "test", self.endpoint["id"])
        self.assertRegex(done.stdout, r"^succeeded  \d+ ms  wha_\d+")
        again = self.kontor("webhooks", "test", self.endpoint["id"], "customer.created")
        self.assertRegex(again.stdout, r"^succeeded ")
        self.receiver.status = 404
        refused = self.kontor("webhooks", "test", self.endpoint["id"], "customer.created", code=1)
        self.assertRegex(refused.stdout, r"^http_error ")

    def test_5_cancel(self):
        """what is pending can be canceled"""
        self.receiver.status = 500
        self.happen()
        self.kontor("webhooks", "cancel", "--endpoint", self.endpoint["id"], code=2)
        done = self.kontor("webhooks", "cancel", "--endpoint", self.endpoint["id"], "--confirm")
        self.assertRegex(done.stdout, r"^[1-9]\d* deliveries are canceled\n$")

    def test_6_roll(self):
        """a new secret is shown once"""
        done = self.kontor("webhooks", "roll", self.endpoint["id"], "--overlap", "1h")
        self.assertRegex(done.stdout, r"^whsec_\w{32}\n$")
        self.assertNotEqual(done.stdout.strip(), self.endpoint["secret"])
        self.kontor("webhooks", "roll", self.endpoint["id"], "--overlap", "soon", code=2)


if __name__ == "__main__":
    tap.main()
