#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each kind of peer is cut off in each state of a warning, and comes back; then cbcd itself is killed in each of them.

Before the write, after it and before its answer, while it is on the air, during an update, during a stop: each time the peer
ends up with exactly what the alert says, under the serial number that it had, and no other peer is asked for anything.
"""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[1]))
from any_peer import STOP, TABLE, WRITE, AnyPeer, OfAmf, OfBsc, OfMme, OfRnc, settings  # noqa: E402
from farol import wait  # noqa: E402
from shared_cbcd import SharedCase  # noqa: E402
from test_cbc import LEVEL_1, CbcCase  # noqa: E402

FALLING = [{"message_identifier": LEVEL_1, "language": "en", "text": "Water is falling"}]


class Host(CbcCase):
    table = TABLE
    tuning = {"request_timeout": "2s", "attempts": 2}

    def setUp(self) -> None:
        self.all = [OfBsc(), OfRnc(), OfMme(), OfAmf()]
        for one in self.all:
            self.addCleanup(one.close)
        self.peers = {one.name: one.config for one in self.all}
        self.more = settings()
        super().setUp()
        self.meet()

    def meet(self) -> None:
        self.all[0].meet(self.cbc.port("cbsp"))
        for one in self.all:
            self.up(one.name)


class CutOffCase(SharedCase):
    host_class = Host
    shared = (*SharedCase.shared, "all")

    def setUp(self) -> None:
        super().setUp()
        self.before = {one.name: len(one.asked()) for one in self.all}

    def leave_nothing(self) -> None:
        super().leave_nothing()
        for one in self.all:
            wait.until(f"{one.name} holds nothing", lambda one=one: not one.held(), 60)

    def at(self, *peers: AnyPeer) -> dict:
        return self.fresh(area={"kind": "cells", "cells": [one.cell for one in peers]})

    def asked(self, peer: AnyPeer) -> list[tuple[str, int]]:
        return peer.asked()[self.before[peer.name]:]

    def wait_asked(self, peer: AnyPeer, what: str, number: int = 1) -> None:
        wait.until(f"{peer.name} is asked to {what}, number {number}",
                   lambda: sum(one == what for one, _ in self.asked(peer)) >= number, 60)

    def down(self, *peers: AnyPeer) -> None:
        for one in peers:
            one.go_away()
        for one in peers:
            wait.until(f"{one.name} is down", lambda one=one: self.peer(one.name)["state"] != "up", 60)

    def back(self, *peers: AnyPeer) -> None:
        for one in peers:
            one.come_back()

    def holds(self, alert: dict, *peers: AnyPeer) -> None:
        """It is on the air there, in its present words alone."""
        serial = alert["content"]["serial_number"]
        for one in peers:
            wait.until(f"{one.name} holds {serial} alone; {one.held()}, {self.asked(one)}",
                       lambda one=one: one.held() == {serial}, 60)
        self.wait_cells(alert, "accepted|broadcasting", *(one.ci for one in peers))
        self.assertLessEqual({number for one in peers for _, number in self.asked(one)}, {serial, serial - 1})


class CutOff:
    """Cases for one kind of peer."""
    kind: type[AnyPeer]

    def setUp(self) -> None:
        super().setUp()
        self.one = next(peer for peer in self.all if isinstance(peer, self.kind))

    def tearDown(self) -> None:
        for other in self.all:
            if other is not self.one:
                self.assertEqual(self.asked(other), [], other.name)
                self.assertEqual(self.peer(other.name)["state"], "up", other.name)

    def test_before_the_write(self) -> None:
        self.down(self.one)
        alert = self.start(self.at(self.one))
        self.assertEqual(self.states(alert["alert_id"]), {self.one.ci: "not_connected"})
        self.back(self.one)
        self.holds(alert, self.one)

    def test_after_the_write_before_its_answer(self) -> None:
        self.one.leave_unanswered(WRITE)
        alert = self.start(self.at(self.one), wait_s=0)
        self.wait_asked(self.one, WRITE)
        self.down(self.one)
        self.wait_cells(alert, "not_connected", self.one.ci)
        self.back(self.one)
        self.holds(alert, self.one)

    def test_while_it_is_on_the_air(self) -> None:
        alert = self.start(self.at(self.one))
        self.down(self.one)
        self.back(self.one)
        self.holds(alert, self.one)

    def test_it_comes_back_and_has_lost_all(self) -> None:
        alert = self.start(self.at(self.one))
        self.down(self.one)
        self.one.forget()
        self.back(self.one)
        self.holds(alert, self.one)

    def test_during_an_update(self) -> None:
        alert = self.start(self.at(self.one))
        self.one.leave_unanswered(WRITE)
        newer = self.update(alert, 1, messages=FALLING, wait_s=0)
        self.wait_asked(self.one, WRITE, 2)
        self.down(self.one)
        self.back(self.one)
        self.holds(newer, self.one)

    def test_during_a_stop(self) -> None:
        alert = self.start(self.at(self.one))
        self.one.leave_unanswered(STOP)
        self.end(alert, wait_s=0)
        self.wait_asked(self.one, STOP)
        self.down(self.one)
        self.assertEqual(self.alert(alert)["state"], "stopping")
        self.back(self.one)
        self.wait_state(alert, "stopped")
        self.assertEqual((self.one.held(), self.states(alert["alert_id"])), (set(), {self.one.ci: "stopped"}))


class OfABsc(CutOff, CutOffCase):
    kind = OfBsc


class OfAnRnc(CutOff, CutOffCase):
    kind = OfRnc


class OfAnMme(CutOff, CutOffCase):
    kind = OfMme


class OfAnAmf(CutOff, CutOffCase):
    kind = OfAmf


class Killed(CutOffCase):
    """cbcd, by kill -9, with a peer of each kind in that state."""

    def unanswered(self, what: str) -> None:
        for one in self.all:
            one.leave_unanswered(what)

    def all_asked(self, what: str, number: int = 1) -> None:
        for one in self.all:
            self.wait_asked(one, what, number)

    def kill(self) -> None:
        self.cbc.kill()
        self.host.all[0].sim.mute.clear()
        self.cbc.start()
        self.host.meet()

    def test_before_the_write(self) -> None:
        self.down(*self.all[1:])
        self.all[0].go_away()
        alert = self.start(self.at(*self.all), wait_s=0)
        self.cbc.kill()
        for one in self.all[1:]:
            one.come_back()
        self.cbc.start()
        self.host.meet()
        self.holds(alert, *self.all)

    def test_after_the_write_before_its_answer(self) -> None:
        self.unanswered(WRITE)
        alert = self.start(self.at(*self.all), wait_s=0)
        self.all_asked(WRITE)
        self.kill()
        self.holds(alert, *self.all)

    def test_while_it_is_on_the_air(self) -> None:
        alert = self.start(self.at(*self.all))
        self.kill()
        self.holds(alert, *self.all)

    def test_during_an_update(self) -> None:
        alert = self.start(self.at(*self.all))
        self.unanswered(WRITE)
        newer = self.update(alert, 1, messages=FALLING, wait_s=0)
        self.all_asked(WRITE, 2)
        self.kill()
        self.holds(newer, *self.all)

    def test_during_a_stop(self) -> None:
        alert = self.start(self.at(*self.all))
        self.unanswered(STOP)
        self.end(alert, wait_s=0)
        self.all_asked(STOP)
        self.kill()
        self.wait_state(alert, "stopped")
        self.assertEqual([one.held() for one in self.all], [set()] * 4)
        self.assertEqual(set(self.states(alert["alert_id"]).values()), {"stopped"})


if __name__ == "__main__":
    unittest.main()
