"""completion_test.py: what the shells offer, asked in the shells themselves where they are there."""

import os
import shutil
import subprocess
import unittest

from world import World

import tap

# What is typed, and words that are offered for the last of it.
ROWS = [
    ("cust", ["customers"]),
    ("customers cr", ["create"]),
    ("profile u", ["use"]),
    ("profile use wo", ["work"]),
    ("get --exp", ["--expand"]),
    ("get --color o", ["on", "off"]),
    ("get --color=o", ["on", "off"]),
    ("--profile wo", ["work"]),
    ("help custom", ["customers"]),
    ("help customers cr", ["create"]),
    ("customers create --addr", ["--address."]),
    ("customers create --address.c", ["--address.city", "--address.country"]),
    ("payment_intents create --capture-method m", ["manual"]),
    ("payment_intents create --currency eu", ["eur"]),
    ("payment_intents create --confirm --amo", ["--amount", "--amount-details"]),
    ("payment-intents create --amount 5 --currency=eu", ["eur"]),
    ("completion ", []),
    ("nonsense more ", []),
]

BASH = r"""
source "$1"
shift
PATH=$(dirname "$KONTOR"):$PATH
# as readline breaks the line: at blanks, and at = signs, which are words of their own
COMP_LINE="kontor $1"
COMP_WORDS=()
for word in ${COMP_LINE//=/ = }; do COMP_WORDS+=("$word"); done
[[ $COMP_LINE == *[\ =] ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_kontor
printf '%s\n' "${COMPREPLY[@]}"
"""

FISH = r"""
set -x PATH (dirname $KONTOR) $PATH
source $argv[1]
complete --do-complete="kontor $argv[2]"
"""


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()
        done = cls.world.run("login", "--url", cls.world.server.base, "--key-stdin", "--profile",
                             "work", env=cls.world.env, stdin=cls.world.key + "\n")
        assert done.returncode == 0, done.stderr
        cls.env = {**cls.world.env, "KONTOR": os.environ["KONTOR"]}
        cls.scripts = os.environ["KONTOR_COMPLETIONS"]

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def ask(self, argv):
        done = subprocess.run(argv, env=self.env, capture_output=True, text=True, timeout=30,
                              check=False)
        self.assertEqual(done.stderr, "")
        return done.stdout.splitlines()

    def test_bash(self):
        """bash offers what can stand next"""
        for typed, words in ROWS:
            with self.subTest(typed):
                offered = self.ask(["bash", "-c", BASH, "bash", self.scripts + "/kontor.bash", typed])
                self.assertEqual(sorted(filter(None, offered)), sorted(words), typed)

    @unittest.skipUnless(shutil.which("fish"), "fish is not installed")
    def test_fish(self):
        """fish offers what can stand next"""
        for typed, words in ROWS:
            with self.subTest(typed):
                lines = self.ask(["fish", "--no-config", "-c", FISH, self.scripts + "/kontor.fish",
                                  typed])
                offered = [line.split("\t")[0].split("=")[-1] for line in lines]
                self.assertTrue(set(words) <= set(offered), (typed, offered))

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh(self):
        """zsh takes the script"""
        self.ask(["zsh", "-n", self.scripts + "/_kontor"])

    def test_scripts(self):
        """what is printed is what a package installs"""
        for shell, file in (("bash", "kontor.bash"), ("zsh", "_kontor"), ("fish", "kontor.fish")):
            with open(f"{self.scripts}/{file}", encoding="utf-8") as installed:
                self.assertEqual(self.world.run("completion", shell).stdout, installed.read())

    def test_nothing_is_sent(self):
        """completing asks no server"""
        env = {**self.world.env, "KONTOR_URL": "http://10.255.255.1", "KONTOR_API_KEY": "nonsense"}
        done = self.world.run("__complete", "--", "customers", "list", "--", env=env, timeout=5)
        self.assertEqual(done.returncode, 0)
        self.assertIn("--limit", done.stdout)


if __name__ == "__main__":
    tap.main()
