"""far.py: a machine that is reached by a program which the tests use in the place of ssh."""

import os
import shutil
import signal
import tempfile
import time


class Far:
    """A machine on which kontor is installed and, with @key, signed in to @server."""

    def __init__(self, server, key, user="me"):
        self.folder = tempfile.mkdtemp(prefix="kontor-far-")
        self.base = f"ssh://{user}@far.example:2222"
        self.ssh = self.folder + "/ssh"
        self.program = os.environ["KONTOR"]
        self.server, self.key = server, key
        self.works()

    def runs(self, *lines):
        """What happens there from now on, in the shell's words; "$@" is what is to be run."""
        with open(self.ssh + ".new", "w", encoding="utf-8") as file:
            file.write("\n".join([
                "#!/bin/sh",
                f'echo "$$ $@" >> {self.folder}/log',
                "shift 2",  # port and host
                f"export XDG_CONFIG_HOME={self.folder} LC_ALL=C.UTF-8",
                "unset KONTOR_API_KEY KONTOR_URL KONTOR_PROFILE KONTOR_SSH",
                *lines, ""]))
        os.chmod(self.ssh + ".new", 0o755)
        os.rename(self.ssh + ".new", self.ssh)

    def works(self):
        """As it should be."""
        self.runs(
            f"export KONTOR_API_KEY={self.key} KONTOR_URL={self.server.base}",
            "shift",
            f'exec {self.program} "$@"')

    def env(self):
        """What makes a program use this machine's ssh."""
        return {"KONTOR_SSH": self.ssh}

    def calls(self):
        """Each start there was: process and words."""
        try:
            with open(self.folder + "/log", encoding="utf-8") as file:
                return [(int(line.split()[0]), line.split()[1:]) for line in file]
        except FileNotFoundError:
            return []

    def running(self):
        """The processes that still run."""
        return [process for process, _ in self.calls() if _is_running(process)]

    def wait_until_none_runs(self, timeout=20):
        """Until the last connection has ended by itself."""
        deadline = time.monotonic() + timeout
        while self.running():
            assert time.monotonic() < deadline, self.running()
            time.sleep(0.02)

    def cut(self):
        """Ends every connection that there is, at once; how many."""
        cut = self.running()
        for process in cut:
            os.kill(process, signal.SIGKILL)
        return len(cut)

    def close(self):
        """Forgets it."""
        self.cut()
        shutil.rmtree(self.folder, ignore_errors=True)


def _is_running(process):
    try:
        with open(f"/proc/{process}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
