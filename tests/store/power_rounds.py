#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cuts the power of a machine under load: QEMU is killed, and with it the guest's memory and page cache.

kvd runs in the guest, its state on an NVMe drive with ext4 and journal, kept between rounds. The client lives outside and
talks over the guest's second serial line, so what it was told survives. After each cut the guest boots again: nothing
acknowledged may be lost, nothing half done. (A kill of the process alone would prove less: its page cache lives on.)

    tests/store/power_rounds.py [ROUNDS]       default: $ROUNDS or 3

Environment: JOURNAL=1 as for kill_rounds.py, BUILD (default build), SEED.
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import kill_rounds
import kv

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "guest"))
import image  # noqa: E402
import machine  # noqa: E402

BOOT_LIMIT_S = 120
INIT = """/bin/busybox mount -t ext4 /dev/nvme0n1 /state || exit 1
echo "the drive is mounted"
exec /bin/kvd ARGUMENTS 0<>/dev/ttyS1 1>&0
"""


class Guest:
    def __init__(self, folder: pathlib.Path, drive: pathlib.Path):
        # The drive has QEMU's default cache mode: what the guest has not flushed may still be in its own memory only.
        self.machine = machine.boot(folder, ["-drive", f"file={drive},format=raw,if=none,id=state",
                                             "-device", "nvme,drive=state,serial=state"])
        line = self.machine.socket.fileno()
        self.session = kv.Session(line, line)


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
        guest.machine.cut_power()
        while guest.session.is_open:
            model.take(guest.session.lines(5))
    return f"unexpected answer: {model.strange[0]}" if model.strange else None


def run(rounds: int, folder: pathlib.Path, seed: int) -> int:
    init = INIT.replace("ARGUMENTS", " ".join(kill_rounds.arguments("/state/kv")))
    image.write_image(folder / "image", init, [kill_rounds.kvd_binary()], machine.files())
    drive = folder / "drive"
    with open(drive, "wb") as new:
        new.truncate(256 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", drive], check=True)  # with a journal: the default

    chance, model = random.Random(seed), kv.Model(seed)
    for number in range(1, rounds + 2):  # the last one looks at what the one before it left
        before, began = model.answered, time.monotonic()
        guest = Guest(folder, drive)
        try:
            problem = one_round(guest, model, chance, chance.uniform(1, 4) if number <= rounds else 0)
        except TimeoutError as error:
            problem = f"{error}; console: {guest.machine.said()[-2000:]}"
        finally:
            guest.machine.close()
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
