"""digest_test.py: a copy in which one bit is wrong is found out, and mended, in a few requests."""

import json
import unittest

import tap
from copy_of import Chance, Client, Copy, Refused, digest, nouns, truth
from kontord import Server


def tick(name):
    """The tick of an id: eight letters in base 62 behind the prefix (core/id.c)."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    number = 0
    for letter in name.split("_")[1][:8]:
        number = number * 62 + letters.index(letter)
    return number + 2**48 - 62**8


class Digest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.client = Client(cls.server)
        chance = Chance(cls.client, 3)
        for _ in range(200):
            chance.step()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.server.remove()

    requests = 0

    def ask(self, kind, bucket=""):
        self.requests += 1
        return self.client.get("/v1/kontor/sync/digest", t=kind,
                               **({"bucket": bucket} if bucket else {}))

    def differing(self, rows, kind, bucket=""):
        """The ids in which a copy and the server differ."""
        said = self.ask(kind, bucket)
        inside = {name: row for name, row in rows.items()
                  if f"{tick(name):012x}".startswith(bucket)}
        total = sum(digest(name, version, body) for name, (version, body) in inside.items())
        if (len(inside), f"{total % 2**64:016x}") == (said["n"], said["sum"]):
            return set()
        if "rows" in said:
            mine = {(name, version, f"{digest(name, version, body):016x}")
                    for name, (version, body) in inside.items()}
            return {row[0] for row in mine ^ {tuple(row) for row in said["rows"]}}
        buckets = {child["bucket"] for child in said["buckets"]}
        buckets |= {f"{tick(name):012x}"[:len(bucket) + 2] for name in inside}
        return set().union(*(self.differing(rows, kind, child) for child in buckets))

    def rows(self, kind):
        return self.rows_of(kind, "")

    def rows_of(self, kind, bucket):
        said = self.ask(kind, bucket)
        rows = {}
        if "buckets" in said:
            for child in said["buckets"]:
                rows.update(self.rows_of(kind, child["bucket"]))
            return rows
        path = f"/v1/kontor/sync/rows?t={kind}" + (f"&bucket={bucket}" if bucket else "")
        lines = self.client.ask("GET", path)[2].decode().splitlines()
        for line in lines[:-1]:
            said = json.loads(line)
            rows[said["id"]] = (said["v"], line.split(',"d":', 1)[1][:-1])
        return rows

    def test_a_healthy_copy_differs_in_nothing(self):
        """/digest/a-healthy-copy-differs-in-nothing"""
        for kind in ("charge", "customer", "payment_intent", "refund", "balance_transaction"):
            rows = self.rows(kind)
            self.requests = 0
            self.assertEqual(self.differing(rows, kind), set())
            self.assertEqual(self.requests, 1)

    def test_one_wrong_letter_is_found(self):
        """/digest/one-wrong-letter-is-found"""
        for kind in ("charge", "payment_intent", "customer"):
            rows = self.rows(kind)
            for name in list(rows)[::max(1, len(rows) // 20)]:
                self.requests = 0
                version, body = rows[name]
                rows[name] = version, body.replace("0", "1", 1) if "0" in body else body + " "
                self.assertEqual(self.differing(rows, kind), {name})
                self.assertLessEqual(self.requests, 16)
                rows[name] = version + 1, body
                self.assertEqual(self.differing(rows, kind), {name})
                del rows[name]
                self.assertEqual(self.differing(rows, kind), {name})
                rows[name] = version, body

    def test_it_says_what_it_cannot_tell(self):
        """/digest/it-says-what-it-cannot-tell"""
        for params in ({"t": "event"}, {"t": "nonsense"}, {"t": "charge", "bucket": "0"},
                       {"t": "charge", "bucket": "xx"}, {"t": "charge", "bucket": "0" * 14}):
            with self.assertRaises(Refused) as caught:
                self.client.get("/v1/kontor/sync/digest", **params)
            self.assertEqual(caught.exception.status, 400)
        narrow = Client(self.server, self.server.key(
            kind="restricted", flags=["--scopes", "kontor_read customers_read"]))
        with self.assertRaises(Refused):
            narrow.get("/v1/kontor/sync/digest", t="charge")

    def test_buckets_divide_what_is_in_them(self):
        """/digest/buckets-divide-what-is-in-them"""
        self.requests = 0
        while self.ask("payment_intent")["n"] <= 1000:
            for _ in range(100):
                self.client.pay()
        whole = self.ask("payment_intent")
        total = sum(int(child["sum"], 16) for child in whole["buckets"]) % 2**64
        self.assertEqual(f"{total:016x}", whole["sum"])
        copy = Copy(self.client).pull()
        self.assertEqual(nouns(copy), truth(self.server))
        self.assertEqual(len(copy.of("payment_intent")), whole["n"])


if __name__ == "__main__":
    tap.main()
