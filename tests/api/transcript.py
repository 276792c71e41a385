"""transcript.py: plays the requests of a .api file against a real server and compares the replies.

A transcript is made of steps:

    = what the step shows
    POST /v1/customers
    Idempotency-Key: once

    name=Jenny
    metadata[k]=v
    => 200
    {"object": "customer", "id": "<cus_1>", "...": ""}

Header lines follow the request line; the API key is added unless an Authorization header is given
("none": no such header; "<key>" stands for the key). After an empty line comes the body: lines of a
form are joined by "&"; with a Content-Type of JSON the text goes as it is. After "=>" stands the
status, then headers that must be there, then the JSON.

In the JSON "<text>", "<time>", "<number>" and "<any>" stand for what differs from run to run, "<...>"
for any letters, "<server>" for its address, and "<cus_1>" for an id: the first customer seen, wherever
it appears, also in later requests. A member "..." says that further members may follow. "--record"
writes the replies anew, to be read before they are believed.
"""

import base64
import http.client
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

from kontord import Server  # noqa: E402

ID = re.compile(r"\b(acct|ch|cus|evt|pi|pm|re|req|seti|setatt|txn)_[0-9A-Za-z]{14,}")
SECRET = re.compile(r"_secret_[0-9A-Za-z]+")
PLACE = re.compile(r"<[a-z]+_\d+>")
WILD = {
    "<any>": lambda value: True,
    "<text>": lambda value: isinstance(value, str),
    "<number>": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "<time>": lambda value: isinstance(value, int) and 1_600_000_000 < value < 5_000_000_000,
}
TIMES = ("created", "available_on", "canceled_at", "capture_before")
TEXTS = (
    "authorization_code",
    "fingerprint",
    "invoice_prefix",
    "network_transaction_id",
    "receipt_url",
    "request_log_url",
)


class Step:
    """One request and what must come back."""

    def __init__(self, title):
        self.title = title
        self.request = ""
        self.headers = []
        self.body = []
        self.status = 0
        self.wanted_headers = []
        self.wanted = ""


def read_steps(path):
    """The comment that a file begins with, and its steps."""
    steps, preface, place = [], [], None
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    for line in lines:
        if line.startswith("= "):
            steps.append(Step(line[2:]))
            place = "request"
        elif not steps:
            preface.append(line)
        elif line.startswith("=> "):
            steps[-1].status = int(line[3:])
            place = "reply"
        elif place == "request":
            steps[-1].request, place = line, "headers"
        elif place == "headers" and line:
            steps[-1].headers.append(line)
        elif place == "headers":
            place = "body"
        elif place == "body":
            steps[-1].body.append(line)
        elif place == "reply" and line and not line.startswith("{"):
            steps[-1].wanted_headers.append(line)
        elif line:
            place = "json"
            steps[-1].wanted += line + "\n"
    for step in steps:
        while step.body and not step.body[-1]:
            step.body.pop()
    return preface, steps


class Player:
    """Plays steps over a connection each, remembering the ids it has seen."""

    def __init__(self, server):
        self.server = server
        self.key = server.key()
        self.places = {}
        self.counts = {}

    def name_ids(self, text):
        """Replaces ids by their places, such as <cus_1>."""

        def place(match):
            if match.group(0) not in self.places:
                kind = match.group(1)
                self.counts[kind] = self.counts.get(kind, 0) + 1
                self.places[match.group(0)] = f"<{kind}_{self.counts[kind]}>"
            return self.places[match.group(0)]

        return SECRET.sub("_secret_<secret>", ID.sub(place, text))

    def fill_in(self, text):
        """Replaces places by the ids that were seen."""
        known = {place: real for real, place in self.places.items()}
        text = PLACE.sub(lambda match: known.get(match.group(0), match.group(0)), text)
        return text.replace("<key>", self.key)

    def play(self, step):
        """Sends a step's request; returns status, headers and the body with its ids named."""
        method, path = self.fill_in(step.request).split(" ", 1)
        headers = {"Authorization": "Bearer " + self.key}
        for line in step.headers:
            name, value = line.split(": ", 1)
            headers[name] = self.fill_in(value)
        if headers["Authorization"] == "none":
            del headers["Authorization"]
        elif headers["Authorization"].startswith("Basic "):
            user = headers["Authorization"][6:].encode()
            headers["Authorization"] = "Basic " + base64.b64encode(user).decode()
        body = None
        if step.body:
            as_json = "json" in headers.get("Content-Type", "")
            body = self.fill_in(("\n" if as_json else "&").join(step.body)).encode()
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            text = reply.read().decode().replace(self.server.base, "<server>")
            return reply.status, reply.headers, self.name_ids(text)
        finally:
            connection.close()


def differences(wanted, got, path="reply"):
    """What differs between the JSON of a transcript and a reply, as sentences."""
    if isinstance(wanted, str) and wanted in WILD:
        if not WILD[wanted](got):
            yield f"{path}: {got!r} is no {wanted}"
    elif isinstance(wanted, dict) and isinstance(got, dict):
        for name in wanted:
            if name != "..." and name not in got:
                yield f"{path}.{name}: missing"
            elif name != "...":
                yield from differences(wanted[name], got[name], f"{path}.{name}")
        for name in got:
            if name not in wanted and "..." not in wanted:
                yield f"{path}.{name}: not in the transcript"
    elif isinstance(wanted, list) and isinstance(got, list):
        if len(wanted) != len(got):
            yield f"{path}: {len(got)} items instead of {len(wanted)}"
        for index, (one, other) in enumerate(zip(wanted, got)):
            yield from differences(one, other, f"{path}[{index}]")
    elif isinstance(wanted, str) and isinstance(got, str):
        pattern = ".*".join(re.escape(part) for part in wanted.split("<...>"))
        if not re.fullmatch(pattern, got, re.DOTALL):
            yield f"{path}: {got!r} instead of {wanted!r}"
    elif wanted != got or isinstance(wanted, bool) != isinstance(got, bool):
        yield f"{path}: {got!r} instead of {wanted!r}"


def faults_of(step, status, headers, text):
    """What is wrong with a reply."""
    faults = []
    if status != step.status:
        faults.append(f"status {status} instead of {step.status}: {text[:400]}")
    for line in step.wanted_headers:
        name, value = line.split(": ", 1)
        faults += differences(value, headers.get(name, ""), name)
    if step.wanted:
        try:
            faults += differences(json.loads(step.wanted), json.loads(text))
        except ValueError as problem:
            faults.append(f"not JSON: {problem}: {text[:200]}")
    return faults


def masked(value, name=""):
    """A reply as it is written down: times and fingerprints differ from run to run."""
    if isinstance(value, dict):
        return {key: masked(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item, name) for item in value]
    if name in TIMES and isinstance(value, int):
        return "<time>"
    if name in TEXTS and value is not None:
        return "<text>"
    if name == "exp_year":
        return "<number>"
    return value


def record(path):
    """Writes the replies of a file as they are now."""
    preface, steps = read_steps(path)
    server = Server()
    player = Player(server)
    lines = list(preface)
    for step in steps:
        status, _, text = player.play(step)
        lines += ["= " + step.title, step.request, *step.headers, "", *step.body]
        lines += [f"=> {status}", *step.wanted_headers]
        if text.startswith("{"):
            lines.append(json.dumps(masked(json.loads(text)), indent=2, ensure_ascii=False))
        lines.append("")
    server.stop()
    server.remove()
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


def play_file(path, say):
    """Plays one file; its last step is that the books are right."""
    noun = os.path.basename(path).removesuffix(".api")
    server = Server()
    try:
        player = Player(server)
        for step in read_steps(path)[1]:
            try:
                faults = faults_of(step, *player.play(step))
            except (OSError, http.client.HTTPException) as problem:
                faults = [repr(problem), server.read_log()[-2000:]]
            say(f"{noun}: {step.title}", faults)
        code = server.stop()
        audit = server.audit() or {"ok": True}
        right = code == 0 and audit["ok"]
        faults = [] if right else [f"exit {code}", json.dumps(audit)[:4000], server.read_log()]
        say(f"{noun}: the server stops cleanly and its books are right", faults)
    finally:
        if server.is_alive():
            server.process.kill()
        server.remove()


def main(paths):
    """Plays files and prints TAP."""
    count = failed = 0

    def say(name, faults):
        nonlocal count, failed
        count += 1
        failed += bool(faults)
        print(f"{'not ok' if faults else 'ok'} {count} - {name}", flush=True)
        for fault in faults:
            for line in fault.splitlines():
                print("# " + line)

    for path in paths:
        play_file(path, say)
    print(f"1..{count}")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--record"]:
        for name in sys.argv[2:]:
            record(name)
    else:
        sys.exit(main(sys.argv[1:]))
