"""logs_test.py: the request log as it happens: everything once, in order, whatever breaks."""

import concurrent.futures
import json
import time
import unittest

from world import Running, World, without_colours

import tap


class Logs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def tail(self, *words):
        return Running(self.world, "logs", "tail", *words).begins("Following the request log")

    def customers(self, n):
        """Makes them side by side."""
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            done = pool.map(lambda i: self.world.run("customers", "create", "--name", f"c{i}"),
                            range(n))
            self.assertEqual({d.returncode for d in done}, {0})

    def logged(self):
        """All that the log holds, as they came."""
        done = self.world.run("get", "/v1/kontor/request_logs", "--all", "--jsonl")
        return [json.loads(line)["id"] for line in done.stdout.splitlines()][::-1]

    def test_live(self):
        """each request is shown once, in order, within about a second"""
        self.customers(1)
        before = self.logged()
        tail = self.tail("--json")
        self.customers(30)
        wanted = self.logged()[len(before):]
        tail.wait_for(lambda: len(tail.lines) >= len(wanted))
        begun = time.monotonic()
        self.world.run("customers", "create", "--name", "last")
        tail.wait_for(lambda: len(tail.lines) > len(wanted))
        self.assertLess(time.monotonic() - begun, 3)  # much of it is the program that asks
        time.sleep(1)
        self.assertEqual(tail.interrupt(), 130)
        self.assertEqual([json.loads(line)["id"] for line in tail.lines],
                         self.logged()[len(before):])

    def test_restart(self):
        """a server that was killed and came back: nothing lost, nothing twice"""
        self.customers(1)
        before = self.logged()
        tail = self.tail("--json")
        self.customers(5)
        tail.wait_for(lambda: len(tail.lines) >= 5)
        self.world.server.kill()
        tail.begins("trying again")
        self.world.server.start()
        self.customers(5)
        tail.begins("answers again")
        tail.wait_for(lambda: len(tail.lines) >= 10)
        time.sleep(1)
        self.assertEqual(tail.interrupt(), 130)
        self.assertEqual([json.loads(line)["id"] for line in tail.lines],
                         self.logged()[len(before):])

    def test_filters(self):
        """filters choose by status, method and path, together"""
        failed = self.tail("--filter-status", "4xx,500")
        posts = self.tail("--filter-method", "post", "--filter-path", "/v1/customers*")
        none = self.tail("--filter-ip", "192.0.2.1")
        self.world.run("customers", "create", "--name", "good")
        self.world.run("get", "customers/cus_none")
        self.world.run("post", "setup_intents")
        for tail, count in ((failed, 1), (posts, 1)):
            tail.wait_for(lambda: len(tail.lines) >= count)
        time.sleep(1)
        for tail in (failed, posts, none):
            self.assertEqual(tail.interrupt(), 130)
        self.assertEqual(len(failed.lines), 1, failed.lines)
        self.assertRegex(failed.lines[0], r"  404  GET    /v1/customers/cus_none  [\d.]+ ms "
                                          r"\[req_\w+\]  resource_missing$")
        self.assertEqual(len(posts.lines), 1, posts.lines)
        self.assertRegex(posts.lines[0], r"  200  POST   /v1/customers  ")
        self.assertEqual(none.lines, [])
        for flags in (("--filter-status", "6xx"), ("--since", "soon")):
            self.assertEqual(self.world.run("logs", "tail", *flags).returncode, 2)

    def test_since(self):
        """it can begin with what was asked before, many pages of it"""
        self.customers(3)
        for _ in range(40):
            self.world.run("post", "customers", "-d", "nam=x")
        wanted = self.logged()
        for words in (("--since", "1h"), ("--since", "1h", "--filter-path", "/v1/*")):
            tail = self.tail("--json", *words)
            tail.wait_for(lambda: len(tail.lines) >= len(wanted))
            self.assertEqual(tail.interrupt(), 130)
            self.assertEqual([json.loads(line)["id"] for line in tail.lines], wanted)

    def test_show(self):
        """one request is shown with its parameters"""
        self.world.run("post", "customers", "-d", "name=Jenny", "-d", "metadata[order]=7")
        identity = self.logged()[-1]
        shown = self.world.run("logs", "show", identity).stdout
        self.assertRegex(shown, r"  200  POST   /v1/customers  ")
        self.assertRegex(shown, r"(?m)^Key +key_\d+$")
        self.assertIn('"name": "Jenny"', shown)
        whole = json.loads(self.world.run("logs", "show", identity, "--json").stdout)
        self.assertEqual(whole["id"], identity)
        self.assertEqual(self.world.run("logs", "show", "req_none").returncode, 5)

    def test_terminal(self):
        """a person sees colours, and Ctrl-C ends it"""
        terminal = self.world.terminal("logs", "tail")
        terminal.read_until("Following the request log")
        self.world.run("post", "customers", "-d", "nam=x")
        terminal.read_until("parameter_unknown")
        terminal.type("\x03")
        code, said = terminal.end()
        self.assertEqual(code, 130)
        self.assertIn("\033[", said)
        self.assertRegex(without_colours(said), r"  400  POST   /v1/customers ")


if __name__ == "__main__":
    tap.main()
