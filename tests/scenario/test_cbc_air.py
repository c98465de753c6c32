#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""cbcd and a real 2G network: what is sent is heard on the radio, word for word, through restarts of everybody."""
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import air  # noqa: E402

if __name__ == "__main__":
    air.enter_network()

from farol import wait  # noqa: E402
from farol.daemon import Site  # noqa: E402
from test_cbc import BOTH, cell, content, decision, request, when  # noqa: E402

CELL = air.CELL["ci"]
TABLE = ("technology,mcc,mnc,lac,ci,name,lat,lon\ngsm,001,01,1,6969,Old Town,-33.8688,151.2093\n"
         "gsm,001,01,1,6970,New Town,-33.8688,151.2093\n")  # the BSC has no such cell as the second
ELSEWHERE = cell(1, 6970)
HERE = cell(1, CELL)
PERIOD_S = 57  # 30 slots of the broadcast channel: what this network carries without trouble
ONE_PAGE = "Water is rising. Go to higher ground now."
THREE_PAGES = ("Flood warning for the lower town. Leave the river bank, take the marked roads to higher ground and do not "
               "go back for anything. Help your neighbours. Keep your radio on. Do not drive through water. Shelters are "
               "open in the school and in the sports hall.")
ARABIC = "تحذير من فيضان. اذهبوا إلى مكان مرتفع الآن"


class OnTheAir(unittest.TestCase):
    def setUp(self) -> None:
        self.site = Site()
        self.addCleanup(self.site.close)
        self.cbe = self.site.authority.issue("cbe", node="national")
        table = self.site.folder / "cells.csv"
        table.write_text(TABLE)
        self.cbc = self.site.daemon("cbc", {
            "cells": str(table), "peers": {"bsc-1": {"address": "127.0.0.1"}},
            "cbes": {"national": {"certificate": "farol://test/cbe/national", "codes": "0-255", "identifiers": ["4370-4382"]}},
            "cbsp": {"listen": "127.0.0.1:48049", "status_first": "2s", "retry_pause": "3s"}}).start()
        self.network = air.Network(self.site.folder / "air")
        self.addCleanup(self.network.stop)
        self.network.start()
        self.radio = self.network.radio
        self.code = 0

    def send(self, text: str, language: str = "en") -> dict:
        self.code += 1
        body = content(self.code, text, [HERE], repetition_period_s=PERIOD_S)
        body["messages"][0]["language"] = language
        answer = self.cbc.api(certificate=self.cbe).post("/alerts/send?wait=20", request(body), timeout_s=40)
        self.assertEqual(answer.status, 202, answer.text)
        self.assertEqual(answer.json()["summary"], {"accepted": 1}, answer.text)
        return answer.json() | {"serial": body["serial_number"]}

    def stop(self, alert: dict) -> None:
        answer = self.cbc.api(certificate=self.cbe).post(
            f"/alerts/{alert['alert_id']}/stop?wait=20", {"decisions": [decision("stop", "ana")], "digest": alert["digest"]},
            timeout_s=40)
        self.assertEqual((answer.status, answer.json()["state"]), (202, "stopped"), answer.text)

    def heard(self, text: str, since: float, timeout_s: float = 120) -> None:
        message = self.radio.wait_text(text, timeout_s, since)
        self.assertIsNotNone(message, f"{text!r} was not heard\n{self.cbc.log()[-3000:]}\n{self.network.logs()}")

    def state(self, alert: dict) -> str:
        cells = self.cbc.control().get(f"/alerts/{alert['alert_id']}").json()["delivery"]["cells"]
        return next(one["state"] for one in cells if one["cell"]["ci"] == CELL)

    def test_texts_are_heard_as_typed_until_they_are_stopped(self) -> None:
        for text, language in ((ONE_PAGE, "en"), (THREE_PAGES, "en"), (ARABIC, "ar")):
            with self.subTest(text=text):
                since = time.time()
                alert = self.send(text, language)
                self.heard(text, since)
                wait.until("confirmed on air", lambda: self.state(alert) == "broadcasting", 60)
                self.stop(alert)
        self.assertTrue(self.radio.silent(alert["serial"], 3 * PERIOD_S))

    def test_restarts_of_everybody_while_live_keep_the_serial_on_the_air(self) -> None:
        alert = self.send(ONE_PAGE)
        self.heard(ONE_PAGE, 0)
        self.cbc.kill()
        self.cbc.start()
        wait.until("accepted again", lambda: self.state(alert) in ("accepted", "broadcasting"), 40)
        self.heard(ONE_PAGE, time.time())
        self.network.restart_bts()
        self.heard(ONE_PAGE, time.time())
        self.network.restart_bsc()
        wait.until("accepted again", lambda: self.state(alert) in ("accepted", "broadcasting"), 60)
        self.heard(ONE_PAGE, time.time())
        self.stop(alert)
        serials = {one.serial for one in self.radio.messages if one.text == ONE_PAGE}
        self.assertEqual(serials, {alert["serial"]})


class UpdatesOnTheAir(OnTheAir):
    """Each row of the update table (cbc/domain/README.md) as the radio hears it. Not the tests above once more."""
    test_texts_are_heard_as_typed_until_they_are_stopped = None
    test_restarts_of_everybody_while_live_keep_the_serial_on_the_air = None
    PERIOD_S = 19  # ten slots

    def first(self, cells: list[dict], **more) -> tuple[str, dict]:
        """An alert's first revision, on its way; its identity and its content."""
        self.code += 1
        body = content(self.code, ONE_PAGE, cells, repetition_period_s=self.PERIOD_S, **more)
        sent = request(body)
        self.post(sent)
        return sent["alert_id"], body

    def post(self, body: dict) -> dict:
        answer = self.cbc.api(certificate=self.cbe).post("/alerts/send?wait=20", body, timeout_s=40)
        self.assertEqual(answer.status, 202, answer.text)
        return answer.json()

    def revise(self, alert: str, body: dict, revision: int = 2) -> float:
        since = time.time()
        self.post(request(body, alert, revision, BOTH))
        return since

    def hears(self, serial: int, since: float, text: str = ONE_PAGE) -> None:
        message = self.radio.wait(lambda: next((one for one in self.radio.messages if one.heard > since and one.text == text
                                                and one.serial == serial), None), 120)
        self.assertIsNotNone(message, f"{text!r} under {serial:#x} was not heard\n{self.network.logs()}")

    def test_text_goes_on_under_a_new_serial_and_the_old_one_falls_silent(self) -> None:
        alert, body = self.first([HERE])
        self.hears(body["serial_number"], 0)
        newer = body | {"serial_number": body["serial_number"] + 1,
                        "messages": [body["messages"][0] | {"text": "Water is falling."}]}
        since = self.revise(alert, newer)
        self.hears(newer["serial_number"], since, "Water is falling.")
        self.assertTrue(self.radio.silent(body["serial_number"], 2 * self.PERIOD_S))

    def test_longer_goes_on_beyond_the_old_end_and_shorter_ends_early_under_the_same_serial(self) -> None:
        alert, body = self.first([HERE], end=when(60))
        self.hears(body["serial_number"], 0)
        longer = body | {"end": when(600)}
        self.hears(body["serial_number"], self.revise(alert, longer))
        old_end = time.time() + 60
        wait.until("the old end is over", lambda: time.time() > old_end, 120)
        self.hears(body["serial_number"], old_end)
        self.revise(alert, longer | {"end": when(5)}, 3)
        wait.until("ended", lambda: self.cbc.control().get(f"/alerts/{alert}").json()["state"] == "ended", 60)
        self.assertTrue(self.radio.silent(body["serial_number"], 2 * self.PERIOD_S))
        self.assertEqual({one.serial for one in self.radio.messages}, {body["serial_number"]})

    def test_larger_smaller_moved_and_stopped_in_part_as_this_cell_hears_them(self) -> None:
        alert, body = self.first([ELSEWHERE])
        serial = body["serial_number"]

        def area(*cells: dict) -> dict:
            return body | {"area": {"kind": "cells", "cells": list(cells)}}
        self.assertTrue(self.radio.silent(serial, self.PERIOD_S))
        self.hears(serial, self.revise(alert, area(ELSEWHERE, HERE), 2))  # larger
        self.revise(alert, area(ELSEWHERE), 3)                            # smaller, or stopped in part
        self.assertTrue(self.radio.silent(serial, 2 * self.PERIOD_S))
        self.hears(serial, self.revise(alert, area(HERE), 4))             # moved to here
        self.revise(alert, area(ELSEWHERE), 5)                            # and away
        self.assertTrue(self.radio.silent(serial, 2 * self.PERIOD_S))

    def test_retry_after_a_refusal_that_passes_and_reload_after_a_restart_keep_the_serial(self) -> None:
        self.code += 1
        full = content(self.code, "Shelter in the school. " * 58, [HERE], repetition_period_s=29)  # fills the channel
        self.assertEqual(self.post(crowded := request(full))["summary"], {"accepted": 1})
        alert, body = self.first([HERE])
        states = self.cbc.control().get(f"/alerts/{alert}").json()["delivery"]["cells"]
        self.assertEqual([one["cause"] for one in states], ["BSC capacity exceeded (0x06)"])
        self.stop({"alert_id": crowded["alert_id"], "digest": crowded["digest"]})
        self.hears(body["serial_number"], 0)  # tried again by itself
        self.network.restart_bsc()
        self.hears(body["serial_number"], time.time())
        self.assertEqual({one.serial for one in self.radio.messages if one.text == ONE_PAGE}, {body["serial_number"]})


if __name__ == "__main__":
    unittest.main()
