"""feed_test.py: who follows the feed holds what the server holds, and nothing else."""

import base64
import json
import os
import sqlite3
import subprocess
import threading
import time
import unittest

import tap
from copy_of import Chance, Client, Copy, Refused, nouns, truth
from kontord import Server

SEED = int(os.environ.get("KONTOR_SYNC_SEED", "4711"))


class Feed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.client = Client(cls.server)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.server.remove()

    def refused(self, status, cursor, client=None):
        with self.assertRaises(Refused) as caught:
            (client or self.client).changes(cursor)
        self.assertEqual(caught.exception.status, status, caught.exception)
        return caught.exception.json()

    def of(self, scopes):
        """A client of a new key: another one's snapshots are not meant for it."""
        return Client(self.server, self.server.key(kind="restricted", flags=["--scopes", scopes]))

    def test_a_copy_is_what_the_server_holds_after_random_work(self):
        """/sync/a-copy-is-what-the-server-holds-after-random-work"""
        chance = Chance(self.client, SEED)
        copy, slow = Copy(self.client), Copy(self.client)
        for _ in range(30):
            for _ in range(chance.random.randrange(1, 12)):
                chance.step()
            copy.pull(limit=chance.random.choice([1, 7, 100, 1000]))
            self.assertEqual(nouns(copy), truth(self.server), f"seed {SEED}")
        slow.pull(limit=13)
        self.assertEqual(nouns(slow), truth(self.server), f"seed {SEED}")
        fresh = Copy(self.client)
        fresh.fetch()
        fresh.pull()
        self.assertEqual(nouns(fresh), truth(self.server), f"seed {SEED}")
        self.assertEqual(copy.of("event"), fresh.of("event"))
        self.assertEqual(copy.of("ledger_entry"), fresh.of("ledger_entry"))
        events = [event["id"] for event in self.client.get("/v1/events", limit=100)["data"]]
        self.assertLessEqual(set(events), set(copy.of("event")))

    def test_an_object_is_one_line_however_often_it_changed(self):
        """/sync/an-object-is-one-line-however-often-it-changed"""
        copy = Copy(self.client).pull()
        customer = self.client.post("/v1/customers", name="0")["id"]
        for number in range(300):
            self.client.post("/v1/customers/" + customer, name=str(number))
        lines, _ = self.client.changes(copy.cursor)
        mine = [line for line in lines if line["id"] == customer]
        self.assertEqual(len(mine), 1)
        self.assertEqual(mine[0]["d"]["name"], "299")

    def test_what_is_deleted_is_gone(self):
        """/sync/what-is-deleted-is-gone"""
        customer = self.client.post("/v1/customers", name="A")["id"]
        copy = Copy(self.client).pull()
        self.assertIn(("customer", customer), copy.rows)
        self.client.ask("DELETE", "/v1/customers/" + customer)
        lines, _ = self.client.changes(copy.cursor)
        line = next(line for line in lines if line["id"] == customer)
        self.assertTrue(line["gone"])
        self.assertNotIn("d", line)
        self.assertNotIn(("customer", customer), copy.pull().rows)

    def test_a_copy_holds_no_secrets(self):
        """/sync/a-copy-holds-no-secrets"""
        intent = self.client.pay(payment_method="pm_card_threeDSecure2Required",
                                 return_url="https://example.com/back")
        setup = self.client.post("/v1/setup_intents", **{"payment_method_types[]": "card"})
        letters = [thing["client_secret"].split("_secret_")[1] for thing in (intent, setup)]
        copy = Copy(self.client).pull()
        text = json.dumps([row for row in copy.rows.values()])
        for secret in letters:
            self.assertNotIn(secret, text)
        self.assertNotIn("whsec_", text)
        self.assertNotIn(self.client.key, text)

    def test_the_request_log_comes_whole_although_rows_come_late(self):
        """/sync/the-request-log-comes-whole-although-rows-come-late"""
        copy = Copy(self.client).pull()
        stop = threading.Event()
        done = []

        def write(client, refuse):
            while not stop.is_set():
                try:
                    client.post("/v1/customers", **({"nonsense": 1} if refuse else {"name": "B"}))
                except Refused:
                    pass
                done.append(1)

        threads = [threading.Thread(target=write, args=(Client(self.server), i % 2))
                   for i in range(4)]
        for thread in threads:
            thread.start()
        until = time.monotonic() + 2.5
        while time.monotonic() < until:
            copy.pull()
        stop.set()
        for thread in threads:
            thread.join()
        time.sleep(1.2)
        copy.pull()
        logged = set()
        after = {}
        while True:
            page = self.client.get("/v1/kontor/request_logs", limit=100, **after)
            logged |= {row["id"] for row in page["data"]}
            if not page["has_more"]:
                break
            after = {"starting_after": page["data"][-1]["id"]}
        time.sleep(1.2)
        self.assertGreater(len(done), 100)
        self.assertLessEqual(logged, set(copy.pull().of("request_log")))

    def test_a_wait_ends_with_the_next_change(self):
        """/sync/a-wait-ends-with-the-next-change"""
        copy = Copy(self.client).pull()
        begun = time.monotonic()
        lines, _ = self.client.changes(copy.cursor, wait=1)
        self.assertGreater(time.monotonic() - begun, 0.9)
        self.assertEqual([line for line in lines if line["t"] != "request_log"], [])
        threading.Timer(0.3, lambda: self.client.post("/v1/customers", name="C")).start()
        begun = time.monotonic()
        lines, last = self.client.changes(copy.cursor, wait=20)
        self.assertLess(time.monotonic() - begun, 5)
        self.assertIn("customer", [line["t"] for line in lines])
        self.assertFalse(last["more"])

    def test_no_more_than_twenty_wait_for_one_key(self):
        """/sync/no-more-than-twenty-wait-for-one-key"""
        copy = Copy(self.client).pull()
        outcomes = []

        def wait():
            try:
                self.client.changes(copy.cursor, wait=3)
                outcomes.append(200)
            except Refused as refused:
                outcomes.append(refused.status)

        threads = [threading.Thread(target=wait) for _ in range(25)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(outcomes), 25)
        self.assertGreaterEqual(outcomes.count(429), 1)
        self.assertGreaterEqual(outcomes.count(200), 19)

    def test_a_cursor_cannot_be_made_up(self):
        """/sync/a-cursor-cannot-be-made-up"""
        cursor = Copy(self.client).pull().cursor
        raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        for place in range(len(raw)):
            changed = bytearray(raw)
            changed[place] ^= 1
            text = base64.urlsafe_b64encode(bytes(changed)).decode().rstrip("=")
            error = self.refused(400, text)
            self.assertEqual(error["error"]["param"], "cursor")
        for text in ("x", "AAAA", cursor[:-4], cursor + "AAAA", "%00", "é", "A" * 2000):
            self.refused(400, text)

    def test_a_cursor_is_of_one_account_mode_and_role(self):
        """/sync/a-cursor-is-of-one-account-mode-and-role"""
        cursor = Copy(self.client).pull().cursor
        live = Client(self.server, self.server.key("live"))
        narrow = Client(self.server, self.server.key(
            kind="restricted", flags=["--scopes", "kontor_read charges_read"]))
        for other in (live, narrow):
            error = self.refused(410, cursor, other)
            self.assertEqual((error["resnapshot"], error["why"]), (True, "scope"))
            self.assertEqual(error["error"]["code"], "resnapshot")
        kinds = {kind for kind, _ in Copy(narrow).pull().rows}
        self.assertLessEqual(kinds, {"charge", "refund", "request_log", "audit_entry", "notice"})
        self.assertIn("charge", kinds)
        self.assertEqual({kind for kind, _ in Copy(live).pull().rows}
                         - {"request_log", "audit_entry"}, {"account"})

    def test_the_audit_log_is_told_to_who_may_read_it(self):
        """/sync/the-audit-log-is-told-to-who-may-read-it"""
        hook = self.client.post("/v1/webhook_endpoints", url="https://example.com/a",
                                **{"enabled_events[]": "*"})["id"]
        fresh = Copy(self.of("audit_read kontor_read"))
        copy = Copy(self.client).pull()
        fresh.fetch()
        self.assertEqual(copy.of("audit_entry"), fresh.of("audit_entry"))
        entries = self.client.get("/v1/kontor/audit_log", limit=100)["data"]
        self.assertIn((hook, "webhook_endpoint.create"),
                      [(entry["target"], entry["action"]) for entry in entries])
        self.assertEqual(len(entries), len(copy.of("audit_entry")))
        for entry in entries:
            _, created, body = copy.of("audit_entry")[entry["id"]]
            self.assertEqual(entry, {"id": entry["id"], "object": "kontor.audit_entry",
                                     "created": created, **body})
        live = Copy(Client(self.server, self.server.key("live"))).pull()
        self.assertNotIn(hook, json.dumps([row for row in live.of("audit_entry").values()]))

    def test_a_notice_that_is_dismissed_comes_again(self):
        """/sync/a-notice-that-is-dismissed-comes-again"""
        with sqlite3.connect(self.server.data_dir + "/kontor.db") as db:
            for number in range(3):
                db.execute("INSERT INTO notices (scope, created, kind, object, message, change)"
                           " VALUES (2, 1795375204, 'test', 'we_1', 'Look.',"
                           " (SELECT coalesce(max(change), 0) + 1 FROM notices))")
        db.close()
        copy = Copy(self.client).pull()
        notices = self.client.get("/v1/kontor/notices")["data"]
        self.assertEqual({row["id"] for row in notices}, set(copy.of("notice")))
        chosen = notices[1]["id"]
        before = copy.of("notice")[chosen]
        self.assertIsNone(before[2]["dismissed"])
        done = self.client.post(f"/v1/kontor/notices/{chosen}/dismiss")
        lines, _ = self.client.changes(copy.cursor, wait=20)
        told = [line for line in lines if line["t"] == "notice"]
        self.assertEqual([line["id"] for line in told], [chosen])
        self.assertEqual(told[0]["d"]["dismissed"], done["dismissed"])
        self.assertGreater(told[0]["v"], before[0])
        copy.pull()
        self.client.post(f"/v1/kontor/notices/{chosen}/dismiss")
        self.assertEqual([line for line in self.client.changes(copy.cursor)[0]
                          if line["t"] == "notice"], [])
        fresh = Copy(self.of("kontor_read events_read"))
        fresh.fetch()
        self.assertEqual(fresh.of("notice"), copy.of("notice"))

    def test_a_log_that_is_followed_misses_no_late_row(self):
        """/sync/a-log-that-is-followed-misses-no-late-row"""
        stop = threading.Event()
        clients = [Client(self.server) for _ in range(4)]
        first = self.client.get("/v1/kontor/request_logs", after="now", limit=1)["next"]

        def write(client, refuse):
            while not stop.is_set():
                try:
                    client.post("/v1/customers", **({"nonsense": 1} if refuse else {"name": "L"}))
                except Refused:
                    pass

        threads = [threading.Thread(target=write, args=(client, i % 2))
                   for i, client in enumerate(clients)]
        for thread in threads:
            thread.start()
        seen, after, until = [], first, time.monotonic() + 2
        while not stop.is_set() or page["data"] or time.monotonic() < until + 3:
            page = self.client.get("/v1/kontor/request_logs", after=after, wait=1, limit=100)
            seen += [row["id"] for row in page["data"]]
            after = page["next"]
            if time.monotonic() >= until and not stop.is_set():
                stop.set()
                for thread in threads:
                    thread.join()
        with sqlite3.connect(self.server.data_dir + "/kontor.db") as db:
            logged = [row[0] for row in db.execute(
                "SELECT id FROM requests WHERE key >> 48 = 2 AND key >"
                " (SELECT key FROM requests WHERE id = ?) ORDER BY key", [first])]
        db.close()
        self.assertGreater(len(logged), 100)
        self.assertEqual(seen, logged)
        for name, value in (("after", "req_x"), ("starting_after", first)):
            with self.assertRaises(Refused) as caught:
                self.client.get("/v1/kontor/request_logs", **{"after": first, name: value})
            self.assertEqual(caught.exception.json()["error"]["param"], name)


class History(unittest.TestCase):
    def test_a_restored_server_is_another_history(self):
        """/sync/a-restored-server-is-another-history"""
        server = Server()
        client = Client(server)
        backup = os.path.join(server.data_dir, "backup")
        client.pay()
        subprocess.run([server.program, "backup", "--data-dir", server.data_dir, backup], check=True)
        client.pay()
        copy = Copy(client).pull()
        server.stop()
        subprocess.run([server.program, "restore", "--data-dir", server.data_dir, backup], check=True)
        again = Server(data_dir=server.data_dir)
        client.server = again
        with self.assertRaises(Refused) as caught:
            client.changes(copy.cursor)
        self.assertEqual(caught.exception.status, 410)
        self.assertEqual(caught.exception.json()["why"], "epoch")
        copy.fetch()
        copy.pull()
        self.assertEqual(nouns(copy), truth(again))
        again.stop()
        again.remove()

    def write(self, server, *statements):
        with sqlite3.connect(server.data_dir + "/kontor.db") as db:
            for statement in statements:
                db.execute(statement)
        db.close()

    def why(self, client, cursor):
        with self.assertRaises(Refused) as caught:
            client.changes(cursor)
        self.assertEqual(caught.exception.status, 410, caught.exception)
        return caught.exception.json()["why"]

    def test_a_log_that_does_not_go_back_so_far_says_so(self):
        """/sync/a-log-that-does-not-go-back-so-far-says-so"""
        server = Server()
        client = Client(server)
        customer = client.post("/v1/customers", name="0")["id"]
        old = Copy(client).pull()
        for number in range(9):
            client.post("/v1/customers/" + customer, name=str(number))
        new = Copy(client).pull()
        client.post("/v1/customers/" + customer, name="last")
        self.write(server, "DELETE FROM versions WHERE seq < (SELECT max(seq) - 1 FROM versions)")
        self.assertEqual(self.why(client, old.cursor), "horizon")
        self.assertEqual(new.pull().of("customer")[customer][2]["name"], "last")
        self.write(server, "DELETE FROM versions WHERE seq = (SELECT max(seq) FROM versions)")
        self.assertEqual(self.why(client, new.cursor), "epoch")
        server.stop()
        server.remove()

    def test_what_a_killed_server_left_of_snapshots_goes(self):
        """/sync/what-a-killed-server-left-of-snapshots-goes"""
        server = Server()
        folder = os.path.join(server.data_dir, "snapshots")
        Copy(Client(server)).fetch()
        self.assertEqual(len(os.listdir(folder)), 1)
        open(os.path.join(folder, "half-made-journal"), "wb").close()
        server.kill()
        again = Server(data_dir=server.data_dir)
        self.assertEqual(os.listdir(folder) if os.path.exists(folder) else [], [])
        again.stop()
        again.remove()


if __name__ == "__main__":
    tap.main()
