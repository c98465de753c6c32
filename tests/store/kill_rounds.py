#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kills kvd with SIGKILL under load, again and again on the same state: nothing acknowledged may be lost, nothing half done.

    tests/store/kill_rounds.py [ROUNDS]        default: $ROUNDS or 10

Environment: BUILD (default build), SAN, SEED (printed; repeats the load, not the moments of the kills), JOURNAL=1 (the store
runs replicated, with a journal of one node beside it that is replayed at each start).
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import kv

ROOT = pathlib.Path(__file__).resolve().parents[2]


def kvd_binary() -> pathlib.Path:
    variant = f"san-{os.environ['SAN']}" if os.environ.get("SAN") else "plain"
    return ROOT / os.environ.get("BUILD", "build") / variant / "bin" / "kvd"


def arguments(state: str) -> list[str]:
    """JOURNAL=cut is for trying the proof: a journal that is cut before the store has synced."""
    journal = {"": None, "1": "journal", "cut": "cut-journal"}[os.environ.get("JOURNAL", "")]
    return [state, journal, f"{state}-journal"] if journal else [state]


def start(state: pathlib.Path) -> tuple[subprocess.Popen, kv.Session]:
    kvd = subprocess.Popen([kvd_binary(), *arguments(str(state))], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return kvd, kv.Session(kvd.stdout.fileno(), kvd.stdin.fileno())


def one_round(state: pathlib.Path, model: kv.Model, chance: random.Random) -> str | None:
    kvd, session = start(state)
    try:
        session.wait_for("ready", 20)
        session.send("dump\n")
        if problem := model.problem_with(session.wait_for("end", 20)):
            return problem
        unanswered = kv.load(session, model, chance.uniform(0.05, 0.6), chance.choice((1, 16, 256)), 20_000)
        kvd.kill()
        # What it had answered before it died is still in the pipe, and counts.
        while session.is_open:
            unanswered -= model.take(session.lines(5))
    finally:
        kvd.kill()
        kvd.wait()
    if model.strange:
        return f"unexpected answer: {model.strange[0]}"
    return None


def main() -> int:
    rounds = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("ROUNDS", "10"))
    seed = int(os.environ.get("SEED", time.time_ns() % 1_000_000))
    chance, model = random.Random(seed), kv.Model(seed)
    failed = 0
    with tempfile.TemporaryDirectory(prefix="farol-kill-") as folder:
        state = pathlib.Path(folder) / "state"
        for number in range(1, rounds + 2):  # the last one looks at what the one before it left
            before = model.answered
            problem = one_round(state, model, chance)
            print(f"round {number}: {model.answered - before} acknowledged; {problem or 'good'}", flush=True)
            if problem:
                failed += 1
                break
        if not failed and model.answered < 10 * rounds:
            print(f"only {model.answered} changes were acknowledged: that is no load")
            failed += 1
    print(f"seed {seed}")
    print(f"{rounds if not failed else max(number - 1, 0)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
