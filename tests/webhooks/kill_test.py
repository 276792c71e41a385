"""kill_test.py: kills the server again and again in the midst of thousands of deliveries.

Clients pay, change, capture and give back all the while, several events about each payment,
receivers fail as they please, and somebody sends again what was sent already. When the last life has worked off what was left, every event must
have been taken by every endpoint that wants it, those about one object in their order.

Environment: KONTOR_WEBHOOK_KILLS the number of kills (10), KONTOR_WEBHOOK_SEED a seed to repeat.
"""

import http.client
import json
import os
import random
import sys
import threading
import time
import unittest

import manners
from receiver import Receiver
from world import PAYMENT, Refused, World

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

import tap  # noqa: E402

KILLS = int(os.environ.get("KONTOR_WEBHOOK_KILLS", "10"))
SEED = int(os.environ.get("KONTOR_WEBHOOK_SEED", random.randrange(1 << 31)))
CLIENTS = 6
OPEN = ("pending",)

# What each endpoint wants, and how its receiver behaves while there are kills.
HOOKS = {
    "everything": (["*"], lambda seed: manners.moody(0.1, seed)),
    "payments": (["payment_intent.*"], lambda seed: manners.slow(0.003)),
    "charges": (["charge.*", "refund.*"],
                lambda seed: manners.slow(0.001, manners.moody(0.02, seed))),
    "customers": (["customer.created", "customer.updated"],
                  lambda seed: manners.leaving_after(0.01)),
}
WANTS = {"everything": lambda kind: not kind.startswith("kontor."),
         "payments": lambda kind: kind.startswith("payment_intent."),
         "charges": lambda kind: kind.split(".")[0] in ("charge", "refund"),
         "customers": lambda kind: kind in ("customer.created", "customer.updated")}


class Client(threading.Thread):
    """Tells one story after the other until the server is gone; keeps what was acknowledged."""

    def __init__(self, world, seed):
        super().__init__(daemon=True)
        self.world = world
        self.random = random.Random(seed)
        self.acknowledged = []  # (event type, object id)
        self.trouble = None

    def post(self, path, *told, **params):
        """One write; what it tells is owed once it was answered."""
        made = self.world.post(path, **params)
        self.acknowledged += [(kind, made["id"]) for kind in told]
        return made

    def payment(self):
        """Reserve, change, take, give back."""
        made = self.post("/v1/payment_intents", "payment_intent.created",
                         "payment_intent.amount_capturable_updated",
                         **{**PAYMENT, "capture_method": "manual"})
        path = f"/v1/payment_intents/{made['id']}"
        self.post(path + "/capture", "payment_intent.succeeded")
        for amount in self.random.sample((100, 200, 300), self.random.randrange(3)):
            self.post("/v1/refunds", "refund.created", payment_intent=made["id"], amount=amount)

    def customer(self):
        """Make somebody and change the name several times."""
        made = self.post("/v1/customers", "customer.created", name="0")
        for turn in range(self.random.randrange(6)):
            self.post(f"/v1/customers/{made['id']}", "customer.updated", name=str(turn + 1))

    def tell(self):
        """One story."""
        self.random.choice((self.payment, self.customer))()

    def run(self):
        try:
            while True:
                self.tell()
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            pass
        except Refused as error:
            self.trouble = str(error)


class Meddler(Client):
    """Sends again what was sent or waits, and changes secrets, whatever is going on."""

    def __init__(self, world, seed, endpoints):
        super().__init__(world, seed)
        self.endpoints = endpoints

    def tell(self):
        """One thing at random."""
        endpoint = self.random.choice(self.endpoints)
        if self.random.random() < 0.1:
            self.world.post(f"/v1/kontor/webhook_endpoints/{endpoint['id']}/roll_secret",
                            expires_in=0)
        page = self.world.get("/v1/kontor/webhook_deliveries", endpoint=endpoint["id"])["data"]
        for delivery in self.random.sample(page, min(3, len(page))):
            self.world.post(f"/v1/kontor/webhook_deliveries/{delivery['id']}/resend")


class Kill(unittest.TestCase):
    """One story."""

    def setUp(self):
        print(f"# seed {SEED}", flush=True)
        self.random = random.Random(SEED)
        self.world = World(webhook_schedule="1,1,1,1,2,2,2,5,5,5,5,5,5,5,5")
        self.receivers, self.endpoints = {}, {}
        for name, (events, manner) in HOOKS.items():
            self.receivers[name] = Receiver(manner(self.random.randrange(1 << 31)))
            self.endpoints[name] = self.world.hook(self.receivers[name], events)
        self.acknowledged = []

    def tearDown(self):
        self.assertEqual(self.world.close(), [])

    def live_and_die(self):
        """One life of the server under load."""
        clients = [Client(self.world, self.random.randrange(1 << 31)) for _ in range(CLIENTS)]
        clients.append(Meddler(self.world, self.random.randrange(1 << 31),
                               list(self.endpoints.values())))
        for client in clients:
            client.start()
        time.sleep(self.random.uniform(0.1, 1.5))
        self.world.server.kill()
        for client in clients:
            client.join(30)
            self.assertIsNone(client.trouble)
            self.acknowledged += client.acknowledged
        server = self.world.server
        self.world.server = type(server)(self.world.env, server.data_dir)

    def work_off(self):
        """Lets everybody take everything, and moves the clock until nothing is left."""
        for receiver in self.receivers.values():
            receiver.manner = manners.taking
        for _ in range(60):
            self.world.advance(60)
            left = [self.world.health(each)["counters"]["pending"]
                    for each in self.endpoints.values()]
            if not any(left):
                return
        self.fail(f"still pending: {left}")

    def check_endpoint(self, name, events):
        """All that it wants was taken; of one object's, each only after the one before."""
        wanted = [each for each in events if WANTS[name](each["type"])]
        arrivals = list(self.receivers[name].arrivals)
        taken, seen = {}, {}
        for arrival in arrivals:
            seen.setdefault(arrival.id, arrival)
            if arrival.taken:
                taken.setdefault(arrival.id, arrival)
        lost = [each["id"] for each in wanted if each["id"] not in taken]
        self.assertEqual(lost, [], f"{name}: {len(lost)} of {len(wanted)} were never taken")
        extra = set(taken) - {each["id"] for each in wanted}
        self.assertEqual(extra, set(), f"{name} got what it did not want")
        last = {}
        for each in wanted:
            about = each["data"]["object"].get("id")
            before = last.get(about)
            if before:
                self.assertLess(taken[before].done, seen[each["id"]].at,
                                f"{name}: {each['id']} came before {before} had been taken")
            last[about] = each["id"]
        return len(wanted), len(arrivals)

    def test_kills(self):
        """Every event arrives at every endpoint that wants it, in order per object"""
        for _ in range(KILLS):
            self.live_and_die()
        self.work_off()
        events = self.world.all("/v1/events")[::-1]
        told = {(each["type"], each["data"]["object"]["id"]) for each in events}
        self.assertEqual(set(self.acknowledged) - told, set(), "acknowledged, and no event tells it")
        self.assertGreater(len(events), 100 * KILLS)
        for name in HOOKS:
            wanted, came = self.check_endpoint(name, events)
            print(f"# {name}: {wanted} events, {came} arrivals", flush=True)
        for state in OPEN:
            self.assertEqual(self.world.all("/v1/kontor/webhook_deliveries", state=state), [])


if __name__ == "__main__":
    tap.main()
