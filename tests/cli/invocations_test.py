"""invocations_test.py: what is typed, the exit code it earns and what is said to it.

A row: the words, the exit code, what stdout holds and what stderr holds; regular expressions.
"""

import json
import os
import re
import subprocess
import unittest

from world import World

import tap

OK, REFUSED, USAGE, UNREACHABLE, KEY, MISSING = 0, 1, 2, 3, 4, 5

ROWS = [
    # the program itself
    ((), USAGE, r"^$", r"Usage: kontor COMMAND"),
    (("--help",), OK, r"Usage: kontor COMMAND[\s\S]*customers", r"^$"),
    (("help",), OK, r"login .*Check an API key", r"^$"),
    (("help", "get"), OK, r"Usage: kontor get PATH", r"^$"),
    (("help", "customers"), OK, r"create +\S", r"^$"),
    (("help", "customers", "create"), OK, r"--address\.city", r"^$"),
    (("help", "nonsense"), USAGE, r"^$", r"no command “nonsense”"),
    (("--version",), OK, r"^kontor \d+\.\d+\.\d+\n$", r"^$"),
    (("version", "--json"), OK, r'^\{"version":"\d', r"^$"),
    (("gett", "x"), USAGE, r"^$", r"did you mean “get”"),
    (("customer", "list"), USAGE, r"^$", r"did you mean “customers”"),
    (("customers", "lst"), USAGE, r"^$", r"did you mean “list”"),
    (("customers",), USAGE, r"^$", r"VERB"),
    (("customers", "--help"), OK, r"VERB", r"^$"),
    (("get",), USAGE, r"^$", r"needs PATH"),
    (("get", "a", "b"), USAGE, r"^$", r"“b” is one argument too many"),
    (("get", "customers", "--limt", "3"), USAGE, r"^$", r"did you mean --limit"),
    (("get", "customers", "--limit"), USAGE, r"^$", r"--limit needs a value"),
    (("get", "customers", "--limit", "many"), USAGE, r"^$", r"--limit is a whole number"),
    (("get", "customers", "--all=yes"), USAGE, r"^$", r"--all takes no value"),
    (("get", "customers", "-z"), USAGE, r"^$", r"no flag -z"),
    (("get", "customers", "--color", "pink"), USAGE, r"^$", r"one of: auto, on, off"),
    (("completion", "csh"), USAGE, r"^$", r"bash, zsh and fish"),
    # any request
    (("get", "/v1/customers"), OK, r'^\{\n  "object": "list",', r"^$"),
    (("get", "customers", "--json"), OK, r'^\{"object":"list",', r"^$"),
    (("get", "/v1/nothing"), MISSING, r"^$", r"Unrecognized request URL"),
    (("get", "cus_none"), MISSING, r"^$", r"No such customer: 'cus_none'[\s\S]*request: req_"),
    (("post", "customers", "-d", "name"), USAGE, r"^$", r"one looks like amount=2000"),
    (("post", "customers", "-d", "a=@/nonexistent"), 7, r"^$", r"No such file"),
    (("post", "customers", "-dname=A", "-sd", "email=a@example.com"), OK,
     r'"name": "A"[\s\S]*', r"HTTP 200\n[\s\S]*Request-Id: req_"),
    (("post", "customers", "-d", "nam=A"), REFUSED, r"^$",
     r"unknown parameter: nam\n +parameter: nam +code: parameter_unknown +request: req_"),
    (("post", "customers", "-d", "nam=A", "--json"), REFUSED,
     r'^\{"error":\{.*"param":"nam"', r"unknown parameter"),
    (("delete", "customers/cus_1"), USAGE, r"^$", r"Nothing was deleted; --confirm"),
    (("del", "customers/cus_none", "-c"), MISSING, r"^$", r"No such customer"),
    (("get", "customers", "--stripe-version", "nonsense"), REFUSED, r"^$", r"API version"),
    (("get", "customers", "--stripe-account", "acct_other"), KEY, r"^$", r"acct_other"),
    (("get", "customers", "--idempotency-key", "a\nb"), USAGE, r"^$", r"of one line"),
    # by name, with typed flags
    (("customers", "create", "--emial", "x"), USAGE, r"^$", r"did you mean --email"),
    (("customers", "create", "--address.cty", "x"), USAGE, r"^$", r"did you mean --address.city"),
    (("customers", "create", "--address", "x"), USAGE, r"^$", r"made of parts"),
    (("customers", "retrieve"), USAGE, r"^$", r"needs the id"),
    (("customers", "retrieve", "a", "b"), USAGE, r"^$", r"one argument too many"),
    (("customers", "retrieve", "../account"), MISSING, r"^$", r"No such customer"),
    (("customers", "list", "--limit", "0"), USAGE, r"^$", r"--limit is a whole number from 1 to 100"),
    (("customers", "list", "--created.gte", "soon"), USAGE, r"^$", r"--created.gte is a time"),
    (("customers", "list", "--created.gte", "7d"), OK, r"\A", r"^$"),
    (("customers", "list", "--created.lt", "2020-01-01"), OK, r"^$", r"^$"),
    (("payment_intents", "create", "--amount", "20.50", "--currency", "eur"), USAGE, r"^$",
     r"--amount is a whole number of at least 1"),
    (("payment_intents", "create", "--currency", "eur"), USAGE, r"^$", r"--amount is missing"),
    (("payment_intents", "create", "--amount", "100", "--currency", "euro"), USAGE, r"^$",
     r"--currency is a currency"),
    (("payment_intents", "create", "--amount", "100", "--currency", "EUR", "--capture-method",
      "later"), USAGE, r"^$", r"--capture-method is one of: automatic, "),
    (("payment_intents", "create", "--amount", "1099", "--currency", "EUR"), OK,
     r"amount +10\.99 EUR", r"^$"),
    (("payment-intents", "create", "--amount", "1099", "--currency", "jpy"), OK,
     r"amount +1,?099 JPY", r"^$"),
    (("refunds", "create", "--payment-intent", "pi_none"), REFUSED, r"^$", r"No such payment_intent"),
    # who one is
    (("whoami",), OK, r"Account +acct_[\s\S]*Mode +test", r"^$"),
    (("status", "--json"), OK, r'"status":"ok","version":"\d', r"^$"),
    (("whoami", "--profile", "nobody"), KEY, r"^$", r"no profile “nobody”"),
    (("--api-key", "sk_test_wrong", "whoami"), KEY, r"^$", r"Invalid API Key"),
    (("--api-key", "nonsense", "whoami"), USAGE, r"^$", r"no API key"),
]


class Invocations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()

    @classmethod
    def tearDownClass(cls):
        cls.world.close()

    def test_secrets(self):
        """no key is ever shown whole"""
        for words in (("whoami",), ("whoami", "--json"), ("profile", "list"), ("status",)):
            done = self.world.run(*words)
            self.assertNotIn(self.world.key, done.stdout + done.stderr)

    def test_nobody_answers(self):
        """a server out of reach has an exit code of its own"""
        env = {**self.world.signed_in(), "KONTOR_URL": "http://127.0.0.1:1"}
        done = self.world.run("whoami", "--retries", "0", "--json", env=env)
        self.assertEqual(done.returncode, UNREACHABLE)
        self.assertIn("cannot be reached", json.loads(done.stdout)["error"]["message"])

    def test_not_signed_in(self):
        """without a key nothing is asked"""
        done = self.world.run("whoami", env=self.world.env)
        self.assertEqual((done.returncode, done.stdout), (KEY, ""))
        self.assertIn("kontor login", done.stderr)

    def test_manual(self):
        """the manual page names every command, every flag of all commands and every exit code"""
        with open(os.environ["KONTOR_MANUAL"], encoding="utf-8") as file:
            manual = re.sub(r"\\f[BIR]", "", file.read()).replace("\\-", "-")
        help_text = self.world.run("help").stdout
        commands, flags = help_text.split("Flags of every command")
        for command in re.findall(r"(?m)^  ([a-z]+)", commands.split("The API by name")[0]):
            self.assertRegex(manual, rf"kontor (\w+, kontor |\w+, )*{command}\b", command)
        for flag in re.findall(r"--[a-z-]+", flags):
            self.assertIn(flag, manual)
        for code in re.findall(r"(?<=[ ,\n])(\d+) [a-z]", flags.split("Exit codes:")[1]):
            self.assertRegex(manual, rf"(?m)^\.B {code}$")

    def test_full_disk(self):
        """output that cannot be written is a failure"""
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([os.environ["KONTOR"], "help"], stdout=full, env=self.world.env,
                                  stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 7)


def row_test(words, code, out, err):
    def test(self):
        done = self.world.run(*words)
        told = f"{done.stdout}\n--\n{done.stderr}"
        self.assertEqual(done.returncode, code, told)
        self.assertRegex(done.stdout, out, told)
        self.assertRegex(done.stderr, err, told)
    test.__doc__ = "kontor " + " ".join(words).replace("\n", "\\n").replace("#", "")
    return test


for number, row in enumerate(ROWS):
    name = re.sub(r"\W+", "_", " ".join(row[0]))
    setattr(Invocations, f"test_{number:02d}_{name}", row_test(*row))

if __name__ == "__main__":
    tap.main()
