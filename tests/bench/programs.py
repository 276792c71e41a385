"""Starts and stops what the benchmark measures, and asks each of it for figures."""

import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

PAYMENT = ("amount=2000&currency=usd&payment_method=pm_card_visa&confirm=true"
           "&automatic_payment_methods[enabled]=true"
           "&automatic_payment_methods[allow_redirects]=never")


class BenchError(Exception):
    """A measurement could not be taken; the sentence says why."""


def run(command, **options):
    """Runs a command to its end and returns what it printed."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          check=False, **options)
    if done.returncode != 0:
        raise BenchError(f"{command[0]} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    return done.stdout


class Server:
    """A program that prints where it listens, and runs until it is told to stop."""

    def __init__(self, command, log, env=None):
        self.log = open(log, "ab")
        self.started = time.monotonic()
        self.process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE,
                                        stderr=self.log, text=True,
                                        env={**os.environ, **(env or {})})
        line = self.process.stdout.readline()
        found = re.search(r"listening on http://([0-9.]+):(\d+)", line)
        if not found:
            self.stop()
            raise BenchError(f"{command[0]} did not say where it listens; see {log}")
        self.host, self.port = found.group(1), int(found.group(2))
        self.url = f"http://{self.host}:{self.port}"

    def last_words(self):
        """What became of it, and the end of its log."""
        text = pathlib.Path(self.log.name).read_text(encoding="utf-8", errors="replace")
        return f"exit status {self.process.poll()}; log: {text[-1500:]}"

    def cpu_seconds(self):
        """Processor time of all its threads so far."""
        stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text()
        fields = stat.rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """Resident memory in bytes: all of it, and what is not a file's pages."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        kib = dict(re.findall(r"^(VmRSS|RssAnon):\s+(\d+) kB", status, re.M))
        return int(kib["VmRSS"]) * 1024, int(kib["RssAnon"]) * 1024

    def stop(self):
        """Ends it gently and returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.stdout.close()
        self.log.close()
        return self.process.wait()


class Kontor(Server):
    """`kontord` on a data directory, with a key for its test mode."""

    def __init__(self, kontord, data_dir, env=None):
        self.data_dir = pathlib.Path(data_dir)
        self.key = run([kontord, "key", "create", "--data-dir", data_dir, "--mode", "test"]).strip()
        super().__init__([kontord, "serve", "--data-dir", data_dir, "--listen", "127.0.0.1:0"],
                         f"{data_dir}.log", env)

    def get(self, path):
        """Fetches a path as JSON."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        connection.request("GET", path, headers={"Authorization": f"Bearer {self.key}"})
        reply = connection.getresponse()
        body = reply.read()
        connection.close()
        if reply.status != 200:
            raise BenchError(f"GET {path}: {reply.status} {body[:300]!r}")
        return json.loads(body)

    def headers(self):
        """What a request to it must carry."""
        return ["--header", f"Authorization: Bearer {self.key}"]

    def write_intent_paths(self, file, pages=20):
        """Writes the paths of its latest payment intents, one a line, for reads to visit."""
        paths, after = [], ""
        for _ in range(pages):
            page = self.get(f"/v1/payment_intents?limit=100{after}")
            paths += [f"/v1/payment_intents/{intent['id']}" for intent in page["data"]]
            if not page["has_more"]:
                break
            after = f"&starting_after={page['data'][-1]['id']}"
        pathlib.Path(file).write_text("\n".join(paths) + "\n")


def directory_bytes(data_dir):
    """What the database and its write-ahead log take on disk."""
    return sum(file.stat().st_size for file in pathlib.Path(data_dir).glob("kontor.db*")
               if not file.name.endswith("-shm"))


class Postgres:
    """A throw-away PostgreSQL cluster as Debian configures it, with pgbench's TPC-B tables."""

    def __init__(self, home, scale=10):
        programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
        if not programs:
            raise BenchError("PostgreSQL is not installed")
        self.bin = programs[-1]
        self.home = pathlib.Path(home)
        self.home.mkdir()
        self.as_user = []
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(self.home, "postgres")
            self.as_user = ["runuser", "-u", "postgres", "--"]
        self.data = self.home / "data"
        self.command("initdb", "-D", self.data, "-A", "trust", "--no-instructions")
        # pg_ctl's child keeps the pipe it inherits, so that its output must go to a file.
        self.command("pg_ctl", "-D", self.data, "-w", "-l", self.home / "log",
                     "-o", f"-k {self.home} -c listen_addresses=''", "start")
        self.command("pgbench", "-h", self.home, "-i", "-q", "-s", scale, "postgres")

    def command(self, program, *arguments):
        """Runs one of PostgreSQL's programs as its user."""
        with open(f"{self.home}.log", "ab") as log:
            log.flush()
            done = subprocess.run([*self.as_user, str(self.bin / program), *map(str, arguments)],
                                  stdout=subprocess.PIPE if program == "pgbench" else log,
                                  stderr=log, text=True, check=False, cwd="/")
        if done.returncode != 0:
            raise BenchError(f"{program} ended with {done.returncode}; see {self.home}.log")
        return done.stdout or ""

    def measure(self, seconds, clients=8):
        """Durable TPC-B transactions a second."""
        text = self.command("pgbench", "-h", self.home, "-n", "-c", clients, "-j", 2,
                            "-M", "prepared", "-T", seconds, "postgres")
        return {"rps": float(re.search(r"^tps = ([0-9.]+)", text, re.M).group(1)),
                "mean_us": float(re.search(r"^latency average = ([0-9.]+) ms", text, re.M).group(1))
                * 1000}

    def stop(self):
        """Ends it at once; its data is thrown away."""
        self.command("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")
