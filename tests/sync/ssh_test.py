"""ssh_test.py: a copy and its queue through ssh: what breaks on the way costs nothing and does nothing twice."""

import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest

import tap
from copy_of import Chance, Client, nouns, truth
from far import Far
from kontord import Server
from outbox_test import MONEY, Queue
from replica_test import SEED, Held, Keeper


class Ssh(unittest.TestCase):
    rows = 0

    def setUp(self):
        data_dir = tempfile.mkdtemp(prefix="kontor-test-")
        if self.rows:
            subprocess.run([os.environ["KONTORD"], "demo", "--data-dir", data_dir, "--rows",
                            str(self.rows)], check=True, capture_output=True)
        self.server = Server(data_dir=data_dir)
        self.client = Client(self.server)
        self.far = Far(self.server, self.client.key)
        os.environ.update(self.far.env())
        self.folder = tempfile.mkdtemp(prefix="kontor-copy-")
        self.queue = Queue(self.folder)
        self.keeper = None

    def tearDown(self):
        if self.keeper and self.keeper.process.poll() is None:
            self.keeper.kill()
        self.far.close()
        self.server.stop()
        report = self.server.audit()
        assert report is None or report["ok"], report
        self.server.remove()
        shutil.rmtree(self.folder)

    def keep(self):
        """A console that knows the server by ssh alone."""
        self.keeper = Keeper(self.folder, self.far, self.client.key)
        return self.keeper

    def assert_same(self, patience=60):
        wanted, until = truth(self.server), time.monotonic() + patience
        while nouns(Held(self.folder)) != wanted and time.monotonic() < until:
            time.sleep(0.05)
        self.assertEqual(nouns(Held(self.folder)), wanted, f"seed {SEED}")

    def cut(self, patience=30):
        """Breaks every connection as soon as there is one."""
        until = time.monotonic() + patience
        while not self.far.cut():
            assert time.monotonic() < until, self.keeper.said[-9:]
            time.sleep(0.02)


class Small(Ssh):
    def test_follows(self):
        """/ssh/a-copy-begins-follows-and-outlives-every-break"""
        chance = Chance(self.client, SEED)
        for _ in range(20):
            chance.step()
        self.keep().wait_for("current")
        for _ in range(3):
            for _ in range(6):
                chance.step()
            self.cut()
        for _ in range(6):
            chance.step()
        self.assert_same()
        self.assertEqual(self.keeper.said.count("replaced"), 1)
        self.keeper.stop()
        self.assertEqual(self.keeper.process.returncode, 0)
        self.far.wait_until_none_runs()

    def test_queue(self):
        """/ssh/what-is-queued-is-done-once-whenever-it-breaks"""
        charge = self.client.pay(amount=1000)["latest_charge"]
        self.keep().wait_for("current")
        for i in range(4):
            self.queue.add("refund.create", charge, 0, MONEY, amount=10 + i)
            self.cut()
        rows = self.queue.drain(patience=90)
        self.assertEqual([row["state"] for row in rows], ["done"] * 4, rows)
        self.assertEqual(self.client.get("/v1/charges/" + charge)["amount_refunded"],
                         sum(range(10, 14)))
        self.assertEqual(len(self.client.get("/v1/refunds", limit=100)["data"]), 4)

    def test_reasons(self):
        """/ssh/a-console-is-offline-for-a-reason-that-ssh-gives"""
        self.far.runs("echo Have a nice day. >&2",
                      "echo ssh: connect to host far.example port 2222: No route to host >&2",
                      "exit 255")
        place = self.keep().wait_for("offline")
        self.assertEqual(self.keeper.said[place],
                         f"offline The server at {self.far.base} cannot be reached: "
                         "ssh: connect to host far.example port 2222: No route to host")
        self.far.runs("echo sh: 1: kontor: not found >&2", "exit 127")
        place = self.keeper.wait_for("offline", place + 1)
        self.assertIn("there is no program “kontor” on me@far.example",
                      self.keeper.said[place])
        self.far.works()
        self.keeper.wait_for("current", timeout=60)


class Large(Ssh):
    rows = 3000

    def test_snapshot(self):
        """/ssh/a-snapshot-that-breaks-goes-on-where-it-was"""
        piece, asked = 100_000, self.far.folder + "/asked"
        self.far.runs(
            f"export KONTOR_API_KEY={self.far.key} KONTOR_URL={self.server.base}", "shift",
            f'if [ $(wc -l < {self.far.folder}/log) -gt 3 ]; then exec {self.far.program} "$@"; fi',
            f'tee -a {asked} | {self.far.program} "$@" | '
            f'{{ dd bs=1 count={piece} 2>/dev/null; kill -9 0; }}')
        self.keep().wait_for("replaced", timeout=60)
        self.keeper.wait_for("current", timeout=60)
        self.assert_same()
        with open(asked, encoding="utf-8") as file:
            parts = [int(number) for number in re.findall(r"^Range: bytes=(\d+)-", file.read(), re.M)]
        self.assertTrue(parts and piece - 2000 < parts[0] < piece, parts)
        self.assertGreater(len(self.far.calls()), 3)


del Ssh  # which has no tests of its own

if __name__ == "__main__":
    tap.main()
