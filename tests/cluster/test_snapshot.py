#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A follower that is far behind a large state gets a copy of it: in little memory, and again after being cut off.

Environment: MIB, the size of the state (default 1024; test-all: 10240).
"""
import os
import threading
import time
import unittest

import net
import scene
from cluster import Cluster
from farol import wait
from node import Node
from test_import import Import, seen

MIB = int(os.environ.get("MIB", "1024"))
OCTETS = 64 << 10
RSS_ANON_MAX_MIB = 200
COPY_MIB_S_MIN = 5
LOAD_MIB_S_MIN = 2
READ_MIB_S_MIN = 20


class MemoryWatch:
    """The highest RssAnon of each node while it runs."""

    def __init__(self, cluster: Cluster) -> None:
        self.peaks = {node.label: 0 for node in cluster}
        self._cluster = cluster
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "MemoryWatch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.1):
            for node in self._cluster:
                try:
                    self.peaks[node.label] = max(self.peaks[node.label], node.memory_mib())
                except (OSError, AssertionError, StopIteration):
                    pass  # it isn't running now


class SnapshotTest(scene.ClusterCase):
    def behind(self, mib: int) -> tuple[Cluster, Node]:
        """A cluster with so large a state, and the follower that has none of it, stopped."""
        cluster = self.cluster(["n1", "n2", "n3"]).form()
        leader = cluster.wait_leader()
        away = next(node for node in cluster if node is not leader)
        away.stop()
        with Import(cluster, mib * (1 << 20) // OCTETS, OCTETS) as one:
            one.wait_done(60 + mib / LOAD_MIB_S_MIN)
        return cluster, away

    def caught_up(self, cluster: Cluster, away: Node, mib: int) -> None:
        wait.until(f"{away.label} has what the leader has; {away.status()}",
                   lambda: away.status().get("stored", 0) >= cluster.wait_leader().status().get("stored", 1 << 62),
                   60 + mib / COPY_MIB_S_MIN)
        limit_s = 60 + mib / READ_MIB_S_MIN
        self.assertEqual(seen(away, timeout_s=limit_s), seen(cluster.wait_leader(), timeout_s=limit_s))

    def test_follower_far_behind_takes_a_copy_in_little_memory(self) -> None:
        cluster, away = self.behind(MIB)
        began = time.monotonic()
        with MemoryWatch(cluster) as memory:
            away.start()
            try:
                self.caught_up(cluster, away, MIB)
            finally:
                print(f"{MIB} MiB in {time.monotonic() - began:.0f} s; RssAnon up to {memory.peaks} MiB", flush=True)
        self.assertLess(max(memory.peaks.values()), RSS_ANON_MAX_MIB)
        self.assertGreater(away.status()["snapshots_installed"], 0, "it came by the log: this shows nothing")

    def test_copy_goes_on_after_both_sides_died(self) -> None:
        mib = min(MIB, 256)
        cluster, away = self.behind(mib)
        away.start()
        for _ in range(3):
            time.sleep(1.5)
            away.kill()
            away.start()
        time.sleep(1)
        leader = cluster.wait_leader()
        leader.kill()
        leader.start()
        self.caught_up(cluster, away, mib)


if __name__ == "__main__":
    net.enter()
    unittest.main(verbosity=2)
