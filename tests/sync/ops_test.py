"""ops_test.py: what a console asks for is done once, or not at all, and both know which."""

import os
import random
import signal
import subprocess
import threading
import time
import unittest
import uuid

import tap
from copy_of import Client, Copy, Refused
from kontord import Server


def name():
    return "op_" + uuid.uuid4().hex


class Console(Client):
    """A client that sends operations."""

    count = 0

    def op(self, what, on=None, op=None, expires_in=3600, **more):
        self.count += 1
        body = {"op": op or name(), "client": "console", "n": self.count, "do": what,
                "made": int(time.time()), "expires": int(time.time()) + expires_in, **more}
        if on:
            body["on"] = on
        return self.send(body)

    def send(self, body):
        """The status and the answer, whatever they are."""
        import json
        try:
            status, _, reply = self.ask("POST", "/v1/kontor/ops", body=body)
        except Refused as refused:
            return refused.status, refused.json()
        return status, json.loads(reply)


class Ops(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.client = Console(cls.server)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        report = cls.server.audit()
        assert report is None or report["ok"], report
        cls.server.remove()

    def charge(self, amount=100):
        return self.client.pay(amount=amount)["latest_charge"]

    def refunded(self, charge):
        return self.client.get("/v1/charges/" + charge)["amount_refunded"]

    def body(self, what, on=None, **more):
        return {"op": name(), "client": "console", "do": what, "expires": int(time.time()) + 3600,
                **({"on": on} if on else {}), **more}

    def test_what_is_sent_again_is_done_once(self):
        """/ops/what-is-sent-again-is-done-once"""
        charge = self.charge()
        body = self.body("refund.create", charge, args={"amount": 30, "metadata": {"a": "b"}})
        first = self.client.send(body)
        self.assertEqual(first[0], 200)
        self.assertEqual(first[1]["ok"]["amount"], 30)
        for more in ({}, {"n": 9}, {"client": "a-copy-of-it"}, {"made": 5}):
            self.assertEqual(self.client.send({**body, **more}), first)
        self.assertEqual(self.refunded(charge), 30)
        for more in ({"args": {"amount": 31}}, {"on": self.charge()}, {"if_v": 3},
                     {"do": "refund.cancel"}):
            status, answer = self.client.send({**body, **more})
            self.assertEqual((status, answer["error"]["code"]), (409, "op_reused"))
        self.assertEqual(self.refunded(charge), 30)

    def test_of_two_refunds_of_60_one_is_done(self):
        """/ops/of-two-refunds-of-60-one-is-done"""
        charge = self.charge()
        self.assertEqual(self.client.op("refund.create", charge, args={"amount": 60})[0], 200)
        status, answer = self.client.op("refund.create", charge, args={"amount": 60})
        self.assertEqual(status, 422)
        self.assertIn("0.40", answer["refused"]["message"])
        self.assertEqual(self.refunded(charge), 60)

    def test_the_same_at_the_same_time_is_done_once(self):
        """/ops/the-same-at-the-same-time-is-done-once"""
        for _ in range(10):
            charge = self.charge()
            body = self.body("refund.create", charge, args={"amount": 20})
            answers = []
            threads = [threading.Thread(target=lambda: answers.append(self.client.send(body)))
                       for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual([answer for answer in answers if answer != answers[0]], [])
            self.assertEqual((len(answers), answers[0][0]), (8, 200))
            self.assertEqual(self.refunded(charge), 20)

    def test_a_change_of_what_was_changed_is_a_conflict(self):
        """/ops/a-change-of-what-was-changed-is-a-conflict"""
        customer = self.client.post("/v1/customers", name="A")["id"]
        copy = Copy(self.client).pull()
        version = copy.rows["customer", customer][0]
        status, answer = self.client.op("customer.update", customer, if_v=version,
                                        args={"name": "B"})
        self.assertEqual((status, answer["ok"]["name"]), (200, "B"))
        body = self.body("customer.update", customer, if_v=version, args={"name": "C"})
        status, conflict = self.client.send(body)
        copy.pull()
        now = copy.rows["customer", customer]
        self.assertEqual(status, 409)
        self.assertEqual((conflict["conflict"]["v"], conflict["conflict"]["d"]), (now[0], now[2]))
        self.assertEqual((now[0], now[2]["name"]), (answer["v"], "B"))
        self.assertEqual(self.client.send(body), (status, conflict))
        self.client.op("customer.delete", customer)
        status, answer = self.client.op("customer.update", customer, if_v=now[0], args={"name": "D"})
        self.assertEqual((status, answer["conflict"].get("gone")), (409, True))
        status, answer = self.client.op("customer.update", customer, args={"name": "D"})
        self.assertEqual((status, answer["refused"]["code"]), (422, "resource_missing"))

    def test_what_is_too_late_is_not_done(self):
        """/ops/what-is-too-late-is-not-done"""
        charge = self.charge()
        body = self.body("refund.create", charge, args={"amount": 10})
        body["expires"] = int(time.time()) - 1
        status, answer = self.client.send(body)
        self.assertEqual((status, answer["refused"]["code"]), (422, "op_expired"))
        self.assertEqual(self.refunded(charge), 0)
        self.assertEqual(self.client.send(body), (status, answer))
        body["expires"] = int(time.time()) + 91 * 86400
        status, answer = self.client.send({**body, "op": name()})
        self.assertEqual((status, answer["error"]["param"]), (400, "expires"))

    def test_what_a_customer_asks_to_be_changed_is_checked_as_ever(self):
        """/ops/parameters-are-checked-as-ever"""
        for args, param in (({"nonsense": 1}, "nonsense"), ({"email": "no"}, "email"),
                            ({"metadata": {"x" * 41: "y"}}, "metadata")):
            status, answer = self.client.op("customer.create", args=args)
            self.assertEqual(status, 422, answer)
            self.assertIn(param, answer["refused"].get("param", param))

    def test_what_cannot_be_asked_is_refused_and_not_kept(self):
        """/ops/what-cannot-be-asked-is-refused-and-not-kept"""
        charge = self.charge()
        cases = [({"do": "api_key.create"}, 422), ({"do": "customer.update"}, 400),
                 ({"do": "customer.create", "on": charge}, 400), ({"op": "x"}, 400),
                 ({"op": "op_" + "x" * 90}, 400), ({"on": "../../x"}, 400),
                 ({"on": "charge"}, 400), ({"args": [1]}, 400), ({"args": "x"}, 400), ({"args": ""}, 400), ({"args": 5}, 400), ({"args": True}, 400),
                 ({"args": {"charge": charge}}, 400), ({"expires": "soon"}, 400),
                 ({"more": 1}, 400), ({"if_v": "x"}, 400), ({"client": ""}, 400)]
        for more, wanted in cases:
            body = {**self.body("refund.create", charge), **more}
            if "do" in more and "on" not in more:
                body.pop("on")
            status, answer = self.client.send(body)
            self.assertEqual(status, wanted, (more, answer))
            self.assertIn("error", answer)
        self.assertEqual(self.refunded(charge), 0)

    def test_a_narrow_key_may_no_more_than_elsewhere(self):
        """/ops/a-narrow-key-may-no-more-than-elsewhere"""
        narrow = Console(self.server, self.server.key(
            kind="restricted", flags=["--scopes", "kontor_read customers_write"]))
        charge = self.charge()
        body = self.body("refund.create", charge)
        self.assertEqual(narrow.send(body)[0], 403)
        self.assertEqual(narrow.op("customer.create")[0], 200)
        self.assertEqual(self.client.send(body)[0], 200)
        with self.assertRaises(Refused) as caught:
            Console(self.server, self.server.key(kind="publishable")).ask(
                "POST", "/v1/kontor/ops", body=body)
        self.assertEqual(caught.exception.status, 401)

    def test_the_feed_tells_what_became_of_ones_own(self):
        """/ops/the-feed-tells-what-became-of-ones-own"""
        copy = Copy(self.client).pull()
        ids = [name() for _ in range(4)]
        charge = self.charge()
        done = [self.client.op("refund.create", charge, op=ids[0], args={"amount": 1}),
                self.client.op("refund.create", charge, op=ids[1], args={"amount": 10000}),
                self.client.op("customer.create", op=ids[2], expires_in=-5)]
        Console(self.server).send({**self.body("customer.create"), "op": ids[3], "client": "b"})
        lines, last = self.client.changes(copy.cursor, client="console")
        acks = {line["ack"]: line for line in lines if "ack" in line}
        self.assertEqual(list(acks)[-3:], ids[:3])
        self.assertEqual([(acks[op]["status"], acks[op]["r"]) for op in ids[:3]], done)
        self.assertEqual([acks[op]["state"] for op in ids[:3]], ["done", "refused", "expired"])
        again, _ = self.client.changes(last["cursor"], client="console")
        self.assertEqual([line for line in again if "ack" in line], [])
        known = self.client.ask("GET", "/v1/kontor/ops?" + "&".join(
            f"id[]={op}" for op in [*ids, name()]))[2]
        import json
        known = {row["op"]: row for row in json.loads(known)["data"]}
        self.assertEqual(set(known), set(ids))
        self.assertEqual((known[ids[1]]["state"], known[ids[1]]["r"]), ("refused", done[1][1]))

    def test_a_declined_card_stays_in_the_books_of_what_was_tried(self):
        """/ops/endpoints-are-switched"""
        endpoint = self.client.post("/v1/webhook_endpoints", url="https://example.com/a",
                                    **{"enabled_events[]": "*"})
        for word, status in (("disable", "disabled"), ("enable", "enabled")):
            answer = self.client.op("webhook_endpoint." + word, endpoint["id"])
            self.assertEqual((answer[0], answer[1]["ok"]["status"]), (200, status))
        self.assertEqual(self.client.op("webhook_endpoint.delete", endpoint["id"])[0], 200)

    def test_payments_are_captured_and_canceled(self):
        """/ops/payments-are-captured-and-canceled"""
        held = [self.client.pay(capture_method="manual")["id"] for _ in range(2)]
        status, answer = self.client.op("payment_intent.capture", held[0],
                                        args={"amount_to_capture": 700})
        self.assertEqual((status, answer["ok"]["amount_received"]), (200, 700))
        status, answer = self.client.op("payment_intent.cancel", held[1])
        self.assertEqual((status, answer["ok"]["status"]), (200, "canceled"))
        status, answer = self.client.op("payment_intent.cancel", held[0])
        self.assertEqual((status, answer["refused"]["code"]), (422, "payment_intent_unexpected_state"))


class Killed(unittest.TestCase):
    def test_a_killed_server_did_it_or_did_not_and_says_which(self):
        """/ops/a-killed-server-did-it-or-did-not-and-says-which"""
        server = Server()
        chance = random.Random(5)
        client = Console(server)
        charges = {client.pay(amount=1000)["latest_charge"]: 0 for _ in range(5)}
        sent = []
        for _ in range(6):
            threading.Timer(chance.uniform(0.05, 0.4),
                            lambda: server.process.send_signal(signal.SIGKILL)).start()
            while server.is_alive():
                charge = chance.choice(list(charges))
                sent.append({"op": name(), "client": "c", "do": "refund.create", "on": charge,
                             "args": {"amount": 1}, "expires": int(time.time()) + 3600})
                try:
                    client.send(sent[-1])
                except OSError:
                    pass
            server.process.wait()
            server = client.server = Server(data_dir=server.data_dir)
            for body in sent[-30:]:
                self.assertEqual(client.send(body)[0], 200)
        for body in sent:
            self.assertEqual(client.send(body)[0], 200)
            charges[body["on"]] += 1
        for charge, refunded in charges.items():
            self.assertEqual(client.get("/v1/charges/" + charge)["amount_refunded"], refunded)
        self.assertGreater(len(sent), 20)
        server.stop()
        server.remove()

    def test_a_restored_server_does_not_know_what_it_lost(self):
        """/ops/a-restored-server-does-not-know-what-it-lost"""
        server = Server()
        client = Console(server)
        backup = os.path.join(server.data_dir, "backup")
        before, after = name(), name()
        client.op("customer.create", op=before)
        subprocess.run([server.program, "backup", "--data-dir", server.data_dir, backup], check=True)
        client.op("customer.create", op=after)
        server.stop()
        subprocess.run([server.program, "restore", "--data-dir", server.data_dir, backup], check=True)
        server = client.server = Server(data_dir=server.data_dir)
        known = client.get("/v1/kontor/ops", **{"id[0]": before, "id[1]": after})["data"]
        self.assertEqual([row["op"] for row in known], [before])
        server.stop()
        server.remove()

    def test_answers_are_kept_for_ninety_days(self):
        """/ops/answers-are-kept-for-ninety-days"""
        server = Server()
        client = Console(server)
        first = name()
        client.op("customer.create", op=first)
        server.advance(89 * 86400)
        client.op("customer.create", expires_in=90 * 86400)
        self.assertEqual(len(client.get("/v1/kontor/ops", **{"id[]": first})["data"]), 1)
        server.advance(2 * 86400)
        client.op("customer.create", expires_in=92 * 86400)
        self.assertEqual(len(client.get("/v1/kontor/ops", **{"id[]": first})["data"]), 0)
        server.stop()
        server.remove()


if __name__ == "__main__":
    tap.main()
