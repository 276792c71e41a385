"""terminal_test.py: the console in a real terminal: sizes, mouse, what is pasted, signals, bytes sent."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

import tap
from desk import Desk

BYTES_A_KEY = 700


class Terminal:
    """The console on a pseudo-terminal; only the text it sends is looked at."""

    def __init__(self, desk, *more, rows=24, columns=80, **env):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            argv = desk.argv(*more)
            os.execve(argv[0], argv, desk.env(**env))
        self.resize(rows, columns)
        self.sent = b""

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, quiet=0.25, timeout=10):
        """All that comes until nothing does for a moment."""
        until, said = time.monotonic() + timeout, b""
        while time.monotonic() < until and select.select([self.fd], [], [], quiet)[0]:
            try:
                some = os.read(self.fd, 65536)
            except OSError:
                break
            if not some:
                break
            said += some
        self.sent += said
        return said

    def read_until(self, text, timeout=20):
        until, said = time.monotonic() + timeout, b""
        while text.encode() not in said:
            assert time.monotonic() < until, (text, said[-300:])
            said += self.read(0.05, 1)
        return said

    def press(self, keys, quiet=0.25):
        os.write(self.fd, keys if isinstance(keys, bytes) else keys.encode())
        return self.read(quiet)

    def end(self):
        """The exit status, once it has ended."""
        self.read(0.2, 2)
        for _ in range(200):
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                os.close(self.fd)
                self.pid = None
                return os.waitstatus_to_exitcode(status)
            self.read(0.05, 1)
            time.sleep(0.05)  # the terminal may be closed by now
        raise AssertionError("it did not end")

    def kill(self):
        """After a test that failed, it would keep the copy to itself."""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            os.close(self.fd)


class InATerminal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.desk = Desk()
        cls.desk.script(":wait synced\n")

    @classmethod
    def tearDownClass(cls):
        cls.desk.remove()

    def begin(self, *more, settings="", **options):
        self.desk.prefer(settings)
        terminal = Terminal(self.desk, *more, **options)
        self.addCleanup(terminal.kill)
        terminal.read_until("synced")
        terminal.read(0.5)
        return terminal

    def test_bytes(self):
        """/terminal/sends-few-bytes-for-a-key"""
        terminal = self.begin()
        sizes = sorted(len(terminal.press("j")) for _ in range(40))
        terminal.press("Q", 0.05)
        self.assertEqual(terminal.end(), 0)
        self.assertLessEqual(sizes[-3], BYTES_A_KEY, sizes)

    def test_gives_back(self):
        """/terminal/is-given-back-as-it-was-whatever-ends-it"""
        for number in (None, signal.SIGTERM, signal.SIGHUP):
            terminal = self.begin()
            if number is None:
                terminal.press("Q", 0.05)
            else:
                os.kill(terminal.pid, number)
            self.assertEqual(terminal.end(), 0)
            self.assertIn(b"\033[?1049l", terminal.sent)
            self.assertIn(b"\033[?2004l", terminal.sent)

    def test_resize(self):
        """/terminal/follows-its-size"""
        terminal = self.begin()
        self.assertNotIn(b"Latest charge", terminal.sent)
        terminal.resize(40, 130)
        os.kill(terminal.pid, signal.SIGWINCH)
        terminal.read_until("Latest charge")
        terminal.resize(5, 30)
        os.kill(terminal.pid, signal.SIGWINCH)
        terminal.read_until("too small")
        terminal.resize(24, 80)
        os.kill(terminal.pid, signal.SIGWINCH)
        terminal.read_until("Amount")
        terminal.press("Q", 0.05)
        self.assertEqual(terminal.end(), 0)

    def test_mouse(self):
        """/terminal/keeps-its-mouse-when-that-is-preferred"""
        for setting, asked in (("true", b"\033[?1000h"), ("false", b"\033[?1000l")):
            terminal = self.begin(settings=f"[console]\nmouse={setting}\n")
            self.assertEqual(terminal.sent[max(terminal.sent.rfind(b"\033[?1000"), 0):][:8], asked)
            terminal.press("Q", 0.05)
            self.assertEqual(terminal.end(), 0)

    def test_account(self):
        """/terminal/goes-on-with-another-account-without-ending"""
        path = os.path.join(self.desk.folder, "kontor", "config.ini")
        self.desk.prefer("")
        with open(path, "w", encoding="utf-8") as file:
            for name in ("shop", "other"):
                file.write(f"[profile {name}]\nurl={self.desk.server.base}\nkey={self.desk.key}\n")
        os.chmod(path, 0o600)
        self.addCleanup(os.remove, path)
        terminal = self.begin(XDG_DATA_HOME=self.desk.folder)
        terminal.press(":")
        terminal.press("app.account")
        self.assertIn(b"Accounts", terminal.press("\r", 0.5))
        os.write(terminal.fd, b"j\r")
        terminal.read_until("synced")
        self.assertTrue([name for name in os.listdir(os.path.join(self.desk.folder, "kontor", "copies"))
                         if name.startswith("other-test-")])
        terminal.press("Q", 0.05)
        self.assertEqual(terminal.end(), 0)

    def test_news(self):
        """/terminal/tells-of-what-failed-as-it-is-preferred"""
        wanted = "[console]\nnotify-payment=true\nnotify-payment-from=100\nbell=true\ndesktop=true\n"
        terminal = self.begin(settings=wanted)
        self.assertNotIn(b"\a", terminal.sent)
        with self.assertRaises(urllib.error.HTTPError):
            self.pay(9999, "pm_card_chargeDeclined")
        with self.assertRaises(urllib.error.HTTPError):
            self.pay(12345, "pm_card_chargeDeclined")
        said = terminal.read_until("\033]9;Payment failed: 123.45 EUR")
        said += terminal.read(0.5)
        self.assertIn(b"\a", said)
        self.assertNotIn(b"]9;Payment failed: 99.99", terminal.sent)
        terminal.press("Q", 0.05)
        self.assertEqual(terminal.end(), 0)

    def pay(self, amount, method="pm_card_visa"):
        """A payment by somebody else."""
        form = urllib.parse.urlencode({
            "amount": amount, "currency": "eur", "payment_method": method, "confirm": "true",
            "automatic_payment_methods[enabled]": "true",
            "automatic_payment_methods[allow_redirects]": "never"}).encode()
        request = urllib.request.Request(f"{self.desk.server.base}/v1/payment_intents", form)
        request.add_header("Authorization", f"Bearer {self.desk.key}")
        urllib.request.urlopen(request, timeout=10).read()

    def test_tail(self):
        """/terminal/the-live-tail-follows-and-going-down-pauses-it"""
        terminal = self.begin()
        terminal.press("5j")
        self.assertIn("▶ live".encode(), terminal.press("t", 0.5))
        self.pay(71111)
        terminal.read_until("711.11")
        terminal.press("j")
        self.pay(72222)
        self.assertTrue(any(b"paused, 1 new" in terminal.press(b"\f") for _ in range(40)))
        self.assertIn("▶ live".encode(), terminal.press("t", 0.5))
        terminal.press("Q", 0.05)
        self.assertEqual(terminal.end(), 0)

    def test_mouse(self):
        """/terminal/click-goes-there-and-a-second-one-opens"""
        terminal = self.begin()
        click = b"\033[<0;10;8M\033[<0;10;8m"
        self.assertIn("▸".encode(), terminal.press(click, 0.8))
        self.assertNotIn(b"Made", terminal.sent)
        terminal.press(click, 0.05)
        terminal.press(click, 0.4)
        self.assertIn(b"Made", terminal.sent)
        terminal.press("Q", 0.05)
        self.assertEqual(terminal.end(), 0)

    def test_paste(self):
        """/terminal/what-is-pasted-is-searched-and-presses-no-key"""
        terminal = self.begin()
        said = terminal.press(b"\033[200~status:failed\nQ\033[201~", 0.6)
        self.assertIsNone(os.waitpid(terminal.pid, os.WNOHANG)[0] or None)
        self.assertIn(b"status:failed Q", re.sub(rb"\033\[[\d;]*m", b"", said))
        terminal.press("\033")
        terminal.press("Q", 0.05)
        self.assertEqual(terminal.end(), 0)

    def test_copy(self):
        """/terminal/copies-by-the-terminal-s-own-clipboard"""
        terminal = self.begin()
        terminal.press("y")
        self.assertIn(b"\033]52;c;", terminal.press("\r"))
        terminal.press("Q", 0.05)
        self.assertEqual(terminal.end(), 0)

    def test_no_colour(self):
        """/terminal/NO_COLOR-sends-no-colour"""
        terminal = self.begin(NO_COLOR="1")
        terminal.press("j")
        terminal.press("Q", 0.05)
        self.assertEqual(terminal.end(), 0)
        self.assertIsNone(re.search(rb"\033\[[\d;]*(3[0-7]|4[0-7]|[34]8;5)[\d;]*m", terminal.sent))

    def test_first_screen(self):
        """/terminal/shows-the-copy-at-once"""
        began = time.monotonic()
        terminal = Terminal(self.desk)
        self.addCleanup(terminal.kill)
        while b"succeeded" not in terminal.sent:
            terminal.read(0.02, 0.05)
            self.assertLess(time.monotonic() - began, 2)
        terminal.press("Q", 0.05)
        self.assertEqual(terminal.end(), 0)


if __name__ == "__main__":
    tap.main()
