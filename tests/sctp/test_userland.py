#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""SCTP of libusrsctp at both ends, in two namespaces: over IP and in UDP."""
import sys
import unittest

import cases
import end
import wires


class Userland(cases.Cases):
    far: end.Process

    def far_end(self) -> end.End:
        far = end.Process("far", self.UDP_FAR, self.PLACE.inside)
        self.addCleanup(lambda: far.process.returncode is None and far.close())
        return far

    @classmethod
    def setUpClass(cls) -> None:
        cls.PLACE = wires.Namespace()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.PLACE.close()

    def test_a_peer_that_is_killed_is_given_up(self) -> None:
        self.associate(wires.FAR[0])
        self.far.say("die")
        self.far.process.wait()
        self.near.wait("closed timed out")


class OverIp(Userland, unittest.TestCase):
    pass


class InUdp(Userland, unittest.TestCase):
    UDP_HERE, UDP_FAR = 9899, 9900


if __name__ == "__main__":
    wires.enter()
    sys.exit(unittest.main())
