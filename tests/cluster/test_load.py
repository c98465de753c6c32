#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What judges a round would notice: three nodes that know nothing of each other pass for a cluster with no one."""
import time
import unittest

import net
import scene
from load import Judgement, Load

SECONDS = 2


class LoadTest(scene.ClusterCase):
    def judge(self, names: list[str]) -> Judgement:
        cluster = self.cluster(names, standalone=True).form()
        with Load(cluster, cluster.folder, seed=1) as load:
            load.start()
            time.sleep(SECONDS)
            load.stop()
            load.read_at_rest(settle_ms=500)
            return load.judge()

    def test_three_that_are_no_cluster_are_found_out(self) -> None:
        judged = self.judge(["n1", "n2", "n3"])
        self.assertGreater(len(judged.violations) + len(judged.losses), 0, judged)
        self.assertTrue(judged.problems)

    def test_one_alone_is_good(self) -> None:
        judged = self.judge(["n1"])
        self.assertEqual(judged.problems, [])
        self.assertGreater(judged.acknowledged, 100)

    def test_clients_that_are_served_by_nobody_end_the_round(self) -> None:
        cluster = self.cluster(["n1"], standalone=True).form()
        with Load(cluster, cluster.folder, seed=1) as load:
            load.start()
            cluster["n1"].pause()
            time.sleep(0.5)  # for answers that were on their way
            with self.assertRaises(TimeoutError):
                load.wait_served(5)
            cluster["n1"].go_on()
            load.wait_served(20)


if __name__ == "__main__":
    net.enter()
    unittest.main(verbosity=2)
