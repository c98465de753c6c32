#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two members and a voter: the voter leads only when it must, takes no clients' writes, and hands over."""
import unittest

import net
import scene
from farol import wait
from stream import Stream

TAKEN_OVER_S = 30


class VoterTest(scene.ClusterCase):
    def setUp(self) -> None:
        self.lab = self.cluster(["n1", "n2", "n3"], voters=("n3",)).form()
        self.voter = self.lab["n3"]
        leader = self.lab.wait_leader()
        if leader is self.voter:
            self.fail("the voter leads although members are there")
        self.leader = leader
        self.other = next(node for node in self.lab if node not in (leader, self.voter))

    def test_leader_dies_while_the_other_member_is_behind(self) -> None:
        # Cut off, not stopped: what a stopped process has in its sockets it would still read.
        network, names = self.lab.network, (self.leader.label, self.other.label, self.voter.label)
        network.cut(names[0], names[1])  # and it stays so: the kernel of a dead machine sends nothing
        from_voter = network.cut(names[2], names[1])
        with Stream(self.leader) as stream:
            stream.wait_acknowledged(300, 60)
        term = self.leader.status()["term"]
        self.leader.kill()
        network.mend(from_voter)  # it has none of the 300, so it cannot win; the voter can
        with Stream(self.other) as after:
            wait.until(f"{self.other.label} leads", lambda: self.lab.leader() is self.other, TAKEN_OVER_S)
            after.wait_acknowledged(10, TAKEN_OVER_S)
        self.assertEqual(stream.missing(self.other, 300), [])
        # Two terms at least: one that the voter won, and the one in which it handed over.
        self.assertGreaterEqual(self.other.status()["term"], term + 2)
        network.heal()
        self.leader.start()
        self.lab.wait_converged()
        self.assertIsNot(self.lab.wait_leader(), self.voter)

    def test_voter_does_not_delay_the_other_member(self) -> None:
        with Stream(self.other) as stream:
            stream.wait_acknowledged(20)
            self.leader.kill()
            wait.until(f"{self.other.label} leads", lambda: self.lab.leader() is self.other, TAKEN_OVER_S)
            stream.wait_acknowledged(20)
        self.assertLess(stream.longest_gap(), 3, stream.outcomes)

    def test_voter_alone_takes_no_writes(self) -> None:
        self.leader.kill()
        self.other.kill()
        self.assertFalse(self.voter.status().get("takes_writes"))
        self.assertIn("hash", self.voter.kv_state())


if __name__ == "__main__":
    net.enter()
    unittest.main(verbosity=2)
