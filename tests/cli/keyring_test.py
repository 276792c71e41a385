"""keyring_test.py: keys are kept by the Secret Service where there is one, and else in a file."""

import os
import subprocess
import unittest

from world import World

import tap


class Keyring(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)
        self.env = dict(self.world.env, XDG_RUNTIME_DIR=self.world.home)
        self.bus = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address=1"], env=self.env,
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(self.end, self.bus)
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self.bus.stdout.readline().strip()

    def end(self, process):
        process.terminate()
        process.communicate()

    def open_ring(self):
        """The login keyring, new and unlocked."""
        ring = subprocess.Popen(["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
                                env=self.env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(self.end, ring)
        ring.stdin.write("secret")
        ring.stdin.close()
        ring.stdin = None
        subprocess.run(["gdbus", "wait", "--session", "--timeout=20", "org.freedesktop.secrets"], env=self.env,
                       check=True)

    def login(self, *more, status=0):
        done = self.world.run("login", "--url", self.world.server.base, "--key-stdin", *more, env=self.env,
                              stdin=self.world.key + "\n")
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stderr

    def file(self):
        with open(os.path.join(self.world.home, "config", "kontor", "config.ini"), encoding="utf-8") as file:
            return file.read()

    def works(self):
        done = self.world.run("get", "/v1/balance", env=self.env)
        return done.returncode == 0

    def test_ring(self):
        """/keyring/keeps-the-key-and-the-file-does-not"""
        self.open_ring()
        self.login()
        self.assertNotIn(self.world.key, self.file())
        self.assertIn("store=keyring", self.file())
        self.assertTrue(self.works())
        self.login("--store=file")
        self.assertIn(self.world.key, self.file())
        self.assertTrue(self.works())
        self.login("--store=keyring")
        self.assertNotIn(self.world.key, self.file())
        self.assertEqual(self.world.run("logout", env=self.env).returncode, 0)
        self.assertNotIn("store=", self.file())

    def test_no_ring(self):
        """/keyring/without-one-the-file-keeps-it"""
        self.login()
        self.assertIn(self.world.key, self.file())
        self.assertTrue(self.works())
        self.assertIn("--store", self.login("--store=cloud", status=2))
        self.assertIn("Secret Service", self.login("--store=keyring", status=4))

    def test_gone(self):
        """/keyring/one-that-went-away-is-named"""
        self.open_ring()
        self.login()
        self.env.pop("DBUS_SESSION_BUS_ADDRESS")
        done = self.world.run("get", "/v1/balance", env=self.env)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("is in the Secret Service, which does not give it now", done.stderr)


if __name__ == "__main__":
    tap.main()
