#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The disks and clocks of the cluster tests go wrong in the way that is said of them."""
import errno
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import disk
import net
from clock import Clock

SYNC_LOOP = """
import os, sys, time
with open(sys.argv[1], "wb", buffering=0) as out:
    print("ready", flush=True)
    for _ in sys.stdin:
        began = time.monotonic()
        os.pwrite(out.fileno(), b"x", 0)
        os.fdatasync(out.fileno())
        print(time.monotonic() - began, flush=True)
"""
CLOCK_LOOP = """
import sys, time
for _ in sys.stdin: print(time.time(), time.monotonic(), flush=True)
"""


def batch(*entries: bytes) -> bytes:
    """As libraft lays it out; the checksums don't matter here."""
    out = b"\x01" * 8 + struct.pack("<Q", len(entries))
    for data in entries:
        out += struct.pack("<QBxxxI", 3, 1, len(data))
    return out + b"".join(data + bytes(-len(data) % 8) for data in entries)


class Talk:
    """A program that answers one line for each line that it gets."""

    def __init__(self, test: unittest.TestCase, program: str, *arguments: object, env: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", program, *map(str, arguments)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, bufsize=1, env=os.environ | (env or {}))
        for close in (self.process.wait, self.process.stdout.close, self.process.stdin.close):
            test.addCleanup(close)

    def ask(self) -> list[float]:
        self.process.stdin.write("\n")
        return list(map(float, self.process.stdout.readline().split()))


class DiskTest(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="farol-disk-", dir="/var/tmp")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def fills_up_and_recovers(self, in_memory: bool) -> None:
        small = disk.SmallDisk(self.folder / "small", 24, in_memory)
        self.addCleanup(small.close)
        file = small.folder / "file"
        file.write_bytes(b"1" * 100_000)
        small.fill()
        with self.assertRaises(OSError) as caught:
            file.with_name("second").write_bytes(b"2" * 100_000)
        self.assertEqual(caught.exception.errno, errno.ENOSPC)
        small.give_back()
        file.with_name("third").write_bytes(b"3" * 1_000_000)
        disk.wipe(small.folder)
        self.assertFalse(file.exists())

    def test_small_disk_fills_up_and_recovers(self) -> None:
        self.fills_up_and_recovers(in_memory=False)

    def test_small_disk_in_memory_fills_up_and_recovers(self) -> None:
        self.fills_up_and_recovers(in_memory=True)

    def test_nearly_full_disk_has_the_room_that_was_left(self) -> None:
        small = disk.SmallDisk(self.folder / "small", 24)
        self.addCleanup(small.close)
        small.fill(leave_octets=1 << 20)
        (small.folder / "fits").write_bytes(b"1" * 500_000)
        with self.assertRaises(OSError):
            (small.folder / "more").write_bytes(b"2" * 2_000_000)

    def test_slow_disk_delays_writes_until_it_ends(self) -> None:
        talk = Talk(self, SYNC_LOOP, self.folder / "file")
        self.assertEqual(talk.process.stdout.readline(), "ready\n")
        slow = disk.SlowDisk(talk.process.pid, 200)
        self.assertGreater(talk.ask()[0], 0.39)  # a write and a sync
        slow.close()
        self.assertLess(min(talk.ask()[0] for _ in range(5)), 0.2)
        self.assertFalse(disk.is_traced(talk.process.pid))

    def test_clock_jumps_both_ways_and_monotonic_time_does_not(self) -> None:
        clock = Clock(self.folder / "clock")
        talk = Talk(self, CLOCK_LOOP, env=clock.environment())
        for shift_s in (0, 36_000, -72_000, 0):
            clock.set(shift_s)
            wall, monotonic = talk.ask()
            self.assertAlmostEqual(wall - time.time(), shift_s, delta=5)
            self.assertAlmostEqual(monotonic, time.monotonic(), delta=5)


class TornLogTest(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="farol-log-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def segment(self, number: int, *batches: bytes) -> pathlib.Path:
        path = self.folder / f"open-{number}"
        content = struct.pack("<Q", 1) + b"".join(batches)
        path.write_bytes(content + bytes((1 << 20) - len(content)))
        return path

    def test_end_of_batches_is_found(self) -> None:
        first, second = batch(b"abc", b"d" * 100), batch(b"e" * 5000)
        data = self.segment(1, first, second).read_bytes()
        self.assertEqual(disk.end_of_batches(data), (8 + len(first), 8 + len(first) + len(second)))
        self.assertEqual(disk.end_of_batches(struct.pack("<Q", 1) + bytes(4096)), (8, 8))
        self.assertEqual(disk.end_of_batches(data[:8 + len(first) + 100]), (8, 8 + len(first)))

    def test_torn_write_comes_after_what_was_whole(self) -> None:
        for seed in range(20):
            whole = batch(b"abc", b"d" * 100) + batch(b"e" * 5000)
            path = self.segment(1, whole)
            self.segment(2)
            size = path.stat().st_size
            self.assertIn("open-1", disk.tear_last_write(self.folder, random.Random(seed)))
            data = path.read_bytes()
            self.assertEqual(len(data), size)
            self.assertEqual(data[8:8 + len(whole)], whole)
            self.assertTrue(any(data[8 + len(whole):]))
            last = whole[-len(batch(b"e" * 5000)):]
            self.assertNotEqual(data[8 + len(whole):8 + len(whole) + len(last)], last)

    def test_log_without_batches_stays_as_it_is(self) -> None:
        path = self.segment(1)
        before = path.read_bytes()
        self.assertIn("no open segment", disk.tear_last_write(self.folder, random.Random(1)))
        self.assertEqual(path.read_bytes(), before)


if __name__ == "__main__":
    net.enter()
    unittest.main(verbosity=2)
