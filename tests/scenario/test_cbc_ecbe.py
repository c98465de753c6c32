#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""osmo-cbc's CBE interface: its clients' requests all the way to a BSC and an MME, and what they are told."""
import http.client
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import bsc as cbsp  # noqa: E402
from farol import wait  # noqa: E402
from farol.bsc import Bsc  # noqa: E402
from test_cbc import CELLS as GSM_CELLS  # noqa: E402
from test_mme import STOP, WRITE, MmeCase  # noqa: E402

PATH = "/api/ecbe/v1/message"
MESSAGE_ID, ETWS_EARTHQUAKE, NOT_SUPPORTED = 42, 4352, 0x09
SECURITY = "5a" * 50


def message(message_id: int = MESSAGE_ID, serial: dict | None = None, payload: dict | None = None, **changes) -> dict:
    """As osmo-cbc's own command line client makes it."""
    return {"cbe_name": "cbc_apitool", "category": "normal", "repetition_period": 5, "num_of_bcast": 23,
            "scope": {"scope_plmn": {}},
            "smscb_message": {
                "message_id": message_id,
                "serial_nr": serial or {"serial_nr_decoded": {"geo_scope": "plmn_wide", "msg_code": 301, "update_nr": 0}},
                "payload": payload or {"payload_decoded": {"character_set": "gsm", "language": "en",
                                                           "data_utf8": "Mahlzeit!"}}}} | changes


def etws(**more) -> dict:
    return {"payload_etws": {"warning_type": {"warning_type_decoded": "earthquake"}, "emergency_user_alert": True,
                             "popup_on_display": True} | more}


class Ecbe(MmeCase):
    config_more = {"ecbe": {"listen": "127.0.0.1:0", "codes": "301-1023", "etws_codes": "64-127"},
                   "cbes": {"national": {"etws_codes": "0-63"}}}

    def more_peers(self) -> dict:
        return {"bsc-1": {"address": "127.0.0.2"}}

    def setUp(self) -> None:
        super().setUp()
        self.bsc_1 = self.connected()
        self.up("mme-1")

    def connected(self) -> Bsc:
        made = Bsc(self.cbc.port("cbsp"), source="127.0.0.2", cells=GSM_CELLS)
        self.addCleanup(made.close)
        made.connect()
        self.up("bsc-1")
        return made

    def call(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.cbc.port("ecbe"), timeout=60)
        self.addCleanup(connection.close)
        octets = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        connection.request(method, path, octets, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def post(self, body: object, status: int = 201) -> str:
        found, text = self.call("POST", PATH, body)
        self.assertEqual(found, status, text)
        return text

    def delete(self, message_id: int, status: int = 200) -> None:
        self.assertEqual(self.call("DELETE", f"{PATH}/{message_id}")[0], status)

    def test_a_message_goes_out_with_the_clients_own_numbers_until_it_is_deleted(self) -> None:
        self.post(message())
        to_bsc, to_mme = self.bsc_1.wait_for(cbsp.WRITE_REPLACE), self.mme.wait_for(WRITE)
        self.assertEqual([to_bsc.number(tag) for tag in (cbsp.MESSAGE_ID, cbsp.NEW_SERIAL, cbsp.PERIOD, cbsp.BROADCASTS,
                                                         cbsp.CATEGORY, cbsp.CODING)],
                         [MESSAGE_ID, 0x4000 | 301 << 4, 5, 23, 2, 0x01])
        self.assertEqual((to_mme.number("Repetition-Period"), to_mme.number("Number-of-Broadcasts-Requested")), (5, 23))
        shown = self.cbc.control().get("/alerts").json()["alerts"][0]
        self.assertEqual((shown["cbe"], shown["message_identifiers"], shown["summary"]), ("ecbe", [MESSAGE_ID], {"accepted": 6}))
        self.assertIn("exists", self.post(message(), 409))
        self.delete(7, 404)
        self.delete(MESSAGE_ID)
        self.assertEqual((self.bsc_1.held, self.held()), ({}, set()))
        self.delete(MESSAGE_ID, 404)
        # Its clients use their numbers again.
        self.post(message(payload={"payload_encoded": {"dcs": 0x0f, "pages": ["c576597e2ebbc7f950a8d168341a8d46a3d1"] * 2}}))
        again = self.bsc_1.wait_for(cbsp.WRITE_REPLACE, 2)
        self.assertEqual((again.number(cbsp.PAGES), again.number(cbsp.CODING)), (2, 0x0f))
        self.assertEqual(again.value(cbsp.CONTENT)[:12], bytes.fromhex("12c576597e2ebbc7f950a8d1"))
        self.delete(MESSAGE_ID)

    def test_etws_is_an_emergency_write_and_a_warning_type_without_content(self) -> None:
        serial = {"serial_nr_encoded": 0x7000 | 64 << 4}
        self.post(message(ETWS_EARTHQUAKE, serial, etws(warning_sec_info=SECURITY)))
        to_bsc, to_mme = self.bsc_1.wait_for(cbsp.WRITE_REPLACE), self.mme.wait_for(WRITE)
        self.assertEqual([to_bsc.number(tag) for tag in (cbsp.MESSAGE_ID, cbsp.EMERGENCY, cbsp.WARNING_TYPE)],
                         [ETWS_EARTHQUAKE, 1, 0x0180])
        self.assertEqual((to_bsc.value(cbsp.SECURITY).hex(), to_bsc.value(cbsp.CHANNEL)), (SECURITY, None))
        self.assertEqual(to_mme.number("Warning-Type"), 0x0180)
        self.assertEqual(to_mme.value("Warning-Security-Information").hex(), SECURITY)
        for absent in ("Warning-Message-Content", "Data-Coding-Scheme", "Concurrent-Warning-Message-Indicator"):
            self.assertIsNone(to_mme.value(absent))
        self.delete(ETWS_EARTHQUAKE)
        self.assertIsNone(self.bsc_1.wait_for(cbsp.KILL).value(cbsp.CHANNEL))
        self.post(message(ETWS_EARTHQUAKE, serial, etws()))
        self.assertEqual(self.bsc_1.wait_for(cbsp.WRITE_REPLACE, 2).value(cbsp.SECURITY), bytes(50))
        self.assertIsNone(self.mme.wait_for(WRITE, 2).value("Warning-Security-Information"))
        self.delete(ETWS_EARTHQUAKE)

    def test_what_is_wrong_is_told_what_a_peer_refuses_is_not_and_nothing_is_forgotten(self) -> None:
        for body, words in ((b"{", ""), (message(repetition_period=4096), "/repetition_period"),
                            (message(repetition_period=0), "/repetition_period"), (message(scope={}), "/scope/scope_plmn"),
                            (message(serial={"serial_nr_encoded": 0x4000}), "message code 0"),
                            (message(payload={"text": "Hi"}), "payload_etws"), (message(payload=etws()), "4352"),
                            (message(payload={"payload_encoded": {"dcs": 1, "pages": ["zz"]}}), "hexadecimal"),
                            (message(payload={"payload_decoded": {"character_set": "gsm", "data_utf8": "Ж"}}), "GSM alphabet")):
            self.assertIn(words, self.post(body, 400))
        self.assertEqual(self.call("POST", PATH, message(), Origin="http://example.org")[0], 403)
        self.assertEqual(self.call("DELETE", f"{PATH}/65536")[0], 400)
        self.assertEqual(self.bsc_1.count(cbsp.WRITE_REPLACE), 0)
        self.bsc_1.refuse = dict.fromkeys((ci for _, ci in GSM_CELLS), NOT_SUPPORTED)
        self.post(message())
        self.mme.wait_for(WRITE)
        self.cbc.kill()
        self.bsc_1.close()
        self.cbc.start()
        self.bsc_1 = self.connected()
        self.up("mme-1")
        wait.until("written again", lambda: self.bsc_1.count(cbsp.WRITE_REPLACE) == 1)
        self.post(message(), 409)
        self.delete(MESSAGE_ID)
        self.mme.wait_for(STOP)


if __name__ == "__main__":
    unittest.main()
