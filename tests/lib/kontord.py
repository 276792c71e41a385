"""kontord.py: a real server over a data directory of its own, for the length of one test program."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.parse
import urllib.request

BANNER = re.compile(r"^kontord: listening on http://([\d.]+):(\d+)$")


class Server:
    """kontord on a free port of the loopback address."""

    def __init__(self, env=None, data_dir=None):
        self.program = os.environ["KONTORD"]
        self.data_dir = data_dir or tempfile.mkdtemp(prefix="kontor-test-")
        self.env = {**os.environ, "KONTOR_TEST_CLOCK": "1", **(env or {})}
        self.log = tempfile.TemporaryFile()
        self.start(0)

    def start(self, port=None):
        """Serves; again on the same port unless another one is named."""
        listen = f"127.0.0.1:{self.port if port is None else port}"
        self.process = subprocess.Popen(
            [self.program, "serve", "--data-dir", self.data_dir, "--listen", listen],
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=self.env,
            text=True,
        )
        match = BANNER.match(self.process.stdout.readline().rstrip("\n"))
        if not match:
            self.process.kill()
            raise RuntimeError("kontord did not start: " + self.read_log())
        self.host, self.port = match.group(1), int(match.group(2))
        self.base = f"http://{self.host}:{self.port}"

    def run(self, *argv):
        """A command of kontord over the data directory."""
        command, *rest = argv
        subprocess.run([self.program, command, "--data-dir", self.data_dir, *rest], env=self.env,
                       check=True)

    def read_log(self):
        """What the server has written to its log so far."""
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def key(self, mode="test", kind="secret", flags=()):
        """A fresh API key."""
        argv = [self.program, "key", "create", "--data-dir", self.data_dir]
        argv += ["--mode", mode, "--type", kind, *flags]
        done = subprocess.run(argv, env=self.env, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def user(self, email, password, name):
        """Somebody who may do everything for the first merchant."""
        argv = [self.program, "user", "create", "--data-dir", self.data_dir, "--email", email]
        subprocess.run([*argv, "--name", name, "--password-stdin"], input=password + "\n",
                       env=self.env, check=True, capture_output=True, text=True)

    def advance(self, seconds):
        """Moves the server's clock; what is then due has been done when this returns."""
        body = urllib.parse.urlencode({"seconds": seconds}).encode()
        request = urllib.request.Request(
            self.base + "/v1/kontor/test_helpers/advance_clock",
            data=body,
            headers={"Authorization": "Bearer " + self.key()},
        )
        with urllib.request.urlopen(request) as reply:
            assert reply.status == 200

    def is_alive(self):
        """Whether the process still runs."""
        return self.process.poll() is None

    def kill(self):
        """Ends the server at once, with no chance to tidy up."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        """Ends the server politely; returns its exit code."""
        self.process.terminate()
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        return code

    def audit(self):
        """What kontor-audit finds; None when no auditor was named."""
        program = os.environ.get("KONTOR_AUDIT")
        if not program:
            return None
        done = subprocess.run([program, self.data_dir], capture_output=True, text=True, check=False)
        report = json.loads(done.stdout)
        report["exit"] = done.returncode
        return report

    def remove(self):
        """Deletes the data directory."""
        self.log.close()
        shutil.rmtree(self.data_dir, ignore_errors=True)
