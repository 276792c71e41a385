#!/usr/bin/env python3
"""disk.py: a full disk, and one that fails to sync, cost no answered write and no double effect.

While the disk refuses, writes are refused with a 5xx in the API's shape and reads are answered as
before. When it recovers the same server writes on, and what was refused can be sent again under
its key. Environment: KONTORD, KONTOR_AUDIT and KONTOR_DISK_FAULT name the programs and the library.
"""

import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

from client import Client, Gone, Refused, Server
from crash import program, require
from load import CARD

CLIENTS = 8
ATTEMPTS = 6


class Payer(threading.Thread):
    """A client that sends a few payments, each under a key of its own."""

    def __init__(self, server, name):
        super().__init__(daemon=True)
        self.server, self.name = server, name
        self.answers = {}
        self.trouble = None

    def run(self):
        try:
            client = Client(self.server)
            for number in range(ATTEMPTS):
                key = f"{self.name}-{number}"
                status, _, body = pay(client, key)
                self.answers[key] = (status, body)
        except Gone as error:
            self.trouble = str(error)


def pay(client, key):
    """One payment, marked with its key."""
    return client.call("POST", "/v1/payment_intents",
                       {"amount": 1200, "currency": "usd", "metadata[mark]": key, **CARD}, key)


def pay_all(server, name):
    """Lets all clients pay at once; returns their answers by key."""
    payers = [Payer(server, f"{name}-{i}") for i in range(CLIENTS)]
    for payer in payers:
        payer.start()
    answers = {}
    for payer in payers:
        payer.join(timeout=60)
        require(not payer.is_alive(), f"{payer.name} waits for an answer for a minute")
        require(payer.trouble is None, payer.trouble)
        answers.update(payer.answers)
    return answers


def is_polite_refusal(answer):
    """Whether an answer says in the API's shape that the server is at fault."""
    status, body = answer
    return status >= 500 and json.loads(body)["error"]["type"] == "api_error"


def marks(client):
    """How often each mark stands on a payment."""
    return collections.Counter(item["metadata"].get("mark")
                               for item in client.newer_than("/v1/payment_intents", None))


def survive(server, fault_file, fault):
    """One fault: from before it to after it."""
    before = pay_all(server, f"{fault}-before")
    require({status for status, _ in before.values()} == {200}, "payments fail before the fault")
    fault_file.write_text(fault)
    during = pay_all(server, f"{fault}-during")
    wrong = [answer for answer in during.values() if not is_polite_refusal(answer)]
    require(not wrong, f"with the disk {fault}: {wrong[:1]}")
    found = marks(Client(server))
    require(all(found[key] == 1 for key in before), "reads miss payments while the disk refuses")
    fault_file.unlink()
    client = Client(server)
    for key in during:
        status, _, body = pay(client, key)
        require(status == 200, f"after the fault {key}: {status} {body[:300]!r}")
    found = marks(client)
    asked = {key: 1 for key in [*before, *during]}
    require({key: found[key] for key in asked} == asked, "a payment is missing or doubled")


def run(programs, home):
    """Both faults on one server, then the audit, then a gentle end."""
    fault_file = pathlib.Path(home) / "fault"
    server = Server(programs["KONTORD"], os.path.join(home, "data"))
    server.start({"LD_PRELOAD": programs["KONTOR_DISK_FAULT"],
                  "KONTOR_DISK_FAULT": str(fault_file)})
    print("1..3", flush=True)
    good = True
    faults = [("full", "a full disk refuses writes until it has room"),
              ("sync", "a failed sync acknowledges nothing")]
    for number, (fault, name) in enumerate(faults, 1):
        try:
            survive(server, fault_file, fault)
            print(f"ok {number} - {name}", flush=True)
        except (Gone, Refused) as error:
            print("\n".join(f"# {line}" for line in f"{error}\n{server.last_words()}".splitlines()))
            print(f"not ok {number} - {name}", flush=True)
            fault_file.unlink(missing_ok=True)
            good = False
    sound = server.stop() == 0
    if programs["KONTOR_AUDIT"]:
        sound = sound and subprocess.run([programs["KONTOR_AUDIT"], server.data_dir], check=False,
                                         stdout=sys.stderr).returncode == 0
    print(f"{'ok' if sound else 'not ok'} 3 - the server stops gently and its books are in order")
    return good and sound


def main():
    """Runs in a directory of its own, which is kept when something was wrong."""
    programs = {name: program(name)
                for name in ("KONTORD", "KONTOR_AUDIT", "KONTOR_DISK_FAULT")}
    if not programs["KONTORD"] or not programs["KONTOR_DISK_FAULT"]:
        print("1..0 # SKIP KONTORD or KONTOR_DISK_FAULT names nothing")
        return 0
    home = tempfile.mkdtemp(prefix="kontor-disk-")
    good = run(programs, home)
    if good:
        shutil.rmtree(home)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
