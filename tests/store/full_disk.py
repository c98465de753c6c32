#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fills the store's quota and its disk: changes are refused with kind `limit`, nothing acknowledged is lost, and it recovers.

Runs in a mount namespace of its own with a small tmpfs as the disk (needs root). Environment: BUILD (default build), SAN.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import kill_rounds
import kv

DISK_MIB = 24
INSIDE = "FAROL_FULL_DISK_INSIDE"
HUGE = str(1 << 40)


class Kvd:
    """A kvd, and what it must hold: number by key."""

    def __init__(self, state: pathlib.Path, *options: str):
        self.command = [kill_rounds.kvd_binary(), state, *options]
        self.rows: dict[str, int] = {}
        self.number = 0
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.session = kv.Session(self.process.stdout.fileno(), self.process.stdin.fileno())
        self.session.wait_for("ready", 20)

    def stop(self) -> int:
        self.process.stdin.close()
        while self.session.is_open:
            self.session.lines(20)
        self.process.stdout.close()
        return self.process.wait(timeout=20)

    def change(self, verb: str, key: str, size: int = 0) -> str:
        """"ok", or "refused KIND"; notes what must be found."""
        self.number += 1
        self.session.send(f"put {self.number} {key} {size}\n" if verb == "put" else f"del {self.number} {key}\n")
        while not (lines := self.session.lines(20)):
            if not self.session.is_open:
                raise RuntimeError(f"kvd ended: {self.process.wait()}")
        words = lines[0].split(" ")
        if words[0] != "ok":
            return " ".join((words[0], words[2]))
        if verb == "put":
            self.rows[key] = self.number
        else:
            self.rows.pop(key, None)
        return "ok"

    def fill(self, name: str, size: int = 60_000) -> str:
        """Puts rows until one is refused; the refusal."""
        for i in range(10_000):
            if (answer := self.change("put", f"{name}{i}", size)) != "ok":
                return answer
        raise RuntimeError("it never filled up")

    def found(self) -> dict[str, int]:
        self.session.send("dump\n")
        out = {}
        for line in self.session.wait_for("end", 20):
            words = line.split(" ")
            if words[0] == "row":
                if len(set(words[2:])) != 1:
                    raise RuntimeError(f"half done: {line}")
                out[words[1]] = int(words[2])
        return out


class FullDisk(unittest.TestCase):
    def setUp(self) -> None:
        self.disk = pathlib.Path(tempfile.mkdtemp(prefix="farol-full-"))
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", self.disk], check=True)
        self.filler = self.disk / "filler"
        self.kvd: Kvd | None = None

    def tearDown(self) -> None:
        if self.kvd and self.kvd.process.poll() is None:
            self.kvd.stop()
        subprocess.run(["umount", "-l", self.disk], check=True)
        self.disk.rmdir()

    def open(self, *options: str) -> Kvd:
        self.kvd = Kvd(self.disk / "state", *options)
        return self.kvd

    def fill_disk(self) -> None:
        """What another program would do."""
        with open(self.filler, "wb", buffering=0) as out:
            try:
                while True:
                    out.write(b"\0" * 4096)
            except OSError:
                pass

    def check_after_restart(self) -> None:
        self.assertEqual(self.kvd.found(), self.kvd.rows)
        self.assertEqual(self.kvd.stop(), 0)
        self.kvd.start()
        self.assertEqual(self.kvd.found(), self.kvd.rows)

    def test_full_quota_refuses_and_erasing_makes_room(self) -> None:
        kvd = self.open("quota", str(8 << 20), "margin", str(256 << 10))
        self.assertEqual(kvd.fill("row"), "refused limit")
        self.assertGreater(len(kvd.rows), 20)
        self.assertEqual(kvd.change("put", "small", 1), "refused limit")
        for key in list(kvd.rows)[:10]:
            self.assertEqual(kvd.change("del", key), "ok")
        self.assertEqual(kvd.change("put", "small", 1), "ok")
        self.check_after_restart()

    def test_full_disk_refuses_and_erasing_makes_room(self) -> None:
        kvd = self.open("margin", str(2 << 20))
        self.assertEqual(kvd.fill("row"), "refused limit")
        self.assertGreater(len(kvd.rows), 50)
        for key in list(kvd.rows)[:20]:
            self.assertEqual(kvd.change("del", key), "ok")
        self.assertEqual(kvd.change("put", "small", 1), "ok")
        self.check_after_restart()

    def test_disk_that_fills_up_in_the_middle_of_a_commit_refuses_the_batch_whole(self) -> None:
        kvd = self.open("quota", HUGE, "margin", "0")  # nothing is noticed before the write itself fails
        self.assertEqual(kvd.change("put", "first", 60_000), "ok")
        self.fill_disk()
        refusal = kvd.fill("row")
        self.assertEqual(refusal, "refused limit")
        self.assertEqual(kvd.change("put", "other", 60_000), "refused limit")
        self.assertEqual(kvd.found(), kvd.rows)
        self.filler.unlink()
        self.assertEqual(kvd.change("put", "other", 60_000), "ok")
        self.check_after_restart()

    def test_disk_filled_by_others_refuses_until_they_give_it_back(self) -> None:
        kvd = self.open()
        self.assertEqual(kvd.change("put", "first", 60_000), "ok")
        self.fill_disk()
        self.assertEqual(kvd.change("put", "second", 60_000), "refused limit")
        self.assertEqual(kvd.stop(), 0)
        kvd.start()  # on a full disk it still starts, and reads
        self.assertEqual(kvd.found(), kvd.rows)
        self.assertEqual(kvd.change("put", "second", 60_000), "refused limit")
        self.filler.unlink()
        self.assertEqual(kvd.change("put", "second", 60_000), "ok")
        self.check_after_restart()

    def test_new_store_on_a_full_disk_ends_with_a_sentence(self) -> None:
        self.fill_disk()
        done = subprocess.run([kill_rounds.kvd_binary(), self.disk / "state"], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=20, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left on device", done.stderr)


def main() -> int:
    if os.environ.get(INSIDE) != "yes":
        if os.geteuid() != 0:
            print("SKIP: mounting a small disk needs root")
            return 77
        os.execvpe("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, __file__],
                   os.environ | {INSIDE: "yes"})
    program = unittest.main(exit=False, verbosity=2)
    failed = len(program.result.failures) + len(program.result.errors)
    print(f"{program.result.testsRun - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
