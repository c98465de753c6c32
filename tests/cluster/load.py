# SPDX-License-Identifier: AGPL-3.0-or-later
"""The recorded load of a round, and what the checker says of it (workload/ and checker/ have the programs)."""
import dataclasses
import json
import pathlib
import subprocess
import time
from typing import Any

from cluster import Cluster
from farol import wait
from farol.daemon import binary
from node import API_PORT

CLIENTS = 8
RATE = 400  # operations a second: two cores carry three nodes, the clients and what breaks them
SETTLE_MS = 60_000
END_S = 40
READ_S = 120
JUDGE_MS = 60_000


@dataclasses.dataclass
class Judgement:
    operations: int = 0
    acknowledged: int = 0
    unknown: int = 0
    losses: list[str] = dataclasses.field(default_factory=list)
    violations: list[str] = dataclasses.field(default_factory=list)
    undecided: list[str] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)  # what else is wrong

    @property
    def problems(self) -> list[str]:
        found = [f"{len(texts)} {what}: {texts[0].splitlines()[0]}"
                 for what, texts in (("violations", self.violations), ("losses", self.losses),
                                     ("undecided", self.undecided)) if texts]
        return found + self.notes

    def text(self) -> str:
        return (f"{self.operations} operations, {self.acknowledged} acknowledged, {self.unknown} unknown, "
                f"{len(self.losses)} losses, {len(self.violations)} violations")


class Load:
    """Clients at the members (a voter has no API for them)."""

    def __init__(self, cluster: Cluster, folder: pathlib.Path, seed: int, rate: int = RATE, reads: str = "consistent") -> None:
        self._cluster, self._seed, self._rate, self._reads = cluster, seed, rate, reads
        self.history, self._output = folder / "history", folder / "workload.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Load":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _command(self, mode: str) -> list[str]:
        own = self._cluster.client("admin")
        nodes = [word for node in self._cluster if node.role == "member"
                 for word in ("--node", f"{node.label}=https://{node.host}:{API_PORT}")]
        return [str(binary("workload")), mode, "--history", str(self.history), "--cert", str(own.certificate), "--key",
                str(own.key), "--ca", str(own.authority), "--server-role", "ocs", *nodes]

    def start(self) -> None:
        with self._output.open("ab") as out:
            self._process = subprocess.Popen(
                [*self._command("run"), "--clients", str(CLIENTS), "--rate", str(self._rate), "--seconds", "0",
                 "--seed", str(self._seed), "--reads", self._reads], stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        self.wait_served(30)

    def wait_served(self, timeout_s: float) -> float:
        """Until a change is acknowledged that wasn't when this was called; the seconds that it took."""
        began = time.monotonic()
        place = self.history.stat().st_size if self.history.exists() else 0

        def served() -> bool:
            assert self._process
            if self._process.poll() is not None:
                raise AssertionError(f"the clients ended: {self._output.read_text()}")
            with self.history.open("rb") as file:
                file.seek(place)
                return any(b'"outcome":"ok"' in line and b'"return"' in line for line in file)
        wait.until("the clients are served", served, timeout_s)
        return time.monotonic() - began

    def stop(self) -> None:
        assert self._process
        self._process.terminate()
        self._process.wait(END_S)
        self._process = None

    def read_at_rest(self, settle_ms: int = SETTLE_MS) -> None:
        """Every object from every node, when all hold the same."""
        with self._output.open("ab") as out:
            subprocess.run([*self._command("final"), "--settle-ms", str(settle_ms)], stdin=subprocess.DEVNULL, stdout=out,
                           stderr=out, timeout=READ_S, check=False)

    def judge(self) -> Judgement:
        done = subprocess.run([binary("check_history"), "--json", "--time-ms", str(JUDGE_MS), self.history],
                              capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1, 3):
            return Judgement(notes=[f"check_history: {done.stderr.strip()}"])
        said: dict[str, Any] = json.loads(done.stdout)
        known = {field.name for field in dataclasses.fields(Judgement)}
        return Judgement(**{key: value for key, value in said.items() if key in known})
