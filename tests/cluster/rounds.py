#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rounds of faults on a cluster of real daemons under load; each is made from its seed alone, and judged.

    tests/cluster/rounds.py --seed 7 --rounds 10       rounds with the seeds 7 .. 16
    tests/cluster/rounds.py --seed 7 --minutes 4       as many as begin within that time
    tests/cluster/rounds.py --seed 7 --faults kill,loss   these faults, in one round
    tests/cluster/rounds.py --seed 7 --rounds 500 --lanes 4   four at a time

A round: form the cluster, load it, break it, mend it, wait until all nodes hold the same, and let the checker judge the
recorded history. One that fails says how to repeat it, and leaves logs and history in BUILD/cluster/round-SEED.
The last line is "N passed, N failed". Environment: BUILD, SAN as for make. Needs root.
"""
import argparse
import collections
import dataclasses
import itertools
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import threading
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import net  # noqa: E402
from cluster import Cluster  # noqa: E402
from faults import FAULTS, NotNow  # noqa: E402
from load import RATE, Judgement, Load  # noqa: E402
from plan import Plan, Step, make_plan  # noqa: E402
from scene import OUT  # noqa: E402

CALM_S = 2.0  # load goes on for so long after the last fault, and must be served then
SERVED_AGAIN_S = 30


@dataclasses.dataclass
class Report:
    seed: int
    machines: int = 0
    done: list[str] = dataclasses.field(default_factory=list)  # the faults, as they happened
    faults: list[str] = dataclasses.field(default_factory=list)  # their names, without those left out
    judgement: Judgement | None = None
    seconds: float = 0
    problems: list[str] = dataclasses.field(default_factory=list)

    def text(self) -> str:
        judged = self.judgement.text() if self.judgement else "not judged"
        verdict = "; ".join(self.problems) if self.problems else "good"
        done = "; ".join(self.done) or "nothing was done"
        return f"round {self.seed}: {self.machines} machines: {done}: {judged}: {verdict} ({self.seconds:.0f} s)"


class Round:
    def __init__(self, plan: Plan, names: list[str], voters: tuple[str, ...], rate: int) -> None:
        self.plan = plan
        self.report = Report(plan.seed, plan.machines)
        self.folder = OUT / f"round-{plan.seed}"
        self.names, self.voters, self.rate = names, voters, rate
        self._lock = threading.Lock()
        self._began = 0.0
        self._left_out = 0

    def run(self) -> Report:
        began = time.monotonic()
        shutil.rmtree(self.folder, ignore_errors=True)
        needs = self.plan.needs
        try:
            config = {"records": 1} if "old records" in needs else {}
            with Cluster(self.folder, self.names, self.voters, config, small_disks="disks" in needs,
                         own_clocks="clocks" in needs, standalone=len(self.names) == 1, seed=self.plan.seed) as cluster:
                cluster.form()
                self._load_and_break(cluster)
        except Exception as error:  # whatever it was, the round failed, and others follow
            self._problem(f"{type(error).__name__}: {error}")
            traceback.print_exc()
        self.report.seconds = time.monotonic() - began
        if not self.report.problems:
            shutil.rmtree(self.folder, ignore_errors=True)
        return self.report

    def _load_and_break(self, cluster: Cluster) -> None:
        with Load(cluster, self.folder, self.plan.seed, self.rate) as load:
            load.start()
            self._began = time.monotonic()
            threads = [threading.Thread(target=self._do, args=(cluster, step)) for step in self.plan.steps]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            cluster.network.heal()
            load.wait_served(SERVED_AGAIN_S)
            time.sleep(CALM_S)
            load.stop()
            cluster.wait_converged()
            load.read_at_rest()
            self.report.judgement = load.judge()
        self.report.problems += self.report.judgement.problems
        if self._left_out == len(self.plan.steps) and len(self.names) > 1:
            self._problem("nothing was done to it")

    def _do(self, cluster: Cluster, step: Step) -> None:
        time.sleep(max(0.0, self._began + step.at_s - time.monotonic()))
        try:
            with step.fault.run(cluster, random.Random(step.seed)) as what:
                self._note(what)
                with self._lock:
                    self.report.faults.append(step.fault.name)
                time.sleep(step.seconds)
        except NotNow as reason:
            self._note(f"{step.fault.name} left out: {reason}")
            self._left_out += 1
        except Exception as error:
            self._problem(f"{step.fault.name}: {type(error).__name__}: {error}")
            traceback.print_exc()

    def _note(self, what: str) -> None:
        with self._lock:
            self.report.done.append(f"{what} @{time.monotonic() - self._began:.1f}")

    def _problem(self, what: str) -> None:
        with self._lock:
            self.report.problems.append(what.splitlines()[0])


def how_to_repeat(seed: int, arguments: argparse.Namespace) -> str:
    settings = "".join(f"{name}={os.environ[name]} " for name in ("BUILD", "SAN") if os.environ.get(name))
    return f"{settings}tests/cluster/rounds.py --seed {seed} --rounds 1{choices(arguments)}"


def choices(arguments: argparse.Namespace) -> str:
    """Those that aren't the seed's."""
    given = (("faults", arguments.faults), ("nodes", arguments.nodes), ("rate", arguments.rate))
    return "".join(f" --{name} {value}" for name, value in given if value is not None)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED", time.time_ns() % 1_000_000)))
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--lanes", type=int, default=1, help="so many rounds at a time, each in namespaces of its own")
    parser.add_argument("--nodes", type=int, help="1: standalone; 3 to 5 are drawn from the seed")
    parser.add_argument("--rate", type=int, help=f"operations a second ({RATE})")
    parser.add_argument("--faults", help=f"of {', '.join(FAULTS)}")
    parser.add_argument("--plan", action="store_true", help="show what the rounds would do")
    parser.add_argument("--report", type=pathlib.Path, help="write what became of them there, as JSON")
    arguments = parser.parse_args()
    if arguments.rounds is None and arguments.minutes is None:
        arguments.rounds = 1
    return arguments


def plan_of(seed: int, arguments: argparse.Namespace) -> Plan:
    without = frozenset({"clocks"} if os.environ.get("SAN") else ())  # two libraries that both want to be first
    return make_plan(seed, arguments.faults.split(",") if arguments.faults else None, without, arguments.nodes)


def voters_of(seed: int, names: list[str]) -> tuple[str, ...]:
    """As the sites have it: two members and a voter; or members only."""
    return (names[-1],) if len(names) in (3, 5) and random.Random(seed ^ 0x5EED).random() < 0.5 else ()


def run_here(seed: int, arguments: argparse.Namespace) -> Report:
    plan = plan_of(seed, arguments)
    names = [f"n{number}" for number in range(1, plan.machines + 1)]
    return Round(plan, names, voters_of(seed, names), arguments.rate or RATE).run()


def run_beside_others(seed: int, arguments: argparse.Namespace) -> Report:
    """In a process of its own: namespaces are a process's."""
    OUT.mkdir(parents=True, exist_ok=True)
    kept = OUT / f"round-{seed}.json"
    kept.unlink(missing_ok=True)
    words = f"--seed {seed} --rounds 1 --report {kept}{choices(arguments)}".split()
    done = subprocess.run([sys.executable, __file__, *words], stdout=subprocess.DEVNULL, check=False)
    try:
        said = json.loads(kept.read_text())[0]
    except (OSError, ValueError):
        return Report(seed, problems=[f"its process ended with {done.returncode} and said nothing"])
    kept.unlink()
    judgement = said.pop("judgement")
    return Report(**said, judgement=judgement and Judgement(**judgement))


def run_all(arguments: argparse.Namespace) -> list[Report]:
    """As many lanes as wanted; each takes the next seed."""
    began, reports, lock = time.monotonic(), [], threading.Lock()
    seeds = itertools.count(arguments.seed)
    run = run_here if arguments.lanes == 1 else run_beside_others

    def next_seed() -> int | None:
        with lock:
            seed = next(seeds)
        is_last = arguments.rounds is not None and seed >= arguments.seed + arguments.rounds
        is_late = arguments.minutes is not None and time.monotonic() - began >= 60 * arguments.minutes
        return None if is_last or is_late else seed

    def lane() -> None:
        while (seed := next_seed()) is not None:
            report = run(seed, arguments)
            with lock:
                reports.append(report)
                print(report.text(), flush=True)
                if report.problems:
                    print(f"  to repeat: {how_to_repeat(seed, arguments)}\n  kept: {OUT}/round-{seed}", flush=True)

    if arguments.lanes == 1:
        lane()
        return reports
    threads = [threading.Thread(target=lane) for _ in range(arguments.lanes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return reports


def main() -> int:
    arguments = parse()
    if arguments.plan:
        for seed in range(arguments.seed, arguments.seed + (arguments.rounds or 1)):
            print(f"{seed}: {plan_of(seed, arguments).text()}")
        return 0
    if arguments.lanes == 1:
        net.enter()
    began = time.monotonic()
    reports = run_all(arguments)
    summary(reports, time.monotonic() - began)
    if arguments.report:
        arguments.report.write_text(json.dumps([dataclasses.asdict(one) for one in reports], indent=1))
    failed = sum(bool(one.problems) for one in reports)
    print(f"{len(reports) - failed} passed, {failed} failed")
    return 1 if failed else 0


def summary(reports: list[Report], seconds: float) -> None:
    judged = [one.judgement for one in reports if one.judgement]
    for what, counted in (("faults", collections.Counter(name for one in reports for name in one.faults)),
                          ("machines", collections.Counter(one.machines for one in reports))):
        print(f"{what}: " + ", ".join(f"{name} {number}" for name, number in sorted(counted.items())))
    print(f"{len(reports)} rounds in {seconds:.0f} s, seeds from {min(one.seed for one in reports)}: "
          f"{sum(one.operations for one in judged)} operations, {sum(one.acknowledged for one in judged)} acknowledged, "
          f"{sum(one.unknown for one in judged)} unknown, {sum(len(one.losses) for one in judged)} losses, "
          f"{sum(len(one.violations) for one in judged)} violations")


if __name__ == "__main__":
    sys.exit(main())
