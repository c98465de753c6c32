#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goes wrong in LTE: refusals of the MME and of cbcd, silence, cells that fail and restart. Each is seen by what the MME was
asked and by what the CBE is told."""
import pathlib
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import wait  # noqa: E402
from lte_scene import EVERYWHERE, HARBOUR, HILL, ISLAND, MAIN, MARKET, LteCase, cells_area, text, where  # noqa: E402
from peers.memory import Answer  # noqa: E402
from peers.mmesim import STOP, WRITE, key_of  # noqa: E402
from peers.places import Sbcap  # noqa: E402
from test_cbc import BOTH, decision, request, when  # noqa: E402

ENB = 0x19b  # of harbour and market
AREA_NOT_VALID, MEMORY_EXCEEDED, NOT_SUPPORTED = 4, 8, 9


class Error(LteCase):
    def test_a_refusal_by_the_mme_is_shown_with_its_cause(self) -> None:
        self.mme.script.always(WRITE, Answer(values={"Cause": NOT_SUPPORTED}))
        alert = self.start(self.at_cells(HILL))
        self.assertEqual((self.states(alert["alert_id"]), self.cause(alert, HILL)),
                         ({HILL: "refused"}, "warning broadcast not supported (9)"))
        self.assertEqual((self.alert(alert)["state"], self.mme.count(WRITE)), ("sending", 1))

    def test_unknown_tracking_areas_fail_their_cells_alone(self) -> None:
        self.mme.script.next(WRITE, Answer(values={"Unknown-Tracking-Area-List": Sbcap.tai_items([2, 3])}))
        alert = self.start(self.at_cells(MARKET, HILL, ISLAND))
        self.assertEqual(self.states(alert["alert_id"]), {MARKET: "accepted", HILL: "unknown_to_peer", ISLAND: "unknown_to_peer"})
        self.end(alert)
        self.assertEqual(where(self.mme.wait_for(STOP)), ([1], "cell-ID-List", [MARKET]))

    def test_when_all_tracking_areas_are_unknown_nothing_is_on_the_air(self) -> None:
        all_unknown = {"Cause": AREA_NOT_VALID, "Unknown-Tracking-Area-List": Sbcap.tai_items([2])}
        self.mme.script.next(WRITE, Answer(values=all_unknown))
        alert = self.start(self.at_cells(HILL))
        self.assertEqual((self.states(alert["alert_id"]), self.alert(alert)["state"]), ({HILL: "unknown_to_peer"}, "sending"))

    def test_a_refused_stop_is_shown_and_tried_again(self) -> None:
        alert = self.start(self.at_cells(HILL))
        self.mme.script.next(STOP, Answer(values={"Cause": MEMORY_EXCEEDED}))
        stopped = self.end(alert)
        self.assertEqual((stopped["state"], stopped["summary"]), ("stopping", {"stop_failed": 1}))
        self.assertEqual(self.cause(alert, HILL), "MME memory exceeded (8)")
        self.wait_state(alert, "stopped")
        self.assertEqual(self.asked(), [("write", 0), ("stop", 0), ("stop", 0)])

    def test_an_answer_about_another_warning_is_none(self) -> None:
        self.mme.script.next(WRITE, Answer(values={"Serial-Number": b"\x7f\xff"}))
        alert = self.start(self.at_cells(HILL), wait_s=0)
        self.mme.wait_for(WRITE, 2)  # asked again when the time for an answer is over
        self.wait_cells(alert, "accepted", HILL)

    def test_what_the_cbe_may_not_send_reaches_no_mme(self) -> None:
        body = self.at_cells(HILL)
        for code, status, changes in (("serial-out-of-range", 403, {"serial_number": 0x4000 | 300 << 4}),
                                      ("identifier-not-allowed", 403, {"messages": [text("Water", 50)]}),
                                      ("mode-not-allowed", 403, {"mode": "training"}),
                                      ("times-invalid", 422, {"end": when(-1), "start": when(-60)}),
                                      ("text-too-long", 422, {"messages": [text("x" * 1396)]}),
                                      ("messages-invalid", 422, {"messages": [text("Water"), text("Fire")]})):
            self.assertEqual(self.start(body | changes, status=status)["code"], code)
        self.nothing_more([])

    def test_what_nobody_has_approved_reaches_no_mme(self) -> None:
        body = self.at_cells(HILL)
        alone = [decision("submit", "ana"), decision("approve", "ana")]
        self.assertEqual(self.start(body, status=422, decisions=alone)["code"], "decisions-insufficient")
        other = request(body) | {"content": body | {"repetition_period_s": 61}}
        answer = self.api().post("/alerts/send", other)
        self.assertEqual((answer.status, answer.json()["code"]), (422, "digest-mismatch"))
        self.nothing_more([])

    def test_a_number_in_use_an_old_revision_and_a_stopped_alert_change_nothing(self) -> None:
        alert = self.start(self.at_cells(HILL))
        self.assertEqual(self.start(alert["content"], status=409)["code"], "serial-in-use")
        again = {"alert_id": alert["alert_id"], "decisions": BOTH, "status": 409}
        self.assertEqual(self.start(alert["content"] | {"area": cells_area(ISLAND)}, **again)["code"], "revision-conflict")
        self.end(alert)
        self.assertEqual(self.start(alert["content"], revision=2, **again)["code"], "alert-stopped")
        self.nothing_more([("write", 0), ("stop", 0)])

    def test_no_cell_of_ours_and_no_alert_of_that_name(self) -> None:
        self.assertEqual(self.start(self.at_cells(0x0777701), status=422)["code"], "cells-unknown")
        self.assertEqual(self.stop(str(uuid.uuid4()), "0" * 64, status=404)["code"], "alert-unknown")
        self.nothing_more([])


class TimeOut(LteCase):
    def test_a_write_that_is_never_answered_is_asked_again_and_shown(self) -> None:
        self.mme.script.always(WRITE, Answer(silent=True))
        alert = self.start(self.at_cells(HILL))
        self.assertEqual((self.states(alert["alert_id"]), self.asked()), ({HILL: "no_answer"}, [("write", 0)] * 2))
        self.mme.script.always(WRITE, None)
        self.wait_cells(alert, "accepted", HILL)
        self.assertEqual({key_of(one) for one in self.mme.received.all()}, {(MAIN, alert["content"]["serial_number"])})

    def test_a_stop_that_is_never_answered_is_asked_again_and_shown(self) -> None:
        alert = self.start(self.at_cells(HILL))
        self.mme.script.always(STOP, Answer(silent=True))
        stopped = self.end(alert)
        self.assertEqual((stopped["state"], stopped["summary"]), ("stopping", {"stop_failed": 1}))
        self.mme.script.always(STOP, None)
        self.wait_state(alert, "stopped")
        self.assertEqual((self.states(alert["alert_id"]), self.mme.held), ({HILL: "stopped"}, set()))


class FailureAndRestart(LteCase):
    def test_a_failed_cell_is_shown_and_written_again_at_its_restart(self) -> None:
        alert = self.start(self.fresh())
        first = self.mme.wait_for(WRITE)
        self.mme.failure(enb=ENB, cells=[MARKET])
        self.wait_states(alert["alert_id"], {MARKET: "refused", HARBOUR: "accepted", HILL: "accepted"})
        self.mme.restart(enb=ENB, cells=[MARKET], tacs=[1])
        again = self.mme.wait_for(WRITE, 2)
        self.assertEqual((key_of(again), where(again), again.value("Global-ENB-ID")),
                         (key_of(first), ([1], "cell-ID-List", [MARKET]), Sbcap.enb(ENB)))
        self.wait_cells(alert, "accepted", *EVERYWHERE)

    def test_an_enb_restarts_with_two_warnings_on_the_air(self) -> None:
        alerts = [self.start(self.at_cells(HARBOUR, HILL)) for _ in range(2)]
        self.mme.restart(enb=ENB, cells=[HARBOUR, MARKET], tacs=[1])
        self.mme.wait_for(WRITE, 4)
        again = [one for one in self.mme.received.all() if one.value("Global-ENB-ID") is not None]
        self.assertEqual({key_of(one)[1] for one in again}, {one["content"]["serial_number"] for one in alerts})
        self.assertEqual([where(one)[2] for one in again], [[HARBOUR]] * 2)

    def test_a_restart_after_the_stop_writes_nothing(self) -> None:
        alert = self.start(self.at_cells(HILL))
        self.end(alert)
        self.mme.restart(enb=0x19c, cells=[HILL], tacs=[2])
        self.nothing_more([("write", 0), ("stop", 0)])

    def test_an_association_that_is_cut_comes_back_and_is_written_to(self) -> None:
        alert = self.start(self.at_cells(HILL))
        ups = self.mme.ups
        self.mme.held.clear()
        self.mme.association.abort()
        self.mme.wait_for(WRITE, 2)
        self.mme.wait_up(ups + 1)
        self.wait_cells(alert, "accepted", HILL)
        self.assertEqual(self.mme.held, {(MAIN, alert["content"]["serial_number"])})

    def test_cbcd_is_killed_and_goes_on(self) -> None:
        stopped, alert = self.start(self.at_cells(HARBOUR)), self.start(self.at_cells(HILL))
        self.mme.script.next(STOP, Answer(silent=True))
        self.end(stopped, wait_s=0)
        self.mme.wait_for(STOP)
        self.cbc.kill()
        self.cbc.start()
        self.up("mme-1")
        wait.until("it is stopped", lambda: self.mme.held == {(MAIN, alert["content"]["serial_number"])}, 60)
        self.wait_state(stopped, "stopped")
        self.wait_cells(alert, "accepted", HILL)
        serials = [key_of(one)[1] for one in self.mme.received.all() if one.name == WRITE]
        self.assertEqual(serials[2:], [alert["content"]["serial_number"]])


if __name__ == "__main__":
    unittest.main()
