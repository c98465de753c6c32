#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What follows a live alert: its updates, the all-clear, and what becomes of drafts. A cbed, a cbcd and a BSC for each case."""
import pathlib
import sys
import unittest
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import bsc as cbsp  # noqa: E402
from farol import wait  # noqa: E402
from farol.officer import Officer  # noqa: E402
from test_cbe import HARBOUR, CbeCase  # noqa: E402


def follow(officer: Officer, alert: dict[str, Any], what: str) -> dict[str, Any]:
    answer = officer.write("POST", f"/api/v1/alerts/{alert['id']}/{what}", {})
    assert answer.status == 201, answer.text
    return answer.json()


def save(officer: Officer, alert: dict[str, Any], **fields: Any) -> dict[str, Any]:
    answer = officer.write("PATCH", f"/api/v1/alerts/{alert['id']}", {"version": alert["version"]} | fields)
    assert answer.status == 200, answer.text
    return answer.json()


class Updates(CbeCase):
    def setUp(self) -> None:
        super().setUp()
        self.start_cbc()
        self.connect_bsc()
        self.ana, self.bruno, self.carla = (self.officer(name) for name in ("ana", "bruno", "carla"))

    def live(self) -> dict[str, Any]:
        words = "Flood in the harbour. Go to high ground."
        alert = self.ana.submit(self.ana.create(words, area={"kind": "cells", "cells": [HARBOUR]}))
        return self.goes_on_air(self.bruno, self.bruno.approve(alert)["id"])

    def counts_up(self) -> None:
        for key in self.bsc.held:
            self.bsc.held[key] = 3

    def test_a_live_alert_is_changed_made_shorter_and_called_over(self) -> None:
        first = self.live()
        self.text_is_new_serial_and_shows_again(first)
        self.shorter_by_one_person()
        self.all_clear_stops_it()

    def text_is_new_serial_and_shows_again(self, first: dict[str, Any]) -> None:
        update = follow(self.ana, first, "update")
        self.assertEqual((update["relation"]["kind"], update["chain"]), ("update", first["id"]))
        self.assertEqual(update["update"]["text"], "Nothing has been changed yet.")
        update = save(self.ana, update, messages=[{"language": "en", "text": "Flood in the harbour. Go to the hill."}])
        self.assertEqual((update["update"]["changes"], update["update"]["needs"], update["update"]["alerts_again"]),
                         (["text"], "two_people", "everybody"))
        waiting = self.ana.submit(update)
        self.assertEqual(waiting["serial_number"], first["serial_number"] + 1)
        self.assertEqual(self.bruno.alert(first["id"])["status"], "broadcasting")
        self.second = self.bruno.approve(waiting)
        wait.until("the BSC was asked for the new words",
                   lambda: [pdu.number(cbsp.NEW_SERIAL) for pdu in self.writes()][1:] == [waiting["serial_number"]])
        wait.until("the BSC holds the new words", lambda: self.bsc.held)
        self.counts_up()
        self.second = self.reaches(self.bruno, waiting["id"], "broadcasting")
        replaced = self.reaches(self.bruno, first["id"], "superseded")
        self.assertEqual(replaced["superseded_by"], waiting["id"])
        again = self.ana.write("POST", f"/api/v1/alerts/{first['id']}/update", {})
        self.refused(again, 409, "status", "replaced by an update")

    def shorter_by_one_person(self) -> None:
        update = save(self.carla, follow(self.carla, self.second, "update"), duration_s=1800)
        self.assertEqual((update["update"]["needs"], update["update"]["alerts_again"]), ("one_person", "nobody"))
        shorter = self.carla.submit(update)
        self.assertEqual(shorter["serial_number"], self.second["serial_number"])
        self.assertEqual(shorter["start"], self.second["start"])
        self.third = self.reaches(self.carla, shorter["id"], "broadcasting")
        held = self.cbc.control().get("/alerts").json()["alerts"]
        self.assertEqual([(one["alert_id"], one["revision"]) for one in held], [(shorter["chain"], 3)])
        self.assertEqual(self.third["health"], "all_confirmed")

    def all_clear_stops_it(self) -> None:
        clear = follow(self.ana, self.third, "all-clear")
        self.assertEqual((clear["channel"], clear["relation"]["kind"]), ("level4", "all_clear"))
        self.assertTrue(clear["excerpt"].startswith("ALL CLEAR."))
        approved = self.bruno.approve(self.ana.submit(clear))
        wait.until("the BSC holds both", lambda: len(self.bsc.held) == 2)
        self.counts_up()
        self.reaches(self.bruno, approved["id"], "broadcasting")
        self.reaches(self.bruno, self.third["id"], "cancelled")
        wait.until("the first is off the air", lambda: len(self.bsc.held) == 1)
        wait.until("and that is confirmed", lambda: self.bruno.alert(self.third["id"])["health"] == "none")
        ends = self.audited("alert.supersede", "alert.shrink", "alert.stop")
        self.assertEqual([(one["action"], one["actor"]) for one in ends],
                         [("alert.supersede", "system"), ("alert.shrink", "carla"), ("alert.supersede", "system"),
                          ("alert.stop", "system")])
        self.assertTrue(self.cbe.control().post("/control/audit/verify").json()["valid"])

    def test_s8_rejected_discarded_taken_back_and_copied(self) -> None:
        alert = self.ana.submit(self.ana.create("Flood."))
        path = f"/api/v1/alerts/{alert['id']}"
        self.refused(self.bruno.write("POST", path + "/reject", {"reason": "too short"}), 422, "invalid", "10 characters")
        rejected = self.bruno.write("POST", path + "/reject", {"reason": "not in our region"}).json()
        self.assertEqual(rejected["status"], "rejected")
        copy = follow(self.carla, rejected, "copy")
        self.assertEqual({one["username"] for one in copy["contributors"]}, {"ana", "carla"})
        path = f"/api/v1/alerts/{copy['id']}"
        self.assertEqual(self.carla.write("POST", path + "/discard", {}).json()["status"], "discarded")
        self.assertEqual(self.carla.write("POST", path + "/restore", {}).json()["status"], "draft")


if __name__ == "__main__":
    unittest.main()
