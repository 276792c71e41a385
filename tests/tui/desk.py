"""desk.py: a server full of sample payments and a console that looks at it."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request

from kontord import Server

ROWS = 600
TIME = re.compile(r"\b\d\d:\d\d:\d\d\b")
# What is of this year is written without it.
MOMENT = re.compile(r"(^|│ )\d{4}-(\d\d-\d\d \d\d:\d\d  \S)", re.M)
BLOCK = re.compile(r"signed block (\d+)")
PORT = re.compile(r"127\.0\.0\.1:\d+")
ID = re.compile(r"\b(pi|ch|cus|txn|re|pm|evt|req)_(\w+)")


def masked(screen):
    """A screen without what differs from run to run: times of syncing, ports; ids keep their width."""
    screen = MOMENT.sub(r"\1\2", screen)
    screen = BLOCK.sub(lambda found: "signed block " + "#" * len(found[1]), screen)
    screen = TIME.sub("##:##:##", screen)
    screen = ID.sub(lambda found: found[1] + "_" + "#" * len(found[2]), screen)
    return PORT.sub(lambda found: "#" * 9, screen)


class Desk:
    """The sample shop, always the same one, and a folder for copies of it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="kontor-desk-")
        data = os.path.join(self.folder, "data")
        os.mkdir(data, 0o700)
        subprocess.run(
            [os.environ["KONTORD"], "demo", "--data-dir", data, "--rows", str(ROWS), "--until", "2026-11-01"],
            check=True, stdout=subprocess.DEVNULL,
        )
        self.server = Server(data_dir=data)
        self.key = self.server.key()

    def env(self, **more):
        """As a terminal in UTC sets it."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {**kept, "LC_ALL": "C.UTF-8", "TZ": "UTC", "G_DEBUG": "fatal-criticals", "TERM": "xterm-256color",
                "KONTOR_API_KEY": self.key, "XDG_CONFIG_HOME": self.folder, **more}

    def argv(self, *more, copy="copy"):
        """The console on this server."""
        return [os.environ["KONTOR_TUI"], "--url", self.server.base,
                "--copy", os.path.join(self.folder, copy), *more]

    def prefer(self, settings):
        """What the person prefers; nothing else is left of before. None leaves all as it is."""
        path = os.path.join(self.folder, "kontor", "console.ini")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if settings is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(settings)
        with open(path, encoding="utf-8") as file:
            return file.read()

    def script(self, text, *more, status=0, copy="copy", cwd=None, settings="", **env):
        """Runs a script; what its steps wrote to standard output."""
        self.prefer(settings)
        done = subprocess.run(self.argv("--script", "-", *more, copy=copy), input=text, text=True,
                              capture_output=True, env=self.env(**env), timeout=60, cwd=cwd)
        assert done.returncode == status, (done.returncode, done.stderr, done.stdout)
        return done.stdout if status == 0 else done.stderr

    def ask(self, method, path, status=200, key=None, **params):
        """What the server answers."""
        body = urllib.parse.urlencode(params).encode() if params else None
        request = urllib.request.Request(self.server.base + path, data=body, method=method,
                                         headers={"Authorization": "Bearer " + (key or self.key)})
        try:
            with urllib.request.urlopen(request) as reply:
                code, text = reply.status, reply.read()
        except urllib.error.HTTPError as refusal:
            code, text = refusal.code, refusal.read()
        assert code == status, (code, text)
        return json.loads(text)

    def remove(self):
        """Ends the server and leaves nothing behind."""
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
