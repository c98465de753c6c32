#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every CBSP message that a running cbcd sends is dissected by tshark without an objection, and its words are the words."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import bsc as cbsp  # noqa: E402
from farol import pcap, wait  # noqa: E402
from farol.bsc import Bsc  # noqa: E402
from test_cbc import LEVEL_1, CbcCase, cell, content, request  # noqa: E402

ETWS_EARTHQUAKE = 4352
PAGE = 93  # characters of the default alphabet
THREE_PAGES = ("The river rises faster than foreseen. Leave the lower town now by the marked roads. " * 4)[:2 * PAGE + 40].strip()
FIFTEEN_PAGES = ("Shelter in the school. " * 80)[:15 * PAGE - 3].strip()
ARABIC = "تحذير من فيضان. اذهبوا إلى مكان مرتفع الآن"
TEXTS = {"en": ["Water is rising", THREE_PAGES, FIFTEEN_PAGES, "Prices in € and {braces}\nand a second line"], "ar": [ARABIC]}


class Dissected(CbcCase):
    tuning = {"keep_alive": "1s", "status_first": "1s", "status_again": "1s", "load_query": "1s"}
    peers = {"bsc-1": {"address": "127.0.0.2", "drx": {"schedule_period": 20, "reserved_slots": 3}}}

    def setUp(self) -> None:
        super().setUp()
        self.cbc.config["cbes"]["national"]["identifiers"] = ["4352-4382"]
        self.cbc.write_config()
        self.cbc.restart()
        self.one = self.bsc().connect()
        self.up()

    def judge(self, *bscs: Bsc) -> dict[int, list[dict]]:
        """Of all that came: what tshark says, by message type. Fails when it objects to any."""
        pdus = [pdu for bsc in bscs for pdu in bsc.received]
        seen = pcap.dissect(self.site.folder / "cbsp.pcap", [pdu.raw for pdu in pdus] + [pcap.BROKEN])
        self.assertTrue(pcap.objection(seen.pop()), "tshark finds nothing wrong with a broken message: it judges nothing")
        by_type: dict[int, list[dict]] = {}
        for pdu, one in zip(pdus, seen):
            self.assertEqual(pcap.objection(one), "", f"{one[pcap.INFO]}: {pdu.raw.hex()}")
            by_type.setdefault(pdu.type, []).append(one)
        return by_type

    def test_the_words_of_one_three_and_fifteen_pages_and_of_another_script(self) -> None:
        for language, texts in TEXTS.items():
            for text in texts:
                body = self.fresh()
                body["messages"] = [{"message_identifier": LEVEL_1, "language": language, "text": text}]
                self.assertEqual(self.send(body, wait_s=20)["summary"].get("accepted"), 2)
        writes = self.judge(self.one)[cbsp.WRITE_REPLACE]
        self.assertEqual([pcap.text_of(one) for one in writes], [text for texts in TEXTS.values() for text in texts])
        pages = [one[pcap.PAGES].count(pcap.AGGREGATOR) + 1 for one in writes]
        self.assertEqual(pages, [1, 3, 15, 1, 2])

    def test_every_message_of_an_alerts_life_and_of_the_links(self) -> None:
        first = request(self.fresh(cells=[cell(1, 100)]))
        self.assertEqual(self.api().post("/alerts/send?wait=20", first).status, 202)
        alert = first["alert_id"]
        newer = content(self.code, "Water is falling", [cell(1, 100), cell(1, 101)], update=1, category="high",
                        repetition_period_s=7710, number_of_broadcasts=65535)
        self.send(newer, alert_id=alert, revision=2, wait_s=20)  # replaces here, writes there
        digest = self.send(newer | {"repetition_period_s": 2}, alert_id=alert, revision=3, wait_s=20)["digest"]
        self.one.wait_for(cbsp.STATUS_QUERY)
        self.stop(alert, digest, wait_s=20)
        emergency = self.fresh() | {"serial_number": 0x7000 | 2 << 4}
        emergency["messages"][0]["message_identifier"] = ETWS_EARTHQUAKE
        sent = self.send(emergency, wait_s=20)
        self.stop(sent["alert_id"], sent["digest"], wait_s=20)
        self.one.wait_for(cbsp.KEEP_ALIVE, 2), self.one.wait_for(cbsp.LOAD_QUERY)
        self.one.send(bytes.fromhex("4200000501020304ff"))  # no such message
        self.one.wait_for(cbsp.ERROR_INDICATION)
        head = cbsp.fixed(cbsp.MESSAGE_ID, 1) + cbsp.fixed(cbsp.NEW_SERIAL, 2)
        self.one.send(cbsp.encode(cbsp.WRITE_REPLACE_COMPLETE, head, cbsp.ALL_CELLS, cbsp.fixed(cbsp.CHANNEL, 0)))
        self.one.wait_for(cbsp.ERROR_INDICATION, 2)
        seen = self.judge(self.one)
        self.assertEqual(set(seen), {cbsp.RESET, cbsp.KEEP_ALIVE, cbsp.WRITE_REPLACE, cbsp.KILL, cbsp.STATUS_QUERY,
                                     cbsp.ERROR_INDICATION, cbsp.LOAD_QUERY, cbsp.SET_DRX})
        self.assertTrue(any(pdu.type == cbsp.WRITE_REPLACE and pdu.number(cbsp.OLD_SERIAL) for pdu in self.one.received))
        self.assertTrue(any(pdu.number(cbsp.EMERGENCY) == 1 for pdu in self.one.received))

    def test_what_is_sent_again_after_a_restart(self) -> None:
        sent = self.send(self.fresh(), wait_s=20)
        self.cbc.kill()
        self.one.wait_closed()
        self.cbc.start()
        self.one.port = self.cbc.port("cbsp")
        self.one.connect()
        self.wait_states(sent["alert_id"], {100: "accepted|broadcasting"})
        wait.until("written again", lambda: self.one.count(cbsp.WRITE_REPLACE) >= 2)
        self.judge(self.one)


if __name__ == "__main__":
    unittest.main()
