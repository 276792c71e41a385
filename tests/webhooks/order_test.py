"""order_test.py: what keeps its order and what does not wait for it; resending, rolling, guarding."""

import base64
import hashlib
import hmac
import os
import sys
import time
import unittest

import manners
from receiver import Blackhole, Closed, Receiver
from world import Refused, World

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

import tap  # noqa: E402


def names(arrivals):
    """Which change of the customer each arrival tells of."""
    return [arrival.event["data"]["object"]["name"] for arrival in arrivals]


def stripe_signs(arrival, secret):
    """Whether the Stripe-Signature holds for a secret."""
    fields = [part.split("=", 1) for part in arrival.headers["stripe-signature"].split(",")]
    signed = dict(fields)["t"].encode() + b"." + arrival.body
    wanted = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return wanted in [value for name, value in fields if name == "v1"]


def standard_signs(arrival, secret):
    """Whether the webhook-signature holds for a secret."""
    signed = f"{arrival.id}.{arrival.headers['webhook-timestamp']}.".encode() + arrival.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{wanted}" in arrival.headers["webhook-signature"].split(" ")


class Order(unittest.TestCase):
    """A server for each."""

    def setUp(self):
        self.world = World()

    def tearDown(self):
        self.assertEqual(self.world.close(), [])

    def hook(self, manner, events=("customer.*",), **settings):
        """An endpoint at a new receiver of this manner."""
        receiver = Receiver(manner)
        return receiver, self.world.hook(receiver, events, **settings)

    def test_line(self):
        """A later event about an object waits for the earlier one, others do not"""
        def manner(peer, arrival):
            failing = names([arrival]) == ["a1"] and arrival.number < 3
            return manners.say(peer, arrival, 500 if failing else 200)
        receiver, endpoint = self.hook(manner)
        first = self.world.customer(name="a1")
        self.world.touch(first, "a2")
        self.world.touch(first, "a3")
        self.world.customer(name="b1")
        self.assertTrue(receiver.wait(lambda arrivals: "b1" in names(arrivals)))
        self.assertEqual(self.world.wait_states(
            endpoint, ["pending", "pending", "pending", "succeeded"]),
            ["pending", "pending", "pending", "succeeded"])
        self.assertEqual([each["held"] for each in self.world.deliveries(endpoint)[::-1]],
                         [False, True, True, False])
        self.world.advance(10)
        self.world.advance(400)
        self.assertTrue(receiver.wait(lambda arrivals: "a3" in names(arrivals)))
        self.assertEqual([name for name in names(receiver.taken()) if name != "b1"],
                         ["a1", "a2", "a3"])

    def test_burst(self):
        """Many events about few objects, at once, over a slow receiver that fails now and then"""
        receiver, endpoint = self.hook(manners.moody(0.1, 7))
        customers = [self.world.customer(name="0") for _ in range(5)]
        for turn in range(1, 20):
            for customer in customers:
                self.world.touch(customer, str(turn))
        for _ in range(40):
            self.world.advance(900)
            if all(each["state"] == "succeeded" for each in self.world.deliveries(endpoint)):
                break
        for customer in customers:
            seen = [arrival for arrival in receiver.taken()
                    if arrival.event["data"]["object"]["id"] == customer["id"]]
            firsts = list(dict.fromkeys(names(seen)))
            self.assertEqual(firsts, [str(turn) for turn in range(20)])

    def test_given_up(self):
        """What was given up holds up nobody"""
        self.world.restart(webhook_schedule="1")
        receiver, endpoint = self.hook(lambda peer, arrival: manners.say(
            peer, arrival, 500 if names([arrival]) == ["a1"] else 200))
        self.world.touch(self.world.customer(name="a1"), "a2")
        self.world.wait_attempts(endpoint, 1)
        self.world.advance(5)
        self.assertEqual(self.world.wait_states(endpoint, ["failed", "succeeded"]),
                         ["failed", "succeeded"])
        self.assertEqual(names(receiver.arrivals), ["a1", "a1", "a2"])

    def test_parallel(self):
        """Different objects go side by side, within the endpoint's own limit"""
        under_way, most = set(), []

        def manner(peer, arrival):
            under_way.add(arrival.number)
            most.append(len(under_way))
            time.sleep(0.05)
            under_way.discard(arrival.number)
            return manners.say(peer, arrival, 200)
        wide, _ = self.hook(manner)
        narrow, _ = self.hook(manners.slow(0.02), max_concurrency=1)
        for _ in range(40):
            self.world.customer()
        self.assertTrue(wide.wait(lambda arrivals: len(arrivals) == 40))
        self.assertTrue(4 <= max(most) <= 16, max(most))
        self.assertTrue(narrow.wait(lambda arrivals: len(arrivals) == 40))
        spans = sorted((arrival.at, arrival.done) for arrival in narrow.arrivals)
        for one, two in zip(spans, spans[1:]):
            self.assertLessEqual(one[1], two[0])

    def test_rate(self):
        """An endpoint's own rate is kept"""
        receiver, _ = self.hook(manners.taking, max_per_second=10)
        for _ in range(30):
            self.world.customer()
        self.assertTrue(receiver.wait(lambda arrivals: len(arrivals) == 30))
        times = [arrival.at for arrival in receiver.arrivals]
        self.assertGreater(times[-1] - times[0], 1.5)
        self.assertLess(times[-1] - times[0], 4)

    def test_neighbours(self):
        """Hundreds of dead and slow endpoints do not delay a healthy one"""
        closed, hole, slow = Closed(), Blackhole(full=False), Receiver(manners.slow(0.8))
        for receiver in (closed, hole, slow):
            for number in range(60):
                self.world.hook(receiver, path=f"/{number}")
            del self.world.receivers[-59:]
        healthy, _ = self.hook(manners.taking)
        delays = []
        for _ in range(30):
            self.world.customer()
            replied, count = time.monotonic(), len(delays) + 1
            arrived = healthy.wait_count(count)
            self.assertEqual(len(arrived), count)
            delays.append(arrived[-1].at - replied)
        self.assertLess(sorted(delays)[15], 0.1, delays)
        self.assertLess(max(delays), 0.9, delays)

    def test_reuse(self):
        """A connection that the receiver closes just as it is used again costs no attempt"""
        for manner in (manners.leaving_when_used_again, manners.leaving_after(0.05)):
            _, endpoint = self.hook(manner, max_concurrency=1)
            for _ in range(20):
                self.world.customer()
                time.sleep(0.01)
            states = ["succeeded"] * 20
            self.assertEqual(self.world.wait_states(endpoint, states), states)
            self.assertEqual(len(self.world.attempts(endpoint)), 20)

    def test_keep_alive(self):
        """Connections are used again"""
        receiver, _ = self.hook(manners.taking)
        for count in range(1, 31):
            self.world.customer()
            self.assertEqual(len(receiver.wait_count(count)), count)
        self.assertLess(receiver.connections, 5)

    def test_filter(self):
        """Only what the endpoint's filter lets through is sent"""
        receiver, _ = self.hook(manners.taking, ["payment_intent.succeeded"],
                                filter='amount>=1000 AND currency:"eur"')
        for amount, currency in ((900, "eur"), (1000, "eur"), (5000, "usd"), (1001, "eur")):
            self.world.pay(amount=amount, currency=currency)
        self.assertTrue(receiver.wait(lambda arrivals: len(arrivals) == 2))
        time.sleep(0.1)
        self.assertEqual([arrival.event["data"]["object"]["amount"]
                          for arrival in receiver.arrivals], [1000, 1001])

    def test_types(self):
        """Each endpoint gets the types that it asked for, and nothing from before it was there"""
        self.world.pay()
        table = {"*": 4, "payment_intent.*": 2, "charge.succeeded": 1, "invoice.paid": 0}
        hooks = {types: self.hook(manners.taking, [types])[0] for types in table}
        self.world.pay()
        self.assertTrue(hooks["payment_intent.*"].wait(lambda arrivals: len(arrivals) == 2))
        time.sleep(0.2)
        kinds = [each["type"] for each in self.world.get("/v1/events", limit=100)["data"]]
        table["*"] = len(kinds) // 2
        self.assertEqual({types: len(hook.arrivals) for types, hook in hooks.items()}, table)

    def test_modes(self):
        """Nobody gets events of another mode"""
        receiver, _ = self.hook(manners.taking, ["*"])
        test_key, self.world.secret_key = self.world.secret_key, self.world.server.key("live")
        self.world.customer()
        self.world.secret_key = test_key
        self.world.customer()
        self.assertTrue(receiver.wait(lambda arrivals: arrivals))
        time.sleep(0.1)
        self.assertEqual([arrival.event["livemode"] for arrival in receiver.arrivals], [False])

    def test_roll(self):
        """While a rolled secret lives on, both sign"""
        receiver, endpoint = self.hook(manners.taking)
        path = f"/v1/kontor/webhook_endpoints/{endpoint['id']}/roll_secret"
        new = self.world.post(path, expires_in=3600)["secret"]
        self.world.customer()
        arrival = receiver.wait_count(1)[0]
        for signs in (stripe_signs, standard_signs):
            self.assertTrue(signs(arrival, new))
            self.assertTrue(signs(arrival, endpoint["secret"]))
            self.assertFalse(signs(arrival, "whsec_" + "a" * 32))
        self.world.advance(3700)
        self.world.customer()
        arrival = receiver.wait_count(2)[1]
        for signs in (stripe_signs, standard_signs):
            self.assertTrue(signs(arrival, new))
            self.assertFalse(signs(arrival, endpoint["secret"]))

    def test_guard(self):
        """No private address is called unless the operator allows it, whatever name it hides behind"""
        receiver = Receiver(manners.taking)
        self.world.receivers.append(receiver)
        self.world.restart(webhook_allow="")
        hidden = []
        for host in ("rebind.localhost", "ip6-localhost", os.uname().nodename):
            try:
                hidden.append(self.world.endpoint(receiver.url(host=host)))
            except Refused as error:
                self.assertEqual(error.status, 400)
        for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0",
                     "2130706433", "0x7f.1", "127.1"):
            with self.subTest(host):
                try:
                    hidden.append(self.world.endpoint(receiver.url(host=host)))
                except Refused as error:
                    self.assertEqual((error.status, error.error["param"]), (400, "url"))
        self.assertTrue(hidden, "no name hides the address here")
        self.world.customer()
        for endpoint in hidden:
            attempt = self.world.wait_attempts(endpoint, 1)[0]
            self.assertIn(attempt["outcome"], ("refused_address", "unknown_host"), attempt)
        self.assertEqual(receiver.connections, 0)

    def test_guard_later(self):
        """An address that is no longer allowed is no longer called"""
        receiver, endpoint = self.hook(manners.taking)
        self.world.restart(webhook_allow="10.0.0.0/8")
        self.world.customer()
        attempt = self.world.wait_attempts(endpoint, 1)[0]
        self.assertEqual(attempt["outcome"], "refused_address")
        self.assertEqual(receiver.connections, 0)


if __name__ == "__main__":
    tap.main()
