"""misfortune.py: has a program die at a step, find no room on its disk, or see a wrong clock (misfortune.c)."""

import mmap
import os
import struct
import tempfile

LEFT, FULL, AHEAD = 0, 8, 16
ENDLESS = 1 << 40


class Misfortune:
    """What may befall the programs that are started with environment()."""

    def __init__(self):
        self.file = tempfile.NamedTemporaryFile(prefix="kontor-misfortune-")
        self.file.truncate(4096)
        self.shared = mmap.mmap(self.file.fileno(), 4096)

    def set(self, place, value):
        self.shared[place:place + 8] = struct.pack("q", value)

    def die_at(self, step):
        """With the @step-th from now; 0: never."""
        self.set(LEFT, step)

    def count(self):
        """Counts from now; see counted()."""
        self.set(LEFT, ENDLESS)

    def counted(self):
        return ENDLESS - struct.unpack("q", self.shared[LEFT:LEFT + 8])[0]

    def fill_disk(self, is_full=True):
        self.set(FULL, int(is_full))

    def move_clock(self, ahead_s):
        self.set(AHEAD, ahead_s)

    def environment(self):
        """For a program's process."""
        sanitizer = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0:detect_leaks=0"
        return {"LD_PRELOAD": os.environ["SYNC_MISFORTUNE"], "KONTOR_MISFORTUNE": self.file.name,
                "ASAN_OPTIONS": sanitizer}

    def close(self):
        self.shared.close()
        self.file.close()
