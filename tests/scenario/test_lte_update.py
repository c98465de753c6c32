#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Changing alerts that are on the air in LTE, and several at once. SBc-AP replaces nothing: other words are written under the
next serial number, then the old one is stopped; all else keeps the serial number, so that no phone alerts again."""
import concurrent.futures
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import wait  # noqa: E402
from lte_scene import (ETWS_EARTHQUAKE, EVERYWHERE, HARBOUR, HILL, ISLAND, MAIN, SECOND_LANGUAGE,  # noqa: E402
                       LteCase, cells_area, text, where, words_of)
from peers.memory import Answer  # noqa: E402
from peers.mmesim import STOP, WRITE, key_of  # noqa: E402
from test_cbc import decision, request, when  # noqa: E402

FALLING = [text("Water is falling")]
MEMORY_EXCEEDED = 8  # may pass


class Update(LteCase):
    def only_held(self, alert: dict) -> None:
        wait.until("only the newest is held", lambda: self.mme.held == {(MAIN, alert["content"]["serial_number"])})

    def test_other_words_are_written_before_the_old_ones_are_stopped(self) -> None:
        newer = self.update(self.start(self.at_cells(HILL)), 1, messages=FALLING)
        self.only_held(newer)
        self.assertEqual(self.asked(), [("write", 0), ("write", 1), ("stop", 0)])
        self.assertEqual(words_of(self.mme.wait_for(WRITE, 2)), "Water is falling")
        self.assertEqual(where(self.mme.wait_for(STOP)), ([2], "cell-ID-List", [HILL]))
        self.assertEqual(self.states(newer["alert_id"]), {HILL: "accepted"})

    def test_other_words_twice_leave_the_last(self) -> None:
        newer = self.update(self.start(self.fresh()), 1, messages=FALLING)
        newest = self.update(newer, 2, messages=[text("Water is gone")])
        self.only_held(newest)
        self.assertEqual(self.asked(), [("write", 0), ("write", 1), ("stop", 0), ("write", 2), ("stop", 1)])
        self.wait_cells(newest, "accepted", *EVERYWHERE)

    def test_longer_is_stopped_and_written_again_under_the_same_number(self) -> None:
        longer = self.update(self.start(self.at_cells(HILL)), end=when(7200))
        self.only_held(longer)
        self.assertEqual(self.asked(), [("write", 0), ("stop", 0), ("write", 0)])
        first, again = (self.mme.wait_for(WRITE, number).number("Number-of-Broadcasts-Requested") for number in (1, 2))
        self.assertEqual((first, again), (61, 121))
        self.assertEqual(self.states(longer["alert_id"]), {HILL: "accepted"})

    def test_shorter_asks_nothing_until_its_end(self) -> None:
        shorter = self.shrink(self.start(self.at_cells(HILL)), end=when(5))
        self.assertEqual(self.asked(), [("write", 0)])
        self.mme.wait_for(STOP)
        self.wait_state(shorter, "ended")

    def test_larger_is_written_where_it_is_new(self) -> None:
        larger = self.update(self.start(self.at_cells(HILL)), area=cells_area(HILL, ISLAND))
        self.assertEqual(self.asked(), [("write", 0), ("write", 0)])
        self.assertEqual(where(self.mme.wait_for(WRITE, 2)), ([3], "cell-ID-List", [ISLAND]))
        self.assertEqual(self.states(larger["alert_id"]), {HILL: "accepted", ISLAND: "accepted"})

    def test_smaller_is_stopped_where_it_was(self) -> None:
        smaller = self.shrink(self.start(self.at_cells(HILL, ISLAND)), area=cells_area(HILL))
        self.assertEqual(where(self.mme.wait_for(STOP)), ([3], "cell-ID-List", [ISLAND]))
        self.wait_states(smaller["alert_id"], {HILL: "accepted", ISLAND: "stopped"})

    def test_moved_is_stopped_there_and_written_here(self) -> None:
        moved = self.update(self.start(self.at_cells(HARBOUR, HILL)), area=cells_area(HILL, ISLAND))
        self.assertEqual(where(self.mme.wait_for(STOP))[2], [HARBOUR])
        self.assertEqual(where(self.mme.wait_for(WRITE, 2))[2], [ISLAND])
        self.wait_states(moved["alert_id"], {HARBOUR: "stopped", HILL: "accepted", ISLAND: "accepted"})

    def test_other_words_in_another_area(self) -> None:
        moved = self.update(self.start(self.at_cells(HARBOUR, HILL)), 1, area=cells_area(HILL, ISLAND), messages=FALLING)
        serial = moved["content"]["serial_number"]
        self.wait_states(moved["alert_id"], {HARBOUR: "stopped", HILL: "accepted", ISLAND: "accepted"})
        wait.until("the old one is stopped in both its cells", lambda: self.cells_of(STOP, serial - 1) == {HARBOUR, HILL})
        self.assertEqual(self.cells_of(WRITE, serial), {HILL, ISLAND})

    def cells_of(self, name: str, serial: int) -> set[int]:
        same = [one for one in self.mme.received.all() if one.name == name and key_of(one)[1] == serial]
        return {cell for one in same for cell in where(one)[2]}

    def test_another_period_is_stopped_and_written_again(self) -> None:
        self.only_held(self.update(self.start(self.at_cells(HILL)), repetition_period_s=30))
        self.assertEqual(self.asked(), [("write", 0), ("stop", 0), ("write", 0)])
        self.assertEqual(self.mme.wait_for(WRITE, 2).number("Repetition-Period"), 30)

    def test_from_one_cell_to_the_whole_network(self) -> None:
        larger = self.update(self.start(self.at_cells(HILL)), area={"kind": "all"})
        self.wait_cells(larger, "accepted", *EVERYWHERE)
        self.assertNotIn(("stop", 0), self.asked())

    def test_a_second_language_is_added_beside_the_first(self) -> None:
        alert = self.start(self.at_cells(HILL))
        both = [text("Water is rising"), text("A água sobe", SECOND_LANGUAGE, "pt")]
        newer = self.update(alert, messages=both, number=1)
        serial = newer["content"]["serial_number"]
        wait.until("both are held", lambda: self.mme.held == {(MAIN, serial), (SECOND_LANGUAGE, serial)})
        self.assertEqual(self.states(newer["alert_id"]), {HILL: "accepted"})

    def test_words_that_the_mme_refuses_leave_the_old_ones_on_the_air(self) -> None:
        alert = self.start(self.at_cells(HILL))
        self.mme.script.next(WRITE, Answer(values={"Cause": MEMORY_EXCEEDED}))
        newer = self.update(alert, 1, messages=FALLING, wait_s=1)
        self.assertEqual(self.mme.held, {(MAIN, alert["content"]["serial_number"])})
        self.only_held(newer)  # asked again after a while
        self.assertEqual(self.asked(), [("write", 0), ("write", 1), ("write", 1), ("stop", 0)])

    def test_words_while_the_write_of_the_old_ones_is_out(self) -> None:
        self.mme.script.next(WRITE, Answer(delay_s=1))
        newer = self.update(self.start(self.at_cells(HILL), wait_s=0) | {"revision": 1}, 1, messages=FALLING)
        self.only_held(newer)
        self.assertEqual(self.asked(), [("write", 0), ("write", 1), ("stop", 0)])


class Several(LteCase):
    def test_two_in_the_same_cells_are_each_written_and_stopped_by_itself(self) -> None:
        one, two = self.start(self.fresh()), self.start(self.fresh(messages=FALLING))
        self.assertEqual(len(self.mme.held), 2)
        for number in (1, 2):
            self.assertIsNotNone(self.mme.wait_for(WRITE, number).value("Concurrent-Warning-Message-Indicator"))
        self.end(one)
        self.assertEqual(self.mme.held, {(MAIN, two["content"]["serial_number"])})
        self.wait_cells(two, "accepted", *EVERYWHERE)
        self.wait_cells(one, "stopped", *EVERYWHERE)

    def test_twenty_at_once_are_each_written_once(self) -> None:
        bodies = [self.at_cells(HILL) for _ in range(20)]
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            alerts = list(pool.map(self.start, bodies))
        self.assertEqual({self.states(one["alert_id"])[HILL] for one in alerts}, {"accepted"})
        keys = [key_of(one) for one in self.mme.received.all()]
        self.assertEqual(sorted(keys), sorted((MAIN, one["serial_number"]) for one in bodies))

    def test_the_same_request_ten_times_at_once_is_one_alert(self) -> None:
        asked = request(self.at_cells(HILL))
        with concurrent.futures.ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(lambda _: self.api().post("/alerts/send?wait=20", asked, timeout_s=60), range(10)))
        self.sent.append(answers[0].json())
        self.assertEqual({one.status for one in answers}, {202})
        self.nothing_more([("write", 0)])

    def test_two_cbes_with_the_same_words(self) -> None:
        one = self.start(self.at_cells(HILL))
        body = self.at_cells(HILL)
        theirs = self.start(body | {"serial_number": 0x4000 | 301 << 4}, certificate=self.coast)
        self.assertEqual(self.alert(theirs)["cbe"], "coast")
        self.assertEqual(self.states(theirs["alert_id"]), {HILL: "accepted"})
        self.assertEqual(self.cbc.api(certificate=self.coast).get(f"/alerts/{one['alert_id']}").status, 404)
        stop = {"decisions": [decision("stop", "eva")], "digest": one["digest"]}
        refused = self.cbc.api(certificate=self.coast).post(f"/alerts/{one['alert_id']}/stop", stop)
        self.assertEqual((refused.status, refused.json()["code"]), (403, "not-owner"))
        done = self.cbc.api(certificate=self.coast).post(f"/alerts/{theirs['alert_id']}/stop?wait=20", stop, timeout_s=60)
        self.assertEqual((done.status, done.json()["state"]), (202, "stopped"))
        self.assertEqual(self.states(one["alert_id"]), {HILL: "accepted"})

    def test_one_is_stopped_while_another_is_written(self) -> None:
        one = self.start(self.at_cells(HILL))
        self.mme.script.next(WRITE, Answer(delay_s=1))
        two = self.start(self.at_cells(HILL), wait_s=0)
        self.mme.wait_for(WRITE, 2)
        self.assertEqual(self.end(one)["state"], "stopped")
        self.wait_cells(two, "accepted", HILL)
        self.assertEqual(self.mme.held, {(MAIN, two["content"]["serial_number"])})

    def test_an_earthquake_while_a_flood_is_on_the_air(self) -> None:
        flood = self.start(self.at_cells(HILL))
        body = self.at_cells(HILL, messages=[text("Earthquake", ETWS_EARTHQUAKE)])
        quake = self.start(body | {"serial_number": 0x7000 | 1 << 4})
        write = self.mme.wait_for(WRITE, 2)
        self.assertEqual((write.number("Warning-Type"), write.value("Concurrent-Warning-Message-Indicator")), (0x0180, None))
        self.wait_cells(quake, "accepted", HILL)
        self.end(quake)
        self.assertEqual(self.states(flood["alert_id"]), {HILL: "accepted"})


if __name__ == "__main__":
    unittest.main()
