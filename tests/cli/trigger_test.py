"""trigger_test.py: events that are made to happen: each type that the server can produce."""

import glob
import json
import os
import re
import unittest

from world import World, without_colours

import tap

ENGINE = os.environ["KONTOR_ENGINE"]
NAME = re.compile(r'"([a-z0-9_]+(?:\.[a-z0-9_]+)+)"')
MACRO = re.compile(r'#define (KONTOR_EVENT_\w+) "([a-z0-9_.]+)"')


def read(path):
    """A source file of the engine, without comments."""
    with open(path, encoding="utf-8") as file:
        return re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)


def known():
    """The types that the engine has a number for, and those of them that its rules name."""
    macros = dict(MACRO.findall(read(ENGINE + "/event.h")))
    table = re.search(r"names\[\] = \{(.*?)\};", read(ENGINE + "/event.c"), re.S).group(1)
    names = set(NAME.findall(table)) | {macros[word] for word in re.findall(r"KONTOR_\w+", table)}
    rules = "".join(read(path) for path in glob.glob(ENGINE + "/*.c")
                    if not path.endswith(("/event.c", "-test.c", "/outbox.c")))
    rules += read(ENGINE + "/../http/event_destination.c")
    produced = {name for name in names if f'"{name}"' in rules}
    return names, produced | {name for macro, name in macros.items() if macro in rules
                              and name in names}


class Trigger(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World({"KONTOR_WEBHOOK_ALLOW": "127.0.0.0/8"})

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def trigger(self, *words):
        return self.world.run("trigger", *words)

    def made(self, *words):
        done = self.trigger(*words, "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def table(self):
        return {row["type"]: row["produced"]
                for row in json.loads(self.trigger("--list", "--json").stdout)["data"]}

    def test_table_is_whole(self):
        """every type that the engine knows is listed, and said truly to be produced or not"""
        names, produced = known()
        self.assertGreater(len(produced), 30)
        self.assertEqual(self.table(), {name: name in produced for name in names})

    def test_every_event(self):
        """each of them happens, and is the one about what was made"""
        for event in sorted(name for name, produced in self.table().items() if produced):
            with self.subTest(event):
                self.assertEqual(self.made(event)["type"], event)

    def test_id_alone(self):
        """a script gets the id, a person the steps"""
        done = self.trigger("charge.refunded")
        self.assertRegex(done.stdout, r"\Aevt_\w+\n\Z")
        self.assertRegex(done.stderr, r"\Apayment_intent  POST /v1/payment_intents\n"
                                      r"refund  POST /v1/refunds\n\Z")
        event = json.loads(self.world.run("get", done.stdout.strip(), "--json").stdout)
        self.assertEqual(event["type"], "charge.refunded")

    def test_terminal(self):
        """a person sees each step as it begins, and what is cleared away at the end"""
        code, said = self.world.terminal("trigger", "kontor.webhook_endpoint.disabled").end()
        self.assertEqual(code, 0)
        self.assertRegex(without_colours(said),
                         r"\Awebhook_endpoint  POST .*\ntest  POST .*\nevt_\w+\nend  DELETE .*\n\Z")
        code, said = self.world.terminal("trigger", "--list", columns=60).end()
        self.assertLessEqual(max(map(len, without_colours(said).splitlines())), 60)

    def test_nothing_stays(self):
        """endpoints made for an event go again"""
        self.made("kontor.webhook_endpoint.test")
        left = json.loads(self.world.run("get", "webhook_endpoints", "--json").stdout)
        self.assertEqual(left["data"], [])

    def test_changes(self):
        """values are replaced, added and left out"""
        charge = self.made("charge.succeeded", "--override", "payment_intent:amount=4711",
                           "--override", "payment_intent:currency=eur",
                           "--add", "payment_intent:shipping.name=A = B & ${x}",
                           "--add", "payment_intent:shipping[address][city]=Paris")
        charge = charge["data"]["object"]
        self.assertEqual((charge["amount"], charge["currency"]), (4711, "eur"))
        self.assertEqual(charge["shipping"]["name"], "A = B & ${x}")
        self.assertEqual(charge["shipping"]["address"]["city"], "Paris")
        customer = self.made("customer.updated", "--remove", "customer:name")
        self.assertIsNone(customer["data"]["object"]["name"])

    def test_refusals(self):
        """what cannot be is said, with the exit code it deserves"""
        world = self.world
        for words, code, said in (
            (("balance.available",), 2, "is not produced by this server"),
            (("charge.suceeded",), 2, "did you mean “charge.succeeded”"),
            (("nothing.at.all.like.it",), 2, "--list names them"),
            ((), 2, "needs the type of an event"),
            (("charge.succeeded", "--list"), 2, "goes without"),
            (("charge.succeeded", "--override", "amount=3"), 2, "write it as"),
            (("charge.succeeded", "--remove", "payment_intent:"), 2, "write it as"),
            (("charge.refunded", "--add", "charge:amount=3"), 2, "it has: payment_intent, refund"),
            (("charge.succeeded", "--override", "payment_intent:description=3"), 2, "--add gives"),
            (("charge.succeeded", "--override", "payment_intent:amount=x"), 1, "amount"),
        ):
            with self.subTest(words):
                done = self.trigger(*words)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertIn(said, done.stderr)
                self.assertEqual(done.stdout, "")
        live = world.run("trigger", "charge.succeeded",
                         env={**world.signed_in(), "KONTOR_API_KEY": world.server.key("live")})
        self.assertEqual(live.returncode, 2)
        self.assertIn("test mode only", live.stderr)

    def test_no_clock(self):
        """without a clock to move, nothing is made and it is said what is needed"""
        world = World({"KONTOR_TEST_CLOCK": "0"})
        try:
            done = world.run("trigger", "charge.expired")
            self.assertEqual(done.returncode, 1)
            self.assertIn("KONTOR_TEST_CLOCK=1", done.stderr)
            left = json.loads(world.run("get", "payment_intents", "--json").stdout)
            self.assertEqual(left["data"], [])
        finally:
            world.close()

    def test_completion(self):
        """a shell offers the types that can be made"""
        offered = self.world.run("__complete", "--", "trigger", "charge.").stdout
        self.assertIn("charge.succeeded\t", offered)
        self.assertNotIn("charge.pending", offered)


if __name__ == "__main__":
    tap.main()
