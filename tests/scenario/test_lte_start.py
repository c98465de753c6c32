#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Starting and stopping alerts in LTE: what a CBE sends, what the MME is asked, what is told of each cell."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import wait  # noqa: E402
from lte_scene import (EMERGENCY_AREA, EVERYWHERE, HARBOUR, HILL, ISLAND, MAIN, MARKET,  # noqa: E402
                       SECOND_LANGUAGE, LteCase, cells_area, pages_of, text, where, words_of)
from peers.memory import Answer  # noqa: E402
from peers.mmesim import STOP, WRITE, key_of  # noqa: E402
from test_cbc import when  # noqa: E402
from test_cbc_areas import circle, rectangle, tai  # noqa: E402

ARABIC = "تحذير من فيضان"
FLAGS = ("Concurrent-Warning-Message-Indicator", "Send-Write-Replace-Warning-Indication")


class Start(LteCase):
    def test_in_the_whole_network(self) -> None:
        alert = self.start(self.fresh())
        write = self.mme.wait_for(WRITE)
        self.assertEqual(where(write), (None, None, []))
        self.assertEqual((key_of(write), words_of(write)), ((MAIN, alert["content"]["serial_number"]), "Water is rising"))
        self.assertTrue(all(write.value(flag) is not None for flag in FLAGS))
        self.wait_cells(alert, "accepted", *EVERYWHERE)
        self.assertEqual((self.alert(alert)["state"], alert["summary"]), ("broadcasting", {"accepted": 4}))

    def test_in_one_cell(self) -> None:
        alert = self.start(self.at_cells(HILL))
        self.assertEqual(where(self.mme.wait_for(WRITE)), ([2], "cell-ID-List", [HILL]))
        self.assertEqual(self.states(alert["alert_id"]), {HILL: "accepted"})

    def test_in_cells_of_two_tracking_areas(self) -> None:
        alert = self.start(self.at_cells(ISLAND, MARKET))
        self.assertEqual(where(self.mme.wait_for(WRITE)), ([1, 3], "cell-ID-List", [MARKET, ISLAND]))
        self.assertEqual(self.states(alert["alert_id"]), {MARKET: "accepted", ISLAND: "accepted"})

    def test_in_a_tracking_area(self) -> None:
        alert = self.start(self.at_places(tracking_areas=[tai(1)]))
        write = self.mme.wait_for(WRITE)
        self.assertEqual(where(write), ([1], "tracking-Area-List-for-Warning", [1]))
        self.mme.scheduled(write, tais={1: [HARBOUR, MARKET]})
        self.wait_cells(alert, "scheduled", HARBOUR, MARKET)
        self.assertEqual(self.states(alert["alert_id"]), {HARBOUR: "scheduled", MARKET: "scheduled"})

    def test_in_an_emergency_area(self) -> None:
        area = {"technology": "lte", "mcc": "001", "mnc": "01", "emergency_area": EMERGENCY_AREA}
        alert = self.start(self.at_places(emergency_areas=[area]))
        write = self.mme.wait_for(WRITE)
        self.assertEqual(where(write), ([1, 2], "emergency-Area-ID-List", [EMERGENCY_AREA]))
        self.assertEqual({one["chosen_by"] for one in self.alert(alert)["targets"]}, {"emergency_area"})
        self.assertEqual(alert["summary"], {"accepted": 1})  # the area, as such
        self.mme.scheduled(write, tais={1: [MARKET], 2: [HILL]})
        self.wait_cells(alert, "scheduled", MARKET, HILL)

    def test_in_a_polygon(self) -> None:
        alert = self.start(self.at_places(polygons=[rectangle(38.69, -9.1065, 38.71, -9.05)]))
        self.assertEqual(where(self.mme.wait_for(WRITE)), ([1], "cell-ID-List", [HARBOUR, MARKET]))
        self.assertEqual(self.states(alert["alert_id"]), {HARBOUR: "accepted", MARKET: "accepted"})

    def test_in_a_circle(self) -> None:
        alert = self.start(self.at_places(circles=[circle(38.80, -9.10, 1000)]))
        self.assertEqual(where(self.mme.wait_for(WRITE)), ([3], "cell-ID-List", [ISLAND]))
        self.assertEqual(self.states(alert["alert_id"]), {ISLAND: "accepted"})

    def test_cells_of_another_operator_are_told_and_not_asked_for(self) -> None:
        alert = self.start(self.at_cells(HILL, 0x0777701))
        self.assertEqual(where(self.mme.wait_for(WRITE)), ([2], "cell-ID-List", [HILL]))
        self.assertEqual([one["ci"] for one in alert["unknown_cells"]], [0x0777701])
        self.assertEqual(self.states(alert["alert_id"]), {HILL: "accepted", 0x0777701: "unknown_cell"})

    def test_in_two_languages_is_two_messages_and_one_alert(self) -> None:
        alert = self.start(self.fresh(messages=[text("Water is rising"), text("A água sobe", SECOND_LANGUAGE, "pt")]))
        writes = [self.mme.wait_for(WRITE, number) for number in (1, 2)]
        serial = alert["content"]["serial_number"]
        self.assertEqual({key_of(one): words_of(one) for one in writes},
                         {(MAIN, serial): "Water is rising", (SECOND_LANGUAGE, serial): "A água sobe"})
        self.wait_cells(alert, "accepted", *EVERYWHERE)

    def test_in_a_script_that_needs_sixteen_bits(self) -> None:
        self.start(self.at_cells(HILL, messages=[text(ARABIC, language="ar")]))
        write = self.mme.wait_for(WRITE)
        self.assertEqual((write.number("Data-Coding-Scheme"), words_of(write)), (0x48, ARABIC))

    def test_fifteen_pages(self) -> None:
        words = ("Shelter in the school. " * 80)[:15 * 93 - 3].strip()
        alert = self.start(self.at_cells(HILL, messages=[text(words)]))
        write = self.mme.wait_for(WRITE)
        self.assertEqual((len(pages_of(write)), words_of(write)), (15, words))
        self.assertEqual(self.states(alert["alert_id"]), {HILL: "accepted"})

    def test_so_many_broadcasts_as_the_cbe_says(self) -> None:
        self.start(self.at_cells(HILL, number_of_broadcasts=7, repetition_period_s=30))
        write = self.mme.wait_for(WRITE)
        self.assertEqual((write.number("Number-of-Broadcasts-Requested"), write.number("Repetition-Period")), (7, 30))

    def test_a_later_start_is_waited_for(self) -> None:
        alert = self.start(self.at_cells(HILL, start=when(3)), wait_s=0)
        self.assertEqual((self.alert(alert)["state"], self.states(alert["alert_id"])), ("scheduled", {HILL: "queued"}))
        self.assertEqual(self.asked(), [])
        self.mme.wait_for(WRITE)
        self.wait_cells(alert, "accepted", HILL)


class Stop(LteCase):
    def test_in_the_whole_network_with_what_each_cell_had_broadcast(self) -> None:
        alert = self.start(self.fresh())
        write = self.mme.wait_for(WRITE)
        self.mme.scheduled(write, tais={1: [HARBOUR, MARKET], 2: [HILL], 3: [ISLAND]})
        self.wait_cells(alert, "scheduled", *EVERYWHERE)
        self.assertEqual(self.end(alert)["state"], "stopped")
        stop = self.mme.wait_for(STOP)
        self.assertEqual((key_of(stop), where(stop)), (key_of(write), (None, None, [])))
        self.assertIsNotNone(stop.value("Send-Stop-Warning-Indication"))
        self.mme.cancelled(write, tais={1: {HARBOUR: 3, MARKET: 4}, 2: {HILL: 5}}, cells={ISLAND: 6})
        wait.until("the counts", lambda: self.broadcasts(alert) == {HARBOUR: 3, MARKET: 4, HILL: 5, ISLAND: 6})
        self.wait_cells(alert, "stopped", *EVERYWHERE)

    def test_in_chosen_cells(self) -> None:
        alert = self.start(self.at_cells(HARBOUR, HILL))
        self.assertEqual(self.end(alert)["summary"], {"stopped": 2})
        self.assertEqual(where(self.mme.wait_for(STOP)), ([1, 2], "cell-ID-List", [HARBOUR, HILL]))

    def test_in_a_tracking_area(self) -> None:
        alert = self.start(self.at_places(tracking_areas=[tai(2)]))
        self.assertEqual(self.end(alert)["state"], "stopped")
        self.assertEqual(where(self.mme.wait_for(STOP)), ([2], "tracking-Area-List-for-Warning", [2]))

    def test_in_part_leaves_the_rest_on_the_air(self) -> None:
        alert = self.start(self.at_cells(HARBOUR, HILL, ISLAND))
        self.shrink(alert, area=cells_area(ISLAND))
        self.assertEqual(where(self.mme.wait_for(STOP)), ([1, 2], "cell-ID-List", [HARBOUR, HILL]))
        self.wait_states(alert["alert_id"], {HARBOUR: "stopped", HILL: "stopped", ISLAND: "accepted"})

    def test_again_is_answered_as_before_and_asks_nothing(self) -> None:
        alert = self.start(self.at_cells(HILL))
        first = self.end(alert)
        again = self.end(alert)
        self.assertEqual([again[key] for key in ("state", "revision", "digest")],
                         [first[key] for key in ("state", "revision", "digest")])
        self.nothing_more([("write", 0), ("stop", 0)])

    def test_comes_by_itself_at_the_end(self) -> None:
        alert = self.start(self.at_cells(HILL, end=when(4)))
        self.mme.wait_for(STOP)
        self.wait_state(alert, "ended")
        self.assertEqual((self.states(alert["alert_id"]), self.mme.held), ({HILL: "stopped"}, set()))

    def test_before_the_start_nothing_is_ever_written(self) -> None:
        alert = self.start(self.at_cells(HILL, start=when(3)), wait_s=0)
        self.assertEqual(self.end(alert)["state"], "stopped")
        later = self.start(self.at_cells(MARKET, start=when(4)), wait_s=0)  # starts after the other would have
        self.wait_cells(later, "accepted", MARKET)
        self.assertEqual([where(one)[2] for one in self.mme.received.all()], [[MARKET]])

    def test_of_two_languages_stops_both(self) -> None:
        alert = self.start(self.at_cells(HILL, messages=[text("Water is rising"), text("A água sobe", SECOND_LANGUAGE, "pt")]))
        self.assertEqual(self.end(alert)["state"], "stopped")
        self.assertEqual({key_of(self.mme.wait_for(STOP, number))[0] for number in (1, 2)}, {MAIN, SECOND_LANGUAGE})
        self.assertEqual(self.mme.held, set())

    def test_of_what_the_mme_has_forgotten_is_done(self) -> None:
        alert = self.start(self.at_cells(HILL))
        self.mme.held.clear()  # it answers cause 3, valid message not identified
        self.assertEqual((self.end(alert)["state"], self.states(alert["alert_id"])), ("stopped", {HILL: "stopped"}))

    def test_while_the_write_is_out_waits_for_its_answer(self) -> None:
        self.mme.script.next(WRITE, Answer(delay_s=1))
        alert = self.start(self.at_cells(HILL), wait_s=0)
        self.mme.wait_for(WRITE)
        self.end(alert)
        self.wait_state(alert, "stopped")
        self.assertEqual((self.asked(), self.mme.held), ([("write", 0), ("stop", 0)], set()))


if __name__ == "__main__":
    unittest.main()
