"""world.py: a server, somebody's configuration, and kontor run as a program or in a terminal."""

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))

from kontord import Server  # noqa: E402

COLOUR = re.compile(r"\033\[[\d;]*m")


def without_colours(text):
    """@text as it reads on a terminal of one colour."""
    return COLOUR.sub("", text)


class World:
    """A server and a person who has not signed in to it."""

    def __init__(self, settings=None):
        self.server = Server(settings)
        self.key = self.server.key()
        self.home = tempfile.mkdtemp(prefix="kontor-cli-")
        self.env = {
            name: value
            for name, value in os.environ.items()
            if name.startswith(("PATH", "ASAN", "UBSAN", "LSAN", "G_"))
        }
        self.env.update(
            HOME=self.home,
            XDG_CONFIG_HOME=self.home + "/config",
            TERM="xterm-256color",
            LC_ALL="C.UTF-8",
            TZ="UTC",
        )

    def signed_in(self):
        """The same with key and address in the environment."""
        return {**self.env, "KONTOR_API_KEY": self.key, "KONTOR_URL": self.server.base}

    def run(self, *words, env=None, stdin="", timeout=60):
        """kontor as a program runs it: no terminal anywhere. Signed in unless @env says otherwise."""
        return subprocess.run(
            [os.environ["KONTOR"], *words],
            env=self.signed_in() if env is None else env,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def terminal(self, *words, env=None, columns=80):
        """kontor as a person runs it."""
        return Terminal([os.environ["KONTOR"], *words], env or self.signed_in(), columns)

    def close(self):
        """Ends the server and forgets what it knew."""
        self.server.stop()
        self.server.remove()
        shutil.rmtree(self.home, ignore_errors=True)


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, argv, env, columns):
        self.said = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            time.sleep(0.05)  # until the size is set
            os.execve(argv[0], argv, env)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def read_until(self, text, timeout=20):
        """Waits until @text has been shown."""
        deadline = time.monotonic() + timeout
        while text not in self.said:
            if not self._read(deadline - time.monotonic()):
                raise AssertionError(f"{text!r} was not shown, but: {self.said!r}")

    def _read(self, timeout):
        ready, _, _ = select.select([self.fd], [], [], max(0, timeout))
        if not ready:
            return False
        try:
            chunk = os.read(self.fd, 65536)
        except OSError:  # the program has ended
            return False
        self.said += chunk.decode(errors="replace")
        return bool(chunk)

    def type(self, text):
        """Types @text."""
        os.write(self.fd, text.encode())

    def shows_typing(self):
        """Whether the terminal repeats what is typed."""
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def end(self, timeout=20):
        """Waits for the program's end; its exit code, and all it has shown."""
        deadline = time.monotonic() + timeout
        while self._read(deadline - time.monotonic()):
            pass
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
                raise AssertionError("the program goes on for ever: " + self.said)
            time.sleep(0.01)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status), self.said.replace("\r\n", "\n")


class Running:
    """kontor as a program that goes on until it is interrupted."""

    def __init__(self, world, *words, env=None):
        self.lines, self.notes = [], []
        self.process = subprocess.Popen(
            [os.environ["KONTOR"], *words], env=env or world.signed_in(), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.threads = [
            threading.Thread(target=self._collect, args=pair, daemon=True)
            for pair in ((self.process.stdout, self.lines), (self.process.stderr, self.notes))]
        for thread in self.threads:
            thread.start()

    @staticmethod
    def _collect(stream, lines):
        for line in stream:
            lines.append(line.rstrip("\n"))

    def wait_for(self, condition, timeout=20):
        """Waits until @condition is true."""
        deadline = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError(f"not so within {timeout} s: {self.lines} {self.notes}")
            time.sleep(0.02)

    def begins(self, note):
        """Waits until @note was said on stderr."""
        self.wait_for(lambda: any(note in line for line in self.notes))
        return self

    def interrupt(self):
        """Ctrl-C; its exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=20)
        for thread in self.threads:
            thread.join(20)
        return code
