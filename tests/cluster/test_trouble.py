#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""One machine in trouble: the cluster goes on, and the machine comes back by itself when the trouble is over."""
import random
import time
import unittest

import disk
import net
import scene
from farol import wait
from stream import Stream

TAKEN_OVER_S = 20
BACK_S = 60
WATCHED_S = 8


class TroubleTest(scene.ClusterCase):
    def form(self, **more: bool) -> None:
        self.lab = self.cluster(["n1", "n2", "n3"], **more).form()
        self.leader = self.lab.wait_leader()
        self.others = [node for node in self.lab if node is not self.leader]

    def converged(self, stream: Stream) -> None:
        self.lab.wait_converged(BACK_S)
        for node in self.lab:
            self.assertEqual(stream.missing(node), [])

    def test_leader_with_a_full_disk_hands_over_and_writes_go_on(self) -> None:
        self.form(small_disks=True)
        with Stream(*self.others) as stream:
            stream.wait_acknowledged(50)
            self.leader.disk.fill()
            wait.until("another node leads", lambda: self.lab.leader() not in (None, self.leader), TAKEN_OVER_S)
            stream.wait_acknowledged(len(stream.acknowledged) + 50, BACK_S)
            self.leader.disk.give_back()
        self.assertTrue(self.leader.running, "a full disk ends no process")
        self.assertNotIn("outcome-unknown", stream.outcomes)
        self.converged(stream)

    def test_full_disk_of_a_follower_is_its_own_trouble(self) -> None:
        self.form(small_disks=True)
        full = self.others[0]
        with Stream(self.leader) as stream:
            stream.wait_acknowledged(50)
            full.disk.fill()
            stream.wait_acknowledged(500, 60)
            full.disk.give_back()
        self.assertTrue(full.running, "a full disk ends no process")
        self.assertLess(stream.longest_gap(), 3, stream.outcomes)
        self.converged(stream)

    def test_slow_disk_of_a_follower_slows_nobody(self) -> None:
        self.form()
        with Stream(self.leader) as stream:
            stream.wait_acknowledged(50)
            self.others[0].slow_down(300)
            stream.wait_acknowledged(300, 60)
            self.others[0].speed_up()
        self.assertLess(stream.longest_gap(), 2, stream.outcomes)
        self.converged(stream)

    def test_slow_disk_of_the_leader_keeps_or_costs_its_leadership_but_no_write(self) -> None:
        self.form()
        with Stream(*self.lab) as stream:
            stream.wait_acknowledged(50)
            self.leader.slow_down(150)
            stream.wait_acknowledged(30, 60)
            self.leader.speed_up()
            stream.wait_acknowledged(50, 60)
        self.converged(stream)

    def test_clock_that_jumps_changes_nothing(self) -> None:
        self.form(own_clocks=True)
        term = self.leader.status()["term"]
        with Stream(self.leader) as stream:
            for node in self.lab:
                for shift_s in (36 * 3600, -36 * 3600, 0):
                    node.clock.set(shift_s)
                    stream.wait_acknowledged(50)
        self.assertEqual(self.lab.wait_leader().status()["term"], term)
        self.assertLess(stream.longest_gap(), 1.5, stream.outcomes)
        self.converged(stream)

    def test_nodes_whose_clocks_disagree_by_days_form_connections(self) -> None:
        self.form(own_clocks=True)
        for node, shift_s in zip(self.lab, (36 * 3600, -36 * 3600, 0)):
            node.clock.set(shift_s)
            node.kill()
            node.start()
        with Stream(*self.lab) as stream:
            stream.wait_acknowledged(50, 60)
        self.converged(stream)

    def test_torn_last_write_is_dropped(self) -> None:
        self.form()
        for seed, node in enumerate(self.lab):
            with Stream(*(one for one in self.lab if one is not node)) as stream:
                stream.wait_acknowledged(50)
                node.kill()
                what = disk.tear_last_write(node.log_folder, random.Random(seed))
                self.assertNotIn("no open segment", what)
                stream.wait_acknowledged(50, 60)
                node.start()
                stream.wait_acknowledged(50, 60)
            self.converged(stream)

    def test_log_that_forgot_what_was_acknowledged_elects_nobody(self) -> None:
        self.form()
        behind, damaged = self.others
        # Cut off, not stopped: what a stopped process has in its sockets it would still read.
        network = self.lab.network
        network.cut(self.leader.label, behind.label)
        from_damaged = network.cut(damaged.label, behind.label)
        with Stream(self.leader) as stream:
            stream.wait_acknowledged(200, 60)
        damaged.kill()
        self.assertIn("damaged", disk.forget_last_batches(damaged.log_folder, 0.5))
        self.leader.kill()
        network.mend(from_damaged)
        damaged.launch()  # it may refuse to start, or start and say what is wrong
        # These two never saw all that was acknowledged: one was away, and the other has forgotten it.
        with Stream(behind) as wrong:
            time.sleep(WATCHED_S)
        self.assertEqual(len(wrong.acknowledged), 0, damaged.status())
        network.heal()
        self.leader.start()
        wait.until("there is a leader", self.lab.leader, TAKEN_OVER_S)
        for node in (self.leader, behind):
            wait.until(f"{node.label} has it all", lambda node=node: not stream.missing(node), BACK_S)


if __name__ == "__main__":
    net.enter()
    unittest.main(verbosity=2)
