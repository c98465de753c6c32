#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""cbcd against a simulated RNC on Erlang's codec; all that cbcd sends is judged by that codec and by tshark."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from farol import wait  # noqa: E402
from peers import tshark  # noqa: E402
from peers.memory import Answer  # noqa: E402
from peers.places import Sabp  # noqa: E402
from peers.rncsim import ERROR, KILL, LOAD, RESET, STATUS, WRITE, Rnc  # noqa: E402
from test_cbc import CbcCase, content  # noqa: E402

AREAS = [(1, 512), (1, 513)]
ETWS_EARTHQUAKE = 4352
NO_MEMORY = 7
PAGE = "sabp.cb_page_content"
# A list that announces two areas and has one: tshark must complain.
BROKEN = bytes.fromhex("00050010000001000f0009000100f11000010200")


class RncCase(CbcCase):
    """One RNC that we connect to. The cell table has none of its areas: it tells them when it is connected."""
    settings: dict = {}
    table = "technology,mcc,mnc,lac,ci,name,lat,lon\n"

    def setUp(self) -> None:
        self.rnc = Rnc(AREAS)
        self.addCleanup(self.rnc.close)
        self.rnc.greet()
        self.peers = self.peers_of(self.rnc.listen())
        self.more = {"sabp": {"request_timeout": "700ms", "restart_wait": "300ms", "reset_timeout": "2s", "load_query": "1s",
                              "reconnect_first": "100ms"} | self.settings,
                     "cbes": {"national": {"identifiers": ["4352-4382"]}}}
        super().setUp()

    def peers_of(self, port: int) -> dict:
        return {"rnc-1": {"protocol": "sabp", "role": "client", "address": f"127.0.0.1:{port}", "location_areas": ["1"]}}

    def tearDown(self) -> None:
        self.assertEqual(self.rnc.refused, [], "Erlang's codec takes it for no message")
        self.judge()

    def judge(self) -> None:
        """tshark objects to nothing that came, and self.texts is what it reads in the writes."""
        messages = self.rnc.received.all()
        seen = tshark.dissect("sabp", [one.raw for one in messages] + [BROKEN], (PAGE,))
        self.assertTrue(seen.pop().objection, "tshark finds nothing wrong with a broken message: it judges nothing")
        for message, one in zip(messages, seen):
            self.assertEqual(one.objection, "", f"{message.name}: {message.raw.hex()}")
        pages = [one.fields[0] for message, one in zip(messages, seen) if message.name == WRITE]
        self.texts = ["".join(page.replace("\\r", "\r").replace("\\n", "\n").rstrip("\r") for page in some) for some in pages]

    def states_of(self, alert_id: str) -> dict[int, str]:
        alert = self.cbc.control().get(f"/alerts/{alert_id}").json()
        return {one["cell"]["ci"]: one["state"] for one in alert["delivery"]["cells"]}

    def wait_areas(self, alert_id: str, expected: dict[int, str]) -> None:
        try:
            wait.until(f"states {expected}",
                       lambda: all(self.states_of(alert_id).get(sac) == state for sac, state in expected.items()), 20)
        except TimeoutError:
            self.fail(f"expected {expected}, found {self.states_of(alert_id)}\n{self.cbc.log()[-3000:]}")


class Broadcasting(RncCase):
    def test_an_alert_is_written_confirmed_replaced_and_stopped(self) -> None:
        self.up("rnc-1")
        self.assertEqual(self.rnc.count(RESET), 1)
        sent = self.send(self.fresh(), wait_s=10)
        self.assertEqual(sent["summary"], {"accepted": 2})
        write = self.rnc.wait_for(WRITE)
        self.assertEqual([Sabp.sac(one) for one in write.value("Service-Areas-List")], [512, 513])
        self.assertEqual((write.number("Message-Identifier"), write.value("Repetition-Period")), (4370, 60))
        self.judge()
        self.assertEqual(self.texts, ["Water is rising"])
        serial = write.number("New-Serial-Number")
        self.rnc.held |= {(4370, serial, 512): 3, (4370, serial, 513): 1}
        self.wait_areas(sent["alert_id"], {512: "broadcasting", 513: "broadcasting"})
        again = content(self.code, "Water is falling", update=1)
        newer = self.send(again, alert_id=sent["alert_id"], revision=2, wait_s=10)
        self.assertEqual(self.rnc.wait_for(WRITE, 2).number("Old-Serial-Number"), serial)
        self.stop(sent["alert_id"], newer["digest"], wait_s=10)
        self.assertEqual(self.rnc.wait_for(KILL).number("Old-Serial-Number"), serial + 1)
        self.assertEqual(self.rnc.held, {})

    def test_an_area_that_refuses_is_told_with_its_cause(self) -> None:
        self.up("rnc-1")
        self.rnc.refuse[513] = NO_MEMORY
        sent = self.send(self.fresh(), wait_s=10)
        self.wait_areas(sent["alert_id"], {512: "accepted", 513: "refused"})
        causes = [one.get("cause") for one in sent["delivery"]["cells"] if one["cell"]["ci"] == 513]
        self.assertEqual(causes, ["RNC memory exceeded (7)"])

    def test_etws_pages_with_its_type(self) -> None:
        self.up("rnc-1")
        body = self.fresh() | {"serial_number": 0x7000 | 2 << 4}
        body["messages"][0]["message_identifier"] = ETWS_EARTHQUAKE
        self.assertEqual(self.send(body, wait_s=10)["summary"], {"accepted": 2})
        write = self.rnc.wait_for(WRITE)
        self.assertEqual(write.value("Warning-Type"), bytes.fromhex("0180"))
        self.assertEqual(write.value("Paging-ETWS-Indicator"), "paging")

    def test_words_of_fifteen_pages_and_of_another_script(self) -> None:
        self.up("rnc-1")
        texts = [("Shelter in the school. " * 80)[:15 * 93 - 3].strip(), "تحذير من فيضان. اذهبوا إلى مكان مرتفع الآن"]
        for text, language in zip(texts, ("en", "ar")):
            body = self.fresh()
            body["messages"] = [{"message_identifier": 4370, "language": language, "text": text}]
            self.assertEqual(self.send(body, wait_s=20)["summary"], {"accepted": 2})
        self.judge()
        self.assertEqual(self.texts, texts)


class Trouble(RncCase):
    settings = {"load_query_timeout": "2s"}

    def test_a_lost_answer_is_asked_again_and_a_duplicate_is_accepted(self) -> None:
        self.up("rnc-1")
        self.rnc.script.next(WRITE, Answer(silent=True))
        sent = self.send(self.fresh())
        self.rnc.wait_for(WRITE, 2)
        self.wait_areas(sent["alert_id"], {512: "accepted", 513: "accepted"})

    def test_a_restart_with_lost_data_is_written_again_and_one_without_is_not(self) -> None:
        self.up("rnc-1")
        sent = self.send(self.fresh(), wait_s=10)
        self.rnc.restart([(1, 512)], data="available")
        self.rnc.wait_for(STATUS)
        self.assertEqual(self.rnc.count(WRITE), 1)
        self.rnc.held.clear()
        self.rnc.restart([(1, 513)], data="lost")
        again = self.rnc.wait_for(WRITE, 2)
        self.assertEqual([Sabp.sac(one) for one in again.value("Service-Areas-List")], [513])
        self.assertEqual(again.number("New-Serial-Number"), self.rnc.wait_for(WRITE).number("New-Serial-Number"))
        self.rnc.failure([(1, 513)])
        self.wait_areas(sent["alert_id"], {513: "refused"})

    def test_a_live_warning_survives_a_lost_connection_without_a_reset(self) -> None:
        self.up("rnc-1")
        sent = self.send(self.fresh(), wait_s=10)
        self.rnc.greet("available")
        self.rnc.disconnect()
        self.rnc.wait_up(2)
        self.up("rnc-1")
        self.assertEqual(self.rnc.count(RESET), 1)
        self.wait_areas(sent["alert_id"], {512: "accepted", 513: "accepted"})

    def test_a_silent_load_query_closes_the_link(self) -> None:
        self.up("rnc-1")
        self.rnc.wait_for(LOAD, 2)
        self.assertIsNotNone(self.peer("rnc-1")["last_keep_alive"])
        self.rnc.script.always(LOAD, Answer(silent=True))
        self.rnc.wait_end()

    def test_what_is_not_understood_is_told(self) -> None:
        self.up("rnc-1")
        self.rnc.send_raw(bytes.fromhex("00630003000000"))  # no such procedure
        self.assertEqual(self.rnc.wait_for(ERROR).value("Cause"), 15)
        self.rnc.send("Kill-Complete", {"Message-Identifier": b"\x11\x12", "Old-Serial-Number": b"\x40\x00",
                                        "Number-of-Broadcasts-Completed-List": [
                                            {"service-area-identifier": Sabp.area(1, 512),
                                             "number-of-broadcasts-completed": 1}]})
        self.assertEqual(self.rnc.wait_for(ERROR, 2).value("Cause"), 14)
        self.rnc.send_raw(bytes.fromhex("ffffffff"))  # where the next PDU begins cannot be known any more
        self.rnc.wait_end()

class FromTheTable(RncCase):
    """An RNC that says nothing of itself: the cell table has its service areas."""
    table = "technology,mcc,mnc,lac,ci,name,lat,lon\n" + "".join(
        f"umts,001,01,1,{sac},Area {sac},-33.8688,151.2093\n" for sac in (512, 513))

    def test_chosen_service_areas_alone_are_asked_and_a_new_table_is_used_at_once(self) -> None:
        self.rnc.greeting = None
        self.up("rnc-1")
        chosen = [{"technology": "umts", "mcc": "001", "mnc": "01", "lac": 1, "ci": 513}]
        sent = self.send(self.fresh(cells=chosen), wait_s=10)
        self.assertEqual([Sabp.sac(one) for one in self.rnc.wait_for(WRITE).value("Service-Areas-List")], [513])
        self.stop(sent["alert_id"], sent["digest"], wait_s=10)
        pathlib.Path(self.cbc.config["cells"]).write_text(self.table + "umts,001,01,1,514,Area 514,-33.8,151.2\n")
        self.cbc.reload()
        self.send(self.fresh(), wait_s=10)
        self.assertEqual([Sabp.sac(one) for one in self.rnc.wait_for(WRITE, 2).value("Service-Areas-List")], [512, 513, 514])


class AsServer(RncCase):
    settings = {"listen": "127.0.0.1:0"}

    def peers_of(self, port: int) -> dict:
        return {"rnc-1": {"protocol": "sabp", "role": "server", "address": "127.0.0.2"}}

    def test_an_rnc_that_connects_is_known_by_its_address_and_an_unknown_one_is_refused(self) -> None:
        self.rnc.connect(self.cbc.port("sabp"), source="127.0.0.2")
        self.up("rnc-1")
        sent = self.send(self.fresh(), wait_s=10)
        self.wait_areas(sent["alert_id"], {512: "accepted", 513: "accepted"})
        stranger = Rnc(AREAS)
        self.addCleanup(stranger.close)
        stranger.connect(self.cbc.port("sabp"), source="127.0.0.3")
        stranger.wait_end()

    def test_an_rnc_that_says_nothing_of_its_areas_is_not_used(self) -> None:
        self.rnc.greeting = None
        self.rnc.connect(self.cbc.port("sabp"), source="127.0.0.2")
        self.rnc.wait_end()
        self.assertIn("no service area", self.peer("rnc-1")["reason"])


if __name__ == "__main__":
    unittest.main()
