#!/usr/bin/env python3
"""local_test.py: a server of one's own: started by a console, shared by a second one, gone with the first."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import tap  # noqa: E402

PATIENCE_S = 30


def answers(url):
    try:
        with urllib.request.urlopen(url + "/healthz", timeout=5) as reply:
            return reply.status == 200
    except OSError:
        return False


class Local(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="kontor-local-")
        self.consoles = []

    def tearDown(self):
        for console in self.consoles:
            console.kill()
            console.communicate()
        shutil.rmtree(self.home)

    def start(self, *arguments, path=None):
        env = {**os.environ, "XDG_DATA_HOME": self.home, "KONTOR_LISTEN": "192.0.2.1:1",
               "PATH": path or os.environ["KONTORD_FOLDER"] + ":" + os.environ["PATH"]}
        console = subprocess.Popen([os.environ["DEMO_LOCAL"], *arguments], env=env, text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        self.consoles.append(console)
        return console

    def place(self, console):
        url, key = console.stdout.readline().split()
        return url, key

    def count(self, url, key):
        request = urllib.request.Request(url + "/v1/payment_intents?limit=100",
                                         headers={"Authorization": "Bearer " + key})
        with urllib.request.urlopen(request, timeout=10) as reply:
            return len(json.load(reply)["data"])

    def test_starts_and_stops(self):
        """/local/starts-a-server-and-ends-it-with-the-console"""
        console = self.start()
        url, key = self.place(console)
        self.assertTrue(key.startswith("sk_test_"))
        self.assertEqual(self.count(url, key), 0)
        console.communicate()
        self.assertEqual(console.returncode, 0)
        self.assertFalse(answers(url))

    def test_samples(self):
        """/local/offers-sample-data-and-keeps-them"""
        console = self.start("60")
        url, key = self.place(console)
        self.assertEqual(self.count(url, key), 60)
        console.communicate()
        again = self.start("60")
        url, same = self.place(again)
        self.assertEqual((self.count(url, same), same), (60, key))

    def test_shared(self):
        """/local/a-second-console-finds-the-first-one's-server"""
        first, second = self.start(), None
        place = self.place(first)
        second = self.start()
        self.assertEqual(self.place(second), place)
        second.communicate()
        self.assertTrue(answers(place[0]))

    def test_killed(self):
        """/local/a-killed-console-leaves-no-server-behind"""
        console = self.start()
        url, _ = self.place(console)
        console.kill()
        console.wait()
        until = time.monotonic() + PATIENCE_S
        while answers(url) and time.monotonic() < until:
            time.sleep(0.02)
        self.assertFalse(answers(url))

    def test_missing(self):
        """/local/says-that-the-server-is-not-installed"""
        console = self.start(path="/nowhere")
        _, said = console.communicate(timeout=PATIENCE_S)
        self.assertEqual(console.returncode, 1)
        self.assertIn("not installed", said)


if __name__ == "__main__":
    tap.main()
