# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happens to a machine's disk: it fills up, it is slow, the last write was torn, it was replaced by an empty one."""
import os
import pathlib
import random
import re
import shutil
import struct
import subprocess
import time

SLOW_CALLS = ("fdatasync", "fsync", "msync", "pwrite64", "pwritev2", "io_submit")
PAGE = 4096


class SmallDisk:
    """A disk of its own for a folder: a file with an ext4 on it (loop), or memory. Lives in our mount namespace."""

    def __init__(self, folder: pathlib.Path, mib: int, in_memory: bool = False) -> None:
        self.folder = folder
        self._image = None if in_memory else folder.with_name(folder.name + ".img")
        self._filler = folder / "filler"
        folder.mkdir(parents=True, exist_ok=True)
        if self._image is None:
            command = ["mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", folder]
        else:
            with self._image.open("wb") as out:
                out.truncate(mib << 20)
            subprocess.run(["mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", self._image], check=True, capture_output=True)
            command = ["mount", "-o", "loop", self._image, folder]
        subprocess.run(command, check=True, capture_output=True)

    def fill(self, leave_octets: int = 0) -> None:
        """As another program would that writes all it can."""
        free = os.statvfs(self.folder)
        size = max(0, free.f_bavail * free.f_frsize - leave_octets)
        with self._filler.open("ab", buffering=0) as out:
            try:
                os.posix_fallocate(out.fileno(), 0, size)
            except OSError:
                pass
            try:
                while leave_octets == 0:
                    out.seek(0, os.SEEK_END)
                    out.write(b"\0" * PAGE)
            except OSError:
                pass

    def give_back(self) -> None:
        self._filler.unlink(missing_ok=True)

    def close(self) -> None:
        subprocess.run(["umount", "-l", self.folder], check=True, capture_output=True)
        if self._image is not None:
            self._image.unlink()


class SlowDisk:
    """While it lives, each call of the process that writes or syncs takes so much longer (strace makes the kernel wait)."""

    def __init__(self, pid: int, delay_ms: int) -> None:
        calls = ",".join(SLOW_CALLS)
        self._strace = subprocess.Popen(
            ["strace", "-q", "-f", "-p", str(pid), "-o", "/dev/null", "-e", f"trace={calls}", "-e", "signal=none",
             "-e", f"inject={calls}:delay_exit={delay_ms * 1000}"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not is_traced(pid):
            if self._strace.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"strace could not take process {pid}")
            time.sleep(0.02)

    def close(self) -> None:
        if self._strace.poll() is None:
            self._strace.terminate()
        self._strace.wait(30)


def is_traced(pid: int) -> bool:
    tracer = re.search(r"^TracerPid:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text(), re.M)
    return tracer is not None and tracer[1] != "0"


def wipe(folder: pathlib.Path) -> None:
    """Everything in it, but not itself (it may be a disk's root)."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != "filler":
            path.unlink()


# The log's open segment. Format (raft/uv.h): 8 octets of format, then batches: two checksums of 4 octets; the number of
# entries; for each its term, type and size in 16 octets; then the data of all of them. The rest of the file is zeros.

def open_segments(log: pathlib.Path) -> list[pathlib.Path]:
    """Oldest first."""
    return sorted(log.glob("open-*"), key=lambda path: int(path.name.split("-")[1]))


def end_of_batches(data: bytes) -> tuple[int, int]:
    """Where the last whole batch of a segment begins and ends; (8, 8) when there is none."""
    begin = end = 8
    while end + 16 <= len(data):
        entries = struct.unpack_from("<Q", data, end + 8)[0]
        if entries == 0 or entries > 1 << 20 or end + 16 + 16 * entries > len(data):
            break
        sizes = [struct.unpack_from("<I", data, end + 16 + 16 * i + 12)[0] for i in range(entries)]
        size = 16 + 16 * entries + sum((one + 7) // 8 * 8 for one in sizes)
        if end + size > len(data):
            break
        begin, end = end, end + size
    return begin, end


def tear_last_write(log: pathlib.Path, chance: random.Random) -> str:
    """Leaves after the last whole batch what a write leaves that the power cut short: some of its octets. It was never
    acknowledged, so nothing may be missed for it. What was done, in words."""
    for path in reversed(open_segments(log)):
        data = bytearray(path.read_bytes())
        begin, end = end_of_batches(bytes(data))
        if end == 8 or end + 64 > len(data):
            continue
        torn, kind = _torn(bytes(data[begin:end]), chance)
        torn = torn[:len(data) - end]
        with path.open("r+b") as out:
            out.seek(end)
            out.write(torn)
        return f"{path.name}: {len(torn)} octets, {kind}, after {end}"
    return "no open segment with a batch in it"


def forget_last_batches(log: pathlib.Path, share: float) -> str:
    """A damaged octet so far into what is written (0..1): libraft takes all that follows in the segment for never written.
    Unlike a torn write this breaks a promise of the disk's."""
    for path in open_segments(log):
        data = path.read_bytes()
        _, end = end_of_batches(data)
        if end > 8:
            place = 8 + int((end - 8) * share)
            with path.open("r+b") as out:
                out.seek(place)
                out.write(bytes(256 - one if one else 1 for one in data[place:place + 16]))
            return f"{path.name}: damaged at {place} of {end}"
    return "no open segment with a batch in it"


def _torn(batch: bytes, chance: random.Random) -> tuple[bytes, str]:
    """Part of a batch, never all of it: libraft would rightly take that for written."""
    kind = chance.choice(("cut", "scribbled", "middle missing"))
    torn = bytearray(batch)
    if kind == "cut":
        del torn[chance.randrange(9, len(batch)):]
    elif kind == "scribbled":
        torn[8:] = chance.randbytes(chance.choice((16, 500, 60_000)))
    else:
        third = len(batch) // 3
        torn[third:2 * third] = bytes(third)
    if (torn + bytes(len(batch)))[:len(batch)] == batch:  # what is missing were zeros
        torn[0] ^= 0xFF
    return bytes(torn), kind
