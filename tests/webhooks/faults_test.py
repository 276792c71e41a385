"""faults_test.py: receivers of every bad sort, side by side, and healthy ones among them.

Each gets the same event from the same server. What was noted of each must say what it did, nobody
may hold up the healthy ones, and the server must be well afterwards.
"""

import os
import shutil
import sys
import tempfile
import time
import unittest

import certificates
import manners
from receiver import Blackhole, Closed, Receiver
from world import World

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

import tap  # noqa: E402

TRUST = os.environ.get("KONTOR_TEST_TRUST", "")
NAMES = ("DNS:localhost", "IP:127.0.0.1")

# Who receives, what may be noted of the first attempt, and with which status.
SPEAKERS = {
    "answers 200": (manners.taking, "succeeded", 200),
    "answers 204": (manners.answering(204, body=b""), "succeeded", 204),
    "answers 299": (manners.answering(299), "succeeded", 299),
    "answers after informing": (manners.informing, "succeeded", 200),
    "answers without a length": (manners.without_length, "succeeded", 200),
    "answers and closes": (manners.answering(200, keep=False), "succeeded", 200),
    "answers within the time": (manners.slow(0.5), "succeeded", 200),
    "answers 400": (manners.answering(400), "http_error", 400),
    "answers 500": (manners.answering(500), "http_error", 500),
    "answers 503": (manners.answering(503), "http_error", 503),
    "answers 410": (manners.answering(410), "gone", 410),
    "answers too late": (manners.slow(3), "timeout", None),
    "drips its head": (manners.dripping_head(0.05), "timeout", None),
    "fails without an end": (manners.endless(500), "http_error", 500),
    "sends headers without an end": (manners.giant_headers, "broken_answer", None),
    "hangs up": (manners.hanging_up, "broken_answer", None),
    "resets": (manners.resetting, "broken_answer", None),
    "is cut off in its head": (manners.cut_in_head, "broken_answer", None),
    "speaks another protocol": (manners.garbage, "broken_answer", None),
    "speaks HTTP/0.9": (manners.http_0_9, "broken_answer", None),
    # Whether the status or the rest counts is for the server to say; it must say it soon.
    "drips its body": (manners.dripping_body(0.05), "succeeded timeout", ...),
    "takes it without an end": (manners.endless(200), "succeeded broken_answer", ...),
    "is cut off in its body": (manners.cut_in_body, "succeeded broken_answer", ...),
    "is cut off in a chunk": (manners.cut_in_chunk, "succeeded broken_answer", ...),
}

REDIRECTS = (301, 302, 303, 307, 308)

# How TLS is spoken: what makes the server's side of it, the host it is called by, what is noted.
TLS = {
    "vouched for": (lambda ca: ca.server("good", NAMES, -1, 30), "localhost", "succeeded"),
    "self-signed": (lambda ca: ca.self_signed("own", NAMES), "localhost", "tls_error"),
    "expired": (lambda ca: ca.server("old", NAMES, -30, -1), "localhost", "tls_error"),
    "not yet valid": (lambda ca: ca.server("new", NAMES, 2, 30), "localhost", "tls_error"),
    "for another name": (lambda ca: ca.server("other", ("DNS:example.com",), -1, 30),
                         "localhost", "tls_error"),
    "called by its address": (lambda ca: ca.server("bare", ("DNS:localhost",), -1, 30),
                              "127.0.0.1", "tls_error"),
    "leaving in the handshake": (lambda ca: certificates.leaving, "localhost",
                                 "tls_error broken_answer no_connection"),
    "resetting in the handshake": (lambda ca: certificates.breaking, "localhost",
                                   "tls_error broken_answer no_connection"),
    "stalling in the handshake": (lambda ca: certificates.stalling, "localhost", "timeout"),
    "speaking none": (lambda ca: certificates.plain, "localhost", "tls_error broken_answer"),
}


def trusting(authority):
    """The environment of a server that trusts the test's own authority.

    What is preloaded comes before a sanitizer, whose search for leaks does not survive that.
    """
    sanitizer = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0:detect_leaks=0"
    return {"LD_PRELOAD": TRUST, "KONTOR_TEST_AUTHORITY": str(authority.file),
            "ASAN_OPTIONS": sanitizer}


class Crowd:
    """One server, an endpoint at each of these receivers, and one event for all."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="kontor-faults-")
        self.authority = certificates.Authority(self.home)
        self.trap = Receiver(manners.taking)
        self.world = World(trusting(self.authority) if TRUST else None)
        self.receivers, self.endpoints = {}, {}
        self.gather()
        self.customer = self.world.customer()
        self.replied = time.monotonic()
        self.world.wait(lambda: all(self.world.attempts(each) for each in self.endpoints.values()))
        self.first = {name: (self.world.attempts(endpoint) or [None])[0]
                      for name, endpoint in self.endpoints.items()}

    def add(self, name, receiver, **url):
        """An endpoint at a receiver that gets the one event."""
        self.receivers[name] = receiver
        self.world.receivers.append(receiver)
        self.endpoints[name] = self.world.endpoint(receiver.url(**url), ["customer.created"])

    def gather(self):
        """All of them."""
        for name, (manner, _, _) in SPEAKERS.items():
            self.add(name, Receiver(manner))
        for status in REDIRECTS:
            self.add(status, Receiver(manners.answering(status, [f"Location: {self.trap.url()}"])))
        for name, (make, host, _) in TLS.items():
            self.add("TLS " + name, Receiver(manners.taking, make(self.authority)), host=host)
        self.add("is not there", Closed())
        self.add("never accepts", Blackhole(full=False))
        self.add("has no room", Blackhole(full=True))
        self.endpoints["has no address"] = self.world.endpoint(
            "http://nobody.invalid/hook", ["customer.created"])

    def close(self):
        """Stops everything; returns what was wrong with that."""
        trouble = self.world.close()
        self.trap.stop()
        shutil.rmtree(self.home)
        return trouble


class Faults(unittest.TestCase):
    """What became of the event at each of them."""

    @classmethod
    def setUpClass(cls):
        cls.crowd = Crowd()

    @classmethod
    def tearDownClass(cls):
        trouble = cls.crowd.close()
        if trouble:
            raise AssertionError(trouble)

    def check(self, name, outcomes, status=...):
        """The first attempt ended in one of these ways, and what else is noted fits it."""
        attempt = self.crowd.first[name]
        self.assertIsNotNone(attempt, f"{name}: no attempt was noted")
        self.assertIn(attempt["outcome"], outcomes.split(), f"{name}: {attempt}")
        got = attempt["response"]["status"] if attempt["response"] else None
        if status is not ...:
            self.assertEqual(got, status, name)
        taken = attempt["outcome"] == "succeeded"
        self.assertEqual(attempt["problem"] is None, taken, f"{name}: {attempt['problem']}")
        self.assertLess(attempt["duration_us"], 2_500_000, name)
        state = self.crowd.world.deliveries(self.crowd.endpoints[name])[0]["state"]
        self.assertEqual(state, "succeeded" if taken else "pending", name)

    def test_speakers(self):
        """What a receiver says is what is noted of it"""
        for name, (_, outcomes, status) in SPEAKERS.items():
            if status != 410:
                with self.subTest(name):
                    self.check(name, outcomes, status)

    def test_gone(self):
        """410 disables the endpoint at once, with a notice"""
        attempt = self.crowd.first["answers 410"]
        self.assertEqual((attempt["outcome"], attempt["response"]["status"]), ("gone", 410))
        world, endpoint = self.crowd.world, self.crowd.endpoints["answers 410"]
        self.assertTrue(world.wait(lambda: world.status(endpoint) == "disabled"))
        self.assertEqual(world.health(endpoint)["disabled_reason"], "gone")
        notices = [each for each in world.all("/v1/kontor/notices")
                   if endpoint["id"] in str(each)]
        self.assertEqual(len(notices), 1, notices)

    def test_redirects(self):
        """No redirect is followed"""
        for status in REDIRECTS:
            with self.subTest(status):
                self.check(status, "redirect", status)
        self.assertEqual(self.crowd.trap.connections, 0)

    def test_tls(self):
        """A certificate that is not right in everything is refused before anything is sent"""
        for name, (_, _, outcomes) in TLS.items():
            if TRUST or outcomes != "succeeded":
                with self.subTest(name):
                    self.check("TLS " + name, outcomes)
                    self.assertEqual(len(self.crowd.receivers["TLS " + name].arrivals),
                                     1 if outcomes == "succeeded" else 0)

    def test_absent(self):
        """Who is not there is told apart from who does not answer"""
        self.check("is not there", "no_connection", None)
        self.check("never accepts", "timeout", None)
        self.check("has no room", "timeout no_connection", None)
        self.check("has no address", "unknown_host", None)

    def test_neighbours(self):
        """The healthy ones had it at once all the same"""
        for name in ("answers 200", "answers 204", "answers without a length"):
            arrived = self.crowd.receivers[name].arrivals[0].at
            self.assertLess(arrived - self.crowd.replied, 0.5, name)

    def test_limits(self):
        """Of an answer without an end little is read and less is kept"""
        for name in ("fails without an end", "takes it without an end",
                     "sends headers without an end"):
            with self.subTest(name):
                self.assertLess(self.crowd.receivers[name].arrivals[0].sent, 32 << 20)
                response = self.crowd.first[name]["response"] or {"body": "", "headers": {}}
                self.assertLessEqual(len(response["body"] or ""), 2048)
                self.assertLessEqual(len(str(response["headers"])), 4096)

    def test_memory(self):
        """None of it was kept in memory"""
        with open(f"/proc/{self.crowd.world.server.process.pid}/status", encoding="ascii") as file:
            peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
        if os.environ.get("KONTOR_TEST_BUILD", "none") == "none":
            self.assertLess(peak, 128 << 10)

    def test_one_event(self):
        """It was the same event for all, as the API shows it"""
        event = self.crowd.receivers["answers 200"].arrivals[0].event
        self.assertEqual(event["data"]["object"]["id"], self.crowd.customer["id"])
        shown = self.crowd.world.get(f"/v1/events/{event['id']}")
        for each in self.crowd.receivers.values():
            for arrival in getattr(each, "arrivals", ())[:1]:
                got = arrival.event
                self.assertGreater(got.pop("pending_webhooks"), 0)
                self.assertEqual(got, {name: value for name, value in shown.items()
                                       if name != "pending_webhooks"})


if __name__ == "__main__":
    tap.main()
