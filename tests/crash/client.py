"""Speaks to one running kontord, and starts and kills it."""

import http.client
import json
import os
import re
import signal
import subprocess
import time
import urllib.parse


class Gone(Exception):
    """The server went away before it had answered."""


class Refused(Exception):
    """The server gave another answer than the test allows for."""


class Client:
    """One keep-alive connection, as one client program holds it."""

    def __init__(self, server):
        self.key = server.key
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)

    def call(self, method, path, params=None, idempotency_key=None):
        """Sends a request; returns the reply's status, headers and body."""
        headers = {"Authorization": f"Bearer {self.key}"}
        body = None
        if params is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urllib.parse.urlencode(params)
        if idempotency_key:
            headers["Idempotency-Key"] = idempotency_key
        try:
            self.connection.request(method, path, body, headers)
            reply = self.connection.getresponse()
            return reply.status, reply.headers, reply.read()
        except (OSError, http.client.HTTPException) as error:
            raise Gone(f"{method} {path}: {error!r}") from error

    def json(self, method, path, params=None, idempotency_key=None):
        """Sends a request that must succeed; returns the object."""
        status, _, body = self.call(method, path, params, idempotency_key)
        if status != 200:
            raise Refused(f"{method} {path} {params}: {status} {body[:500]!r}")
        return json.loads(body)

    def newer_than(self, path, known_id):
        """Yields what a list holds, newest first, down to an object already known."""
        mark = "&" if "?" in path else "?"
        after = ""
        while True:
            page = self.json("GET", f"{path}{mark}limit=100{after}")
            for item in page["data"]:
                if item["id"] == known_id:
                    return
                yield item
            if not page["has_more"]:
                return
            after = f"&starting_after={page['data'][-1]['id']}"


class Server:
    """kontord on one data directory through all its lives."""

    def __init__(self, kontord, data_dir):
        self.kontord = kontord
        self.data_dir = data_dir
        self.log = open(f"{data_dir}.log", "ab")
        self.process = None
        self.port = 0
        self.key = subprocess.run([kontord, "key", "create", "--data-dir", data_dir,
                                   "--mode", "test"], check=True, capture_output=True,
                                  text=True).stdout.strip()

    def spawn(self, env=None):
        """Starts the process without waiting for it to serve."""
        self.process = subprocess.Popen([self.kontord, "serve", "--data-dir", self.data_dir,
                                         "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
                                        stderr=self.log, text=True,
                                        env=dict(os.environ, **(env or {})))

    def start(self, env=None):
        """Starts it and waits until it listens; returns the seconds that took."""
        began = time.monotonic()
        self.spawn(env)
        line = self.process.stdout.readline()
        found = re.search(r"listening on http://[0-9.]+:(\d+)", line)
        if not found:
            self.kill()
            raise Refused(f"no start on {self.data_dir}: {line!r}; {self.last_words()}")
        self.port = int(found.group(1))
        return time.monotonic() - began

    def kill(self):
        """Ends it as a power cut would end the process: at once, with no chance to tidy up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        """Ends it gently; returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=30)
        self.process.stdout.close()
        return status

    def last_words(self):
        """The end of its log."""
        with open(self.log.name, encoding="utf-8", errors="replace") as log:
            return log.read()[-2000:]
