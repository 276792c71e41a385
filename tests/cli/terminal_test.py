"""terminal_test.py: what a person sees: colours, widths, questions, and the end by Ctrl-C."""

import json
import socket
import unittest

from world import World, without_colours

import tap


class OnATerminal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def customer(self, name):
        done = self.world.run("customers", "create", "--name", name, "--json")
        return json.loads(done.stdout)["id"]

    def test_colours(self):
        """colours are there for people, and only when they want them"""
        def shown(*words, env=None):
            return self.world.terminal("get", "account", *words, env=env).end()[1]
        plain = {**self.world.signed_in(), "NO_COLOR": "1"}
        self.assertIn("\033[", shown())
        self.assertNotIn("\033[", shown("--color", "off"))
        self.assertNotIn("\033[", shown(env=plain))
        self.assertIn("\033[", shown("--color=on", env=plain))
        self.assertNotIn("\033[", shown(env={**self.world.signed_in(), "TERM": "dumb"}))
        self.assertNotIn("\033[", self.world.run("get", "account").stdout)
        self.assertIn("\033[", self.world.run("get", "account", "--color", "on").stdout)

    def test_width(self):
        """tables keep within the terminal, wide letters and all"""
        self.customer("株式会社 漢字のとても長い名前の会社 " * 3)
        self.customer("Zoe\u0308 Mu\u0308ller")
        for columns in (40, 60, 80, 132):
            code, said = self.world.terminal("customers", "list", columns=columns).end()
            self.assertEqual(code, 0)
            for line in without_colours(said).splitlines():
                width = sum(0 if c == "\u0308" else 2 if c > "\u2e80" else 1 for c in line)
                self.assertLessEqual(width, columns, line)
        self.assertIn("…", said)

    def test_secret_prompt(self):
        """a key is typed unseen"""
        terminal = self.world.terminal("login", "--url", self.world.server.base,
                                       env=self.world.env)
        terminal.read_until("API key:")
        self.assertFalse(terminal.shows_typing())
        terminal.type(self.world.key + "\n")
        code, said = terminal.end()
        self.assertEqual(code, 0, said)
        self.assertIn("Signed in", said)
        self.assertNotIn(self.world.key, said)

    def test_interrupted_prompt(self):
        """Ctrl-C at the question gives the terminal back"""
        terminal = self.world.terminal("login", "--url", self.world.server.base,
                                       env=self.world.env)
        terminal.read_until("API key:")
        terminal.type("sk_test_half\x03")
        code, said = terminal.end()
        self.assertEqual(code, 130, said)
        self.assertNotIn("half", said)

    def test_confirm(self):
        """what is deleted is asked for first"""
        for answer, code in (("no\n", 2), ("\n", 2), ("yes\n", 0)):
            identity = self.customer("Short lived")
            terminal = self.world.terminal("customers", "delete", identity)
            terminal.read_until("to confirm")
            terminal.type(answer)
            self.assertEqual(terminal.end()[0], code)
            gone = self.world.run("get", identity, "--json").stdout
            self.assertEqual("deleted" in json.loads(gone), code == 0)

    def test_interrupted_wait(self):
        """Ctrl-C ends a wait for a server that says nothing"""
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}"
            env = {**self.world.signed_in(), "KONTOR_URL": url}
            terminal = self.world.terminal("get", "customers", env=env)
            connection, _ = silent.accept()
            terminal.type("\x03")
            self.assertEqual(terminal.end()[0], 130)
            connection.close()

    def test_more(self):
        """a person is told how to go on, a program is not"""
        for number in range(3):
            self.customer(f"m{number}")
        words = ("customers", "list", "--limit", "1")
        self.assertIn("--starting-after cus_", self.world.terminal(*words).end()[1])
        done = self.world.run(*words)
        self.assertNotIn("--starting-after", done.stdout + done.stderr)


if __name__ == "__main__":
    tap.main()
