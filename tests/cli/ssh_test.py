"""ssh_test.py: a server that is reached through ssh: the same answers, and a clear word when it cannot be."""

import json
import subprocess
import threading
import unittest

from world import Running, World
from far import Far  # beside kontord.py, which world finds

import tap


class Ssh(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.far = Far(self.world.server, self.world.key)
        self.running = []

    def tearDown(self):
        for running in self.running:
            if running.process.poll() is None:
                running.process.kill()
                running.process.wait()
        self.far.close()
        self.world.close()

    def run_here(self, *words, **env):
        """kontor on a machine that has a key but no way to the server except through ssh."""
        return self.world.run(*words, env={
            **self.world.signed_in(), "KONTOR_URL": self.far.base, **self.far.env(), **env})

    def test_words(self):
        """/ssh/is-given-port-user-host-and-what-to-run"""
        self.assertEqual(self.run_here("get", "balance").returncode, 0)
        self.assertEqual([words for _, words in self.far.calls()],
                         [["-p2222", "me@far.example", "kontor", "sync", "--stdio"]])

    def test_login(self):
        """/ssh/carries-a-sign-in-and-what-comes-after"""
        env = {**self.world.env, **self.far.env()}
        done = self.world.run("login", "--url", self.far.base + "/", "--key-stdin", env=env,
                              stdin=self.world.key)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        self.assertIn(f"Signed in at {self.far.base} as", done.stderr)
        status = json.loads(self.world.run("status", "--json", env=env).stdout)
        self.assertEqual((status["url"], status["status"]), (self.far.base, "ok"))
        made = self.world.run("customers", "create", "--name", "Jenny", "--json", env=env)
        found = self.world.run("get", json.loads(made.stdout)["id"], "--json", env=env)
        self.assertEqual(json.loads(found.stdout)["name"], "Jenny")
        self.far.wait_until_none_runs()

    def test_without_key(self):
        """/ssh/needs-no-key-here-where-that-machine-has-one"""
        env = {**self.world.env, **self.far.env()}
        done = self.world.run("login", "--url", self.far.base, env=env)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("test mode, with the key of that machine", done.stderr)
        with open(self.world.home + "/config/kontor/config.ini", encoding="utf-8") as file:
            self.assertNotIn("key", file.read())
        who = json.loads(self.world.run("whoami", "--json", env=env).stdout)
        self.assertEqual((who["mode"], who["key"]), ("test", None))
        self.assertTrue(who["account"].startswith("acct_"))
        for words in (("get", "balance"), ("profile", "list"), ("profile", "show"), ("status",)):
            self.assertEqual(self.world.run(*words, env=env).returncode, 0, words)
        self.assertEqual(self.world.run("listen", "--print-secret", env=env).returncode, 2)
        done = self.world.run("get", "balance", env={**env, "KONTOR_URL": "http://127.0.0.1:1"})
        self.assertEqual(done.returncode, 4)
        self.far.key = self.world.server.key("live")
        self.far.works()
        done = self.world.run("login", "--url", self.far.base, "--profile", "live", env=env)
        self.assertIn("live mode, with the key of that machine", done.stderr)
        self.far.key = ""
        self.far.works()
        done = self.world.run("login", "--url", self.far.base, "--profile", "none", env=env)
        self.assertEqual(done.returncode, 4, done.stderr)

    def test_proxy(self):
        """/ssh/is-not-looked-for-behind-a-proxy"""
        done = self.run_here("get", "balance", http_proxy="http://127.0.0.1:1",
                             all_proxy="http://127.0.0.1:1")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_listen(self):
        """/ssh/misses-no-event-when-connections-break"""
        env = {**self.world.signed_in(), "KONTOR_URL": self.far.base, **self.far.env()}
        running = Running(self.world, "listen", "--json", env=env)
        self.running.append(running)
        running.begins("Listening")
        names = [str(number) for number in range(6)]
        for number, name in enumerate(names):
            self.world.run("customers", "create", "--name", name)
            if number % 2:
                running.wait_for(lambda: self.far.cut() > 0)
        running.wait_for(lambda: len(running.lines) >= len(names), timeout=60)
        self.assertEqual([json.loads(line)["data"]["object"]["name"] for line in running.lines],
                         names)
        self.assertEqual(running.interrupt(), 130)
        self.far.wait_until_none_runs()

    def test_many(self):
        """/ssh/carries-several-at-once"""
        done = []
        workers = [threading.Thread(target=lambda number=number: done.append(self.run_here(
            "customers", "create", "--name", str(number), "--json"))) for number in range(8)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.assertEqual(sorted(json.loads(one.stdout)["name"] for one in done),
                         [str(number) for number in range(8)])

    def test_reasons(self):
        """/ssh/says-why-it-cannot-be-reached"""
        table = [
            (["echo Welcome. >&2", "echo ssh: connect to host far.example: No route >&2",
              "exit 255"], "cannot be reached: ssh: connect to host far.example: No route\n"),
            (["echo sh: 1: kontor: not found >&2", "exit 127"],
             "there is no program “kontor” on me@far.example (sh: 1: kontor: not found)\n"),
            (["exit 3"], "failed with status 3\n"),
            (["kill -9 $$"], "was ended by signal 9\n"),
            ([f"export KONTOR_URL=http://127.0.0.1:1 KONTOR_API_KEY={self.world.key}", "shift",
              f'exec {self.far.program} "$@"'],
             "cannot be reached: The server at http://127.0.0.1:1 cannot be reached: "),
            (["printf '\\033[31mred\\033[0m\\n' >&2", "exit 1"], "red"),
        ]
        for lines, sentence in table:
            self.far.runs(*lines)
            done = self.run_here("get", "balance", "--retries", "0")
            self.assertEqual(done.returncode, 3, lines)
            self.assertIn(f"The server at {self.far.base} cannot be reached: ", done.stderr)
            self.assertIn(sentence, done.stderr)
            self.assertNotIn("\033", done.stderr)
        done = self.run_here("get", "balance", "--retries", "0", KONTOR_SSH="/nonesuch")
        self.assertEqual(done.returncode, 3)
        self.assertIn("/nonesuch", done.stderr)
        done = self.run_here("get", "balance", KONTOR_SSH="ssh 'open")
        self.assertIn("KONTOR_SSH: ", done.stderr)

    def test_tries_again(self):
        """/ssh/is-tried-again-when-it-broke"""
        self.far.runs(f"if [ $(wc -l < {self.far.folder}/log) -lt 3 ]; then exit 255; fi",
                      f"export KONTOR_API_KEY={self.world.key} KONTOR_URL={self.world.server.base}",
                      "shift", f'exec {self.far.program} "$@"')
        done = self.run_here("customers", "create", "--name", "once", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.far.calls()), 3)
        listed = json.loads(self.world.run("get", "customers").stdout)["data"]
        self.assertEqual([customer["name"] for customer in listed], ["once"])

    def test_refusals(self):
        """/ssh/carries-refusals-as-they-are"""
        done = self.run_here("get", "cus_nobody")
        self.assertEqual(done.returncode, 5)
        self.assertIn("No such customer", done.stderr)

    def test_stranger(self):
        """/ssh/lets-no-other-program-use-its-connections"""
        env = {**self.world.signed_in(), "KONTOR_URL": self.far.base, **self.far.env()}
        running = Running(self.world, "listen", env=env)
        self.running.append(running)
        running.begins("Listening")
        with open("/proc/net/unix", encoding="utf-8") as file:
            names = [line.split()[-1][1:] for line in file if "@kontor-" in line]
        started = len(self.far.calls())
        reader = ("import socket,sys\n"
                  "for name in sys.argv[1:]:\n"
                  " s = socket.socket(socket.AF_UNIX)\n"
                  " s.connect('\\0' + name)\n"
                  " s.settimeout(20)\n"
                  " print(len(s.recv(1)))\n")
        done = subprocess.run(["python3", "-c", reader, *names], capture_output=True, text=True,
                              timeout=60, check=True)
        self.assertEqual(set(done.stdout.split()), {"0"})
        self.assertEqual(len(self.far.calls()), started)


if __name__ == "__main__":
    tap.main()
