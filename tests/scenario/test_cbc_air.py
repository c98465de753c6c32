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
from test_cbc import canonical, content, decision, request  # noqa: E402,F401

CELL = air.CELL["ci"]
TABLE = "technology,mcc,mnc,lac,ci,name,lat,lon\ngsm,001,01,1,6969,Old Town,-33.8688,151.2093\n"
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
            "cbsp": {"listen": "127.0.0.1:48049", "status_first": "2s"}}).start()
        self.network = air.Network(self.site.folder / "air")
        self.addCleanup(self.network.stop)
        self.network.start()
        self.radio = self.network.radio
        self.code = 0

    def send(self, text: str, language: str = "en") -> dict:
        self.code += 1
        body = content(self.code, text, repetition_period_s=PERIOD_S)
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


if __name__ == "__main__":
    unittest.main()
