"""replica_test.py: a console's copy is the server's state, whatever is killed, restored or cut off meanwhile."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest

import tap
from copy_of import KINDS, Chance, Client, nouns, truth
from kontord import Server

SEED = int(os.environ.get("KONTOR_SYNC_SEED", "4711"))
KILLS = int(os.environ.get("KONTOR_SYNC_KILLS", "12"))


class Keeper:
    """A program that keeps a copy in @folder."""

    def __init__(self, folder, server, key, env=None):
        self.folder = folder
        self.said = []
        self.heard = threading.Condition()
        self.process = subprocess.Popen(
            [os.environ["SYNC_KEEP"], folder, server.base, key], stdout=subprocess.PIPE, text=True,
            env={**os.environ, **(env or {})}
        )
        self.reader = threading.Thread(target=self.listen, daemon=True)
        self.reader.start()

    def listen(self):
        for line in self.process.stdout:
            with self.heard:
                self.said.append(line.strip())
                self.heard.notify_all()

    def wait_for(self, word, after=0, timeout=30):
        """The place in what was said where @word stands, at @after or later."""

        def find():
            places = [i for i, said in enumerate(self.said) if said.split()[0] == word]
            return next((i for i in places if i >= after), None)

        with self.heard:
            assert self.heard.wait_for(lambda: find() is not None, timeout), (word, self.said[-9:])
            return find()

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.reader.join()
        self.process.stdout.close()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()


def rows_of(folder):
    """What a copy holds, in the form of copy_of.Copy.rows."""
    # Who was killed may have left a log behind that must be read back first, which is a write.
    with sqlite3.connect(f"file:{folder}/replica.db?mode=rw", uri=True, timeout=20) as db:
        found = db.execute("SELECT row >> 48, id, v, created, body FROM objects").fetchall()
    return {(KINDS[kind], name): (v, at, json.loads(body)) for kind, name, v, at, body in found}


class Held:
    def __init__(self, folder):
        self.rows = rows_of(folder)


class Replica(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.client = Client(self.server)
        self.folder = tempfile.mkdtemp(prefix="kontor-copy-")
        self.keepers = []

    def tearDown(self):
        for keeper in self.keepers:
            if keeper.process.poll() is None:
                keeper.kill()
        self.server.stop()
        self.server.remove()
        shutil.rmtree(self.folder)

    def keep(self, folder=None):
        keeper = Keeper(folder or self.folder, self.server, self.client.key)
        self.keepers.append(keeper)
        return keeper

    def assert_same(self, folder=None, patience=10):
        """The copy says what the server says, at the latest in a moment."""
        wanted, until = truth(self.server), time.monotonic() + patience
        while nouns(Held(folder or self.folder)) != wanted and time.monotonic() < until:
            time.sleep(0.05)
        self.assertEqual(nouns(Held(folder or self.folder)), wanted, f"seed {SEED}")

    def work(self, steps):
        chance = Chance(self.client, SEED + steps)
        for _ in range(steps):
            chance.step()

    def test_begins_and_follows(self):
        """/replica/begins-with-a-snapshot-and-follows"""
        self.work(40)
        keeper = self.keep()
        keeper.wait_for("replaced")
        keeper.wait_for("current")
        self.assert_same()
        self.work(30)
        self.assert_same()
        keeper.stop()
        self.assertEqual(keeper.process.returncode, 0)

    def test_goes_on_after_kills(self):
        """/replica/killed-at-any-moment-goes-on-where-it-was"""
        chance = random.Random(SEED)
        self.work(20)
        self.keep().wait_for("current")
        self.keepers[-1].kill()
        for _ in range(KILLS):
            self.work(8)
            keeper = self.keep()
            time.sleep(chance.random() * 0.08)
            keeper.kill()
        keeper = self.keep()
        keeper.wait_for("current")
        self.assert_same()
        self.assertFalse([said for said in keeper.said if said == "replaced"])

    def test_goes_on_after_the_server_was_killed(self):
        """/replica/finds-the-server-again-after-it-was-killed"""
        self.work(10)
        keeper = self.keep()
        keeper.wait_for("current")
        self.server.kill()
        keeper.wait_for("offline")
        self.server.start()
        self.work(10)
        self.assert_same(patience=30)

    def test_restored(self):
        """/replica/takes-a-new-snapshot-after-a-restore"""
        self.work(10)
        saved = self.folder + "/saved.db"
        self.server.run("backup", saved)
        self.work(10)
        keeper = self.keep()
        keeper.wait_for("current")
        self.server.stop()
        self.server.run("restore", saved)
        heard = len(keeper.said)
        self.server.start()
        keeper.wait_for("replaced", heard, timeout=60)
        self.assert_same(patience=30)

    def test_one_writer(self):
        """/replica/the-second-program-only-reads"""
        first = self.keep()
        first.wait_for("current")
        second = self.keep()
        second.wait_for("reading")
        self.work(5)
        self.assert_same()
        first.kill()
        second.stop()
        third = self.keep()
        third.wait_for("current")

    def test_reads_along(self):
        """/replica/who-only-reads-hears-of-each-change-and-takes-over"""
        first = self.keep()
        first.wait_for("current")
        second = self.keep()
        second.wait_for("reading")
        self.client.post("/v1/customers", name="A")
        second.wait_for("changed", timeout=10)
        self.assertNotIn("replaced", second.said)
        heard = len(second.said)
        first.kill()
        second.wait_for("current", heard, timeout=10)
        heard = len(second.said)
        self.client.post("/v1/customers", name="B")
        second.wait_for("changed", heard)
        self.assert_same()
        third = self.keep()
        third.wait_for("reading")

    def test_reads_along_without_a_copy(self):
        """/replica/who-only-reads-hears-of-a-lost-copy-and-fetches-it-anew"""
        first = self.keep()
        first.wait_for("current")
        second = self.keep()
        second.wait_for("reading")
        heard = len(second.said)
        self.server.stop()
        os.unlink(self.folder + "/replica.db")
        second.wait_for("replaced", heard, timeout=10)
        heard = len(second.said)
        first.kill()
        self.server.start()
        second.wait_for("current", heard, timeout=60)
        self.assert_same()

    def test_damaged(self):
        """/replica/a-broken-file-is-fetched-again"""
        self.work(5)
        self.keep().wait_for("current")
        self.keepers[-1].stop()
        with open(self.folder + "/replica.db", "r+b") as file:
            file.write(b"no database at all, not by far")
        keeper = self.keep()
        keeper.wait_for("replaced")
        keeper.wait_for("current")
        self.assert_same()

    def test_refused(self):
        """/replica/says-when-its-key-is-refused"""
        self.client.key = "sk_test_" + "0" * 43
        keeper = self.keep()
        keeper.wait_for("refused")
        self.assertFalse(os.path.exists(self.folder + "/replica.db"))


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    tap.main()
