#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real chain: what an officer typed comes out of the (virtual) radio of a real 2G cell, and is silent after the stop.

cbed → cbcd → CBSP → osmo-bsc → osmo-bts-virtual → GSMTAP → tshark. Everything runs in a network namespace of its own.
"""
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import air, cbsp, radio, wait  # noqa: E402
from farol.daemon import Site, free_port  # noqa: E402
from farol.officer import Officer  # noqa: E402
from farol.web import Answer  # noqa: E402

CBSP_PORT = 48049
WRITE_REPLACE, KILL, RESET, KEEP_ALIVE = 0x01, 0x04, 0x10, 0x16
LEVEL_1 = 4370
# 16 slots of 1.883 s: five pages in 16 slots are well below what the CBCH carries.
PERIOD_S = 30
HEARD_WITHIN_S = 3 * PERIOD_S
SILENT_FOR_S = 3 * PERIOD_S

ONE_PAGE = "Farol test: the harbour is closed. Keep away from the quays. {[€]} are not letters."
THREE_PAGES = " ".join(f"{number}. Leave the valley by the north road and take your papers with you." for number in range(1, 4))
ARABIC = "تحذير: ابتعدوا عن الميناء الآن"
EMOJI = "Stay inside 🌊"


class Chain:
    """cbed with its demo officers, and the centre that it sends to."""

    def __init__(self, site: Site) -> None:
        cells = site.folder / "cells.csv"
        cells.write_text("technology,mcc,mnc,lac,ci,name,lat,lon\ngsm,001,01,1,6969,Harbour,54.1766,12.0830\n")
        port = free_port()  # fixed, because the office's configuration names it
        self.centre = site.daemon("cbc", {
            "api": {"listen": f"127.0.0.1:{port}"}, "cells": str(cells),
            "cbes": {"office": {"certificate": "farol://test/cbe/office", "codes": "0-255", "identifiers": ["4370-4399"]}},
            "cbsp": {"listen": f"127.0.0.1:{CBSP_PORT}"}, "peers": {"bsc": {"address": "127.0.0.1"}}}).start()
        certificate = site.authority.issue("cbe", node="office")
        self.office = site.daemon("cbe", {
            "demo": True, "cells": str(cells), "authority": {"mode": "live"},
            "cbcs": [{"name": "north", "url": f"https://localhost:{port}"}],
            "client": {"certificate": str(certificate.certificate), "key": str(certificate.key),
                       "trusted": [str(certificate.authority)]}}).start()
        accounts = self.office.control().post("/control/demo/seed", {}, timeout_s=120).json()["users"]
        self.officers = {one["username"]: Officer(self.office, one).sign_in() for one in accounts}

    def draft(self, author: str, text: str, language: str) -> Answer:
        return self.officers[author].write("POST", "/api/v1/alerts", {
            "channel": "level1", "messages": [{"language": language, "text": text}], "area": {"kind": "all"},
            "duration_s": 3600, "repetition_period_s": PERIOD_S})

    def send(self, author: str, approver: str, text: str, language: str) -> dict:
        drafted = self.draft(author, text, language)
        assert drafted.status == 201, drafted.text
        return self.officers[approver].approve(self.officers[author].submit(drafted.json()))

    def stop(self, officer: str, alert: dict) -> None:
        by = self.officers[officer]
        answer = by.write("POST", f"/api/v1/alerts/{alert['id']}/stop", {"totp": by.code(), "reason": "It is over"})
        assert answer.status == 200, answer.text


class OnTheAir(unittest.TestCase):
    def test_what_was_typed_is_heard_through_restarts_until_it_is_stopped(self) -> None:
        with Site() as site:
            with cbsp.Capture(site.folder / "cbsp.pcapng", CBSP_PORT) as capture:
                self.chain = Chain(site)
                with air.Network(site.folder / "network", port=CBSP_PORT) as self.network:
                    self.scenario()
            self.assert_tshark_finds_the_texts()
            types, objections = capture.judge()
            self.assertEqual(objections, [])
            for wanted in (WRITE_REPLACE, KILL, RESET):
                self.assertGreater(types[wanted], 0, types)

    def scenario(self) -> None:
        started = time.time()
        self.alerts = [self.chain.send("ana", "bruno", ONE_PAGE, "en"), self.chain.send("ana", "carla", THREE_PAGES, "en"),
                       self.chain.send("carla", "bruno", ARABIC, "ar")]
        self.assert_heard(started, "after sending")
        pages = {one.text: (one.pages, one.coding) for one in self.network.radio.messages}
        self.assertEqual([pages[text] for text in (ONE_PAGE, THREE_PAGES, ARABIC)], [(1, 0x01), (3, 0x01), (1, 0x48)])
        self.assert_emoji_are_refused()

        for what, restart in (("cbcd restarted", self.chain.centre.restart), ("BSC restarted", self.network.restart_bsc),
                              ("BTS restarted", self.network.restart_bts)):
            restart()
            self.assert_heard(time.time(), what)

        for alert in self.alerts:
            self.chain.stop("bruno", alert)
        for alert in self.alerts:
            wait.until("the stop is confirmed", lambda: self.chain.officers["bruno"].alert(alert["id"])["health"] == "none", 30)
        quiet_from = time.time()
        self.assertTrue(self.network.radio.silent(self.alerts[0]["serial_number"], SILENT_FOR_S))
        heard = [one["id"] for one in self.alerts if self.network.radio.heard_since(one["serial_number"], quiet_from)]
        self.assertEqual(heard, [], "heard after the stop")

    def assert_heard(self, since: float, what: str) -> None:
        for alert in self.alerts:
            text = alert["messages"][0]["text"]
            heard = self.network.radio.wait_text(text, HEARD_WITHIN_S, since)
            if heard is None:
                pages = {(page.serial, page.number, page.of) for page in self.network.radio.pages if page.heard > since}
                self.fail(f"{what}: {text!r} is not heard; pages {sorted(pages)}\n"
                          f"{self.network.logs()}\n{self.chain.centre.log()[-3000:]}")
            self.assertEqual((heard.serial, heard.message_id), (alert["serial_number"], LEVEL_1), what)

    def assert_emoji_are_refused(self) -> None:
        answer = self.chain.draft("ana", EMOJI, "en")
        if answer.status == 201:  # a draft may hold anything; to submit it is another matter
            ana = self.chain.officers["ana"]
            answer = ana.write("POST", f"/api/v1/alerts/{answer.json()['id']}/submit",
                               {"totp": ana.code(), "version": answer.json()["version"]})
        self.assertEqual(answer.status, 422, answer.text)
        self.assertIn("🌊", answer.json()["detail"])

    def assert_tshark_finds_the_texts(self) -> None:
        found = radio.tshark_messages(self.network.radio.capture_path)
        for alert in self.alerts:
            self.assertIn(radio.Found(alert["serial_number"], LEVEL_1, alert["messages"][0]["text"]), found)


if __name__ == "__main__":
    air.enter_network()
    unittest.main()
