"""welcome_test.py: who has no server yet is asked for one, signs in, and is told when that has ended."""

import json
import os
import tempfile
import unittest
import urllib.parse
import urllib.request

import tap
from desk import Desk
from terminal_test import Terminal

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"


class Newcomer:
    """Somebody on a machine where nothing is known yet."""

    def __init__(self, desk):
        self.desk = desk
        self.home = tempfile.mkdtemp(dir=desk.folder)

    def env(self, **more):
        return self.desk.env(KONTOR_API_KEY="", HOME=self.home, XDG_CONFIG_HOME=self.home + "/config",
                             XDG_DATA_HOME=self.home + "/data", **more)

    def argv(self, *more):
        return [os.environ["KONTOR_TUI"], *more]


class Welcome(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.desk = Desk()
        cls.desk.server.user(EMAIL, PASSWORD, "Ada")

    @classmethod
    def tearDownClass(cls):
        cls.desk.remove()

    def begin(self, newcomer, *more):
        terminal = Terminal(newcomer, *more, columns=100)
        self.addCleanup(terminal.kill)
        return terminal

    def answer(self, terminal, question, typed):
        terminal.read_until(question)
        os.write(terminal.fd, (typed + "\n").encode())

    def sign_in(self, terminal, password):
        self.answer(terminal, "> ", "p")
        self.answer(terminal, "Server:", self.desk.server.base)
        self.answer(terminal, "Email address:", EMAIL)
        self.answer(terminal, "Mode, test or live:", "")
        self.answer(terminal, "Password:", password)

    def end_sessions(self):
        """Whoever changes their password ends all their sessions."""
        def ask(path, token=None, **form):
            request = urllib.request.Request(self.desk.server.base + path,
                                             urllib.parse.urlencode(form).encode())
            if token:
                request.add_header("Authorization", "Bearer " + token)
            with urllib.request.urlopen(request) as reply:
                return json.load(reply)
        token = ask("/v1/kontor/sessions", email=EMAIL, password=PASSWORD)["token"]
        ask("/v1/kontor/me/password", token, password=PASSWORD, new_password=PASSWORD + " staple")

    def test_1_person(self):
        """/welcome/signs-in-once-and-says-when-that-has-ended"""
        newcomer = Newcomer(self.desk)
        terminal = self.begin(newcomer)
        self.sign_in(terminal, "not the password")
        self.sign_in(terminal, PASSWORD)
        terminal.read_until("synced")
        self.assertIn(b"is not right", terminal.sent)
        self.assertNotIn(PASSWORD.encode(), terminal.sent)
        terminal.kill()
        terminal.pid = None
        self.end_sessions()
        terminal = self.begin(newcomer)
        terminal.read_until("SIGN IN AGAIN")
        terminal = self.begin(newcomer, "--copy", newcomer.home + "/none")
        terminal.read_until("kontor login --email " + EMAIL)

    def test_2_key(self):
        """/welcome/takes-a-key"""
        terminal = self.begin(Newcomer(self.desk))
        self.answer(terminal, "> ", "k")
        self.answer(terminal, "Server:", self.desk.server.base)
        self.answer(terminal, "API key:", self.desk.key)
        terminal.read_until("synced")
        self.assertNotIn(self.desk.key.encode(), terminal.sent)

    def test_3_quit(self):
        """/welcome/is-left-by-q"""
        terminal = self.begin(Newcomer(self.desk))
        self.answer(terminal, "> ", "q")
        self.assertEqual(terminal.end(), 1)


if __name__ == "__main__":
    tap.main()
