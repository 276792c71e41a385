"""check_test.py: a copy in which something is wrong is found out and mended, and in a right one nothing is found."""

import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import unittest

import tap
from copy_of import Chance, Client
from kontord import Server
from misfortune import Misfortune
from place import Place
from replica_test import rows_of

DAY = 86400
SEED = int(os.environ.get("KONTOR_SEED", "4711"))
ODD = "ü \x07\x7f \u2028 😀 / \\ \" <b> & 1e3"


class Check(Place):
    def setUp(self):
        super().setUp()
        self.misfortune = Misfortune()

    def tearDown(self):
        super().tearDown()
        self.misfortune.close()

    def verified(self, keeper):
        """What is said when the copy has been compared: how many rows were wrong, and the problem."""
        heard = len(keeper.said)
        keeper.process.send_signal(signal.SIGHUP)
        place = keeper.wait_for("verified", heard)
        said = keeper.said[place].split(" ", 2)
        return int(said[1]), " ".join(said[2:])

    def spoil(self, sql, *args):
        with sqlite3.connect(self.folder + "/replica.db") as db:
            changed = db.execute(sql, args).rowcount
        db.close()
        return changed

    def fill(self, steps=80):
        chance = Chance(self.client, SEED)
        for _ in range(steps):
            chance.step()

    def test_healthy(self):
        """/check/a-right-copy-differs-in-nothing-also-while-the-server-works"""
        self.fill(20)
        keeper = self.keep()
        self.client.post("/v1/customers", name=ODD, description=ODD, **{"metadata[a]": ODD})
        doomed = self.client.post("/v1/customers", name="doomed")["id"]
        self.fill()
        self.assert_same()
        self.assertEqual(self.verified(keeper), (0, ""))
        stop = threading.Event()

        def work():
            chance = Chance(Client(self.server, self.client.key), SEED)
            while not stop.is_set():
                chance.step()
                made = chance.client.post("/v1/customers", name="short")["id"]
                chance.client.ask("DELETE", "/v1/customers/" + made)

        worker = threading.Thread(target=work)
        worker.start()
        found = [self.verified(keeper) for _ in range(8)]
        stop.set()
        worker.join()
        self.assertEqual(found, [(0, "")] * 8)
        self.client.ask("DELETE", "/v1/customers/" + doomed)
        self.assert_same()

    def test_wrong(self):
        """/check/what-is-wrong-is-found-and-mended-whatever-it-is"""
        self.fill()
        keeper = self.keep()
        self.client.post("/v1/customers", name="the last one")
        self.assert_same()
        before = rows_of(self.folder)
        ways = (
            ("UPDATE objects SET body = replace(body, '0', '1')"
             " WHERE id LIKE 'ch_%' AND body LIKE '%0%'"),
            "UPDATE objects SET v = v + 1000000 WHERE id LIKE 'pi_%'",
            "UPDATE objects SET id = substr(id, 1, 14) || 'XX' WHERE id LIKE 'pm_%'",
            "DELETE FROM objects WHERE id LIKE 'cus_%'",
            ("INSERT INTO objects SELECT row + 1, substr(id, 1, 10) || 'never', v, created, body"
             " FROM objects WHERE id LIKE 'ch_%'"),
        )
        for sql in ways:
            changed = self.spoil(sql)
            self.assertGreater(changed, 0, sql)
            heard = len(keeper.said)
            self.assertEqual(self.verified(keeper), (changed, ""), sql)
            self.assertGreaterEqual(keeper.wait_for("changed", heard), heard)
            self.assertEqual(rows_of(self.folder), before, sql)
        self.assertEqual(self.verified(keeper), (0, ""))
        self.assertEqual(keeper.said.count("replaced"), 1)

    def test_daily(self):
        """/check/it-is-done-once-a-day-without-being-asked"""
        self.fill(10)
        keeper = self.keep(env=self.misfortune.environment())
        self.client.pay()
        self.assert_same()
        self.assertFalse([said for said in keeper.said if said.startswith("verified")])
        changed = self.spoil("UPDATE objects SET body = '{}' WHERE id LIKE 'ch_%'")
        for found in (changed, 0):
            heard = len(keeper.said)
            self.misfortune.move_clock(DAY * (2 if found else 4))
            self.client.pay()
            self.assertEqual(keeper.said[keeper.wait_for("verified", heard)].split()[1], str(found))
        heard = len(keeper.said)
        self.client.pay()
        self.assert_same()
        self.assertFalse([said for said in keeper.said[heard:] if said.startswith("verified")])

    def break_file(self):
        """Every leaf of the table but the last, on the disk and not in the log."""
        with sqlite3.connect(self.folder + "/replica.db") as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            page = db.execute("PRAGMA page_size").fetchone()[0]
            first = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'objects'").fetchone()
        db.close()
        with open(self.folder + "/replica.db", "r+b") as file:
            file.seek(page * (first[0] - 1))
            file.write(b"\xff" * 64)

    def test_damaged(self):
        """/check/a-file-that-is-damaged-while-it-is-kept-is-fetched-anew"""
        self.fill(40)
        keeper = self.keep()
        for is_asked in (True, False):
            heard = len(keeper.said)
            self.break_file()
            if is_asked:
                self.assertIn("damaged", self.verified(keeper)[1])
            else:
                self.client.pay()
            keeper.wait_for("replaced", heard)
            keeper.wait_for("current", heard)
            self.assert_same()

    def test_no_room(self):
        """/check/without-room-nothing-is-mended-by-half-and-it-is-said"""
        self.fill(40)
        keeper = self.keep(env=self.misfortune.environment())
        changed = self.spoil("UPDATE objects SET body = '{}' WHERE id LIKE 'ch_%'")
        before = rows_of(self.folder)
        self.misfortune.fill_disk()
        keeper.process.send_signal(signal.SIGHUP)
        self.told(keeper, "full")
        self.assertEqual(rows_of(self.folder), before)
        self.misfortune.fill_disk(False)
        keeper.wait_for("current", len(keeper.said))
        self.told(keeper, f"verified {changed}")
        self.assert_same()


class Large(unittest.TestCase):
    def test_large(self):
        """/check/of-twenty-thousand-payments-none-is-found-wrong-and-then-the-one-that-is"""
        data_dir = tempfile.mkdtemp(prefix="kontor-large-")
        subprocess.run([os.environ["KONTORD"], "demo", "--data-dir", data_dir, "--rows", "20000"],
                       check=True, capture_output=True)
        place = Check("test_healthy")
        place.make_server = lambda: Server(data_dir=data_dir)
        place.setUp()
        try:
            keeper = place.keep()
            self.assertEqual(place.verified(keeper), (0, ""))
            changed = place.spoil(
                "UPDATE objects SET body = replace(body, '0', '1') WHERE id ="
                " (SELECT id FROM objects WHERE id LIKE 'pi_%' AND body LIKE '%0%'"
                "  LIMIT 1 OFFSET 7000)")
            self.assertEqual(place.verified(keeper), (changed, ""))
            self.assertEqual(place.verified(keeper), (0, ""))
        finally:
            place.tearDown()
            shutil.rmtree(data_dir, ignore_errors=True)


if __name__ == "__main__":
    tap.main()
