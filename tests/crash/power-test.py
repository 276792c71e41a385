#!/usr/bin/env python3
"""power-test.py: shows that a power cut, as power.py plays it, finds a database that does not sync.

A small writer acknowledges each commit; it is killed, the cut is played, and its rows are counted.
With synchronous=FULL every acknowledged row must be there, with OFF some must be missing: a cut
that loses nothing would prove nothing. Environment: KONTOR_POWER_CUT names the library.
"""

import os
import random
import sqlite3
import subprocess
import sys
import tempfile

from crash import program
from power import PowerCut

ROUNDS = 8

WRITER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA journal_mode = WAL")
db.execute("PRAGMA synchronous = " + sys.argv[2])
db.execute("CREATE TABLE IF NOT EXISTS row (n INTEGER PRIMARY KEY, filler TEXT)")
n = db.execute("SELECT coalesce(max(n), 0) FROM row").fetchone()[0]
while True:
    n += 1
    db.execute("INSERT INTO row VALUES (?, ?)", (n, "x" * 500))
    print(n, flush=True)
"""


def acknowledged_and_found(library, directory, synchronous, chance):
    """One life of the writer and one cut; returns the last row acknowledged and the last found."""
    database = os.path.join(directory, "kontor.db")
    cut = PowerCut(library, directory)
    cut.begin()
    writer = subprocess.Popen([sys.executable, "-c", WRITER, database, synchronous],
                              stdout=subprocess.PIPE, text=True,
                              env=dict(os.environ, **cut.environment()))
    acknowledged = 0
    for _ in range(chance.randint(20, 400)):
        acknowledged = int(writer.stdout.readline())
    writer.kill()
    acknowledged = int((writer.stdout.read().split("\n")[-2:-1] or [acknowledged])[0])
    writer.wait()
    writer.stdout.close()
    cut.cut(chance)
    connection = sqlite3.connect(database)
    try:
        found = connection.execute("SELECT max(n) FROM row").fetchone()[0] or 0
        sound = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    except sqlite3.DatabaseError:
        found, sound = 0, False
    connection.close()
    return acknowledged, found if sound else 0


def lives_that_lost(library, synchronous, chance):
    """How many lives of a writer lost a row that they had acknowledged."""
    lost = 0
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="kontor-power-") as home:
            directory = os.path.join(home, "data")
            os.mkdir(directory)
            acknowledged, found = acknowledged_and_found(library, directory, synchronous, chance)
            lost += found < acknowledged
    return lost


def main():
    """Prints TAP."""
    library = program("KONTOR_POWER_CUT")
    if not library:
        print("1..0 # SKIP KONTOR_POWER_CUT names no library")
        return 0
    seed = random.randrange(2**31)
    chance = random.Random(seed)
    print(f"1..2\n# seed {seed}", flush=True)
    kept = lives_that_lost(library, "FULL", chance) == 0
    print(f"{'ok' if kept else 'not ok'} 1 - a cut costs a writer that syncs nothing", flush=True)
    lost = lives_that_lost(library, "OFF", chance)
    print(f"{'ok' if lost else 'not ok'} 2 - a cut is noticed by a writer that does not sync")
    print(f"# {lost} of {ROUNDS} lives lost an acknowledged row")
    return 0 if kept and lost else 1


if __name__ == "__main__":
    sys.exit(main())
