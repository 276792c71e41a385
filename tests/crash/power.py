"""Turns a killed server's data directory into what a power cut might have left of it.

What was synced is kept. Of what was written after a file's last sync a disk may have kept any
part, in any order: each such write is kept, lost or torn at a sector by chance.
"""

import os
import pathlib
import shutil
import struct

RECORD = struct.Struct("=cc2xIq")
SECTOR = 512
FILES = {b"d": "kontor.db", b"w": "kontor.db-wal"}


class PowerCut:
    """What the disk surely has of a server's files, through all its lives up to the next cut."""

    def __init__(self, library, data_dir):
        self.library = library
        self.data_dir = pathlib.Path(data_dir)
        self.log = pathlib.Path(f"{data_dir}.power")
        self.before = pathlib.Path(f"{data_dir}.before")

    def environment(self):
        """What the server's process needs so that its writes are logged."""
        return {"LD_PRELOAD": self.library, "KONTOR_POWER_LOG": str(self.log)}

    def begin(self):
        """Before a life of the server: after a mere kill, what it had not synced is still not durable."""
        if self.log.exists():
            self.drop_unmade()
            return
        shutil.rmtree(self.before, ignore_errors=True)
        self.before.mkdir()
        for name in FILES.values():
            if (self.data_dir / name).exists():
                shutil.copyfile(self.data_dir / name, self.before / name)

    def drop_unmade(self):
        """Cuts off the log's last record when the kill came before the write that it tells of."""
        end, last = 0, None
        for last in self.records():
            end += RECORD.size + len(last[3])
        if last and last[0] == b"W":
            with open(self.data_dir / FILES[last[1]], "rb") as file:
                file.seek(last[2])
                if file.read(len(last[3])) != last[3]:
                    end -= RECORD.size + len(last[3])
        elif last and last[0] == b"T":
            if (self.data_dir / FILES[last[1]]).stat().st_size != last[2]:
                end -= RECORD.size
        os.truncate(self.log, end)

    def records(self):
        """Yields what was done: kind, file, offset, data."""
        with open(self.log, "rb") as log:
            while len(head := log.read(RECORD.size)) == RECORD.size:
                kind, file, length, offset = RECORD.unpack(head)
                data = log.read(length)
                if len(data) < length:
                    return  # killed while writing this very record
                yield kind, file, offset, data

    def cut(self, random):
        """Puts the files as the disk might have kept them; returns how many writes were lost."""
        last_sync = {}
        for index, (kind, file, _, _) in enumerate(self.records()):
            if kind == b"S":
                last_sync[file] = index
        handles = {file: open(self.before / name, "r+b" if (self.before / name).exists() else "w+b")
                   for file, name in FILES.items()}
        lost = 0
        for index, (kind, file, offset, data) in enumerate(self.records()):
            durable = index < last_sync.get(file, -1)
            if kind == b"T" and (durable or random.random() < 0.5):
                handles[file].truncate(offset)
            elif kind == b"W":
                kept = [(offset, data)] if durable else survivors(random, offset, data)
                lost += kept != [(offset, data)]
                for position, part in kept:
                    handles[file].seek(position)
                    handles[file].write(part)
        for file, name in FILES.items():
            handles[file].close()
            os.replace(self.before / name, self.data_dir / name)
        (self.data_dir / "kontor.db-shm").unlink(missing_ok=True)
        self.log.unlink()
        return lost


def survivors(random, offset, data):
    """What is left of one write that was never synced."""
    fate = random.random()
    if fate < 0.4:
        return [(offset, data)]
    if fate < 0.7:
        return []
    return [(offset + at, data[at:at + SECTOR]) for at in range(0, len(data), SECTOR)
            if random.random() < 0.5]
