"""schedule_test.py: when it is tried again, and when no longer; the clock is moved, not waited for."""

import email.utils
import os
import sys
import time
import unittest

import manners
from receiver import Blackhole, Closed, Receiver
from world import World

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

import tap  # noqa: E402

STANDARD = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 72000)
DAY = 86400


class Schedule(unittest.TestCase):
    """A server for each."""

    def setUp(self):
        self.world = World()

    def tearDown(self):
        self.assertEqual(self.world.close(), [])

    def hook(self, manner, **settings):
        """An endpoint at a new receiver of this manner."""
        receiver = Receiver(manner)
        return receiver, self.world.hook(receiver, **settings)

    def test_schedule(self):
        """Every retry comes in its time, ten percent more or less, and then no more"""
        receiver, endpoint = self.hook(manners.answering(500))
        self.world.customer()
        for count, pause in enumerate(STANDARD, 1):
            self.assertEqual(len(self.world.wait_attempts(endpoint, count)), count)
            self.world.advance(int(pause * 0.89) - 1)
            self.assertEqual(len(receiver.arrivals), count, f"too early after {count}")
            self.world.advance(int(pause * 0.22) + 3)
            self.assertEqual(len(receiver.wait_count(count + 1)), count + 1, f"none after {count}")
        self.assertEqual(self.world.wait_states(endpoint, ["failed"]), ["failed"])
        self.world.advance(4 * DAY)
        self.assertEqual(len(receiver.arrivals), len(STANDARD) + 1)
        attempts = self.world.attempts(endpoint)
        self.assertEqual([each["attempt"] for each in attempts], list(range(1, 11)))
        self.assertEqual(len({arrival.id for arrival in receiver.arrivals}), 1)
        self.assertEqual(self.world.health(endpoint)["counters"]["given_up"], 1)

    def test_jitter(self):
        """Not everybody is tried again in the same second"""
        endpoints = [self.hook(manners.answering(500))[1] for _ in range(12)]
        self.world.customer()
        for endpoint in endpoints:
            self.world.wait_attempts(endpoint, 1)
        self.world.advance(10)
        for endpoint in endpoints:
            self.world.wait_attempts(endpoint, 2)
        due = [self.world.deliveries(endpoint)[0]["due"] for endpoint in endpoints]
        self.assertGreater(len(set(due)), 4, due)

    def test_recovery(self):
        """What failed at first is taken later, and the attempt before stays to be seen"""
        receiver, endpoint = self.hook(manners.by_turns(manners.answering(500), manners.hanging_up,
                                                        manners.taking))
        self.world.customer()
        self.world.wait_attempts(endpoint, 1)
        self.world.advance(10)
        self.world.wait_attempts(endpoint, 2)
        self.world.advance(400)
        self.assertEqual(self.world.wait_states(endpoint, ["succeeded"]), ["succeeded"])
        self.assertEqual([each["outcome"] for each in self.world.attempts(endpoint)],
                         ["http_error", "broken_answer", "succeeded"])
        counters = self.world.health(endpoint)["counters"]
        self.assertEqual((counters["failed"], counters["succeeded"], counters["in_a_row"],
                          counters["pending"]), (2, 1, 0, 0))
        self.assertEqual(len({arrival.body for arrival in receiver.arrivals}), 1)

    def due_after(self, header):
        """Seconds until the next try after an answer with this Retry-After."""
        _, endpoint = self.hook(manners.answering(503, [f"Retry-After: {header}"]))
        self.world.customer()
        attempt = self.world.wait_attempts(endpoint, 1)[0]
        return self.world.deliveries(endpoint)[0]["due"] - attempt["created"]

    def test_retry_after(self):
        """Retry-After puts the next try off, in seconds and as a date, up to a day"""
        in_an_hour = email.utils.formatdate(time.time() + 3600, usegmt=True)
        table = [("120", 120, 140), (in_an_hour, 3590, 3970), ("999999999", DAY, 1.11 * DAY),
                 ("1", 4, 6), ("0", 4, 6), ("-5", 4, 6), ("soon", 4, 6), ("", 4, 6),
                 ("99999999999999999999999", 4, 1.11 * DAY),
                 ("Mon, 01 Jan 1990 00:00:00 GMT", 4, 6)]
        for header, least, most in table:
            with self.subTest(header):
                got = self.due_after(header)
                self.assertTrue(least <= got <= most, f"{header}: {got}")

    def test_too_many_requests(self):
        """429 with Retry-After is honoured, and the event is taken afterwards"""
        receiver, endpoint = self.hook(manners.by_turns(
            manners.answering(429, ["Retry-After: 1000"]), manners.taking))
        self.world.customer()
        self.world.wait_attempts(endpoint, 1)
        self.world.advance(900)
        self.assertEqual(len(receiver.arrivals), 1)
        self.world.advance(300)
        self.assertEqual(self.world.wait_states(endpoint, ["succeeded"]), ["succeeded"])

    def test_disabled_after_days(self):
        """Days of nothing but failure disable an endpoint, with an event and a notice"""
        _, endpoint = self.hook(manners.answering(500))
        watcher = Receiver(manners.taking)
        self.world.hook(watcher, ["kontor.webhook_endpoint.disabled"])
        for day in range(8):
            self.world.customer()
            self.world.advance(DAY)
            if self.world.status(endpoint) == "disabled":
                break
        self.assertTrue(5 <= day + 1 <= 6, f"disabled after {day + 1} days")
        self.assertEqual(self.world.health(endpoint)["disabled_reason"], "failing")
        self.assertEqual(len(watcher.wait_count(1)), 1)
        told = watcher.arrivals[0].event
        self.assertEqual(told["type"], "kontor.webhook_endpoint.disabled")
        self.assertEqual(told["data"]["object"]["id"], endpoint["id"])
        self.assertEqual(told["data"]["object"]["status"], "disabled")
        notices = self.world.all("/v1/kontor/notices")
        self.assertEqual([endpoint["id"] in str(each) for each in notices], [True])

    def test_disabled_waits(self):
        """What a disabled endpoint is owed is kept, and sent when it is enabled again"""
        receiver, endpoint = self.hook(manners.by_turns(manners.answering(500), manners.taking))
        self.world.customer()
        self.world.wait_attempts(endpoint, 1)
        path = f"/v1/webhook_endpoints/{endpoint['id']}"
        self.world.post(path, disabled="true")
        self.world.advance(3600)
        self.assertEqual(len(receiver.arrivals), 1)
        self.world.post(path, disabled="false")
        self.assertEqual(self.world.wait_states(endpoint, ["succeeded"]), ["succeeded"])

    def test_too_late(self):
        """What waited longer than the whole schedule is given up, not sent"""
        receiver, endpoint = self.hook(manners.by_turns(manners.answering(500), manners.taking))
        self.world.customer()
        self.world.wait_attempts(endpoint, 1)
        path = f"/v1/webhook_endpoints/{endpoint['id']}"
        self.world.post(path, disabled="true")
        self.world.advance(30 * DAY)
        self.world.post(path, disabled="false")
        self.assertEqual(self.world.wait_states(endpoint, ["failed"]), ["failed"])
        self.assertEqual(len(receiver.arrivals), 1)

    def test_deleted(self):
        """A deleted endpoint gets nothing more"""
        receiver, endpoint = self.hook(manners.answering(500))
        self.world.customer()
        self.world.wait_attempts(endpoint, 1)
        self.world.ask("DELETE", f"/v1/webhook_endpoints/{endpoint['id']}")
        self.world.customer()
        self.world.advance(3600)
        time.sleep(0.1)
        self.assertEqual(len(receiver.arrivals), 1)

    def test_breaker(self):
        """An endpoint that fails on and on is only probed, and then gets everything"""
        healthy = []
        receiver, endpoint = self.hook(
            lambda peer, arrival: manners.say(peer, arrival, 200 if healthy else 500))
        for _ in range(60):
            self.world.customer()
        self.world.wait(lambda: len(self.world.deliveries(endpoint)) == 60)
        time.sleep(0.3)
        before = len(receiver.arrivals)
        self.assertLess(before, 25, "sixty events, and each was tried on an endpoint that fails")
        for _ in range(10):
            self.world.advance(60)
        probes = len(receiver.arrivals) - before
        self.assertTrue(1 <= probes <= 11, f"{probes} probes in ten minutes")
        healthy.append(True)
        self.world.advance(1200)
        self.world.advance(7200)
        self.assertTrue(self.world.wait(lambda: len(receiver.taken()) >= 60, 15))
        self.assertEqual(self.world.wait_states(endpoint, ["succeeded"] * 60), ["succeeded"] * 60)

    def test_own_schedule(self):
        """An operator's schedule is followed"""
        self.world.restart(webhook_schedule="60,120")
        receiver, endpoint = self.hook(manners.answering(500))
        self.world.customer()
        for count, pause in ((1, 70), (2, 140)):
            self.world.wait_attempts(endpoint, count)
            self.world.advance(pause)
        self.assertEqual(self.world.wait_states(endpoint, ["failed"]), ["failed"])
        self.assertEqual(len(receiver.arrivals), 3)

    def test_absent(self):
        """Who comes back from nowhere gets what was kept"""
        closed, hole = Closed(), Blackhole(full=False)
        endpoints = [self.world.hook(each, ["customer.created"]) for each in (closed, hole)]
        for _ in range(3):
            self.world.customer()
        for endpoint in endpoints:
            self.world.wait(lambda each=endpoint: len(self.world.deliveries(each)) == 3)
        closed.stop()
        self.world.receivers.remove(closed)
        back = Receiver(manners.taking, port=closed.port)
        self.world.receivers.append(back)
        self.world.advance(1200)
        self.world.advance(1200)
        self.assertTrue(back.wait(lambda arrivals: len(arrivals) >= 3))
        self.assertEqual(self.world.wait_states(endpoints[0], ["succeeded"] * 3),
                         ["succeeded"] * 3)


if __name__ == "__main__":
    tap.main()
