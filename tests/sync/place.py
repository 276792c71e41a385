"""place.py: a console at a server, for tests of what passes between them."""

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest

from copy_of import Client, nouns, truth
from kontord import Server
from replica_test import Held, Keeper

HARMLESS, EDIT, MONEY, ONLINE = range(4)
OPEN = ("waiting", "sent")


class Queue:
    """What a person does to the queue in @folder."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, *argv, check=True, limit=None):
        def narrow():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        done = subprocess.run([os.environ["SYNC_QUEUE"], self.folder, *map(str, argv)],
                              capture_output=True, text=True, check=False, timeout=60,
                              preexec_fn=narrow if limit else None)
        assert done.returncode == 0 or not check, (argv, done.stderr)
        return done

    def add(self, what, on="-", v=0, kind=EDIT, after=0, **args):
        return int(self.run("add", what, on, v, kind, json.dumps(args), after).stdout)

    def rows(self):
        return [json.loads(line) for line in self.run("list").stdout.splitlines()]

    def row(self, number):
        return json.loads(self.run("show", number).stdout)

    def states(self):
        return [row["state"] for row in self.rows()]

    def wait_until(self, test, patience=30):
        """Until @test likes the rows; they are returned."""
        until = time.monotonic() + patience
        while not test(rows := self.rows()):
            assert time.monotonic() < until, rows
            time.sleep(0.05)
        return rows

    def drain(self, patience=30):
        """Until nothing is left to be sent."""
        return self.wait_until(lambda rows: not any(row["state"] in OPEN for row in rows), patience)

    def write(self, sql):
        with sqlite3.connect(self.folder + "/queue.db") as db:
            db.execute(sql)
        db.close()


class Place(unittest.TestCase):
    """A server, a console's folder, and what is done there."""

    def setUp(self):
        self.server = self.make_server()
        self.client = Client(self.server)
        self.folder = tempfile.mkdtemp(prefix="kontor-queue-")
        self.queue = Queue(self.folder)
        self.keepers = []

    def tearDown(self):
        for keeper in self.keepers:
            if keeper.process.poll() is None:
                keeper.kill()
        self.server.stop()
        report = self.server.audit()
        assert report is None or report["ok"], report
        self.server.remove()
        shutil.rmtree(self.folder)

    def make_server(self):
        return Server()

    def keep(self, folder=None, server=None, wait=True, env=None):
        keeper = Keeper(folder or self.folder, server or self.server, self.client.key, env)
        self.keepers.append(keeper)
        if wait:
            keeper.wait_for("current")
        return keeper

    def charge(self, amount=100):
        return self.client.pay(amount=amount)["latest_charge"]

    def version(self, name, folder=None):
        with sqlite3.connect(f"file:{folder or self.folder}/replica.db?mode=ro", uri=True) as db:
            return db.execute("SELECT v FROM objects WHERE id = ?", [name]).fetchone()[0]

    def refunded(self, charge):
        return self.client.get("/v1/charges/" + charge)["amount_refunded"]

    def names(self):
        """Of all customers."""
        found, more = [], {}
        while True:
            page = self.client.get("/v1/customers", limit=100, **more)
            found += [row["name"] or "" for row in page["data"]]
            if not page["has_more"]:
                return sorted(found)
            more = {"starting_after": page["data"][-1]["id"]}

    def meta(self):
        with sqlite3.connect(f"file:{self.folder}/queue.db?mode=ro", uri=True) as db:
            return dict(db.execute("SELECT name, value FROM meta"))

    def copy_meta(self, name, value=None, folder=None):
        """What the copy says about itself; @value takes its place."""
        with sqlite3.connect((folder or self.folder) + "/replica.db") as db:
            was = db.execute("SELECT value FROM meta WHERE name = ?", [name]).fetchone()[0]
            if value is not None:
                db.execute("UPDATE meta SET value = ? WHERE name = ?", [value, name])
        db.close()
        return was

    def assert_same(self, folder=None, patience=20, keeper=None):
        """The copy says what the server says, at the latest in a moment."""
        until = time.monotonic() + patience
        while (held := nouns(Held(folder or self.folder))) != (wanted := truth(self.server)):
            if time.monotonic() > until:
                break
            self.press(keeper)
            time.sleep(0.05)
        odd = [place for place in held.keys() | wanted.keys() if held.get(place) != wanted.get(place)]
        self.assertEqual(odd, [], f"of {len(wanted)}")

    @staticmethod
    def press(keeper):
        """A person does not want to wait any longer; not before @keeper listens."""
        if keeper and keeper.said:
            keeper.process.send_signal(signal.SIGUSR1)

    def told(self, keeper, word, patience=20):
        """Until @keeper has said something with @word in it; that is returned."""
        until = time.monotonic() + patience
        while not (found := [said for said in keeper.said if word in said]):
            assert time.monotonic() < until, (word, keeper.said[-9:])
            time.sleep(0.05)
        return found[-1]
