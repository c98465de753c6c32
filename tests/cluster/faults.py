# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a round may do to a cluster. README.md says in words what each fault means.

A fault is a context manager: what stands before its `yield` breaks something, what follows mends it. It yields what it did,
in words, or raises NotNow when there is nothing that it could be done to. All its choices come from `chance`.
"""
import contextlib
import dataclasses
import random
import time
from typing import Callable, ContextManager, Iterator

import disk
from cluster import Cluster
from farol import wait
from node import Node

Steps = Iterator[str]
PATIENCE_S = 30  # of what goes from node to node


class NotNow(Exception):
    """All nodes that it could be done to are down, or have another fault."""


@dataclasses.dataclass(frozen=True)
class Fault:
    name: str
    run: Callable[[Cluster, random.Random], ContextManager[str]]
    seconds: tuple[float, float]  # how long it stands
    needs: frozenset[str]  # what the cluster must have been made with: "disks", "clocks", "old records"
    clean: bool  # may come together with others
    weight: float = 1  # how often, beside the others


FAULTS: dict[str, Fault] = {}


def fault(shortest_s: float, longest_s: float, needs: str = "", clean: bool = True, weight: float = 1):
    def note(steps: Callable[[Cluster, random.Random], Steps]) -> Callable:
        name = steps.__name__
        FAULTS[name] = Fault(name, contextlib.contextmanager(steps), (shortest_s, longest_s),
                             frozenset(needs.split(",") if needs else ()), clean, weight)
        return steps
    return note


@contextlib.contextmanager
def taken(cluster: Cluster, wanted: str, patience_s: float = 0) -> Iterator[Node]:
    deadline = time.monotonic() + patience_s
    while (node := cluster.take(wanted)) is None:
        if time.monotonic() >= deadline:
            raise NotNow(f"no {wanted} is free" if wanted in ("leader", "follower") else f"{wanted} is not free")
        time.sleep(0.1)
    try:
        yield node
    finally:
        cluster.give_back(node)


def somebody(chance: random.Random) -> str:
    """What hits the leader finds more."""
    return chance.choice(("leader", "follower"))


def pair(cluster: Cluster, chance: random.Random) -> tuple[str, str]:
    """Half of the time the leader is one of them."""
    names = list(cluster.nodes)
    if len(names) < 2:
        raise NotNow("one machine has no links")
    one, other = chance.sample(names, 2)
    leader = cluster.leader()
    if leader is not None and chance.random() < 0.5 and other != leader.label:
        one = leader.label
    return one, other


# Processes

@fault(0.2, 5)
def kill(cluster: Cluster, chance: random.Random) -> Steps:
    with taken(cluster, wanted := somebody(chance)) as node:
        node.kill()
        yield f"kill -9 {node.label} ({wanted})"
        node.start()


@fault(1, 4)
def kill_all(cluster: Cluster, chance: random.Random) -> Steps:
    """The power of the whole site."""
    with contextlib.ExitStack() as stack:
        nodes = [stack.enter_context(taken(cluster, name, PATIENCE_S)) for name in cluster.nodes]
        chance.shuffle(nodes)
        for node in nodes:
            node.process.kill()
        for node in nodes:
            node.wait()
        yield "kill -9 all"
        for node in nodes:
            node.launch()
        for node in nodes:
            cluster.wait_up(node)


def _stand_still(cluster: Cluster, chance: random.Random) -> Steps:
    with taken(cluster, wanted := somebody(chance)) as node:
        node.pause()
        yield f"SIGSTOP {node.label} ({wanted})"
        node.go_on()


@fault(5, 20)
def pause(cluster: Cluster, chance: random.Random) -> Steps:
    yield from _stand_still(cluster, chance)


@fault(20, 60, weight=0.4)
def long_pause(cluster: Cluster, chance: random.Random) -> Steps:
    """Longer than anybody waits for it: its connections are gone, and the log may have been cut without it."""
    yield from _stand_still(cluster, chance)


@fault(0.2, 2)
def stop(cluster: Cluster, chance: random.Random) -> Steps:
    """As an operator stops it."""
    with taken(cluster, wanted := somebody(chance)) as node:
        code = node.stop()
        yield f"SIGTERM {node.label} ({wanted}), exit code {code}"
        if code != 0:
            raise AssertionError(f"{node.label} ended with {code} when it was stopped")
        node.start()


@fault(0, 0, clean=False)
def rolling_restart(cluster: Cluster, chance: random.Random) -> Steps:
    names = list(cluster.nodes)
    chance.shuffle(names)
    for name in names:
        with taken(cluster, name, PATIENCE_S) as node:
            node.restart()
            node.wait_answers()
    yield f"restarted {', '.join(names)}"


@fault(0, 0, clean=False)
def switchover(cluster: Cluster, chance: random.Random) -> Steps:
    leader = cluster.leader()
    if leader is None or len(cluster.nodes) == 1:
        raise NotNow("nobody leads, or there is nobody else")
    answer = leader.ask("switchover")
    yield f"switchover from {leader.label}: {answer.status}"


@fault(0, 0, needs="old records", clean=False)
def new_records(cluster: Cluster, chance: random.Random) -> Steps:
    """A rolling upgrade to a build that knows a newer form of records; then the cluster's level is raised."""
    names = list(cluster.nodes)
    chance.shuffle(names)
    for name in names:
        with taken(cluster, name, PATIENCE_S) as node:
            cluster.configure(node, {"records": 2})
            node.restart()
            node.wait_answers()
    leader = cluster.wait_leader()
    wait.until("the level is raised", lambda: leader.api().put("/kv/level", {"level": 2}).status == 200, 30)
    yield f"records of level 2, in the order {', '.join(names)}"


@fault(1, 3)
def certificates(cluster: Cluster, chance: random.Random) -> Steps:
    names = list(cluster.nodes)
    chance.shuffle(names)
    for name in names:
        with taken(cluster, name, PATIENCE_S) as node:
            node.renew_certificate()
    yield f"new certificates for {', '.join(names)}"


# The network

@fault(2, 10)
def cut_link(cluster: Cluster, chance: random.Random) -> Steps:
    one, other = pair(cluster, chance)
    broken = cluster.network.cut(one, other)
    yield f"cut {one} - {other}"
    cluster.network.mend(broken)


@fault(2, 10)
def cut_direction(cluster: Cluster, chance: random.Random) -> Steps:
    one, other = chance.sample(pair(cluster, chance), 2)
    broken = cluster.network.cut_one_way(one, other)
    yield f"cut {one} -> {other}"
    cluster.network.mend(broken)


@fault(3, 12)
def isolate(cluster: Cluster, chance: random.Random) -> Steps:
    one, _ = pair(cluster, chance)
    broken = cluster.network.isolate(one)
    yield f"isolated {one}"
    cluster.network.mend(broken)


def _impair_all(cluster: Cluster, **impairment: float) -> Steps:
    names = list(cluster.nodes)
    if len(names) < 2:
        raise NotNow("one machine has no links")
    broken = [cluster.network.impair(one, other, **impairment) for i, one in enumerate(names) for other in names[:i]]
    yield ", ".join(f"{key} {value}" for key, value in impairment.items()) + " on all links"
    for one in broken:
        cluster.network.mend(one)


@fault(4, 12)
def loss(cluster: Cluster, chance: random.Random) -> Steps:
    yield from _impair_all(cluster, loss=0.3)


@fault(4, 12)
def delay(cluster: Cluster, chance: random.Random) -> Steps:
    """500 ms and back is twice the election time-out: nobody may be stuck for good, and nothing wrong."""
    if chance.random() < 0.5:
        yield from _impair_all(cluster, delay_ms=chance.choice((100, 250, 500)), jitter_ms=50)
        return
    one, other = pair(cluster, chance)
    broken = cluster.network.impair(one, other, delay_ms=500, jitter_ms=100)
    yield f"500 ms on {one} - {other}"
    cluster.network.mend(broken)


# Disks and clocks

@fault(3, 10, needs="disks")
def disk_full(cluster: Cluster, chance: random.Random) -> Steps:
    with taken(cluster, wanted := somebody(chance)) as node:
        left = chance.choice((0, 64 << 10, 4 << 20))
        node.disk.fill(left)
        yield f"disk of {node.label} full ({wanted}, {left} octets left)"
        node.disk.give_back()
        if not node.running:
            node.revive()


@fault(3, 10)
def disk_slow(cluster: Cluster, chance: random.Random) -> Steps:
    with taken(cluster, wanted := somebody(chance)) as node:
        delay_ms = chance.choice((20, 100, 400))
        node.slow_down(delay_ms)
        yield f"disk of {node.label} slow ({wanted}, {delay_ms} ms a call)"
        node.speed_up()


@fault(0.2, 2)
def torn_log(cluster: Cluster, chance: random.Random) -> Steps:
    """Power cut in the middle of a write: the last, never acknowledged batch is there in part."""
    with taken(cluster, wanted := somebody(chance)) as node:
        node.kill()
        what = disk.tear_last_write(node.log_folder, chance)
        yield f"torn log of {node.label} ({wanted}): {what}"
        node.start()


@fault(3, 8, needs="clocks")
def clock_jump(cluster: Cluster, chance: random.Random) -> Steps:
    with taken(cluster, wanted := somebody(chance)) as node:
        shift_s = chance.choice((-36, -2, 2, 36)) * 3600 + chance.randrange(3600)
        node.clock.set(shift_s)
        yield f"clock of {node.label} by {shift_s} s ({wanted})"
        node.clock.set(0)


# Nodes that come and go

def leave(cluster: Cluster, node: Node) -> None:
    """Of a node that is down: asked at the leader, until there is a quorum for it."""
    cluster.command(cluster.wait_leader(), "leave", {"node": node.label}, limit_s=40)


@fault(0.2, 2, clean=False)
def replaced(cluster: Cluster, chance: random.Random) -> Steps:
    """The machine was lost and comes back empty: its place is given up, it joins anew."""
    yield from _replace(cluster, chance, interrupted=False)


@fault(0.2, 2, clean=False)
def snapshot_interrupted(cluster: Cluster, chance: random.Random) -> Steps:
    """As above, and while it fetches the snapshot it is killed, or the one that it fetches from."""
    yield from _replace(cluster, chance, interrupted=True)


def _replace(cluster: Cluster, chance: random.Random, interrupted: bool) -> Steps:
    if len(cluster.nodes) < 3:
        raise NotNow("a machine of two cannot be lost")
    with taken(cluster, "follower") as node:
        cluster.wait_leader()
        node.kill()
        leave(cluster, node)
        disk.wipe(node.state)
        yield f"{node.label} replaced by an empty one" + (", interrupted" if interrupted else "")
        hidden = cluster.network.hide(node.label)  # until it has joined it is a node of its own, with nothing in it
        node.start()
        cluster.ask_to_join(node)
        if interrupted:
            _interrupt(cluster, node, chance)
        cluster.network.mend(hidden)
        cluster.wait_full(node)


def _interrupt(cluster: Cluster, node: Node, chance: random.Random) -> None:
    time.sleep(chance.uniform(0.05, 1.5))
    if chance.random() < 0.5:
        node.kill()
        node.start()
        return
    with contextlib.suppress(NotNow), taken(cluster, "leader") as leader:
        leader.kill()
        leader.start()
