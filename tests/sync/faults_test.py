"""faults_test.py: what networks, disks, clocks and people do to a copy and its queue, each on the real programs.

Where each case is tested, numbered as in the list of failure cases; other files by their names:
   1 either side dies at a write       kills_test (each step); outbox, replica: at random moments
   2 an answer is lost                 outbox: when-answers-are-lost, when-no-answer-ever-comes
   3 a proxy repeats a request         here; swapped: here
   4 two copies of one queue           outbox: two-copies-of-one-queue; replica: the-second-program-only-reads
   5 cut in a line, a letter, gzip     here
   6 a cursor that is not one          feed: a-cursor-…; here: what a console does then
   7 the log is shorter than the copy  here
   8 restored: once, twice, while away outbox, replica: after-a-restore…; here: twice
   9 deleted and made again            here
  10 one object changes often          feed: an-object-is-one-line-however-often-it-changed
  11 a person is disabled, may less    here
  12 two refunds of 60 of 100          outbox: of-two-refunds-of-60-one-is-done
  13 both sides edit                   outbox: a-conflict-…; here: other field, deleted there
  14 expiry on the way                 here
  15 clocks                            here; outbox: a-clock-that-is-days-behind. Nothing that is kept or sent is in
                                       local time, so a change to summer time is none, and a leap second is a second
  16 newer than this program           here
  17 the disk is full                  here; of the queue: outbox: what-needs-the-server-or-cannot-be-stored
  18 a flipped byte                    check: what-is-wrong-…, a-file-that-is-damaged-…; digest: one-wrong-letter-is-found;
                                       replica: a-broken-file
  19 a snapshot while the server writes snapshot: it-is-of-one-moment
  20 a slow line                       here
  21 asleep for three days             here
  22 two programs on one copy          replica: the-second-program-only-reads
  23 test and live mixed up            here
  24 what depends on what was refused  outbox: what-depends-on-what-was-refused-waits
  25 a long queue, 429                 here
  26 wiped with queued work            here: who-is-disabled…: exported, the queue stays; outbox: another account's
  27 nothing is found wrong            here; check: a-right-copy-…, of-twenty-thousand-payments-…
  28 late rows are not passed over     feed: the-request-log-comes-whole-although-rows-come-late
"""

import gzip
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest
import unittest.mock

import tap
from copy_of import Chance, Client, Copy, Refused, digest
from kontord import Server
from misfortune import Misfortune
from place import EDIT, HARMLESS, MONEY, Place
from proxy import FEED, SNAPSHOT, Proxy
from replica_test import rows_of

SEED = int(os.environ.get("KONTOR_SEED", "4711"))
DAY = 86400


class Faults(Place):
    """With a network between the console and the server."""

    def setUp(self):
        super().setUp()
        self.proxy = Proxy(self.server, SEED)
        self.misfortune = Misfortune()

    def tearDown(self):
        self.proxy.close()
        super().tearDown()
        self.misfortune.close()

    def keep_far(self, **more):
        return self.keep(server=self.proxy, **more)

    def until(self, test, keeper=None, patience=20):
        """Until @test() is true, pressing meanwhile."""
        end = time.monotonic() + patience
        while not test():
            assert time.monotonic() < end, keeper and keeper.said[-9:]
            self.press(keeper)
            time.sleep(0.05)

    def body(self, name):
        """Of an object in the copy; None when it is not there."""
        with sqlite3.connect(f"file:{self.folder}/replica.db?mode=ro", uri=True) as db:
            row = db.execute("SELECT v, body FROM objects WHERE id = ?", [name]).fetchone()
        db.close()
        return row and (row[0], json.loads(row[1]))


class Network(Faults):
    def test_repeated(self):
        """/faults/what-a-proxy-sends-twice-is-done-once"""
        charge = self.charge(1000)
        self.keep_far()
        self.proxy.repeat(times=4, last=True)
        self.proxy.repeat(times=4, last=False)
        for i in range(4):
            self.queue.add("refund.create", charge, 0, MONEY, amount=10 + i)
            self.queue.add("customer.create", name=str(i))
        self.assertEqual({row["state"] for row in self.queue.drain()}, {"done"})
        self.assertEqual(self.proxy.left(), 0)
        self.assertEqual(self.refunded(charge), 46)
        self.assertEqual(self.names(), ["0", "1", "2", "3"])

    def test_swapped(self):
        """/faults/what-arrives-in-another-order-is-done-in-the-order-of-each-object"""
        customers = [self.client.post("/v1/customers", name="")["id"] for _ in range(2)]
        self.keep().stop()
        for i in range(4):
            for customer in customers:
                self.queue.add("customer.update", customer, 0, HARMLESS, name=str(i))
        for _ in range(4):
            self.proxy.swap()
        self.keep_far(wait=False)
        self.assertEqual({row["state"] for row in self.queue.drain()}, {"done"})
        self.assertEqual(self.names(), ["3", "3"])

    def cuts(self, body):
        """Where a page is cut: in a line, in a letter, behind a line, before and in the last one."""
        last = body.rindex(b"\n", 0, len(body) - 1) + 1
        letter = body.index("ü".encode()) + 1
        line = body.index(b"\n") + 1
        return [0, 7, letter, line, last, last + 9, len(body) - 1]

    def test_page_cut(self):
        """/faults/a-page-that-is-cut-anywhere-is-not-applied-and-comes-again"""
        keeper = self.keep_far()
        for way in (self.proxy.cut, lambda at: self.proxy.alter(lambda body: body[:at(body)])):
            for number in range(7):
                before = self.copy_meta("cursor")
                self.proxy.is_refused = True
                self.proxy.break_off()
                self.client.post("/v1/customers", name="Jürgen")
                self.client.post("/v1/customers", name="Zoë")

                def place(body, number=number):
                    self.proxy.is_refused = True  # so that it does not come again at once
                    return self.cuts(body)[number]

                way(place)
                self.proxy.is_refused = False
                self.until(lambda: self.proxy.left() == 0, keeper)
                time.sleep(0.1)
                self.assertEqual(self.copy_meta("cursor"), before)
                self.proxy.is_refused = False
                self.assert_same(keeper=keeper)
        self.assertEqual(self.proxy.left(), 0)

    def test_snapshot_cut(self):
        """/faults/a-snapshot-that-is-cut-goes-on-and-one-that-is-damaged-is-not-used"""
        for _ in range(20):
            self.client.pay()
        packed = []
        self.proxy.alter(lambda body: packed.append(body[:2]) or body, SNAPSHOT)
        for at in (0, 1, 11, 500, 5000):
            self.proxy.cut(at, SNAPSHOT)
        keeper = self.keep_far(wait=False)
        self.until(lambda: "current" in keeper.said, keeper, 40)
        self.assert_same()
        keeper.stop()
        os.remove(self.folder + "/replica.db")

        def spoil(body):
            plain = bytearray(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
            at = plain.index(b"pm_card") if b"pm_card" in plain else len(plain) - 500
            plain[at] ^= 1
            return gzip.compress(bytes(plain)) if body[:2] == b"\x1f\x8b" else bytes(plain)

        self.proxy.heal()
        self.proxy.alter(spoil, SNAPSHOT)
        keeper = self.keep_far(wait=False)
        self.told(keeper, "napshot")
        self.assertFalse([said for said in keeper.said if said == "current"])
        self.assertFalse(os.path.exists(self.folder + "/replica.db"))
        self.until(lambda: "current" in keeper.said, keeper)
        self.assert_same()

    def test_slow(self):
        """/faults/over-a-slow-and-lossy-line-all-comes-and-the-program-stays-quick"""
        chance = Chance(self.client, SEED)
        for _ in range(30):
            chance.step()
        self.proxy.delay_s, self.proxy.rate, self.proxy.loss = 0.2, 60000, 0.05
        keeper = self.keep_far(wait=False)
        self.queue.add("customer.create", name="A")
        self.until(lambda: self.queue.states() == ["done"] and "current" in keeper.said, keeper, 60)
        self.assert_same(keeper=keeper)
        keeper.process.send_signal(signal.SIGUSR2)
        late_ms = int(self.told(keeper, "late ").split()[1])
        print(f"# the program was kept from drawing for {late_ms} ms at most")
        self.assertLess(late_ms, 250)  # 50 on a machine of its own
        self.assertEqual(self.names().count("A"), 1)

    def test_asleep(self):
        """/faults/after-three-days-of-sleep-in-a-long-poll-all-comes-and-money-asks"""
        charge = self.charge(1000)
        keeper = self.keep_far(env=self.misfortune.environment())
        self.proxy.is_refused = True
        self.proxy.break_off()
        keeper.wait_for("offline")
        self.queue.add("refund.create", charge, 0, MONEY, amount=10)
        self.queue.add("customer.create", name="A")
        self.queue.write("UPDATE intents SET expires = expires + 9 * 86400")
        keeper.process.send_signal(signal.SIGSTOP)
        self.misfortune.move_clock(3 * DAY)
        self.server.advance(3 * DAY)
        self.client.pay()
        self.proxy.is_refused = False
        keeper.process.send_signal(signal.SIGCONT)
        self.assert_same(keeper=keeper)
        self.queue.wait_until(lambda rows: rows[1]["state"] == "done")
        self.queue.drain()
        self.assertEqual(self.queue.states(), ["ask", "done"])
        self.assertEqual(self.refunded(charge), 0)

    def test_stalled(self):
        """/faults/a-line-on-which-nothing-moves-is-taken-up-when-it-moves-again"""
        keeper = self.keep_far()
        self.proxy.is_stalled = True
        number = self.queue.add("customer.create", name="A")
        self.queue.wait_until(lambda rows: rows[0]["state"] == "sent")
        self.assertNotEqual(self.queue.run("discard", number, check=False).returncode, 0)
        self.assertEqual(self.names(), [])
        self.proxy.is_stalled = False
        self.queue.drain()
        self.assert_same(keeper=keeper)
        self.assertEqual(self.names(), ["A"])

    def test_long_queue(self):
        """/faults/a-long-queue-drains-in-order-though-the-server-asks-for-patience"""
        busy = b'{"error":{"type":"invalid_request_error","code":"rate_limit","message":"Too many."}}'
        customer = self.client.post("/v1/customers", name="")["id"]
        self.keep().stop()
        self.queue.add("customer.update", customer, 0, HARMLESS, name="0")
        self.queue.write(
            "WITH RECURSIVE more (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM more WHERE i < 399)"
            " INSERT INTO intents (op, action, target, if_v, args, class, made, confirmed, expires,"
            " after, state) SELECT 'op_long_' || i, action, target, 0, '{\"name\":\"' || i || '\"}',"
            " class, made, confirmed, expires, 0, 'waiting' FROM intents, more")
        for _ in range(2):
            self.proxy.answer(b"HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\n"
                              b"Retry-After: 1\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
                              % (len(busy), busy))
        begun = time.monotonic()
        self.keep_far()
        rows = self.queue.drain(60)
        self.assertGreater(time.monotonic() - begun, 2)
        self.assertEqual({row["state"] for row in rows}, {"done"})
        versions = [json.loads(row["answer"])["v"] for row in rows]
        self.assertEqual(versions, sorted(set(versions)))
        self.assertEqual(self.names(), ["399"])


class History(Faults):
    def test_forged(self):
        """/faults/a-copy-whose-cursor-the-server-did-not-make-is-fetched-anew"""
        self.keep().stop()
        self.copy_meta("cursor", "AAAA")
        keeper = self.keep(wait=False)
        keeper.wait_for("replaced")
        keeper.wait_for("current")
        self.client.pay()
        self.assert_same()

    def test_shorter_log(self):
        """/faults/a-copy-that-is-ahead-of-the-server-is-fetched-anew"""
        self.client.pay()
        saved = self.folder + "/saved"
        self.server.stop()
        shutil.copytree(self.server.data_dir, saved)
        self.server.start()
        self.client.pay()
        keeper = self.keep()
        keeper.stop()
        self.server.stop()
        shutil.rmtree(self.server.data_dir)
        shutil.copytree(saved, self.server.data_dir)  # as if by hand: the epoch is the old one
        self.server.start()
        keeper = self.keep(wait=False)
        keeper.wait_for("replaced")
        keeper.wait_for("current")
        self.assert_same()

    def test_restored_twice(self):
        """/faults/after-two-restores-while-away-what-either-lost-is-told"""
        keeper = self.keep()
        saved = [f"{self.folder}/saved{i}.db" for i in range(2)]
        for i in range(3):
            self.queue.add("customer.create", name=str(i))
            self.queue.drain()
            if i < 2:
                self.server.run("backup", saved[i])
        keeper.stop()
        self.server.stop()
        self.server.run("restore", saved[1])
        self.server.start()
        self.client.post("/v1/customers", name="of the history between")
        self.server.stop()
        self.server.run("restore", saved[0])
        self.server.start()
        keeper = self.keep(wait=False)
        keeper.wait_for("replaced")
        self.queue.wait_until(lambda rows: [r["state"] for r in rows] == ["done", "lost", "lost"])
        self.assert_same()
        self.assertEqual(self.names(), ["0"])

    def test_made_again(self):
        """/faults/what-is-deleted-and-made-again-under-the-same-name-is-there"""
        customer = self.client.post("/v1/customers", name="A")["id"]
        keeper = self.keep_far()
        version = self.version(customer)

        def say(**more):
            line = json.dumps({"t": "customer", "id": customer, "c": 1, **more}).encode() + b"\n"
            # The page that says it first may be on a connection that is being broken off.
            self.proxy.alter(lambda body: line + body, times=50)

        for more, test in (
                ({"v": version + 1, "gone": True}, lambda: self.body(customer) is None),
                ({"v": version + 2, "d": {"name": "B"}},
                 lambda: (self.body(customer) or (0, {}))[1].get("name") == "B"),
                ({"v": version + 1, "gone": True}, lambda: True),
                ({"v": version + 1, "d": {"name": "A"}}, lambda: True)):
            say(**more)
            self.proxy.break_off()
            self.until(lambda: self.proxy.left() < 50, keeper)
            self.client.pay()
            self.until(test, keeper)
            self.proxy.heal()
        self.assertEqual(self.body(customer), (version + 2, {"name": "B"}))

    def test_newer(self):
        """/faults/what-a-newer-server-sends-is-kept-or-passed-over"""
        keeper = self.keep_far()
        customer = self.client.post("/v1/customers", name="A")["id"]
        self.assert_same()
        version = self.version(customer)
        lines = [{"t": "customer", "id": customer, "v": version + 1, "c": 1, "later": {"a": [1]},
                  "d": {"name": "B", "mood": {"of": ["late", 1.5, None, "ü"]}}},
                 {"t": "spaceship", "id": "ship_1", "v": 1, "c": 1, "d": {}}]
        self.proxy.alter(lambda body: "".join(
            json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode() + body)
        self.proxy.break_off()
        self.until(lambda: self.proxy.left() == 0, keeper)
        self.client.pay()
        self.until(lambda: self.version(customer) == version + 1, keeper)
        self.assertEqual(self.body(customer)[1], lines[0]["d"])
        self.client.pay()
        self.until(lambda: "current" in keeper.said[-3:], keeper)

    def test_other_make(self):
        """/faults/a-copy-of-an-older-make-is-fetched-anew-and-one-of-a-newer-is-refused"""
        self.keep().stop()
        self.copy_meta("schema", "0")
        keeper = self.keep(wait=False)
        keeper.wait_for("replaced")
        keeper.wait_for("current")
        keeper.stop()

        def newer(body):
            plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
            with tempfile.NamedTemporaryFile() as file:
                file.write(plain)
                file.flush()
                with sqlite3.connect(file.name) as db:
                    db.execute("UPDATE meta SET value = '99' WHERE name = 'schema'")
                db.close()
                with open(file.name, "rb") as changed:
                    plain = changed.read()
            return gzip.compress(plain) if body[:2] == b"\x1f\x8b" else plain

        self.copy_meta("cursor", "AAAA")
        self.proxy.alter(newer, SNAPSHOT)
        keeper = self.keep_far(wait=False)
        self.told(keeper, "another make")
        self.assertFalse([said for said in keeper.said if said == "replaced"])

    def test_swapped_copies(self):
        """/faults/copies-of-test-and-live-mode-that-change-places-are-refused"""
        live, key = tempfile.mkdtemp(prefix="kontor-live-"), self.server.key("live")
        self.keep().stop()
        self.queue.add("customer.create", name="A")
        test_key, self.client.key = self.client.key, key
        self.keep(folder=live).stop()
        self.client.key = test_key
        os.rename(f"{live}/replica.db", f"{self.folder}/replica.db")
        keeper = self.keep(wait=False)
        keeper.wait_for("replaced")
        keeper.wait_for("current")
        self.assertEqual(self.copy_meta("livemode"), "0")
        self.queue.drain()
        self.assertEqual((self.queue.states(), self.names()), (["done"], ["A"]))
        self.assertEqual(Client(self.server, key).get("/v1/customers")["data"], [])
        shutil.rmtree(live)


class People(Faults):
    def sign_in(self):
        """The token of somebody's session."""
        argv = [self.server.program, "user", "create", "--data-dir", self.server.data_dir,
                "--email", "ada@example.com", "--password-stdin"]
        subprocess.run(argv, input="correct horse battery\n", text=True, check=True,
                       capture_output=True, env=self.server.env)
        return self.client.post("/v1/kontor/sessions", email="ada@example.com",
                                password="correct horse battery")["token"]

    def test_disabled(self):
        """/faults/who-is-disabled-while-work-is-queued-is-told-and-nothing-is-done"""
        key, self.client.key = self.client.key, self.sign_in()
        keeper = self.keep()
        self.queue.add("customer.create", name="A")
        self.queue.drain()
        keeper.stop()
        self.queue.add("customer.create", name="B")
        subprocess.run([self.server.program, "user", "disable", "--data-dir", self.server.data_dir,
                        "--email", "ada@example.com"], check=True, env=self.server.env,
                       capture_output=True)
        self.until(lambda: self.is_locked_out())
        keeper = self.keep(wait=False)
        said = keeper.said[keeper.wait_for("refused")]
        name = next(name for name in os.listdir(self.folder) if name.startswith("queue-export-"))
        path = f"{self.folder}/{name}"
        self.assertIn(path, said)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        with open(path, encoding="utf-8") as file:
            actions = json.load(file)["actions"]
        self.assertEqual([(a["do"], a["args"]) for a in actions],
                         [("customer.create", {"name": "B"})])
        self.assertEqual([n for n in os.listdir(self.folder) if n.startswith("replica.db")], [])
        self.assertGreater(keeper.wait_for("refused"), keeper.wait_for("replaced"))
        time.sleep(0.3)
        self.client.key = key
        self.assertEqual((self.queue.states()[1], self.names()), ("waiting", ["A"]))

    def test_proxy_says_no(self):
        """/faults/a-proxy-that-wants-a-password-deletes-nothing"""
        self.client.pay()
        keeper = self.keep_far()
        keeper.stop()
        self.queue.add("customer.create", name="A")
        self.proxy.answer(b"HTTP/1.1 401 Unauthorized\r\nContent-Type: text/html\r\n"
                          b"Connection: close\r\nContent-Length: 3\r\n\r\nNo.", FEED)
        keeper = self.keep_far(wait=False)
        keeper.wait_for("current", keeper.wait_for("offline"))
        self.assertNotIn("replaced", keeper.said)
        self.assertFalse([n for n in os.listdir(self.folder) if n.startswith("queue-export-")])

    def is_locked_out(self):
        """By each of the server's threads; that takes them up to two seconds."""
        for _ in range(20):
            try:
                self.client.get("/v1/customers")
                return False
            except Refused as refused:
                assert refused.status == 401, refused
        return True

    def test_may_less(self):
        """/faults/who-may-less-than-before-has-less-in-the-copy-and-is-refused-the-rest"""
        self.client.pay()
        self.client.post("/v1/customers", name="A")
        self.keep().stop()
        self.queue.add("customer.create", name="B")
        key = self.client.key
        self.client.key = self.server.key(
            kind="restricted", flags=["--scopes", "kontor_read charges_read"])
        keeper = self.keep()
        keeper.wait_for("replaced")
        kinds = {kind for kind, _ in rows_of(self.folder)}
        self.assertIn("charge", kinds)
        self.assertFalse({"customer", "payment_intent"} & kinds)
        self.assertEqual(self.queue.drain()[0]["state"], "refused")
        self.client.key = key
        self.assertEqual(self.names(), ["A"])

    def test_edits(self):
        """/faults/an-edit-of-another-field-or-of-what-was-deleted-is-a-conflict"""
        changed, deleted = (self.client.post("/v1/customers", name=n)["id"] for n in ("A", "B"))
        self.keep().stop()
        for customer in (changed, deleted):
            self.queue.add("customer.update", customer, self.version(customer), EDIT, name="mine")
        self.client.post("/v1/customers/" + changed, email="theirs@example.com")
        self.client.ask("DELETE", "/v1/customers/" + deleted)
        self.keep()
        rows = self.queue.drain()
        self.assertEqual([row["state"] for row in rows], ["conflict", "conflict"])
        there, gone = (json.loads(row["answer"])["conflict"] for row in rows)
        self.assertEqual((there["d"]["name"], there["d"]["email"]), ("A", "theirs@example.com"))
        self.assertTrue(gone["gone"])
        self.queue.run("edit", 1, '{"name":"mine"}', there["v"])
        self.queue.drain()
        customer = self.client.get("/v1/customers/" + changed)
        self.assertEqual((customer["name"], customer["email"]), ("mine", "theirs@example.com"))


class Machines(Faults):
    def test_expires_on_the_way(self):
        """/faults/what-expires-on-its-way-is-not-done-and-the-answer-says-so"""
        charge = self.charge(1000)
        self.keep_far()
        self.proxy.before(lambda: self.server.advance(2 * DAY))
        self.queue.add("refund.create", charge, 0, MONEY, amount=10)
        self.assertEqual([row["state"] for row in self.queue.drain()], ["expired"])
        self.assertEqual((self.refunded(charge), self.proxy.left()), (0, 0))

    def test_clocks(self):
        """/faults/a-clock-that-is-a-day-wrong-in-either-direction-does-no-harm"""
        charge = self.charge(1000)
        done = 0
        for ahead_s in (DAY, -DAY):
            self.misfortune.move_clock(ahead_s)
            keeper = self.keep(env=self.misfortune.environment())
            self.until(lambda: abs(int(self.meta().get("ahead", 0)) + ahead_s) < 60)
            with unittest.mock.patch.dict(os.environ, self.misfortune.environment()):
                self.queue.add("refund.create", charge, 0, MONEY, amount=10)
            done += 10
            self.queue.drain()
            self.assertEqual(self.queue.states()[-1], "done", self.queue.rows()[-1])
            self.assertEqual(self.refunded(charge), done)
            keeper.stop()

    def test_full_disk(self):
        """/faults/with-a-full-disk-the-copy-stays-as-it-was-and-goes-on-with-room"""
        self.client.pay()
        keeper = self.keep_far(env=self.misfortune.environment())
        cursor = self.copy_meta("cursor")
        self.misfortune.fill_disk()
        self.client.pay()
        keeper.wait_for("full")
        self.assertEqual(self.copy_meta("cursor"), cursor)
        with unittest.mock.patch.dict(os.environ, self.misfortune.environment()):
            done = self.queue.run("add", "customer.create", "-", 0, EDIT, '{"name":"A"}', check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(self.queue.rows(), [])
        self.misfortune.fill_disk(False)
        self.assert_same()
        keeper.wait_for("current")

    def test_full_disk_at_first(self):
        """/faults/a-snapshot-for-which-there-is-no-room-is-fetched-when-there-is"""
        self.client.pay()
        self.proxy.is_refused = True
        keeper = self.keep_far(wait=False, env=self.misfortune.environment())
        keeper.wait_for("offline")
        self.misfortune.fill_disk()
        self.proxy.is_refused = False
        self.until(lambda: [said for said in keeper.said if said.startswith("full")], keeper)
        self.misfortune.fill_disk(False)
        self.until(lambda: "current" in keeper.said, keeper)
        self.assert_same()


class Large(unittest.TestCase):
    def test_nothing_wrong(self):
        """/faults/in-a-healthy-copy-of-twenty-thousand-payments-nothing-is-found-in-seconds"""
        data_dir = tempfile.mkdtemp(prefix="kontor-large-")
        subprocess.run([os.environ["KONTORD"], "demo", "--data-dir", data_dir, "--rows", "20000"],
                       check=True, capture_output=True)
        server = Server(data_dir=data_dir)
        client = Client(server)
        copy, sums = Copy(client), {}
        copy.fetch()
        begun = time.monotonic()
        for kind in ("customer", "payment_intent", "charge", "refund", "balance_transaction"):
            sums[kind] = client.get("/v1/kontor/sync/digest", t=kind)
        taken = time.monotonic() - begun
        for kind, said in sums.items():
            rows = copy.of(kind)
            total = sum(digest(name, v, json.dumps(body, ensure_ascii=False, separators=(",", ":")))
                        for name, (v, _, body) in rows.items())
            self.assertEqual((len(rows), f"{total % 2**64:016x}"), (said["n"], said["sum"]), kind)
        self.assertLess(taken, 10)
        server.stop()
        server.remove()


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    tap.main()
