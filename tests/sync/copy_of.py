"""copy_of.py: a client of the sync routes, and a copy of a server's data as a console keeps it."""

import hashlib
import json
import random
import sqlite3
import tempfile
import urllib.error
import urllib.parse
import urllib.request

TABLES = {
    "customer": "customers",
    "payment_method": "payment_methods",
    "setup_intent": "setup_intents",
    "setup_attempt": "setup_attempts",
    "payment_intent": "payment_intents",
    "charge": "charges",
    "refund": "refunds",
    "balance_transaction": "balance_transactions",
}
KINDS = {1: "account", 2: "customer", 3: "payment_method", 4: "setup_intent", 5: "setup_attempt",
         6: "payment_intent", 7: "charge", 8: "refund", 9: "balance_transaction", 10: "event",
         13: "webhook_endpoint", 17: "note", 18: "view", 64: "request_log", 66: "webhook_attempt", 67: "audit_entry",
         68: "ledger_entry", 69: "notice"}


class Refused(Exception):
    """A reply that is an error; holds its status and its body."""

    def __init__(self, status, body, headers):
        super().__init__(f"{status} {body[:300]}")
        self.status, self.body, self.headers = status, body, headers

    def json(self):
        return json.loads(self.body)


class Client:
    """Asks a server with one key."""

    def __init__(self, server, key=None):
        self.server = server
        self.key = key or server.key()

    def ask(self, method, path, form=None, body=None, headers=None, timeout=90):
        """The status, the headers and the bytes of a reply; Refused from 400 on."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        headers = {"Authorization": "Bearer " + self.key, **(headers or {})}
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self.server.base + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as reply:
                return reply.status, reply.headers, reply.read()
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.read().decode(), error.headers) from None

    def get(self, path, **params):
        query = "?" + urllib.parse.urlencode(params) if params else ""
        return json.loads(self.ask("GET", path + query)[2])

    def post(self, path, **form):
        return json.loads(self.ask("POST", path, form)[2])

    def pay(self, **more):
        return self.post("/v1/payment_intents", **{
            "amount": 1000, "currency": "eur", "confirm": "true",
            "payment_method": "pm_card_visa", "payment_method_types[]": "card", **more})

    def changes(self, cursor=None, **params):
        """The lines of one page, and its last line."""
        if cursor:
            params["cursor"] = cursor
        query = "?" + urllib.parse.urlencode(params)
        _, headers, body = self.ask("GET", "/v1/kontor/sync/changes" + query)
        assert headers["Content-Type"] == "application/x-ndjson", headers
        assert body.endswith(b"\n")
        lines = [json.loads(line) for line in body.decode().splitlines()]
        return lines[:-1], lines[-1]


class Copy:
    """What a console holds: rows by kind and id."""

    def __init__(self, client):
        self.client = client
        self.rows = {}
        self.cursor = None
        self.pages = self.lines = 0

    def apply(self, line):
        place = line["t"], line["id"]
        if line.get("gone"):
            self.rows.pop(place, None)
        else:
            self.rows[place] = (line["v"], line["c"], line["d"])

    def pull(self, **params):
        """Reads the feed to its end."""
        while True:
            lines, last = self.client.changes(self.cursor, **params)
            assert len({(line["t"], line["id"]) for line in lines}) == len(lines), "said twice"
            for line in lines:
                self.apply(line)
            self.pages += 1
            self.lines += len(lines)
            self.cursor = last["cursor"]
            if not last["more"]:
                return self

    def load(self, path):
        """Begins anew with a snapshot's file; returns what it says about itself."""
        database = sqlite3.connect(path)
        assert database.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        meta = dict(database.execute("SELECT name, value FROM meta"))
        self.rows = {}
        sums = {name: [0, 0] for name in json.loads(meta["digest"])}
        for row, name, version, created, body in database.execute("SELECT * FROM objects"):
            kind = KINDS[row >> 48]
            self.rows[kind, name] = (version, created, json.loads(body))
            sums[kind][0] += 1
            sums[kind][1] += digest(name, version, body)
        database.close()
        said = json.loads(meta["digest"])
        for kind, (count, total) in sums.items():
            assert said[kind] == [count, f"{total % 2**64:016x}"], kind
        self.cursor = meta["cursor"]
        return meta

    def fetch(self):
        """Begins anew with a snapshot of the server's."""
        with tempfile.NamedTemporaryFile() as file:
            file.write(self.client.ask("GET", "/v1/kontor/sync/snapshot")[2])
            file.flush()
            return self.load(file.name)

    def of(self, kind):
        return {name: row for (t, name), row in self.rows.items() if t == kind}


def digest(name, version, body):
    """As kontor_sync_digest() of core/sync.c."""
    text = name.encode() + b"\0" + version.to_bytes(8, "little") + body.encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=16).digest()[:8], "little")


def truth(server, scope=2):
    """What the database itself says that a copy should hold of the nouns."""
    database = sqlite3.connect(f"file:{server.data_dir}/kontor.db?mode=ro", uri=True)
    rows = {}
    for kind, table in TABLES.items():
        deleted = " AND deleted = 0" if kind == "customer" else ""
        for name, created, version, body in database.execute(
                f"SELECT o.id, o.created, o.version, v.body FROM {table} o"
                f" JOIN versions v ON v.seq = o.version WHERE o.key >> 48 = ?{deleted}", (scope,)):
            body = json.loads(body)
            if kind in ("payment_intent", "setup_intent"):
                for member in ("client_secret", "next_action", "return_url"):
                    body.pop(member, None)
            rows[kind, name] = (version, created, body)
    database.close()
    return rows


def nouns(copy):
    """The part of a copy that truth() tells of."""
    return {place: row for place, row in copy.rows.items() if place[0] in TABLES}


class Chance:
    """Random work on a server, from a seed that can be named again."""

    def __init__(self, client, seed):
        self.client = client
        self.random = random.Random(seed)
        self.customers, self.intents, self.waiting = [], [], []

    def step(self):
        """One write; a refusal is fine."""
        try:
            self.random.choice([self.new_customer, self.change_customer, self.drop_customer,
                                self.new_payment, self.new_payment, self.hold_payment,
                                self.capture, self.cancel, self.refund, self.set_up,
                                self.decline])()
        except Refused as refused:
            assert refused.status in (400, 402, 404), refused

    def one_of(self, names):
        return self.random.choice(names) if names else "none"

    def new_customer(self):
        self.customers.append(self.client.post(
            "/v1/customers", **{"email": f"a{self.random.randrange(10**6)}@example.com",
                                "metadata[client_secret]": 'x","y'})["id"])

    def change_customer(self):
        self.client.post("/v1/customers/" + self.one_of(self.customers),
                         name=f"N{self.random.randrange(10**6)}")

    def drop_customer(self):
        if self.random.random() < 0.3:
            self.client.ask("DELETE", "/v1/customers/" + self.one_of(self.customers))

    def new_payment(self):
        more = {"customer": self.one_of(self.customers)} if self.random.random() < 0.5 else {}
        self.intents.append(self.client.pay(amount=self.random.randrange(100, 99999), **more)["id"])

    def hold_payment(self):
        self.waiting.append(self.client.pay(capture_method="manual")["id"])

    def capture(self):
        self.client.post(f"/v1/payment_intents/{self.one_of(self.waiting)}/capture")

    def cancel(self):
        self.client.post(f"/v1/payment_intents/{self.one_of(self.waiting)}/cancel")

    def refund(self):
        self.client.post("/v1/refunds", payment_intent=self.one_of(self.intents),
                         amount=self.random.randrange(1, 500))

    def set_up(self):
        self.client.post("/v1/setup_intents", **{"confirm": "true", "payment_method_types[]": "card",
                                                 "payment_method": "pm_card_visa"})

    def decline(self):
        self.client.pay(payment_method=self.random.choice(
            ["pm_card_chargeDeclined", "pm_card_threeDSecure2Required"]))
