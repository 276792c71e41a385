"""kills_test.py: either side dies at each write, sync, renaming and message in turn; nothing is lost or done twice.

About a dozen steps of each kind of work, spread evenly from a place that the seed chooses; KONTOR_SYNC_STEPS=all
takes every step. Where a run ended is told when something is wrong."""

import os
import random
import shutil
import signal
import tempfile
import time

import tap
from copy_of import Chance
from misfortune import Misfortune
from place import MONEY, OPEN, Place, Queue

SEED = int(os.environ.get("KONTOR_SEED", "4711"))
STEPS = os.environ.get("KONTOR_SYNC_STEPS", "12")


class Kills(Place):
    def setUp(self):
        self.misfortune = Misfortune()
        super().setUp()
        self.chance = Chance(self.client, SEED)
        self.marks = self.deaths = 0

    def tearDown(self):
        self.misfortune.die_at(0)
        super().tearDown()
        self.misfortune.close()
        self.assertGreater(self.deaths, 5)

    def steps(self, count):
        """Which of so many to die at."""
        if STEPS == "all":
            return range(1, count + 1)
        stride = max(1, count // int(STEPS))
        return range(1 + random.Random(SEED).randrange(stride), count + 1, stride)

    def finish(self, keeper, queue, patience=30):
        """Until @keeper has nothing left to do, or is dead; whether it lives."""
        until = time.monotonic() + patience
        while keeper.process.poll() is None:
            assert time.monotonic() < until, (keeper.said[-9:], queue.rows())
            with keeper.heard:
                is_current = "current" in keeper.said
            if is_current and not any(row["state"] in OPEN for row in queue.rows()):
                return True
            time.sleep(0.02)
        return False

    def run_to(self, folder, step):
        """One life in @folder that ends at @step, 0: when its work is done; what it cost."""
        queue = Queue(folder)
        keeper = self.keep(folder, wait=False, env=self.misfortune.environment())
        self.misfortune.die_at(step) if step else self.misfortune.count()
        if self.finish(keeper, queue):
            keeper.stop()
        else:
            self.deaths += 1
            keeper.kill()
        counted = self.misfortune.counted()
        self.misfortune.die_at(0)
        return counted

    def want(self, queue, charge):
        """An action of either kind in @queue, of which each must have one effect."""
        self.marks += 1
        queue.add("customer.create", name=f"mark {self.marks}")
        queue.add("refund.create", charge, 0, MONEY, amount=1)

    def check(self, folder, charge):
        """Another life puts all in order."""
        queue = Queue(folder)
        keeper = self.keep(folder)
        rows = queue.drain()
        self.assertEqual({row["state"] for row in rows} - {"done"}, set(), rows)
        self.assert_same(folder)
        keeper.stop()
        names = [name for name in self.names() if name.startswith("mark ")]
        self.assertEqual(sorted(names), sorted(f"mark {i + 1}" for i in range(self.marks)))
        self.assertEqual(self.refunded(charge), self.marks)

    def test_snapshot(self):
        """/kills/while-the-first-snapshot-comes-and-is-put-in-place"""
        for _ in range(20):
            self.chance.step()
        count = self.run_to(self.folder, 0)
        for step in self.steps(count):
            folder = tempfile.mkdtemp(prefix="kontor-killed-")
            with self.subTest(step=step, of=count):
                self.run_to(folder, step)
                keeper = self.keep(folder)
                self.assert_same(folder)
                keeper.stop()
            shutil.rmtree(folder)

    def test_second_snapshot(self):
        """/kills/while-another-snapshot-takes-the-place-of-a-copy-and-lost-work-is-looked-for"""
        self.keep()
        self.queue.add("customer.create", name="kept")
        self.queue.drain()
        saved = self.folder + ".saved"
        self.server.run("backup", saved)
        self.queue.add("customer.create", name="lost")
        self.queue.drain()
        self.keepers[-1].stop()
        self.server.stop()
        self.server.run("restore", saved)
        self.server.start()
        before = self.folder + ".before"
        shutil.copytree(self.folder, before)
        count = self.run_to(self.folder, 0)
        for step in self.steps(count):
            with self.subTest(step=step, of=count):
                shutil.rmtree(self.folder)
                shutil.copytree(before, self.folder)
                self.run_to(self.folder, step)
                keeper = self.keep(wait=False)
                self.queue.wait_until(lambda rows: rows[1]["state"] == "lost")
                self.assertEqual(self.queue.states(), ["done", "lost"])
                keeper.wait_for("current")
                self.assert_same()
                keeper.stop()
        self.assertEqual(self.names(), ["kept"])
        shutil.rmtree(before)
        os.remove(saved)

    def test_work(self):
        """/kills/between-page-and-cursor-before-and-after-sending-and-when-the-answer-is-noted"""
        charge = self.charge(100000)
        self.keep().stop()
        before = self.folder + ".before"
        shutil.copytree(self.folder, before)

        def life(step):
            shutil.rmtree(self.folder)
            shutil.copytree(before, self.folder)
            self.want(self.queue, charge)
            self.chance.step()
            return self.run_to(self.folder, step)

        count = life(0)
        self.check(self.folder, charge)
        for step in self.steps(count):
            with self.subTest(step=step, of=count):
                life(step)
                self.check(self.folder, charge)
        shutil.rmtree(before)

    def test_server(self):
        """/kills/the-server-while-it-does-operations-and-tells-of-them"""
        self.server.stop()
        self.server.env.update(self.misfortune.environment())
        self.server.start()
        charge = self.charge(100000)
        keeper = self.keep()

        def life(step):
            self.misfortune.die_at(step) if step else self.misfortune.count()
            self.want(self.queue, charge)
            keeper.process.send_signal(signal.SIGUSR1)
            until = time.monotonic() + 20
            while self.server.is_alive():
                assert time.monotonic() < until
                if not any(s in OPEN for s in self.queue.states()):
                    if not step:
                        break
                    self.want(self.queue, charge)
                time.sleep(0.02)
            counted = self.misfortune.counted()
            if step:
                self.deaths += not self.server.is_alive()
            self.misfortune.die_at(0)
            self.server.kill()
            self.server.start()
            return counted

        count = life(0)
        for step in self.steps(count):
            with self.subTest(step=step, of=count):
                life(step)
                keeper.process.send_signal(signal.SIGUSR1)
                self.queue.drain()
        keeper.stop()
        self.check(self.folder, charge)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    tap.main()
