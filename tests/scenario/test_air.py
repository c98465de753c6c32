#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The real chain: what an officer typed comes out of the (virtual) radio of a real 2G cell, and is silent after the stop.

cbcd → CBSP → osmo-bsc → osmo-bts-virtual → GSMTAP → tshark. Everything runs in a network namespace of its own.
"""
import dataclasses
import datetime
import hashlib
import json
import pathlib
import sys
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import air, cbsp, radio  # noqa: E402
from farol.daemon import Daemon, Site  # noqa: E402

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


@dataclasses.dataclass
class Alert:
    id: str
    digest: str
    serial: int
    text: str


class Office:
    """Writes to the centre as a Cell Broadcast Entity does, for two officers who have decided."""

    def __init__(self, centre: Daemon) -> None:
        self.client = centre.api("cbe")
        self.next_code = 1

    def decision(self, action: str, user: str) -> dict:
        return {"action": action, "user": user, "time": utc(0), "totp_step": int(time.time()) // 30}

    def send(self, text: str, language: str) -> tuple[int, dict, Alert]:
        serial = 0x4000 | self.next_code << 4  # geographical scope 01, PLMN wide; update number 0
        self.next_code += 1
        content = {"mode": "live", "serial_number": serial,
                   "messages": [{"message_identifier": LEVEL_1, "language": language, "text": text}],
                   "area": {"kind": "all"}, "start": utc(0), "end": utc(3600), "repetition_period_s": PERIOD_S,
                   "number_of_broadcasts": None, "category": "normal"}
        digest = hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":"),
                                           ensure_ascii=False).encode()).hexdigest()
        alert = Alert(str(uuid.uuid4()), digest, serial, text)
        answer = self.client.post("/alerts/send?wait=10", {
            "alert_id": alert.id, "revision": 1, "content": content, "digest": digest,
            "decisions": [self.decision("submit", "ana"), self.decision("approve", "bruno")]})
        return answer.status, answer.json(), alert

    def stop(self, alert: Alert) -> int:
        return self.client.post(f"/alerts/{alert.id}/stop?wait=10", {
            "digest": alert.digest, "decisions": [self.decision("stop", "bruno")]}).status


def utc(seconds_from_now: int) -> str:
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds_from_now)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def centre_on(site: Site) -> Daemon:
    cells = site.folder / "cells.csv"
    cells.write_text("technology,mcc,mnc,lac,ci,name,lat,lon\ngsm,001,01,1,6969,Harbour,54.1766,12.0830\n")
    return site.daemon("cbc", {
        "cells": str(cells),
        "cbes": {"office": {"certificate": "farol://test/cbe/client", "codes": "0-255", "identifiers": ["4370-4399"],
                            "mode": "live"}},
        "cbsp": {"listen": f"127.0.0.1:{CBSP_PORT}"},
        "peers": {"bsc": {"protocol": "cbsp", "role": "server", "address": "127.0.0.1"}}})


class OnTheAir(unittest.TestCase):
    def send(self, text: str, language: str) -> Alert:
        status, body, alert = self.office.send(text, language)
        self.assertEqual(status, 202, body)
        return alert

    def assert_heard(self, alerts: list[Alert], since: float, what: str) -> None:
        for alert in alerts:
            heard = self.network.radio.wait_text(alert.text, HEARD_WITHIN_S, since)
            if heard is None:
                heard = {(page.serial, page.number, page.of) for page in self.network.radio.pages if page.heard > since}
                self.fail(f"{what}: {alert.text!r} is not heard; pages {sorted(heard)}, "
                          f"texts {[one.text for one in self.network.radio.messages[-5:]]}\n"
                          f"{self.network.logs()}\n{self.centre.log()[-3000:]}")
            self.assertEqual((heard.serial, heard.message_id), (alert.serial, LEVEL_1), what)

    def test_what_was_typed_is_heard_through_restarts_until_it_is_stopped(self) -> None:
        with Site() as site, cbsp.Capture(site.folder / "cbsp.pcapng", CBSP_PORT) as capture:
            self.centre = centre_on(site).start()
            self.office = Office(self.centre)
            with air.Network(site.folder / "network", port=CBSP_PORT) as self.network:
                self.scenario()
            self.assert_tshark_finds_the_texts()
            capture.__exit__()
            types, objections = capture.judge()
            self.assertEqual(objections, [])
            for wanted in (WRITE_REPLACE, KILL, RESET):
                self.assertGreater(types[wanted], 0, types)

    def scenario(self) -> None:
        started = time.time()
        self.alerts = [self.send(ONE_PAGE, "en"), self.send(THREE_PAGES, "en"), self.send(ARABIC, "ar")]
        self.assert_heard(self.alerts, started, "after sending")
        pages = {one.text: (one.pages, one.coding) for one in self.network.radio.messages}
        self.assertEqual(pages[ONE_PAGE], (1, 0x01))
        self.assertEqual(pages[THREE_PAGES], (3, 0x01))
        self.assertEqual(pages[ARABIC], (1, 0x48))

        status, body, _ = self.office.send(EMOJI, "en")
        self.assertEqual(status, 422, body)
        self.assertIn("🌊", body["detail"])

        for what, restart in (("cbcd restarted", self.centre.restart), ("BSC restarted", self.network.restart_bsc),
                              ("BTS restarted", self.network.restart_bts)):
            restart()
            self.office.client = self.centre.api("cbe")  # its port may be another
            self.assert_heard(self.alerts, time.time(), what)

        for alert in self.alerts:
            self.assertEqual(self.office.stop(alert), 202)
        since = time.time()
        time.sleep(PERIOD_S / 10)  # a page that was being sent when the stop came
        quiet_from = time.time()
        first = self.alerts[0]
        self.network.radio.silent(first.serial, SILENT_FOR_S)
        heard = [hex(one.serial) for one in self.alerts if self.network.radio.heard_since(one.serial, quiet_from)]
        self.assertEqual(heard, [], f"heard after the stop at {since}")

    def assert_tshark_finds_the_texts(self) -> None:
        found = radio.tshark_messages(self.network.radio.capture_path)
        for alert in self.alerts:
            self.assertIn(radio.Found(alert.serial, LEVEL_1, alert.text), found)


if __name__ == "__main__":
    air.enter_network()
    unittest.main()
