"""outbox_test.py: what is queued at a console is done once each, in order, whatever happens to either side."""

import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import threading
import time

import tap
from place import EDIT, MONEY, ONLINE, OPEN, Place, Queue

SEED = int(os.environ.get("KONTOR_SYNC_SEED", "4711"))


class Cutter:
    """Stands before a server and cuts the connection instead of handing back some answers."""

    def __init__(self, server, answers=()):
        self.server = server
        self.cuts = 0
        self.answers = list(answers)  # instead of asking the server
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                taken, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.forward, args=(taken,), daemon=True).start()

    def forward(self, taken):
        with taken, socket.create_connection((self.server.host, self.server.port)) as there:
            doomed = threading.Event()
            threading.Thread(target=self.back, args=(there, taken, doomed), daemon=True).start()
            while data := self.read(taken):
                if data.startswith(b"POST /v1/kontor/ops") and self.answers:
                    taken.sendall(self.answers.pop(0))
                    return
                if data.startswith(b"POST /v1/kontor/ops") and self.cuts > 0:
                    self.cuts -= 1
                    doomed.set()
                there.sendall(data)

    @staticmethod
    def read(of):
        try:
            return of.recv(65536)
        except OSError:
            return b""

    def back(self, there, taken, doomed):
        while data := self.read(there):
            if doomed.is_set():
                taken.shutdown(socket.SHUT_RDWR)
                return
            try:
                taken.sendall(data)
            except OSError:
                return

    def close(self):
        self.socket.close()


class Outbox(Place):
    def test_queued_offline_is_done_in_order(self):
        """/outbox/what-was-queued-offline-is-done-in-order"""
        customer = self.client.post("/v1/customers", name="0")["id"]
        self.keep().stop()
        seen = self.version(customer)
        for i in range(1, 6):
            self.queue.add("customer.update", customer, seen, name=str(i))
        self.assertEqual(self.queue.states(), ["waiting"] * 5)
        self.assertIn("server is reached", self.queue.rows()[0]["why"])
        self.assertIn("comes first", self.queue.rows()[1]["why"])
        self.keep()
        self.assertEqual([row["state"] for row in self.queue.drain()], ["done"] * 5)
        self.assertEqual(self.client.get("/v1/customers/" + customer)["name"], "5")

    def test_another_program_queues_too(self):
        """/outbox/what-another-program-queues-is-sent-at-once"""
        self.keep()
        number = self.queue.add("customer.create", name="A")
        self.queue.drain()
        self.assertEqual(self.queue.row(number)["state"], "done")
        self.assertEqual(self.names(), ["A"])

    def test_of_two_refunds_one_is_done(self):
        """/outbox/of-two-refunds-of-60-one-is-done"""
        charge = self.charge()
        self.keep().stop()
        seen = self.version(charge)
        for _ in range(2):
            self.queue.add("refund.create", charge, seen, MONEY, amount=60)
        self.keep()
        rows = self.queue.drain()
        self.assertEqual([row["state"] for row in rows], ["done", "refused"], rows)
        self.assertIn("0.40", rows[1]["why"])
        self.assertEqual(self.refunded(charge), 60)
        self.queue.run("edit", rows[1]["n"], '{"amount":40}')
        rows = self.queue.drain()
        self.assertEqual([row["state"] for row in rows], ["done", "done"], rows)
        self.assertEqual(self.refunded(charge), 100)

    def test_lost_answers(self):
        """/outbox/when-answers-are-lost-all-is-done-once"""
        charge = self.charge(1000)
        cutter = Cutter(self.server)
        self.keep(server=cutter)
        cutter.cuts = 3
        for i in range(6):
            self.queue.add("refund.create", charge, 0, MONEY, amount=10 + i)
        rows = self.queue.drain()
        self.assertEqual([row["state"] for row in rows], ["done"] * 6)
        self.assertEqual(self.refunded(charge), sum(range(10, 16)))
        self.assertEqual(len(self.client.get("/v1/refunds", limit=100)["data"]), 6)
        self.assertEqual(cutter.cuts, 0)
        cutter.close()

    def test_acks(self):
        """/outbox/when-no-answer-ever-comes-the-feed-tells"""
        cutter = Cutter(self.server)
        self.keep(server=cutter)
        cutter.cuts = 1000
        self.queue.add("customer.create", name="A")
        rows = self.queue.wait_until(lambda rows: rows[0]["state"] == "done")
        self.assertIn('"ok"', rows[0]["answer"])
        self.assertEqual(self.names(), ["A"])
        cutter.close()

    def test_strange_answers(self):
        """/outbox/what-others-answer-in-the-servers-place-decides-nothing"""
        def answer(head, body, more=""):
            return (f"HTTP/1.1 {head}\r\nContent-Type: text/html\r\nConnection: close\r\n{more}"
                    f"Content-Length: {len(body)}\r\n\r\n{body}").encode()

        busy = '{"error":{"type":"invalid_request_error","code":"rate_limit","message":"Too many."}}'
        cutter = Cutter(self.server, [
            answer("200 OK", "<p>Please log in to this hotel's network</p>"),
            answer("404 Not Found", "<p>nothing here</p>"),
            answer("200 OK", "{}"),
            answer("429 Too Many Requests", busy, "Retry-After: 2\r\n")])
        keeper = self.keep(server=cutter)
        self.queue.add("customer.create", name="A")
        for _ in range(3):
            before = len(cutter.answers)
            while len(cutter.answers) == before:
                keeper.process.send_signal(signal.SIGUSR1)
                time.sleep(0.1)
        self.queue.wait_until(lambda rows: cutter.answers == [] and "Too many" in rows[0]["why"])
        begun = time.monotonic()
        self.queue.drain()
        self.assertGreater(time.monotonic() - begun, 1.5)
        self.assertEqual((self.queue.states(), self.names()), (["done"], ["A"]))
        cutter.close()

    def test_killed(self):
        """/outbox/killed-at-any-moment-all-is-done-once"""
        chance = random.Random(SEED)
        charges = {self.charge(1000): 0 for _ in range(5)}
        self.keep().stop()
        wanted = [f"n{i}" for i in range(25)]
        for name in wanted:
            self.queue.add("customer.create", name=name)
            charge = chance.choice(list(charges))
            self.queue.add("refund.create", charge, 0, MONEY, amount=7)
            charges[charge] += 7
        kills = 0
        while any(state in OPEN for state in self.queue.states()):
            keeper = self.keep(wait=False)
            time.sleep(chance.random() * 0.12 if kills < 40 else 1)
            keeper.kill()
            kills += 1
        self.assertEqual(self.queue.states(), ["done"] * 50)
        self.assertEqual(self.names(), sorted(wanted))
        self.assertEqual({charge: self.refunded(charge) for charge in charges}, charges)
        self.assertGreater(kills, 1)

    def test_server_killed(self):
        """/outbox/when-the-server-is-killed-all-is-done-once"""
        keeper = self.keep()
        wanted = [f"n{i}" for i in range(30)]
        for i, name in enumerate(wanted):
            if i % 10 == 5:
                self.server.kill()
                self.server.start()
            self.queue.add("customer.create", name=name)
        keeper.process.send_signal(signal.SIGUSR1)
        self.queue.drain(60)
        self.assertEqual(self.names(), sorted(wanted))

    def test_two_copies(self):
        """/outbox/two-copies-of-one-queue-have-one-effect"""
        charge = self.charge(1000)
        self.keep().stop()
        for i in range(10):
            self.queue.add("refund.create", charge, 0, MONEY, amount=10 + i)
            self.queue.add("customer.create", name=str(i))
        other = self.folder + "/../" + os.path.basename(self.folder) + "-copied"
        shutil.copytree(self.folder, other)
        self.keep(wait=False)
        self.keep(folder=other, wait=False)
        for queue in (self.queue, Queue(other)):
            self.assertEqual([row["state"] for row in queue.drain()], ["done"] * 20)
        self.assertEqual(self.refunded(charge), sum(range(10, 20)))
        self.assertEqual(len(self.names()), 10)
        self.keepers[-1].kill()
        shutil.rmtree(other)

    def test_conflict(self):
        """/outbox/a-conflict-shows-what-is-there-and-is-resolved"""
        customer = self.client.post("/v1/customers", name="mine")["id"]
        self.keep().stop()
        number = self.queue.add("customer.update", customer, self.version(customer), name="new")
        self.client.post("/v1/customers/" + customer, name="theirs")
        self.keep()
        self.queue.drain()
        row = self.queue.row(number)
        self.assertEqual(row["state"], "conflict")
        conflict = json.loads(row["answer"])["conflict"]
        self.assertEqual(conflict["d"]["name"], "theirs")
        self.queue.run("edit", number, '{"name":"both"}', conflict["v"])
        self.queue.drain()
        self.assertEqual(self.queue.row(number)["state"], "done")
        self.assertNotEqual(self.queue.row(number)["op"], row["op"])
        self.assertEqual(self.client.get("/v1/customers/" + customer)["name"], "both")

    def conflict(self, base, **theirs):
        """Of a customer of that name; what was wanted while @theirs was done."""
        customer = self.client.post("/v1/customers", name="was", phone="1", **{"metadata[a]": "1"})["id"]
        self.keep().stop()
        args = {"name": "mine", "phone": "2", "metadata": {"a": "2", "b": "3"}}
        number = int(self.queue.run("add", "customer.update", customer, self.version(customer), EDIT,
                                    json.dumps(args), 0, *base).stdout)
        self.client.post("/v1/customers/" + customer, **theirs)
        self.keep()
        self.queue.drain()
        return customer, number

    def compared(self, number):
        lines = self.queue.run("compare", number).stdout.splitlines()
        return int(lines[0]), lines[1:]

    def test_three_ways(self):
        """/outbox/a-conflict-is-told-from-what-the-person-saw"""
        base = {"name": "was", "phone": "1", "metadata": {"a": "1"}}
        theirs = {"name": "theirs", "metadata[b]": "3", "email": "x@example.org"}
        customer, number = self.conflict([json.dumps(base)], **theirs)
        v, fields = self.compared(number)
        self.assertEqual(fields, ["name: was|mine|theirs !", "phone: 1|2|1",
                                  "metadata[a]: 1|2|1", "metadata[b]: |3|3"])
        self.assertEqual(v, json.loads(self.queue.row(number)["answer"])["conflict"]["v"])
        # once more, while it is being resolved: what the person now saw is theirs
        self.client.post("/v1/customers/" + customer, phone="5")
        self.queue.run("change", number, "name", "both")
        self.queue.drain()
        self.assertEqual(self.compared(number)[1],
                         ["name: theirs|both|theirs", "phone: 1|2|5 !", "metadata[a]: 1|2|1",
                          "metadata[b]: 3|3|3"])
        self.queue.run("change", number, "phone", "7")
        self.queue.drain()
        self.assertEqual(self.compared(number)[0], 0)
        now = self.client.get("/v1/customers/" + customer)
        self.assertEqual((now["name"], now["phone"], now["email"], now["metadata"]),
                         ("both", "7", "x@example.org", {"a": "2", "b": "3"}))

    def test_conflict_without_base(self):
        """/outbox/a-conflict-of-an-older-queue-takes-all-that-differs-for-changed"""
        fields = self.compared(self.conflict([], phone="2", email="x@example.org")[1])[1]
        self.assertEqual(fields, ["name: ?|mine|was !", "phone: ?|2|2", "metadata[a]: ?|2|1 !",
                                  "metadata[b]: ?|3| !"])

    def test_base_of_the_next(self):
        """/outbox/what-one-changed-oneself-before-is-not-taken-for-somebody-elses"""
        customer = self.client.post("/v1/customers", name="was", phone="1")["id"]
        self.keep().stop()
        seen = '{"name":"was","phone":"1"}'
        for args in ('{"name":"first"}', '{"name":"second"}'):
            self.queue.run("add", "customer.update", customer, self.version(customer), EDIT, args, 0, seen)
        self.keep()
        self.queue.drain()
        self.assertEqual(self.queue.states(), ["done", "done"])
        with sqlite3.connect(f"file:{self.folder}/queue.db?mode=ro", uri=True) as db:
            bases = [json.loads(row[0]) for row in db.execute("SELECT base FROM intents ORDER BY n")]
        db.close()
        self.assertEqual(bases, [{"name": "was", "phone": "1"}, {"name": "first", "phone": "1"}])

    def test_older_queue(self):
        """/outbox/a-queue-of-an-older-kontor-is-carried-on"""
        number = self.queue.add("customer.create", name="A")
        self.queue.write("ALTER TABLE intents DROP COLUMN base")
        self.queue.write("PRAGMA user_version = 1")
        self.assertEqual(self.queue.row(number)["state"], "waiting")
        self.keep()
        self.queue.drain()
        self.assertEqual(self.names(), ["A"])
        self.queue.write("PRAGMA user_version = 3")
        self.assertIn("newer Kontor", self.queue.run("list", check=False).stderr)

    def test_money_is_asked_for_again(self):
        """/outbox/money-that-waited-or-whose-object-changed-is-asked-for-again"""
        charge, other = self.charge(1000), self.charge(1000)
        self.keep().stop()
        stale = self.queue.add("refund.create", charge, 0, MONEY, amount=10)
        self.queue.write("UPDATE intents SET confirmed = confirmed - 1000")
        changed = self.queue.add("refund.create", other, 1, MONEY, amount=20)
        keeper = self.keep()
        self.queue.drain()
        self.assertEqual(self.queue.states(), ["ask", "ask"])
        self.assertIn("15 minutes", self.queue.row(stale)["why"])
        self.assertIn("changed", self.queue.row(changed)["why"])
        self.assertEqual((self.refunded(charge), self.refunded(other)), (0, 0))
        self.queue.run("confirm", stale)
        self.queue.run("confirm", changed, self.version(other))
        self.queue.drain()
        self.assertEqual(self.queue.states(), ["done", "done"], self.queue.rows())
        self.assertEqual((self.refunded(charge), self.refunded(other)), (10, 20))
        keeper.stop()

    def test_sent_long_ago(self):
        """/outbox/what-was-sent-long-ago-is-looked-for-before-it-is-sent-again"""
        charge = self.charge(1000)
        self.keep().stop()
        for amount in (10, 20):
            self.queue.add("refund.create", charge, 0, MONEY, amount=amount)
        keeper = self.keep()
        self.queue.drain()
        keeper.stop()
        self.queue.add("refund.create", charge, 0, MONEY, amount=30)
        self.queue.write("UPDATE intents SET state = 'sent', unsure = 1, confirmed = confirmed - 1000"
                         " WHERE n > 1")
        self.keep()
        self.queue.drain()
        self.assertEqual(self.queue.states(), ["done", "done", "ask"])
        self.assertEqual(self.refunded(charge), 30)
        self.assertIn("knows nothing", self.queue.rows()[2]["why"])
        self.queue.run("discard", 3)
        self.assertEqual(len(self.queue.rows()), 2)

    def test_expiry(self):
        """/outbox/what-comes-too-late-by-the-servers-clock-is-not-done"""
        charge = self.charge()
        self.keep().stop()
        self.server.advance(2 * 86400)
        self.queue.add("refund.create", charge, 0, MONEY, amount=10)
        self.keep()
        rows = self.queue.drain()
        self.assertEqual(rows[0]["state"], "expired")
        self.assertEqual(self.refunded(charge), 0)

    def test_clocks(self):
        """/outbox/a-clock-that-is-days-behind-the-servers-does-no-harm"""
        charge = self.charge()
        self.server.advance(3 * 86400)
        self.keep()
        self.queue.wait_until(lambda rows: "ahead" in self.meta())
        self.queue.add("refund.create", charge, 0, MONEY, amount=10)
        self.assertEqual(self.queue.drain()[0]["state"], "done")

    def test_restored(self):
        """/outbox/after-a-restore-what-was-lost-is-shown-and-not-sent-again"""
        keeper = self.keep()
        self.queue.add("customer.create", name="before")
        self.queue.drain()
        saved = self.folder + "/saved.db"
        self.server.run("backup", saved)
        self.queue.add("customer.create", name="after")
        self.queue.drain()
        self.assertEqual(self.queue.states(), ["done", "done"])
        self.server.stop()
        self.server.run("restore", saved)
        heard = len(keeper.said)
        self.server.start()
        keeper.wait_for("replaced", heard, timeout=60)
        self.queue.wait_until(lambda rows: rows[1]["state"] == "lost")
        time.sleep(0.5)
        self.assertEqual(self.queue.states(), ["done", "lost"])
        self.assertEqual(self.names(), ["before"])
        self.queue.run("retry", 2)
        self.queue.drain()
        self.assertEqual(self.names(), ["after", "before"])

    def test_restored_while_away(self):
        """/outbox/a-restore-is-looked-into-though-the-program-was-killed-meanwhile"""
        keeper = self.keep()
        saved = self.folder + "/saved.db"
        self.server.run("backup", saved)
        for i in range(250):
            self.queue.write("INSERT INTO intents (op, action, if_v, args, class, made, confirmed,"
                             " expires, after, state, decided) VALUES"
                             f" ('op_{i}', 'customer.create', 0, '{{}}', 1, 1, 1, 1, 0, 'done',"
                             f" {int(time.time())})")
        keeper.kill()
        self.server.stop()
        self.server.run("restore", saved)
        self.server.start()
        keeper = self.keep(wait=False)
        keeper.wait_for("replaced")
        keeper.kill()
        self.keep()
        self.queue.wait_until(lambda rows: all(row["state"] == "lost" for row in rows))

    def test_depends(self):
        """/outbox/what-depends-on-what-was-refused-waits"""
        self.keep().stop()
        first = self.queue.add("customer.create", email="no address")
        second = self.queue.add("customer.create", after=first, name="B")
        third = self.queue.add("customer.create", after=second, name="C")
        self.keep()
        self.queue.drain()
        self.assertEqual(self.queue.states(), ["refused", "depends", "depends"])
        self.queue.run("edit", first, '{"name":"A"}')
        self.queue.drain()
        self.assertEqual(self.queue.states(), ["done"] * 3)
        self.assertEqual(self.names(), ["A", "B", "C"])
        self.assertEqual(self.queue.row(third)["tries"], 1)

    def test_taken_back(self):
        """/outbox/what-was-not-sent-can-be-taken-back-and-what-was-cannot"""
        number = self.queue.add("customer.create", name="A")
        kept = self.queue.add("customer.create", name="B")
        self.queue.run("discard", number)
        self.queue.run("edit", kept, '{"name":"C"}')
        self.keep()
        self.queue.drain()
        self.assertEqual(self.names(), ["C"])
        for word in (("discard", kept), ("edit", kept, "{}"), ("retry", kept), ("confirm", kept)):
            self.assertNotEqual(self.queue.run(*word, check=False).returncode, 0)
        self.assertEqual(self.queue.states(), ["done"])

    def test_refused_to_queue(self):
        """/outbox/what-needs-the-server-or-cannot-be-stored-is-not-queued"""
        done = self.queue.run("add", "api_key.create", "-", 0, ONLINE, "{}", check=False)
        self.assertIn("needs the server", done.stderr)
        done = self.queue.run("add", "customer.create", "-", 0, EDIT, "{nonsense", check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(self.queue.rows(), [])
        text = json.dumps({"description": "x" * 100000})
        done = self.queue.run("add", "customer.create", "-", 0, EDIT, text, check=False, limit=80000)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stdout.strip(), "0")
        self.assertEqual(self.queue.rows(), [])

    def test_never_to_another_account(self):
        """/outbox/what-was-queued-for-one-account-is-never-sent-to-another"""
        keeper = self.keep()
        self.queue.add("customer.create", name="A")
        self.queue.drain()
        keeper.stop()
        self.queue.write("UPDATE meta SET value = 'acct_other 1' WHERE name = 'place'")
        self.queue.add("customer.create", name="B")
        keeper = self.keep()
        time.sleep(0.5)
        self.assertEqual(self.queue.states(), ["done", "waiting"])
        self.assertTrue([said for said in keeper.said if "another account" in said])

    def test_refused_key(self):
        """/outbox/what-the-key-may-not-do-is-refused"""
        self.client.key = self.server.key(
            kind="restricted", flags=["--scopes", "kontor_read customers_read"])
        self.keep(wait=False)
        self.queue.add("customer.create", name="A")
        rows = self.queue.wait_until(lambda rows: rows[0]["state"] == "refused")
        self.assertEqual(rows[0]["tries"], 1)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    tap.main()
