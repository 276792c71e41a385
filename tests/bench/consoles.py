"""Measures the consoles: the index in memory, and the terminal over a copy of a million payments."""

import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import statistics
import struct
import termios
import time

from programs import BenchError, run

PAYMENTS = 1_000_000
QUIET_S = 0.04  # longer than a frame, shorter than what has nothing to do with the key
LINE = re.compile(r"^(?P<what>.+?) {2,}(?P<value>[\d.]+) (?P<unit>\S+)")
# Which lines of console-index make which figure, and what is asked of the worst of them.
PARTS = {
    "index-load": "load payments", "index-map": "map it again", "index-changes": "1,000 changes",
    "index-memory": "memory:", "index-query": "“", "index-typing": "typing", "index-order": "first order",
    "scan-bodies": "bare SQLite: every body", "scan-like": "bare SQLite: LIKE",
}
PAGE_DOWN = b"\033[6~"


class Terminal:
    """A program on a pseudo-terminal of 80 columns and 24 rows."""

    def __init__(self, argv, env=None):
        self.started = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            os.execve(argv[0], [str(word) for word in argv],
                      {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "TZ": "UTC", **(env or {})})

    def read(self, quiet=QUIET_S, timeout=30):
        """What comes until nothing does for a while, and when the last of it came."""
        said, last, until = b"", time.monotonic(), time.monotonic() + timeout
        while time.monotonic() < until and select.select([self.fd], [], [], quiet)[0]:
            try:
                said += os.read(self.fd, 65536)
            except OSError:
                break
            last = time.monotonic()
        return said, last

    def read_until(self, pattern, timeout=60):
        """Milliseconds from the start to the first sight of a text."""
        said, until = b"", time.monotonic() + timeout
        while not re.search(pattern, said):
            if time.monotonic() > until:
                raise BenchError(f"{pattern!r} did not come: {said[-300:]!r}")
            if select.select([self.fd], [], [], 1)[0]:
                said += os.read(self.fd, 65536)
        return (time.monotonic() - self.started) * 1000

    def press(self, key, quiet=QUIET_S):
        """Milliseconds to the last byte that a key brought, and how many bytes."""
        begun = time.monotonic()
        os.write(self.fd, key)
        said, last = self.read(quiet)
        return (last - begun) * 1000, len(said)

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def pss(self):
        """Its share of all memory, in bytes."""
        text = pathlib.Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        return int(re.search(r"^Pss: +(\d+)", text, re.M)[1]) * 1024

    def quit(self):
        """Lets it end by itself, as a person does."""
        self.read(0.3)
        os.write(self.fd, b"Q")
        until = time.monotonic() + 30
        while time.monotonic() < until:
            self.read(0.02, 0.1)
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                os.close(self.fd)
                return
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        raise BenchError("the console did not end")


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def keys(terminal, key, n, quiet=QUIET_S):
    """The middle and the worst but one in twenty of many presses, and the bytes of each."""
    took = [terminal.press(key, quiet) for _ in range(n)]
    return {"p50_ms": statistics.median(ms for ms, _ in took),
            "p95_ms": percentile([ms for ms, _ in took], 0.95),
            "bytes_a_key": statistics.mean(count for _, count in took)}


def measure_index(bench, folder):
    """Runs console-index, which leaves the copy that it measures."""
    text = run([bench.programs / "console-index", bench.options.payments, folder],
               env={**os.environ, "LC_ALL": "C.UTF-8"})
    found = [match for match in map(LINE.match, text.splitlines()) if match]
    for name, begin in PARTS.items():
        values = [float(match["value"]) for match in found if match["what"].startswith(begin)]
        unit = next(match["unit"] for match in found if match["what"].startswith(begin))
        bench.figures.add(name, {unit.lower(): max(values)})
    bench.say(text.rstrip())


def start(bench, folder):
    """The console over the copy; there is no server, as on a train."""
    program = bench.build / "tui" / "kontor-tui"
    return Terminal([program, "--url", "http://127.0.0.1:9", "--copy", folder],
                    {"KONTOR_API_KEY": "sk_test_" + "0" * 24, "XDG_CONFIG_HOME": str(folder)})


def first_screens(bench, name, folder):
    """From the start to the first rows, and to the number of all of them."""
    terminal = start(bench, folder)
    number = f"of {bench.options.payments:,}".replace(",", ",?").encode()
    rows = terminal.read_until(rb" (EUR|USD|GBP|JPY|KWD)")
    bench.measure(name, lambda: {"ms": rows, "all_ms": terminal.read_until(number)})
    terminal.read(1)
    return terminal


def type_words(terminal):
    """A search, letter by letter: to the last byte of what it changed."""
    took = []
    for word in (b"berger", b"4242", b"anna"):
        terminal.press(b"/")
        took += [terminal.press(bytes([letter]), 0.15)[0] for letter in word]
        terminal.press(b"\033", 0.3)
        terminal.press(b"F", 0.3)
    return {"p50_ms": statistics.median(took), "p95_ms": percentile(took, 0.95)}


def idle(terminal, seconds=10):
    before = terminal.cpu_seconds()
    terminal.read(seconds, seconds)
    return {"percent": (terminal.cpu_seconds() - before) / seconds * 100}


def measure_terminal(bench, name, terminal):
    """Keys and new screens, of the console or of what does nothing."""
    bench.measure(f"{name}-move", lambda: keys(terminal, b"j", 40))
    bench.measure(f"{name}-page", lambda: keys(terminal, PAGE_DOWN, 40))


def bench_console(bench):
    """The index and the terminal console, beside a bare scan and a bare ncurses program."""
    bench.say(f"the consoles over {bench.options.payments:,} payments")
    folder = bench.home / "console"
    folder.mkdir(mode=0o700)
    measure_index(bench, folder)
    start(bench, folder).quit()  # the copy is then as a console keeps it
    for _ in range(bench.options.rounds):
        bare = Terminal([bench.programs / "hello-curses"])
        bench.measure("curses-start", lambda: {"ms": bare.read_until(rb" EUR")})
        bare.read(0.3)
        measure_terminal(bench, "curses", bare)
        bare.quit()
        for saved in folder.glob("*.index"):
            saved.unlink()
        first_screens(bench, "tui-start-unsaved", folder).quit()
        terminal = first_screens(bench, "tui-start", folder)
        measure_terminal(bench, "tui", terminal)
        bench.measure("tui-letter", type_words, terminal)
        bench.measure("tui-idle", idle, terminal)
        bench.measure("tui-memory", lambda: {"bytes": terminal.pss()})
        terminal.quit()
