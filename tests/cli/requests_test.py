"""requests_test.py: signing in, sending, paging and filtering, as scripts do it."""

import json
import os
import stat
import subprocess
import unittest

from world import World

import tap


class Requests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def kontor(self, *words, **options):
        done = self.world.run(*words, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def login(self, *words, key=None):
        return self.world.run("login", "--url", self.world.server.base, "--key-stdin", *words,
                              env=self.world.env, stdin=(key or self.world.key) + "\n")

    def test_profiles(self):
        """a key is checked, kept privately, chosen, and forgotten"""
        world, env = self.world, self.world.env
        path = env["XDG_CONFIG_HOME"] + "/kontor/config.ini"
        self.assertEqual(self.login(key="sk_test_0000000000").returncode, 4)
        self.assertFalse(os.path.exists(path))
        self.assertEqual(self.login().returncode, 0)
        live = self.login("--profile", "shop", key=world.server.key("live"))
        self.assertEqual(live.returncode, 0, live.stderr)
        self.assertIn("live mode", live.stderr)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        profiles = json.loads(world.run("profile", "list", "--json", env=env).stdout)
        self.assertEqual([(p["name"], p["mode"], p["current"]) for p in profiles],
                         [("default", "test", False), ("shop", "live", True)])
        account = json.loads(world.run("get", "account", "--json", env=env).stdout)
        self.assertEqual(account["object"], "account")
        self.assertIn("live", world.run("whoami", env=env).stdout)
        self.assertIn("test", world.run("whoami", "-p", "default", env=env).stdout)
        self.assertEqual(world.run("profile", "use", "default", env=env).returncode, 0)
        self.assertIn("test", world.run("whoami", env=env).stdout)
        stolen = world.run("whoami", env={**env, "KONTOR_URL": "http://127.0.0.1:1"})
        self.assertEqual(stolen.returncode, 4)
        self.assertIn("is not sent to", stolen.stderr)
        self.assertEqual(world.run("logout", env=env).returncode, 0)
        self.assertEqual(world.run("profile", "remove", "shop", env=env).returncode, 0)
        self.assertEqual(world.run("whoami", env=env).returncode, 4)

    def test_values(self):
        """values come from flags, files and standard input"""
        path = self.world.home + "/note.txt"
        with open(path, "w", encoding="utf-8") as file:
            file.write("from a file: ünïcode & = ?")
        made = json.loads(self.kontor(
            "post", "customers", "--json", "-d", "name=@" + path, "-d", "description=-",
            "-d", "metadata[at]=@@home", "-d", "metadata[empty pair]=a=b", stdin="typed").stdout)
        self.assertEqual(made["name"], "from a file: ünïcode & = ?")
        self.assertEqual(made["description"], "typed")
        self.assertEqual(made["metadata"], {"at": "@home", "empty pair": "a=b"})
        cleared = json.loads(self.kontor("customers", "update", made["id"], "--description", "",
                                         "--metadata.at", "", "--json").stdout)
        self.assertIsNone(cleared["description"])
        self.assertEqual(cleared["metadata"], {"empty pair": "a=b"})

    def test_payment(self):
        """a payment is made, shown and given back by name"""
        paid = json.loads(self.kontor(
            "payment_intents", "create", "--amount", "2000", "--currency", "usd", "--confirm",
            "--payment-method", "pm_card_visa", "--payment-method-types", "card",
            "--metadata[order]", "7", "--expand", "latest_charge", "--json").stdout)
        self.assertEqual(paid["status"], "succeeded")
        self.assertEqual(paid["latest_charge"]["object"], "charge")
        self.assertEqual(paid["metadata"], {"order": "7"})
        shown = self.kontor("payment_intents", "retrieve", paid["id"]).stdout
        self.assertRegex(shown, r"(?m)^amount_received +20\.00 USD$")
        self.assertRegex(shown, r"(?m)^created +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")
        table = self.kontor("payment_intents", "list").stdout
        self.assertRegex(table, rf"{paid['id']} +20\.00 USD +succeeded")
        refund = json.loads(self.kontor("refunds", "create", "--payment-intent", paid["id"],
                                        "--amount", "500", "--json").stdout)
        self.assertEqual((refund["amount"], refund["status"]), (500, "succeeded"))
        declined = self.world.run(
            "payment_intents", "create", "--amount", "2000", "--currency", "usd", "--confirm",
            "--payment-method", "pm_card_chargeDeclined", "--payment-method-types", "card")
        self.assertEqual(declined.returncode, 1)
        self.assertIn("card_declined", declined.stderr)
        self.assertIn("generic_decline", declined.stderr)

    def test_idempotency(self):
        """what is done once is done once"""
        ids = {json.loads(self.kontor("post", "customers", "-d", "name=Once", "-i", "once-only",
                                      "--json").stdout)["id"] for _ in range(2)}
        self.assertEqual(len(ids), 1)
        other = self.world.run("post", "customers", "-d", "name=Twice", "-i", "once-only")
        self.assertEqual(other.returncode, 1)

    def test_pages(self):
        """lists are read to their end, however they are printed"""
        made = []
        for number in range(7):
            made.append(json.loads(self.kontor(
                "setup_intents", "create", "--description", f"n{number}", "--json").stdout)["id"])
        newest_first = made[::-1]
        lines = self.kontor("get", "setup_intents", "--all", "--limit", "3", "--jsonl").stdout
        self.assertEqual([json.loads(line)["id"] for line in lines.splitlines()], newest_first)
        for flags in (("--json",), ()):
            whole = json.loads(self.kontor("get", "setup_intents", "--all", "-l", "3", *flags).stdout)
            self.assertEqual([item["id"] for item in whole["data"]], newest_first)
            self.assertFalse(whole["has_more"])
        table = self.kontor("setup_intents", "list", "--all", "--limit", "2").stdout.splitlines()
        self.assertTrue(table[0].startswith("ID "))
        self.assertEqual([line.split()[0] for line in table[1:]], newest_first)
        page = json.loads(self.kontor("get", "setup_intents", "-l", "2", "-a", made[3],
                                      "--json").stdout)
        self.assertEqual([item["id"] for item in page["data"]], made[2:0:-1])
        upwards = self.kontor("get", "setup_intents", "--all", "-l", "2", "-b", made[3], "--jsonl")
        self.assertEqual({json.loads(line)["id"] for line in upwards.stdout.splitlines()},
                         set(made[4:]))

    def test_search(self):
        """what a search finds is a list like others"""
        self.kontor("customers", "create", "--email", "needle@example.com")
        found = self.kontor("customers", "search", "--query", 'email:"needle@example.com"')
        self.assertIn("needle@example.com", found.stdout)
        bad = self.world.run("customers", "search", "--query", "email")
        self.assertEqual(bad.returncode, 1)
        self.assertIn("parameter: query", bad.stderr)

    def test_exact_numbers(self):
        """JSON is passed on byte by byte, and indented without changing a value"""
        made = self.kontor("post", "customers", "-d", 'name=a"b\\c\u007f', "-d", "balance=-9007199254740993",
                           "--json").stdout
        identity = json.loads(made)["id"]
        exact = self.kontor("get", identity, "--json").stdout
        pretty = self.kontor("get", identity).stdout
        self.assertIn("-9007199254740993", exact)
        self.assertEqual(json.loads(exact), json.loads(pretty))
        self.assertEqual(pretty, json.dumps(json.loads(pretty), indent=2, ensure_ascii=False) + "\n")

    def test_hostile_text(self):
        """text from outside cannot speak to the terminal"""
        self.kontor("customers", "create", "--name", "Eve\033[2J\033]0;x\007\u202egnp.exe")
        for words in (("customers", "list"), ("customers", "list", "--color", "off")):
            shown = self.kontor(*words).stdout
            self.assertIn("Eve", shown)
            for bad in "\033\007\u202e":
                self.assertNotIn(bad, shown)

    def test_pipe(self):
        """a reader that leaves early ends it quietly"""
        for number in range(3):
            self.kontor("customers", "create", "--name", f"p{number}")
        done = subprocess.run(
            ["bash", "-c", '"$KONTOR" get customers --all --limit 1 --jsonl | head -n 1'],
            env={**self.world.signed_in(), "KONTOR": os.environ["KONTOR"]},
            capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(len(done.stdout.splitlines()), 1)

    def test_proxy(self):
        """a proxy is not asked for a server on this machine"""
        env = {**self.world.signed_in(), "http_proxy": "http://127.0.0.1:1"}
        self.kontor("whoami", "--retries", "0", env=env)

    def test_every_verb_has_help(self):
        """each noun and verb explains itself"""
        nouns = [line.split("\t")[0] for line in
                 self.kontor("__complete", "--", "").stdout.splitlines()
                 if line.endswith("\tObjects of the API.")]
        self.assertIn("payment_intents", nouns)
        for noun in nouns:
            verbs = self.kontor("__complete", "--", noun, "").stdout.splitlines()
            self.assertTrue(verbs, noun)
            for line in verbs:
                verb, doc = line.split("\t")
                self.assertIn(doc.split()[0], self.kontor(noun, verb, "--help").stdout)


if __name__ == "__main__":
    tap.main()
