"""sign_in_test.py: people sign in, are told who they are, and sign out; a password is kept nowhere."""

import base64
import hashlib
import hmac
import json
import os
import struct
import time
import unittest

from world import World

import tap

EMAIL = "ada@example.com"
PASSWORD = "correct horse battery"


def code_of(secret, at=None):
    """The six digits that an authenticator shows."""
    count = struct.pack(">Q", int(time.time() if at is None else at) // 30)
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, count, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7fffffff) % 1000000:06}"


class SignIn(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.env = {**self.world.env, "KONTOR_URL": self.world.server.base}
        self.world.server.user(EMAIL, PASSWORD, "Ada")

    def tearDown(self):
        self.world.close()

    def run_here(self, *words, **more):
        return self.world.run(*words, env=self.env, **more)

    def sign_in(self, *words, password=PASSWORD):
        return self.run_here("login", "--email", EMAIL, "--password-stdin", *words,
                             stdin=password + "\n")

    def stored(self):
        with open(self.world.home + "/config/kontor/config.ini", encoding="utf-8") as file:
            return dict(line.rstrip("\n").split("=", 1) for line in file if "=" in line)

    def test_typed(self):
        """/sign-in/asks-for-the-password-without-showing-it"""
        terminal = self.world.terminal("login", "--email", EMAIL, env=self.env)
        terminal.read_until("Password:")
        self.assertFalse(terminal.shows_typing())
        terminal.type(PASSWORD + "\n")
        code, said = terminal.end()
        self.assertEqual(code, 0, said)
        self.assertIn(f"as {EMAIL}, owner of ", said)
        self.assertNotIn(PASSWORD, said)
        path = self.world.home + "/config/kontor/config.ini"
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        with open(path, encoding="utf-8") as file:
            self.assertNotIn(PASSWORD, file.read())

    def test_whoami(self):
        """/sign-in/whoami-tells-person-role-account-mode-and-end"""
        self.assertEqual(self.sign_in().returncode, 0)
        who = json.loads(self.run_here("whoami", "--json").stdout)
        self.assertEqual((who["person"], who["email"], who["role"], who["mode"]),
                         ("Ada", EMAIL, "owner", "test"))
        self.assertTrue(who["account"].startswith("acct_"))
        self.assertRegex(who["expires"], r"^20\d\d-")
        for words in (("get", "balance"), ("profile", "list"), ("profile", "show"), ("status",)):
            done = self.run_here(*words)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn(self.stored()["key"], done.stdout)

    def test_mode(self):
        """/sign-in/works-in-the-mode-that-was-chosen"""
        self.assertEqual(self.sign_in("--live", "--profile", "live").returncode, 0)
        self.assertEqual(self.sign_in().returncode, 0)
        for words, livemode in (([], False), (["--profile", "live"], True)):
            self.assertIs(json.loads(self.run_here("get", "balance", *words).stdout)["livemode"],
                          livemode)

    def test_account(self):
        """/sign-in/works-for-no-account-that-is-not-theirs"""
        done = self.sign_in("--account", "acct_nobody")
        self.assertEqual(done.returncode, 2)
        self.assertIn("does not work for the account acct_nobody", done.stderr)
        self.assertEqual(self.sign_in().returncode, 0)
        account = self.stored()["account"]
        self.assertEqual(self.sign_in("--account", account).returncode, 0)
        sessions = json.loads(self.run_here("get", "/v1/kontor/sessions").stdout)["data"]
        self.assertEqual(len(sessions), 1)  # the refused one and the one before have ended

    def test_refused(self):
        """/sign-in/says-what-is-wrong"""
        done = self.sign_in(password="not the password")
        self.assertEqual(done.returncode, 4)
        self.assertIn("is not right", done.stderr)
        self.assertEqual(self.sign_in(password="").returncode, 2)
        self.assertEqual(self.run_here("whoami").returncode, 4)
        for words in (("--key", "sk_test_x", "--email", EMAIL), ("--live",), ("--account", "x")):
            self.assertEqual(self.run_here("login", *words).returncode, 2, words)

    def test_logout(self):
        """/sign-in/logout-ends-the-session-on-the-server"""
        self.assertEqual(self.sign_in().returncode, 0)
        with open(self.world.home + "/config/kontor/config.ini", encoding="utf-8") as file:
            kept = file.read()
        done = self.run_here("logout")
        self.assertEqual((done.returncode, done.stderr), (0, "Signed out (profile “default”).\n"))
        self.assertEqual(self.run_here("get", "balance").returncode, 4)
        with open(self.world.home + "/config/kontor/config.ini", "w", encoding="utf-8") as file:
            file.write(kept)
        done = self.run_here("get", "balance")
        self.assertEqual(done.returncode, 4)
        self.assertIn(f"Sign in again: kontor login --email {EMAIL}\n", done.stderr)
        self.assertEqual(self.run_here("logout").returncode, 0)

    def test_far_server_gone(self):
        """/sign-in/logout-says-when-the-server-was-not-told"""
        self.assertEqual(self.sign_in().returncode, 0)
        self.world.server.stop()
        done = self.run_here("logout")
        self.assertEqual(done.returncode, 3)
        self.assertIn("could not be told", done.stderr)
        self.assertEqual(self.run_here("whoami").returncode, 4)

    def test_authenticator(self):
        """/sign-in/asks-for-the-authenticator-s-code-when-it-is-wanted"""
        self.assertEqual(self.sign_in().returncode, 0)
        made = self.run_here("post", "/v1/kontor/me/totp", "-d", "password=" + PASSWORD)
        secret = json.loads(made.stdout)["secret"]
        codes = self.run_here("post", "/v1/kontor/me/totp/confirm", "-d",
                              "code=" + code_of(secret, time.time() - 30))
        self.assertEqual(codes.returncode, 0, codes.stderr)
        done = self.sign_in()
        self.assertEqual(done.returncode, 4)
        self.assertIn("authenticator", done.stderr)
        terminal = self.world.terminal("login", "--email", EMAIL, env=self.env)
        terminal.read_until("Password:")
        terminal.type(PASSWORD + "\n")
        terminal.read_until("Code of your authenticator")
        terminal.type(code_of(secret) + "\n")
        code, said = terminal.end()
        self.assertEqual(code, 0, said)
        recovery = json.loads(codes.stdout)["recovery_codes"][0]
        self.assertEqual(self.sign_in("--code", recovery).returncode, 0)


if __name__ == "__main__":
    tap.main()
