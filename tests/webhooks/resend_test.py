"""resend_test.py: looking at what was sent, and sending it again, through a real server and receiver."""

import os
import sys
import time
import unittest

import manners
from receiver import Receiver
from world import Refused, World

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

import tap  # noqa: E402


def names(arrivals):
    """Which change of the customer each arrival tells of."""
    return [arrival.event["data"]["object"]["name"] for arrival in arrivals]


class Resend(unittest.TestCase):
    """A server for each."""

    def setUp(self):
        self.world = World(webhook_schedule="60,60")
        self.works = True
        self.receiver = Receiver(lambda peer, arrival: manners.say(
            peer, arrival, 200 if self.works else 500, ["X-Mark: seen"], b'{"said":"so"}'))
        self.endpoint = self.world.hook(self.receiver)
        self.path = f"/v1/kontor/webhook_endpoints/{self.endpoint['id']}"

    def tearDown(self):
        self.assertEqual(self.world.close(), [])

    def fail_for_good(self, *customers):
        """These events are given up."""
        self.works = False
        for name in customers:
            self.world.customer(name=name)
        for _ in range(8 * len(customers)):
            self.world.advance(1000)  # the breaker lets one probe through
        states = ["failed"] * len(customers)
        self.assertEqual(self.world.wait_states(self.endpoint, states), states)
        self.works = True

    def test_shown(self):
        """An attempt shows what was sent and what was answered, byte for byte"""
        self.world.customer(name="shown")
        attempt = self.world.wait_attempts(self.endpoint, 1)[0]
        whole = self.world.get(f"/v1/kontor/webhook_attempts/{attempt['id']}")
        arrival = self.receiver.arrivals[0]
        self.assertEqual(whole["request"]["body"].encode(), arrival.body)
        self.assertEqual((whole["request"]["method"], whole["request"]["url"]),
                         ("POST", self.receiver.url()))
        for name, value in whole["request"]["headers"].items():
            self.assertEqual(arrival.headers[name.lower()], value)
        self.assertEqual(whole["response"]["status"], 200)
        self.assertEqual(whole["response"]["body"], '{"said":"so"}')
        shown = {name.lower(): value for name, value in whole["response"]["headers"].items()}
        self.assertEqual(shown["x-mark"], "seen")
        self.assertNotIn(self.endpoint["secret"], str(whole))

    def test_filters(self):
        """Attempts and deliveries are found by endpoint, event, outcome and time"""
        self.world.customer(name="good")
        self.world.wait_attempts(self.endpoint, 1)
        self.works = False
        self.world.customer(name="bad")
        self.world.wait_attempts(self.endpoint, 2)
        ids = [arrival.id for arrival in self.receiver.arrivals]
        def found(what, **filters):
            return [each["event"] for each in self.world.all(f"/v1/kontor/{what}", **filters)]
        for what in ("webhook_attempts", "webhook_deliveries"):
            self.assertEqual(found(what), ids[::-1])
            self.assertEqual(found(what, event=ids[0]), ids[:1])
            self.assertEqual(found(what, **{"created[gt]": 4000000000}), [])
        self.assertEqual(found("webhook_attempts", outcome="failed"), ids[1:])
        self.assertEqual(found("webhook_attempts", outcome="succeeded"), ids[:1])
        self.assertEqual(found("webhook_deliveries", state="pending"), ids[1:])

    def test_one(self):
        """One that was given up is sent again, under the same id"""
        self.fail_for_good("again")
        delivery = self.world.deliveries(self.endpoint)[0]
        count = len(self.receiver.arrivals)
        self.world.post(f"/v1/kontor/webhook_deliveries/{delivery['id']}/resend")
        arrived = self.receiver.wait_count(count + 1)
        self.assertEqual(arrived[-1].id, arrived[0].id)
        self.assertEqual(self.world.wait_states(self.endpoint, ["succeeded"]), ["succeeded"])
        self.assertTrue(self.world.attempts(self.endpoint)[-1]["by_hand"])

    def test_taken_again(self):
        """One that was taken may be sent again as well, as often as it is asked for"""
        self.world.customer(name="taken")
        self.world.wait_states(self.endpoint, ["succeeded"])
        delivery = self.world.deliveries(self.endpoint)[0]
        for count in (2, 3):
            self.world.post(f"/v1/kontor/webhook_deliveries/{delivery['id']}/resend")
            self.assertEqual(len(self.receiver.wait_count(count)), count)
            self.world.wait_states(self.endpoint, ["succeeded"])

    def test_stripes_way(self):
        """POST /v1/events/:id/retry, as Stripe's own command line asks"""
        self.world.customer(name="retry")
        self.world.wait_states(self.endpoint, ["succeeded"])
        event = self.receiver.arrivals[0].id
        answer = self.world.post(f"/v1/events/{event}/retry", webhook_endpoint=self.endpoint["id"])
        self.assertEqual((answer["object"], answer["id"]), ("event", event))
        self.assertEqual(len(self.receiver.wait_count(2)), 2)

    def test_never_sent(self):
        """An event from before the endpoint was there can be sent to it"""
        late = Receiver(manners.taking)
        self.world.customer(name="early")
        event = self.receiver.wait_count(1)[0].id
        endpoint = self.world.hook(late)
        self.world.post(f"/v1/kontor/webhook_endpoints/{endpoint['id']}/resend", event=event)
        self.assertEqual([arrival.id for arrival in late.wait_count(1)], [event])

    def resend_range(self, **params):
        """Asks until nothing is left; returns how many there were."""
        total, more = 0, {}
        while True:
            answer = self.world.post(self.path + "/resend", **params, **more)
            total += answer["resent"]
            if not answer["has_more"]:
                return total
            more = {"after": answer["next"]}

    def test_range(self):
        """All that failed is sent again, in order"""
        customers = [f"c{number}" for number in range(12)]
        self.fail_for_good(*customers)
        count = len(self.receiver.arrivals)
        self.assertEqual(self.resend_range(state="failed"), 12)
        self.world.advance(1200)
        self.assertEqual(self.world.wait_states(self.endpoint, ["succeeded"] * 12),
                         ["succeeded"] * 12)
        self.assertEqual(set(names(self.receiver.arrivals[count:])), set(customers))

    def test_cancel(self):
        """What is canceled is not sent, and what stood behind it goes on"""
        self.works = False
        customer = self.world.customer(name="a1")
        self.world.touch(customer, "a2")
        self.world.wait_states(self.endpoint, ["pending", "pending"])
        self.world.wait_attempts(self.endpoint, 1)
        self.works = True
        first = self.world.deliveries(self.endpoint)[-1]
        self.world.post(f"/v1/kontor/webhook_deliveries/{first['id']}/cancel")
        self.world.advance(30)
        self.assertEqual(self.world.wait_states(self.endpoint, ["canceled", "succeeded"]),
                         ["canceled", "succeeded"])
        self.assertEqual(names(self.receiver.taken()), ["a2"])

    def test_cancel_all(self):
        """Everything that waits is canceled at once"""
        self.works = False
        for number in range(8):
            self.world.customer(name=str(number))
        self.world.wait(lambda: len(self.world.deliveries(self.endpoint)) == 8)
        self.world.wait_attempts(self.endpoint, 4)
        while self.world.post(self.path + "/cancel_pending")["has_more"]:
            pass
        time.sleep(0.2)
        self.works, count = True, len(self.receiver.arrivals)
        self.world.advance(2000)
        self.assertEqual({each["state"] for each in self.world.deliveries(self.endpoint)},
                         {"canceled"})
        self.assertEqual(len(self.receiver.arrivals), count)

    def test_order(self):
        """What is sent again does not overtake, nor is it overtaken"""
        customer = self.world.customer(name="a1")
        for name in ("a2", "a3"):
            self.world.touch(customer, name)
        self.world.wait_states(self.endpoint, ["succeeded"] * 3)
        self.works = False
        count = len(self.receiver.arrivals)
        for delivery in self.world.deliveries(self.endpoint):  # the newest first
            self.world.post(f"/v1/kontor/webhook_deliveries/{delivery['id']}/resend")
        self.world.touch(customer, "a4")
        time.sleep(0.3)
        self.works = True
        for _ in range(5):
            self.world.advance(1000)
        self.assertEqual(self.world.wait_states(self.endpoint, ["succeeded"] * 4),
                         ["succeeded"] * 4)
        again = names(self.receiver.taken()[3:])
        self.assertEqual(again[-1], "a4")
        self.assertEqual(len(self.receiver.taken()), 7 if count == 3 else len(again) + 3)

    def test_test(self):
        """A test event goes to this endpoint alone, whatever types it takes"""
        other = Receiver(manners.taking)
        self.world.hook(other, ["*"])
        self.world.post(self.path + "/test")
        told = self.receiver.wait_count(1)[0].event
        self.assertEqual(told["type"], "kontor.webhook_endpoint.test")
        time.sleep(0.1)
        self.assertEqual(len(other.arrivals), 0)

    def test_refused(self):
        """What cannot be sent again is refused with a sentence"""
        stranger = World()
        try:
            customer = stranger.customer()
            foreign = stranger.get("/v1/events")["data"][0]["id"]
        finally:
            self.assertEqual(stranger.close(), [])
        del customer
        for path, params in (("/v1/kontor/webhook_deliveries/whd_none/resend", {}),
                             (self.path + "/resend", {"event": foreign}),
                             (self.path + "/resend", {"event": "evt_none"}),
                             (self.path + "/resend", {"state": "zonk"}),
                             (self.path + "/resend", {"zonk": "1"}),
                             ("/v1/kontor/webhook_endpoints/we_none/test", {})):
            with self.assertRaises(Refused) as caught:
                self.world.post(path, **params)
            self.assertIn(caught.exception.status, (400, 404), path)
            self.assertTrue(caught.exception.error["message"])


if __name__ == "__main__":
    tap.main()
