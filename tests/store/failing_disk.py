#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes the n-th call that writes or syncs the store fail (EIO, by strace), for n = 1, 2, 3 ... until none is left to fail.

Each time, what was answered must be what is found after a restart: ok is there, refused is not, unknown may be either.

    tests/store/failing_disk.py            environment: BUILD (default build), JOURNAL=1 as for kill_rounds.py
"""
import os
import pathlib
import subprocess
import sys
import tempfile

import kill_rounds
import kv

CALLS = ("fdatasync", "pwrite64", "writev")
SIZES = (10, 9_000, 10, 60_000, 10, 30)  # small ones write one page or two, large ones runs of pages
N_MAX = 60


def ask(session: kv.Session) -> dict[str, str]:
    """Puts one row after another; the outcome of each. "nothing" when kvd ended first."""
    outcomes = {}
    for number, size in enumerate(SIZES, 1):
        if session.is_open:
            try:
                session.send(f"put {number} k{number} {size}\n")
            except BrokenPipeError:
                session.is_open = False
        lines: list[str] = []
        while session.is_open and not lines:
            lines = session.lines(20)
        outcomes[f"k{number}"] = lines[0].split(" ")[0] if lines else "nothing"
    return outcomes


def found_in(state: pathlib.Path) -> dict[str, str]:
    kvd, session = kill_rounds.start(state)
    session.wait_for("ready", 20)
    session.send("dump\n")
    rows = [line.split(" ") for line in session.wait_for("end", 20) if line.startswith("row ")]
    kvd.stdin.close()
    kvd.wait(timeout=20)
    kvd.stdout.close()
    return {words[1]: words[2] if len(set(words[2:])) == 1 else "half" for words in rows}


def with_fault(call: str, n: int) -> tuple[dict[str, str], str | None]:
    """The outcomes with that fault, and what is wrong."""
    with tempfile.TemporaryDirectory(prefix="farol-fault-") as folder:
        state = pathlib.Path(folder) / "state"
        # Of a replicated store the store's own file alone: the journal's disk is another matter.
        only = ["-P", state / "data.mdb"] if os.environ.get("JOURNAL") else []
        kvd = subprocess.Popen(["strace", "-f", "-o", "/dev/null", *only, "-e", f"trace={call}",
                                "-e", f"inject={call}:error=EIO:when={n}", kill_rounds.kvd_binary(),
                                *kill_rounds.arguments(str(state))],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        session = kv.Session(kvd.stdout.fileno(), kvd.stdin.fileno())
        try:
            session.wait_for("ready", 30)
        except TimeoutError:
            kvd.communicate(timeout=20)
            problem = None if kvd.returncode in (1, 74) else f"start ended with {kvd.returncode}"
            return {"start": "failed"}, problem or (None if found_in(state) == {} else "rows out of nowhere")
        outcomes = ask(session)
        kvd.communicate(timeout=20)
        rows = found_in(state)
    for key, outcome in outcomes.items():
        number = key[1:]
        if outcome == "ok" and rows.get(key) != number:
            return outcomes, f"{key} was acknowledged and is {rows.get(key, 'lost')}"
        if outcome == "refused" and key in rows:
            return outcomes, f"{key} was refused and is there"
        if rows.get(key, number) != number:
            return outcomes, f"{key} is {rows[key]}"
    return outcomes, None


def main() -> int:
    passed, failed, seen = 0, 0, set()
    for call in CALLS:
        for n in range(1, N_MAX):
            outcomes, problem = with_fault(call, n)
            if problem:
                failed += 1
                print(f"{call} {n}: {problem}")
            else:
                passed += 1
            seen.update(outcomes.values())
            if set(outcomes.values()) == {"ok"}:
                break
        print(f"{call}: {n - 1} places to fail", flush=True)
    # A replicated store never refuses for a disk that failed: the journal has the change, or the store is broken.
    for wanted in ("ok", "unknown", "failed") if os.environ.get("JOURNAL") else ("ok", "refused", "unknown", "failed"):
        if wanted not in seen:
            failed += 1
            print(f"no fault led to {wanted!r}: this test does not reach what it is for")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C")
    sys.exit(main())
