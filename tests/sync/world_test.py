"""world_test.py: whatever happens in whatever order, in the end each copy is the server's state and all is done once.

A world is a server that people write to, two consoles with a copy and a queue each, now and then a second program on
the first copy, networks between them that fail in every way, machines that die at any step or whose clocks are
wrong, backups, and restores from them. What happens is drawn from a seed. Then everything heals, and
  - each copy holds what the server's database holds;
  - nothing that was wanted has vanished from its queue, and nothing is still waiting;
  - what is done there was done once, what was refused, expired, conflicts or was lost by a restore was not, and
    nothing was done twice;
  - of one console's changes of one object the later one stands above the earlier one;
  - the books are in order.

KONTOR_SEED=N repeats a world, KONTOR_ROUNDS=N plays so many, the seed growing by one."""

import collections
import json
import os
import random
import shutil
import signal
import sqlite3
import tempfile
import time
import unittest
import unittest.mock

import tap
from copy_of import Chance, Client, Refused, nouns, truth
from kontord import Server
from misfortune import Misfortune
from place import EDIT, HARMLESS, MONEY, OPEN, Queue
from proxy import FEED, OPS, SNAPSHOT, Proxy
from replica_test import Held, Keeper

SEED = int(os.environ.get("KONTOR_SEED", "4711"))
ROUNDS = int(os.environ.get("KONTOR_ROUNDS", "3"))
STEPS = 250
UNDONE = ("refused", "expired", "conflict", "depends", "lost")


class Console:
    """A folder with a copy and a queue, its network and its machine."""

    def __init__(self, world, number):
        self.world = world
        self.folder = tempfile.mkdtemp(prefix=f"kontor-world-{number}-")
        self.proxy = Proxy(world.server, world.seed + number)
        self.misfortune = Misfortune()
        self.queue = Queue(self.folder)
        self.wanted = self.unsure = 0
        self.keepers = []
        self.start()

    def start(self):
        self.misfortune.die_at(0)
        self.keepers.append(Keeper(self.folder, self.proxy, self.world.client.key,
                                   self.misfortune.environment()))

    def bury(self):
        """Takes leave of what has died; whether something lives."""
        for keeper in [keeper for keeper in self.keepers if keeper.process.poll() is not None]:
            keeper.kill()
            self.keepers.remove(keeper)
            assert keeper.process.returncode in (0, -signal.SIGKILL), keeper.process.returncode
        return bool(self.keepers)

    def kill(self):
        while self.keepers:
            self.keepers.pop().kill()

    def press(self):
        for keeper in self.keepers:
            if keeper.said and keeper.process.poll() is None:
                keeper.process.send_signal(signal.SIGUSR1)

    def want(self, what, on="-", v=0, kind=HARMLESS, **args):
        with unittest.mock.patch.dict(os.environ, self.misfortune.environment()):
            added = self.queue.run("add", what, on, v, kind, json.dumps(args), check=False)
        self.wanted += added.returncode == 0
        self.unsure += added.returncode < 0  # died of it, perhaps when it was written

    def version(self, name):
        """As the person sees it; 0: there is nothing to be seen."""
        if not os.path.exists(self.folder + "/replica.db"):
            return 0
        return Held(self.folder).rows.get(("customer", name), (0,))[0]

    def close(self):
        self.kill()
        self.proxy.close()
        self.misfortune.close()
        shutil.rmtree(self.folder)


def mark_of(row):
    """By which what came of an action is found again at the server."""
    args = json.loads(row["args"])
    return args.get("name") or args["metadata"]["mark"]


class World:
    """All of it, from one seed."""

    def __init__(self, seed):
        self.seed = seed
        self.random = random.Random(seed)
        self.server = Server()
        self.client = Client(self.server)
        self.chance = Chance(self.client, seed)
        self.charges = [self.client.pay(amount=50000)["latest_charge"] for _ in range(3)]
        self.shared = [self.client.post("/v1/customers", name="0")["id"] for _ in range(2)]
        self.saved, self.dropped = [], []
        self.marks = 0
        self.told = collections.Counter()
        self.backups = tempfile.mkdtemp(prefix="kontor-world-saved-")
        self.backup()
        self.consoles = [Console(self, number) for number in range(2)]

    # ----------------------------------------------------------------------- what happens

    HAPPENINGS = (("write", 20), ("want", 24), ("trouble", 16), ("heal", 12), ("kill", 4),
                  ("doom", 6), ("kill_server", 2), ("backup", 3), ("restore", 2), ("move_clock", 3),
                  ("second", 3), ("press", 24), ("pause", 12))

    def step(self):
        names, weights = zip(*self.HAPPENINGS)
        name = self.random.choices(names, weights)[0]
        self.told[name] += 1
        getattr(self, name)()
        for console in self.consoles:
            if not console.bury():
                console.start()

    def one(self):
        return self.random.choice(self.consoles)

    def write(self):
        if self.random.random() < 0.2:
            self.client.post("/v1/customers/" + self.random.choice(self.shared),
                             phone=str(self.random.randrange(10**9)))
        elif self.random.random() < 0.3 and self.chance.customers:
            customer = self.chance.customers.pop()
            try:
                self.client.ask("DELETE", "/v1/customers/" + customer)
            except Refused as refused:
                assert refused.status == 404, refused  # of a history that is no more
        else:
            self.chance.new_customer()
        self.chance.step()

    def want(self):
        self.marks += 1
        mark, console = f"mark {self.marks}", self.one()
        kind, on = self.random.randrange(5), self.random.choice(self.shared)
        if kind == 0:
            console.want("customer.create", name=mark)
        elif kind == 1:
            console.want("refund.create", self.random.choice(self.charges), 0, MONEY, amount=1,
                         metadata={"mark": mark})
        elif kind == 2:
            console.want("customer.create", name=mark, email="no address")
        elif kind == 3:
            console.want("customer.update", on, console.version(on), EDIT, name=mark)
        else:
            console.want("customer.update", on, name=mark)

    def trouble(self):
        proxy, chance = self.one().proxy, self.random
        of = chance.choice([OPS, OPS, FEED, SNAPSHOT])
        at = chance.randrange(1500)
        chance.choice([
            lambda: proxy.cut(at, of), lambda: proxy.drop(of), lambda: proxy.drop(of, 3),
            lambda: proxy.repeat(OPS, 2, chance.random() < 0.5), lambda: proxy.swap(OPS),
            lambda: proxy.alter(lambda body: body[:at], FEED), proxy.break_off,
            lambda: setattr(proxy, "delay_s", 0.05), lambda: setattr(proxy, "rate", 50000),
            lambda: setattr(proxy, "loss", 0.2), lambda: setattr(proxy, "is_stalled", True),
            lambda: setattr(proxy, "is_refused", True)])()

    def heal(self):
        self.one().proxy.heal()

    def kill(self):
        self.one().kill()

    def doom(self):
        self.one().misfortune.die_at(self.random.randrange(1, 60))

    def second(self):
        self.consoles[0].start()

    def press(self):
        self.one().press()

    def pause(self):
        time.sleep(self.random.random() * 0.1)

    def kill_server(self):
        self.server.kill()
        time.sleep(self.random.random() * 0.05)
        self.server.start()

    def backup(self):
        self.saved.append(f"{self.backups}/{len(self.saved)}")
        self.server.run("backup", self.saved[-1])

    def restore(self):
        self.server.kill()
        self.server.run("restore", self.random.choice(self.saved[-2:]))
        self.server.start()

    def move_clock(self):
        if self.random.random() < 0.5:
            self.server.advance(self.random.choice([10, 300, 90000]))
        else:
            self.one().misfortune.move_clock(self.random.randrange(-400, 400))

    # ------------------------------------------------------------------------- in the end

    def decide(self, console):
        """What a person does: what conflicts, and keeps others waiting, is given up; what is asked for is wanted."""
        for row in console.queue.rows():
            if row["state"] == "conflict":
                console.queue.run("discard", row["n"])
                console.wanted -= 1
                self.dropped.append(mark_of(row))
            elif row["state"] == "ask":
                console.queue.run("confirm", row["n"], check=False)

    def is_settled(self, console):
        return (not any(state in OPEN for state in console.queue.states())
                and os.path.exists(console.folder + "/replica.db")
                and nouns(Held(console.folder)) == truth(self.server))

    def settle(self, patience=40):
        """Everything heals, and each copy has one program."""
        for console in self.consoles:
            console.proxy.heal()
            console.kill()
            console.start()
        until = time.monotonic() + patience
        for console in self.consoles:
            while not self.is_settled(console):
                assert console.bury(), "the program has died by itself"
                assert time.monotonic() < until, (console.keepers[0].said[-12:],
                                                  [(r["n"], r["state"], r["why"]) for r in console.queue.rows()
                                                   if r["state"] in OPEN], self.differing(console))
                self.decide(console)
                console.press()
                time.sleep(0.1)

    def differing(self, console):
        held, there = nouns(Held(console.folder)), truth(self.server)
        return [place for place in held.keys() | there.keys() if held.get(place) != there.get(place)]

    def done(self):
        """How often each mark took effect, but those of what is changed over and over."""
        rows = truth(self.server)
        names = [body.get("name") for (t, _), (_, _, body) in rows.items() if t == "customer"]
        marks = [(body.get("metadata") or {}).get("mark")
                 for (t, _), (_, _, body) in rows.items() if t == "refund"]
        return collections.Counter(mark for mark in names + marks if mark)

    def updates(self):
        """How often the server's log says that a shared customer took each name."""
        database = sqlite3.connect(f"file:{self.server.data_dir}/kontor.db?mode=ro", uri=True)
        rows = {seq: (prev, json.loads(body)) for seq, prev, body in database.execute(
            "SELECT v.seq, v.prev, v.body FROM versions v JOIN customers c ON c.key = v.object"
            " WHERE v.kind = 2 AND c.id IN (?, ?)", self.shared)}
        database.close()

        def name(seq):
            """One that was overtaken in its own commit says only what differs from the next."""
            body = rows[seq][1]
            if "patch" not in body:
                return body.get("name")
            return body["patch"]["name"] if "name" in body["patch"] else name(body["base"])

        return collections.Counter(name(seq) for seq, (prev, _) in rows.items()
                                   if prev is None or name(seq) != name(prev))

    def check_row(self, row, done, updates):
        mark = mark_of(row)
        count = (updates if row["do"] == "customer.update" else done)[mark]
        assert count <= 1, (count, row)
        assert row["state"] != "done" or count == 1, (count, row)
        assert row["state"] not in UNDONE or count == 0, (count, row)
        self.told[row["state"]] += 1

    def check_order(self, rows):
        last = {}
        for row in rows:
            if row["do"] == "customer.update" and row["state"] == "done":
                version = json.loads(row["answer"])["v"]
                assert last.get(row["on"], 0) < version, (last, row)
                last[row["on"]] = version

    def check(self):
        done, updates = self.done(), self.updates()
        assert not [mark for mark in self.dropped if done[mark] or updates[mark]], self.dropped
        self.told["dropped"] += len(self.dropped)
        for console in self.consoles:
            rows = console.queue.rows()
            assert 0 <= len(rows) - console.wanted <= console.unsure, (len(rows), console.wanted)
            for row in rows:
                self.check_row(row, done, updates)
            self.check_order(rows)

    def close(self):
        """Ends it, and has its books looked at."""
        while self.consoles:
            self.consoles.pop().close()
        self.server.stop()
        report = self.server.audit()
        assert report is None or report["ok"], report

    def remove(self):
        """Leaves nothing behind, also of one that went wrong."""
        while self.consoles:
            self.consoles.pop().close()
        if self.server.is_alive():
            self.server.kill()
        self.server.remove()
        shutil.rmtree(self.backups)


class Worlds(unittest.TestCase):
    def test_worlds(self):
        """/world/whatever-happens-each-copy-is-the-servers-state-and-all-is-done-once"""
        told = collections.Counter()
        for seed in range(SEED, SEED + ROUNDS):
            with self.subTest(f"KONTOR_SEED={seed}"):
                world = World(seed)
                self.addCleanup(world.remove)
                for _ in range(STEPS):
                    world.step()
                world.settle()
                world.check()
                world.close()
                told += world.told
        print(f"# KONTOR_SEED={SEED} KONTOR_ROUNDS={ROUNDS}: {dict(told)}")
        self.assertGreater(told["done"], 0)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    tap.main()
