"""plain_test.py: the console in lines."""

import os
import subprocess
import unittest

import tap
from desk import Desk


class Plain(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.desk = Desk()

    @classmethod
    def tearDownClass(cls):
        cls.desk.remove()

    def say(self, text, *more, status=0, **env):
        done = subprocess.run(self.desk.argv("--plain", *more), input=text, text=True, timeout=60,
                              capture_output=True, env=self.desk.env(**env), cwd=self.desk.folder)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout, done.stderr

    def test_find(self):
        """/plain/finds-lists-and-shows"""
        said, _ = self.say("find status:failed\nlist 2\nshow 1\nsums\n")
        lines = said.splitlines()
        self.assertRegex(lines[0], r"^Payments: \d+ rows$")
        self.assertRegex(lines[1], r"^Payments: \d+ rows$")
        self.assertRegex(lines[2], r"^1\. .*, failed, ")
        self.assertRegex(lines[3], r"^2\. .*, failed, ")
        self.assertIn("  Status: failed", lines)
        self.assertNotIn("\033", said)

    def test_customers(self):
        """/plain/goes-to-other-screens"""
        said, _ = self.say("go customers\nlist 1\n")
        self.assertIn("Customers: ", said)

    def test_export(self):
        """/plain/exports-what-was-found"""
        said, _ = self.say("find status:failed\nexport failed.jsonl\n")
        with open(os.path.join(self.desk.folder, "failed.jsonl"), encoding="utf-8") as file:
            n = len(file.readlines())
        self.assertIn(f"{n} rows are in failed.jsonl.", said)
        _, problem = self.say("export failed.jsonl\n", status=3)
        self.assertIn("exists", problem)

    def test_mistakes(self):
        """/plain/says-what-is-wrong"""
        _, said = self.say("find amount:>tall\nfrown\nshow 99999999\ngo nowhere\n", status=3)
        self.assertEqual(len(said.splitlines()), 4)

    def test_own_server(self):
        """/plain/a-server-of-one-s-own-is-a-word-away"""
        home = os.path.join(self.desk.folder, "home")
        env = self.desk.env(KONTOR_API_KEY="", XDG_DATA_HOME=home)
        env["PATH"] = os.path.dirname(os.environ["KONTORD"]) + ":" + env["PATH"]
        for _ in range(2):
            done = subprocess.run([os.environ["KONTOR_TUI"], "--local", "--samples", "50", "--plain"], input="",
                                  text=True, capture_output=True, env=env, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("Payments: 50 rows", done.stdout)
        self.assertEqual(len(os.listdir(os.path.join(home, "kontor", "copies"))), 1)

    def test_options(self):
        """/plain/wrong-options-are-refused"""
        self.say("", "--frown", status=2)
        self.say("", "more", status=2)
        self.say("", "--profile", "nobody", status=1, KONTOR_API_KEY="")


if __name__ == "__main__":
    tap.main()
