#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A node that was away for long comes back while the others are under load.

Environment: ENTRIES, by how many it is behind (default 20000; test-all: 1000000, on disks in memory, because so many entries
are so many syncs one after another).
"""
import os
import subprocess
import time
import unittest

import net
import scene
from farol.daemon import binary
from node import API_PORT, Node
from stream import Stream

ENTRIES = int(os.environ.get("ENTRIES", "20000"))
SLICE_S = 5
CONNECTIONS = 2  # writes that come together share an entry
IN_MEMORY_FROM = 100_000
ENTRIES_PER_S_MIN = 100  # of the load; what comes back must be a good deal faster


def load(node: Node, seconds: float) -> int:
    """Writes as fast as it can; how many were acknowledged."""
    own = node.site.client("admin")
    done = subprocess.run([binary("kv_load"), f"{node.host}:{API_PORT}", own.certificate, own.key, own.authority,
                           str(CONNECTIONS), str(seconds)], stdout=subprocess.PIPE, text=True, check=True)
    return int(done.stdout.split()[0])


class CatchUpTest(scene.ClusterCase):
    def test_node_that_is_far_behind_catches_up_under_load(self) -> None:
        cluster = self.cluster(["n1", "n2", "n3"], in_memory=ENTRIES >= IN_MEMORY_FROM).form()
        leader = cluster.wait_leader()
        away = next(node for node in cluster if node is not leader)
        last = away.kv_state()["applied_index"]
        away.stop()
        began, writes = time.monotonic(), 0
        while leader.kv_state(20)["applied_index"] < last + ENTRIES:
            self.assertLess(time.monotonic() - began, 60 + ENTRIES / ENTRIES_PER_S_MIN)
            writes += load(leader, SLICE_S)
        behind = leader.kv_state(20)["applied_index"] - last
        loaded = time.monotonic() - began
        away.start()
        returned, peak_mib = time.monotonic(), 0
        with Stream(leader, pace_s=0.02) as stream:
            while away.status().get("stored", 0) < last + behind:
                self.assertLess(time.monotonic() - returned, 60 + loaded)
                peak_mib = max(peak_mib, away.memory_mib())
                time.sleep(0.1)
            seconds = time.monotonic() - returned
        print(f"{behind} entries ({writes} writes) behind: written in {loaded:.0f} s, caught up in {seconds:.1f} s, "
              f"RssAnon up to {peak_mib} MiB; longest pause of the load meanwhile {stream.longest_gap():.2f} s", flush=True)
        self.assertLess(stream.longest_gap(), 3)
        cluster.wait_converged()
        self.assertEqual(stream.missing(away), [])


if __name__ == "__main__":
    net.enter()
    unittest.main(verbosity=2)
