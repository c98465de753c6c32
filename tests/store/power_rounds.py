#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cuts the power of a machine under load: QEMU is killed, and with it the guest's memory and page cache.

kvd runs in the guest, its state on an NVMe drive with ext4 and journal, kept between rounds. The client lives outside and
talks over the guest's second serial line, so what it was told survives. After each cut the guest boots again: nothing
acknowledged may be lost, nothing half done. (A kill of the process alone would prove less: its page cache lives on.)

    tests/store/power_rounds.py [ROUNDS]       default: $ROUNDS or 3

Environment: JOURNAL=1 as for kill_rounds.py, BUILD (default build), SEED.
"""
import contextlib
import os
import pathlib
import random
import socket
import subprocess
import sys
import tempfile
import time

import guest_image
import kill_rounds
import kv

HERE = pathlib.Path(__file__).resolve().parent
BOOT_LIMIT_S = 120
# An emulated machine without KVM sometimes hangs before its kernel does anything. Such a boot has not touched the drive and
# proves nothing either way, so it is tried again; one whose kernel came up is judged by what it does.
UP_LIMIT_S = 40
BOOTS = 4


class Guest:
    def __init__(self, folder: pathlib.Path, kernel: pathlib.Path, drive: pathlib.Path):
        self.console = folder / "console"
        line = folder / "line"
        line.unlink(missing_ok=True)
        self.console.unlink(missing_ok=True)
        # The drive has QEMU's default cache mode: what the guest has not flushed may still be in its own memory only.
        self.qemu = subprocess.Popen(
            ["qemu-system-x86_64", "-M", "q35", "-accel", "tcg", "-m", "256", "-smp", "1", "-nodefaults",
             "-no-user-config", "-no-reboot", "-display", "none", "-kernel", kernel, "-initrd", folder / "image",
             "-append", "console=ttyS0 quiet panic=-1", "-serial", f"file:{self.console}",
             "-chardev", f"socket,id=line,path={line},server=on,wait=off", "-serial", "chardev:line",
             "-drive", f"file={drive},format=raw,if=none,id=state", "-device", "nvme,drive=state,serial=state"],
            stdin=subprocess.DEVNULL)
        self.socket = self._connect(line)
        self.session = kv.Session(self.socket.fileno(), self.socket.fileno())

    def _connect(self, line: pathlib.Path) -> socket.socket:
        end = time.monotonic() + 20
        while True:
            with contextlib.suppress(FileNotFoundError, ConnectionRefusedError):
                connection = socket.socket(socket.AF_UNIX)
                connection.connect(str(line))
                return connection
            if self.qemu.poll() is not None or time.monotonic() > end:
                raise RuntimeError("QEMU does not start")
            time.sleep(0.05)

    def comes_up(self) -> bool:
        """Process 1 of the guest has begun; the drive is not mounted yet."""
        end = time.monotonic() + UP_LIMIT_S
        while time.monotonic() < end and self.qemu.poll() is None:
            if self.console.exists() and "the guest is up" in self.console.read_text(errors="replace"):
                return True
            time.sleep(0.05)
        return False

    def cut_power(self) -> None:
        self.qemu.kill()
        self.qemu.wait()

    def close(self) -> None:
        self.cut_power()
        self.socket.close()


def boot(folder: pathlib.Path, kernel: pathlib.Path, drive: pathlib.Path) -> Guest:
    for number in range(1, BOOTS + 1):
        guest = Guest(folder, kernel, drive)
        if guest.comes_up():
            return guest
        guest.close()
        print(f"boot {number} hung before its kernel came up, {UP_LIMIT_S} s", flush=True)
    raise RuntimeError(f"the emulated machine hung in each of {BOOTS} boots")


def one_round(guest: Guest, model: kv.Model, chance: random.Random, load_s: float) -> str | None:
    guest.session.wait_for("ready", BOOT_LIMIT_S)
    guest.session.send("dump\n")
    if problem := model.problem_with(guest.session.wait_for("end", BOOT_LIMIT_S)):
        return problem
    is_at_rest = chance.random() < 0.7
    if load_s > 0:
        unanswered = kv.load(guest.session, model, load_s, chance.choice((1, 16, 48)), 20_000)
        # Most cuts hit it at rest: what the last commit left to the next one is then still in memory only.
        end = time.monotonic() + 10
        while is_at_rest and unanswered > 0 and time.monotonic() < end:
            unanswered -= model.take(guest.session.lines(1))
        guest.cut_power()
        while guest.session.is_open:
            model.take(guest.session.lines(5))
    return f"unexpected answer: {model.strange[0]}" if model.strange else None


def run(rounds: int, folder: pathlib.Path, seed: int) -> int:
    guest_files = kill_rounds.ROOT / os.environ.get("BUILD", "build") / "guest"
    subprocess.run([HERE / "guest_kernel", guest_files], check=True)
    guest_image.write_image(folder / "image", kill_rounds.kvd_binary(), kill_rounds.arguments("/state/kv"),
                            guest_files / "busybox")
    drive = folder / "drive"
    with open(drive, "wb") as new:
        new.truncate(256 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", drive], check=True)  # with a journal: the default

    chance, model = random.Random(seed), kv.Model(seed)
    for number in range(1, rounds + 2):  # the last one looks at what the one before it left
        before, began = model.answered, time.monotonic()
        guest = boot(folder, guest_files / "vmlinuz", drive)
        try:
            problem = one_round(guest, model, chance, chance.uniform(1, 4) if number <= rounds else 0)
        except TimeoutError as error:
            problem = f"{error}; console: {guest.console.read_text(errors='replace')[-2000:]}"
        finally:
            guest.close()
        count = model.answered - before
        if not problem and number <= rounds and count == 0:
            problem = "nothing was acknowledged: that is no load"
        print(f"round {number}: {count} acknowledged, {time.monotonic() - began:.1f} s; {problem or 'good'}", flush=True)
        if problem:
            return number - 1
    return rounds


def main() -> int:
    rounds = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("ROUNDS", "3"))
    seed = int(os.environ.get("SEED", time.time_ns() % 1_000_000))
    with tempfile.TemporaryDirectory(prefix="farol-power-") as folder:
        passed = run(rounds, pathlib.Path(folder), seed)
    failed = 0 if passed == rounds else 1
    print(f"seed {seed}")
    print(f"{passed} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(main())
