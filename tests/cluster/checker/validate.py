#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The judge is judged: the workload and the checker must find each planted fault, and none where there is none.

    tests/cluster/checker/validate.py [SEED...]     default: $SEED or 1

The faulty server speaks the key-value daemon's API over mutual TLS and loses a write, answers a read from an old copy, or
makes a repeated change twice, as it is told. Environment: BUILD (default build), SAN. Needs workload, check_history and
faulty_server. The last line is "N passed, N failed".
"""
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from typing import Any, Iterator

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/scenario"))
from farol.daemon import binary  # noqa: E402
from farol.pki import Authority, Certificate  # noqa: E402

NODES = ("a", "b", "c")
LOAD_S = 6
LIMIT_S = 60
FAULTS = ("lost-write", "stale-read", "double-apply")
# What the clean server is loaded with besides the ordinary: every kind alone, many unknown outcomes left as they are.
CLEAN = {"all kinds": (), "registers, few keys": ("--mix", "100,0,0,0", "--keys", "1", "--clients", "16"),
         "counters, nothing repeated": ("--mix", "0,100,0,0", "--repeat", "0", "--keys", "1"),
         "bank": ("--mix", "0,0,100,0", "--rate", "100"), "ids": ("--mix", "0,0,0,100")}


def tls(own: Certificate) -> list[str]:
    return ["--cert", str(own.certificate), "--key", str(own.key), "--ca", str(own.authority)]


@contextlib.contextmanager
def server(fault: str, seed: int, own: Certificate) -> Iterator[list[str]]:
    """A faulty server for as long as the block runs; the workload's arguments that name its nodes."""
    command = [binary("faulty_server"), "--fault", fault, "--seed", str(seed), *tls(own)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        try:
            ready, *ports = process.stdout.readline().split()
            assert ready == "ready", ready
            yield [word for name, port in zip(NODES, ports) for word in ("--node", f"{name}=https://localhost:{port}")]
        finally:
            process.kill()


class Trial:
    def __init__(self, folder: pathlib.Path) -> None:
        authority = Authority(folder / "pki")
        self.folder = folder
        self.server_own = authority.issue("ocs")
        self.client_own = authority.issue("admin")

    def run(self, fault: str, seed: int, *more: str) -> dict[str, Any]:
        """Load, final reading, verdict: what check_history said, with its exit code."""
        history = self.folder / f"{fault}-{seed}-{time.monotonic_ns()}"
        with server(fault, seed, self.server_own) as nodes:
            common = ["--history", str(history), *tls(self.client_own), "--server-role", "ocs", *nodes]
            for mode in (("run", "--seconds", str(LOAD_S), "--seed", str(seed), "--timeout-ms", "1000", *more), ("final",)):
                subprocess.run([binary("workload"), *mode, *common], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, timeout=LIMIT_S, check=True)
        began = time.monotonic()
        judged = subprocess.run([binary("check_history"), "--json", history], capture_output=True, text=True,
                                timeout=LIMIT_S, check=False)
        said = json.loads(judged.stdout)
        return said | {"code": judged.returncode, "seconds": time.monotonic() - began}


def text(said: dict[str, Any]) -> str:
    return (f"{said['operations']} operations, {said['unknown']} unknown: {len(said['violations'])} violations, "
            f"{len(said['losses'])} losses, {len(said['undecided'])} undecided (judged in {said['seconds']:.1f} s)")


def main() -> int:
    seeds = [int(word) for word in sys.argv[1:]] or [int(os.environ.get("SEED", "1"))]
    results = []

    def note(what: str, seed: int, is_right: bool, said: dict[str, Any]) -> None:
        results.append(is_right)
        print(f"{'ok' if is_right else 'WRONG':6} seed {seed}: {what}: {text(said)}", flush=True)
        if not is_right:
            print("\n".join((said["violations"] + said["losses"] + said["undecided"])[:3]), flush=True)

    with tempfile.TemporaryDirectory(prefix="farol-checker-") as folder:
        trial = Trial(pathlib.Path(folder))
        for seed in seeds:
            for what, more in CLEAN.items():
                said = trial.run("none", seed, *more)
                note(f"no fault, {what}", seed, said["code"] == 0 and said["acknowledged"] > 100, said)
            for fault in FAULTS:
                said = trial.run(fault, seed)
                note(f"{fault} must be found", seed, said["code"] == 1, said)
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
