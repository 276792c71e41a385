#!/usr/bin/env python3
"""crash.py: kills kontord at random moments under load and proves that no promise was broken.

Some kills are power cuts as well: what was never synced is lost, reordered or torn (power.py).
After each kill the server starts again on the same data directory, and then
  - every answered write is there, exactly as it was answered;
  - every unanswered one, sent again under its key, takes effect once: counted by a mark on the
    object, and by the events and balance transactions that belong to it;
  - an answered one, sent again, is replayed byte for byte and takes effect no second time;
  - the balance is the sum of the balance transactions;
  - kontor-audit finds nothing wrong.

Environment: KONTORD and KONTOR_AUDIT name the programs, KONTOR_POWER_CUT the library that logs
writes, KONTOR_CRASH_KILLS the number of kills (10), KONTOR_CRASH_SEED the seed of a run to repeat.
Prints TAP.
"""

import collections
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

from client import Client, Gone, Refused, Server
from load import Worker
from power import PowerCut

CLIENTS = 20
REPLAYED_SAMPLE = 40
FETCHED_SAMPLE = 40
LISTS = {"pi": "/v1/payment_intents", "cus": "/v1/customers", "re": "/v1/refunds"}
MAKERS = {"pay": "pi", "authorize": "pi", "customer": "cus", "refund": "re"}
EVENTS = {"pay": "payment_intent.succeeded", "capture": "payment_intent.succeeded",
          "cancel": "payment_intent.canceled", "customer": "customer.created",
          "refund": "refund.created"}


def require(holds, sentence):
    """Ends this kill's verdict with a sentence unless something holds."""
    if not holds:
        raise Refused(sentence)


class Trial:
    """All kills of one run on one data directory."""

    def __init__(self, programs, data_dir, seed):
        self.server = Server(programs["KONTORD"], data_dir)
        self.audit_program = programs["KONTOR_AUDIT"]
        self.power = PowerCut(programs["KONTOR_POWER_CUT"], data_dir)
        self.random = random.Random(seed)
        self.seed = seed
        self.newest = {}  # per list: the newest object of the rounds before
        self.net = 0      # of all balance transactions so far
        self.workers = []
        self.totals = collections.Counter()

    def start(self):
        """Starts a life of the server; returns the seconds that took."""
        return self.server.start(self.begin_life())

    def begin_life(self):
        """What the server's process needs in its environment."""
        if not self.power.library:
            return None
        self.power.begin()
        return self.power.environment()

    def load_until_killed(self, number):
        """Lets the clients write, then kills the server at a random moment."""
        before = self.workers
        self.workers = [Worker(self.server, f"s{self.seed}-k{number}-c{i}",
                               self.random.randrange(2**32)) for i in range(CLIENTS)]
        for old, new in zip(before, self.workers):
            new.payments = old.payments  # payments of an earlier life are captured in this one
        for worker in self.workers:
            worker.start()
        time.sleep(self.random.uniform(0.02, 1.2))
        self.server.kill()
        for worker in self.workers:
            worker.join(timeout=60)
            require(not worker.is_alive(), f"{worker.name} hangs")
            require(worker.trouble is None, worker.trouble)
        if self.power.library and self.random.random() < 0.4:
            self.cut_power()

    def cut_power(self):
        """Leaves of a killed server's files what a disk might have kept."""
        self.totals["power cuts"] += 1
        self.totals["unsynced writes lost"] += self.power.cut(self.random)

    def restart(self):
        """Starts the server again, now and then killing it once more while it recovers."""
        if self.random.random() < 0.25:
            self.server.spawn(self.begin_life())
            time.sleep(self.random.uniform(0, 0.08))
            self.server.kill()
        taken = self.start()
        require(taken < 5, f"recovery took {taken:.1f} s")

    def operations(self):
        """Every operation of this round."""
        return [operation for worker in self.workers for operation in worker.operations]

    def answered_objects(self):
        """The newest answer about each object that no unanswered operation may have changed."""
        newest, unsure = {}, set()
        for operation in self.operations():
            if operation.body is None:
                unsure.add(operation.expected.get("id"))
            else:
                newest[operation.reply["id"]] = operation.reply
        return {id: reply for id, reply in newest.items() if id not in unsure}

    def verify_answered(self, client):
        """Each answered write is there as it was answered."""
        expected = self.answered_objects()
        found = {}
        for prefix, path in LISTS.items():
            found.update((item["id"], item)
                         for item in client.newer_than(path, self.newest.get(prefix)))
        # A capture or cancel may be about an intent that stands further down the list.
        sample = [id for id in expected if id not in found]
        sample += self.random.sample(sorted(found.keys() & expected.keys()),
                                     min(FETCHED_SAMPLE, len(found.keys() & expected.keys())))
        for id, reply in expected.items():
            require(id not in found or found[id] == reply,
                    f"{id} is not as it was answered:\n  {found.get(id)}\n  {reply}")
        for id in sample:
            got = client.json("GET", f"{LISTS[id.split('_')[0]]}/{id}")
            require(got == expected[id],
                    f"{id} is not as it was answered:\n  {got}\n  {expected[id]}")

    def retry_unanswered(self, client):
        """Sends each unanswered write again under its key."""
        for operation in self.operations():
            if operation.body is None:
                self.retry(client, operation)

    def retry(self, client, operation):
        """Sends one write again under its key; it must be taken or have been taken."""
        status, headers, body = client.call("POST", operation.path, operation.params, operation.key)
        require(status == 200, f"retry of {operation.key}: {status} {body[:500]!r}")
        operation.check(json.loads(body))
        operation.body = body
        self.totals["unanswered"] += 1
        self.totals["unanswered but done"] += headers.get("Idempotent-Replayed") == "true"

    def cut_after_a_retry(self):
        """Sends one unanswered write again, and cuts the power as soon as it is answered.

        What the killed server wrote and had not synced is found by the next one: answering from
        it is a promise, and so must wait for a sync too.
        """
        waiting = [operation for operation in self.operations() if operation.body is None]
        if not waiting or not self.power.library or self.random.random() < 0.5:
            return
        operation = self.random.choice(waiting)
        self.retry(Client(self.server), operation)
        self.server.kill()
        self.cut_power()
        self.start()

    def replay_answered(self, client):
        """Sends some answered writes again; the answer must be the first one."""
        operations = self.operations()
        for operation in self.random.sample(operations, min(REPLAYED_SAMPLE, len(operations))):
            status, headers, body = client.call("POST", operation.path, operation.params,
                                                operation.key)
            require(status == 200 and body == operation.body,
                    f"replay of {operation.key}: {status}\n  {body!r}\n  {operation.body!r}")
            require(headers.get("Idempotent-Replayed") == "true",
                    f"replay of {operation.key} is not marked as one")

    def count_objects(self, client):
        """Every operation made one object, and no object is there that nobody asked for."""
        for prefix, path in LISTS.items():
            items = list(client.newer_than(path, self.newest.get(prefix)))
            got = collections.Counter(item["metadata"].get("mark") for item in items)
            asked = collections.Counter(operation.key for operation in self.operations()
                                        if MAKERS.get(operation.kind) == prefix)
            require(got == asked, f"{path}: too many {got - asked}, too few {asked - got}")
            if items:
                self.newest[prefix] = items[0]["id"]

    def count_events(self, client):
        """Every effect is told once."""
        for kind in sorted(set(EVENTS.values())):
            items = list(client.newer_than(f"/v1/events?type={kind}", self.newest.get(kind)))
            got = collections.Counter(item["data"]["object"]["id"] for item in items)
            asked = collections.Counter(operation.reply["id"] for operation in self.operations()
                                        if EVENTS.get(operation.kind) == kind)
            require(got == asked, f"{kind}: too many {got - asked}, too few {asked - got}")
            if items:
                self.newest[kind] = items[0]["id"]

    def count_money(self, client):
        """One balance transaction for each movement, and together they are the balance."""
        path = "/v1/balance_transactions"
        items = list(client.newer_than(path, self.newest.get("txn")))
        got = collections.Counter((item["type"], item["amount"]) for item in items)
        asked = collections.Counter()
        for operation in self.operations():
            if operation.kind in ("pay", "capture"):
                asked["charge", operation.reply["amount_received"]] += 1
            elif operation.kind == "refund":
                asked["refund", -operation.reply["amount"]] += 1
        require(got == asked, f"{path}: too many {got - asked}, too few {asked - got}")
        if items:
            self.newest["txn"] = items[0]["id"]
        self.net += sum(item["net"] for item in items)
        balance = client.json("GET", "/v1/balance")
        total = sum(part["amount"] for state in ("available", "pending")
                    for part in balance[state] if part["currency"] == "usd")
        require(total == self.net, f"the balance is {total}, its transactions sum to {self.net}")

    def audit(self):
        """Has the independent auditor derive everything again from the file."""
        if not self.audit_program:
            return
        done = subprocess.run([self.audit_program, self.server.data_dir], capture_output=True,
                              text=True, check=False)
        require(done.returncode == 0,
                f"kontor-audit: {done.returncode} {done.stdout[-2000:]} {done.stderr[-500:]}")

    def kill_once(self, number):
        """One kill and everything that must hold after it."""
        self.load_until_killed(number)
        self.restart()
        self.cut_after_a_retry()
        client = Client(self.server)
        self.verify_answered(client)
        self.retry_unanswered(client)
        self.replay_answered(client)
        self.count_objects(client)
        self.count_events(client)
        self.count_money(client)
        self.audit()
        self.totals["writes"] += len(self.operations())


def run(programs, data_dir, kills, seed):
    """Runs all kills and prints TAP; returns whether all went well."""
    trial = Trial(programs, data_dir, seed)
    trial.start()
    for number in range(1, kills + 1):
        try:
            trial.kill_once(number)
        except (Gone, Refused) as error:
            for line in f"{error}\n{trial.server.last_words()}".splitlines():
                print(f"# {line}")
            print(f"not ok {number} - kill {number} loses nothing and doubles nothing", flush=True)
            print(f"Bail out! Repeat with KONTOR_CRASH_SEED={seed}; the data is in {data_dir}")
            trial.server.kill()
            return False
        print(f"ok {number} - kill {number} loses nothing and doubles nothing"
              f" ({len(trial.operations())} writes)", flush=True)
    status = trial.server.stop()
    print(f"# {dict(trial.totals)}")
    print(f"{'ok' if status == 0 else 'not ok'} {kills + 1} - it still stops gently")
    return status == 0


def program(name):
    """The program or library that a variable names, or None when it is not there."""
    path = os.environ.get(name)
    return path if path and os.access(path, os.X_OK) else None


def main():
    """Reads the environment; runs in a directory of its own, kept when something was wrong."""
    programs = {name: program(name) for name in ("KONTORD", "KONTOR_AUDIT", "KONTOR_POWER_CUT")}
    kills = int(os.environ.get("KONTOR_CRASH_KILLS", "10"))
    seed = int(os.environ.get("KONTOR_CRASH_SEED", random.randrange(2**31)))
    if not programs["KONTORD"]:
        print("1..0 # SKIP KONTORD names no program")
        return 0
    print(f"1..{kills + 1}\n# seed {seed}", flush=True)
    home = tempfile.mkdtemp(prefix="kontor-crash-")
    good = run(programs, os.path.join(home, "data"), kills, seed)
    if good:
        shutil.rmtree(home)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
