#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What would a round say of a store that was wrong? Mistakes are planted in a real cluster, and must be found.

The faulty servers in checker/ show that the checker knows a violation when it sees one; these show that faults and load bring
one about on three real nodes, and that a good cluster passes the same.
"""
import time
import unittest
from typing import Any

import net
import scene
from load import Judgement, Load

BEFORE_S, CUT_S, AFTER_S = 1.5, 4, 1.5


class PlantedTest(scene.ClusterCase):
    def judge_cut(self, which: str, hasty: bool = False, **load_options: Any) -> Judgement:
        """The leader, or a follower, is cut off from the others for a while; clients still reach it."""
        cluster = self.cluster(["n1", "n2", "n3"])
        for node in cluster:
            node.environment |= {"KVD_HASTY": "1"} if hasty else {}
        cluster.form()
        with Load(cluster, cluster.folder, seed=3, **load_options) as load:
            load.start()
            time.sleep(BEFORE_S)
            leader = cluster.wait_leader()
            victim = leader if which == "leader" else next(node for node in cluster if node is not leader)
            broken = cluster.network.isolate(victim.label)
            time.sleep(CUT_S)
            cluster.network.mend(broken)
            load.wait_served(30)
            time.sleep(AFTER_S)
            load.stop()
            cluster.wait_converged()
            load.read_at_rest()
            return load.judge()

    def test_a_good_cluster_passes(self) -> None:
        self.assertEqual(self.judge_cut("leader").problems, [])

    def test_answers_before_the_commit_are_found(self) -> None:
        judged = self.judge_cut("leader", hasty=True)
        self.assertGreater(len(judged.losses) + len(judged.violations), 0, judged)

    def test_reads_of_an_old_copy_are_found(self) -> None:
        judged = self.judge_cut("follower", reads="local")
        self.assertGreater(len(judged.violations), 0, judged)


if __name__ == "__main__":
    net.enter()
    unittest.main(verbosity=2)
