"""queries_test.py: for random search lines a screen, its exports and plain SQL on the server's database
give the same payments in the same order."""

import calendar
import csv
import datetime
import json
import os
import random
import shutil
import subprocess
import tempfile
import unittest

import tap
from copy_of import Client
from kontord import Server
from oracle import ORDERS, STATUSES, Oracle

N_QUERIES = 100
ROWS = 20000
SEED = int(os.environ.get("QUERIES_SEED") or random.SystemRandom().randrange(10**9))


class Lines:
    """Makes conditions: each a piece of a search line, the SQL that says the same, its parameters."""

    def __init__(self, rand, oracle):
        self.rand = rand
        self.texts = {name: oracle.some(name) for name in ("description", "failure", "metadata", "last4",
                                                           "name", "customer_id", "id")}

    def a_part(self, column):
        """Some letters of a text that is there, or of none."""
        text = self.rand.choice(self.texts[column])
        if self.rand.random() < 0.1:
            return "zzq"
        word = self.rand.choice([word for word in text.split() if '"' not in word and "|" not in word])
        start = self.rand.randrange(len(word))
        return word[start:start + self.rand.randint(1, 8)].lstrip("-") or "a"

    def words(self, column, values):
        chosen = self.rand.sample(values, self.rand.randint(1, 3))
        return "|".join(chosen), f"{column} IN ({','.join('?' * len(chosen))})", chosen

    def status(self):
        text, sql, values = self.words("word", list(STATUSES))
        return "status:" + text, sql, values

    def currency(self):
        text, sql, values = self.words("currency", ["eur", "gbp", "ils", "jpy", "kwd", "usd", "chf"])
        return "currency:" + text, sql, values

    def card(self):
        if self.rand.random() < 0.3:
            return "card:v*", "card LIKE 'v%'", []
        text, sql, values = self.words("card", ["visa", "mastercard", "amex", "discover"])
        return "card:" + text, sql, values

    def flag(self):
        name, sql = self.rand.choice([("refunded", "refunded > 0"), ("disputed", "disputed"),
                                      ("captured", "captured"), ("off_session", "off_session")])
        return "is:" + name, sql, []

    def amount(self):
        low, high = sorted(self.rand.randrange(0, 60000) for _ in range(2))
        currency = self.rand.choice(["", "", "eur", "jpy", "kwd", "usd"])
        only = f" AND currency = '{currency}'" if currency else ""
        form = self.rand.choice([">", ">=", "<", "<=", "..", ""])
        if form == "..":
            return (f"amount:{low / 100:.2f}..{high / 100:.2f}{currency}",
                    f"worth BETWEEN ? AND ?{only}", [low * 100, high * 100])
        return (f"amount:{form}{low / 100:.2f}{currency}", f"worth {form or '='} ?{only}", [low * 100])

    def created(self):
        day = datetime.date(2024, 11, 1) + datetime.timedelta(self.rand.randrange(730))
        begin = calendar.timegm(day.timetuple())
        form = self.rand.choice(["month", "day", ">", "<", ">=", "<="])
        if form == "month":
            first = day.replace(day=1)
            behind = (first + datetime.timedelta(32)).replace(day=1)
            return (f"created:{first:%Y-%m}", "created >= ? AND created < ?",
                    [calendar.timegm(first.timetuple()), calendar.timegm(behind.timetuple())])
        if form == "day":
            return (f"created:{day}..{day + datetime.timedelta(20)}", "created >= ? AND created < ?",
                    [begin, begin + 21 * 86400])
        bound = begin + (86400 if form in (">", "<=") else 0)
        return f"created:{form}{day}", f"created {'>=' if '>' in form else '<'} ?", [bound]

    def text(self):
        column = self.rand.choice(["description", "failure", "metadata", "last4"])
        part = self.a_part(column)
        return f"{column}:{part}", f"instr ({column}, ?)", [part]

    def customer(self):
        if self.rand.random() < 0.5:
            cus = self.rand.choice(self.texts["customer_id"])
            return "customer:" + cus, "customer_id = ?", [cus]
        part = self.a_part("name")
        return "customer:" + part, "instr (coalesce (customer, ''), ?)", [part]

    def anywhere(self):
        part = self.a_part(self.rand.choice(["description", "name", "last4", "failure"]))
        return part, "instr (texts, ?) OR instr (coalesce (customer, ''), ?)", [part, part]

    def exact(self):
        words = self.rand.choice(self.texts[self.rand.choice(["description", "name"])])
        words = " ".join(words.split()[:self.rand.randint(1, 3)])
        return f'"{words}"', "has_words (texts, ?) OR has_words (customer, ?)", [words, words]

    def id(self):
        name = self.rand.choice(self.texts["id"])
        return name, "id = ?", [name]

    def condition(self):
        kinds = [self.status, self.currency, self.card, self.flag, self.amount, self.created, self.text,
                 self.customer, self.anywhere, self.exact]
        text, sql, values = self.rand.choice(kinds * 4 + [self.id])()
        if self.rand.random() < 0.2:
            text, sql = "-" + text, f"NOT coalesce (({sql}), 0)"
        return text, sql, values


class Queries(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="kontor-queries-")
        data = os.path.join(cls.folder, "data")
        os.mkdir(data, 0o700)
        subprocess.run([os.environ["KONTORD"], "demo", "--data-dir", data, "--rows", str(ROWS),
                        "--until", "2026-11-01"], check=True, stdout=subprocess.DEVNULL)
        cls.server = Server(data_dir=data)
        cls.client = Client(cls.server)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def fetch(self):
        """The copy that a console begins with."""
        path = os.path.join(self.folder, "replica.db")
        with open(path, "wb") as file:
            file.write(self.client.ask("GET", "/v1/kontor/sync/snapshot")[2])
        return path

    def shown(self):
        """What the screen showed for the last line: by its list, its table, its lines of JSON."""
        with open(os.path.join(self.folder, "list"), encoding="utf-8") as file:
            listed = file.read().split()
        with open(os.path.join(self.folder, "csv"), encoding="utf-8", newline="") as file:
            table = [row[0] for row in csv.reader(file)][1:]
        with open(os.path.join(self.folder, "jsonl"), encoding="utf-8") as file:
            lines = [json.loads(line)["id"] for line in file]
        return listed, table, lines

    def test_random_lines(self):
        """/queries/screen-export-and-sql-agree"""
        print(f"# QUERIES_SEED={SEED}", flush=True)
        rand = random.Random(SEED)
        for customer in self.client.get("/v1/customers", limit=20)["data"]:
            self.client.ask("DELETE", "/v1/customers/" + customer["id"])
        oracle, replica = Oracle(self.server.data_dir), self.fetch()
        lines, n_found = Lines(rand, oracle), 0
        with subprocess.Popen([os.environ["CONSOLE_QUERIES"], replica, self.folder], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
            for number in range(N_QUERIES):
                terms = [lines.condition() for _ in range(rand.choice([1, 1, 2, 2, 3]) if number else 0)]
                order, down = rand.choice(list(ORDERS)), rand.random() < 0.5
                line = " ".join(text for text, _, _ in terms)
                said = f"{order} {'down' if down else 'up'} {line}"
                program.stdin.write(said + "\n")
                program.stdin.flush()
                count = program.stdout.readline().strip()
                truth = oracle.ids([(sql, values) for _, sql, values in terms], order, down)
                self.assertEqual(count, f"{len(truth)} rows", said)
                for name, ids in zip(("list", "csv", "jsonl"), self.shown()):
                    self.assertEqual(ids, truth, f"{name}: {said}")
                n_found += len(truth) > 0
        print(f"# {n_found} of {N_QUERIES} lines found something", flush=True)
        self.assertGreater(n_found, N_QUERIES // 2)


if __name__ == "__main__":
    tap.main()
