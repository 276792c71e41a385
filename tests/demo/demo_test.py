#!/usr/bin/env python3
"""demo_test.py: the sample shop: the books are right, the same seed gives the same shop, and nothing is overwritten."""

import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import tap  # noqa: E402

KONTORD = os.environ["KONTORD"]
AUDIT = os.environ["KONTOR_AUDIT"]
ROWS = 600


def demo(data_dir, *flags):
    argv = [KONTORD, "demo", "--data-dir", data_dir, *flags]
    return subprocess.run(argv, capture_output=True, text=True, timeout=240)


def select(data_dir, sql):
    with sqlite3.connect(f"file:{data_dir}/kontor.db?mode=ro", uri=True) as db:
        return db.execute(sql).fetchall()


class Demo(unittest.TestCase):
    """One shop, made once."""

    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="kontor-demo-")
        cls.shop = cls.root + "/shop"
        cls.made = demo(cls.shop, "--rows", str(ROWS), "--until", "2026-10-31")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root)

    def test_a_shop_is_made(self):
        """/demo/makes-as-many-payments-as-asked"""
        self.assertEqual(self.made.returncode, 0, self.made.stderr)
        self.assertEqual(select(self.shop, "SELECT count(*) FROM payment_intents"), [(ROWS,)])

    def test_two_years(self):
        """/demo/spreads-them-over-two-years"""
        ((first, last),) = select(
            self.shop,
            "SELECT date(min(created), 'unixepoch'), date(max(created), 'unixepoch')"
            " FROM payment_intents",
        )
        self.assertLess(first, "2024-12-01")
        self.assertGreater(last, "2026-10-20")
        self.assertLess(last, "2026-10-31")

    def test_all_sorts(self):
        """/demo/has-payments-of-every-sort"""
        statuses = {s for (s,) in select(self.shop, "SELECT DISTINCT status FROM payment_intents")}
        self.assertLessEqual({"succeeded", "canceled", "requires_payment_method"}, statuses)
        for table in ("customers", "refunds"):
            ((n,),) = select(self.shop, f"SELECT count(*) FROM {table}")
            self.assertGreater(n, 5, table)

    def test_books(self):
        """/demo/leaves-books-that-add-up"""
        done = subprocess.run([AUDIT, self.shop], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_ids_follow_time(self):
        """/demo/gives-ids-in-the-order-of-time"""
        rows = select(self.shop, "SELECT created FROM payment_intents ORDER BY key")
        self.assertEqual(rows, sorted(rows))

    def test_same_seed(self):
        """/demo/makes-the-same-shop-from-the-same-seed"""
        what = "SELECT created, amount, currency, status FROM payment_intents ORDER BY key"
        again, other = self.root + "/again", self.root + "/other"
        demo(again, "--rows", str(ROWS), "--until", "2026-10-31")
        demo(other, "--rows", str(ROWS), "--until", "2026-10-31", "--seed", "2")
        self.assertEqual(select(again, what), select(self.shop, what))
        self.assertNotEqual(select(other, what), select(self.shop, what))

    def test_nothing_is_overwritten(self):
        """/demo/touches-no-database-that-is-there"""
        done = demo(self.shop)
        self.assertEqual(done.returncode, 1)
        self.assertIn("a directory of their own", done.stderr)
        self.assertEqual(select(self.shop, "SELECT count(*) FROM payment_intents"), [(ROWS,)])

    def test_refusals(self):
        """/demo/says-what-it-does-not-understand"""
        table = [
            (("--rows", "many"), "--rows many"),
            (("--seed", "-1"), "--seed -1"),
            (("--until", "soon"), "--until soon"),
            (("--until", "2999-01-01"), "a day that has come"),
        ]
        for flags, sentence in table:
            done = demo(self.root + "/never", *flags)
            self.assertEqual(done.returncode, 2, flags)
            self.assertIn(sentence, done.stderr)
        self.assertFalse(os.path.exists(self.root + "/never"))


if __name__ == "__main__":
    tap.main()
