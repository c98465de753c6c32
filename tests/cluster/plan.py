# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a round will do, and when: made from its seed alone, before anything runs."""
import dataclasses
import random

from faults import FAULTS, Fault

FIRST_S = 1.0
ALONE_SHARE = 0.5
MIXED_WITHIN_S = 8.0
TOGETHER_MAX = 4
MACHINES = ((3, 0.85), (4, 0.05), (5, 0.1))  # three is what sites have


@dataclasses.dataclass(frozen=True)
class Step:
    at_s: float
    seconds: float
    fault: Fault
    seed: int


@dataclasses.dataclass(frozen=True)
class Plan:
    seed: int
    machines: int
    steps: list[Step]

    @property
    def needs(self) -> set[str]:
        return {need for step in self.steps for need in step.fault.needs}

    @property
    def ends_s(self) -> float:
        return max(step.at_s + step.seconds for step in self.steps)

    def text(self) -> str:
        steps = ", ".join(f"{step.fault.name}@{step.at_s:.1f}+{step.seconds:.1f}" for step in self.steps)
        return f"{self.machines} machines: {steps}"


def drawn(chance: random.Random, among: list[Fault], number: int) -> list[Fault]:
    """Different ones, by their weights."""
    left, out = list(among), []
    while left and len(out) < number:
        out.append(chance.choices(left, [one.weight for one in left])[0])
        left.remove(out[-1])
    return out


def make_plan(seed: int, only: list[str] | None = None, without: frozenset[str] = frozenset(),
              machines: int | None = None) -> Plan:
    """`only`: faults by name. `without`: needs that cannot be met here. `machines`: drawn from the seed when not given."""
    chance = random.Random(seed)
    usable = [one for one in FAULTS.values() if not one.needs & without]
    if only:
        chosen = [FAULTS[name] for name in only]
    elif chance.random() < ALONE_SHARE:
        chosen = drawn(chance, usable, 1)
        chosen *= chance.choice((1, 2)) if chosen[0].clean and chosen[0].seconds[1] < 10 else 1
    else:
        first, = drawn(chance, usable, 1)  # what works on all nodes comes with one other at most
        others = [one for one in usable if one.clean and one is not first]
        chosen = [first, *drawn(chance, others, chance.randrange(2, TOGETHER_MAX) if first.clean else 1)]
    steps = []
    at_s = FIRST_S
    for one in chosen:
        steps.append(Step(round(at_s, 2), round(chance.uniform(*one.seconds), 2), one, chance.randrange(1 << 30)))
        at_s += chance.uniform(0.2, MIXED_WITHIN_S / len(chosen))
    return Plan(seed, machines or chance.choices(*zip(*MACHINES))[0], steps)
