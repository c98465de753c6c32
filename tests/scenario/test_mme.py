#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""cbcd and MMEs over SBc-AP: in both roles, well and badly behaved, SCTP in UDP on loopback."""
import pathlib
import signal
import subprocess
import sys
import threading
import unittest
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[1]))
from farol import wait  # noqa: E402
from peers import tshark  # noqa: E402
from peers.association import free_udp_port  # noqa: E402
from peers.memory import Answer  # noqa: E402
from peers.mmesim import ERROR, STOP, WRITE, Mme, key_of  # noqa: E402
from peers.places import Sbcap  # noqa: E402
from test_cbc import CELLS as GSM_CELLS  # noqa: E402
from test_cbc import CbcCase, content, request  # noqa: E402

ENB, FIRST, SECOND, THIRD = 0x19b, 0x0019b01, 0x0019b02, 0x0019c01
CELLS = {FIRST: 1, SECOND: 1, THIRD: 2}  # and their tracking areas
TABLE = "technology,mcc,mnc,lac,tac,cell,name,lat,lon\n" + "".join(
    f"gsm,001,01,{lac},,{ci},Site {ci},-33.8688,151.2093\n" for lac, ci in GSM_CELLS) + "".join(
    f"lte,001,01,,{tac},{cell},Site {cell:x},-33.8688,151.2093\n" for cell, tac in CELLS.items())
ETWS_EARTHQUAKE = 4352
QUICK = {"request_timeout": "2s", "reconnect_first": "200ms", "reconnect_most": "1s", "heartbeat": "300ms",
         "rto_min": "50ms", "rto_max": "1s", "path_retransmissions": 2, "association_retransmissions": 3}


def lte(cell: int) -> dict:
    return {"technology": "lte", "mcc": "001", "mnc": "01", "ci": cell}


def area(tac: int) -> dict:
    return {"technology": "lte", "mcc": "001", "mnc": "01", "tac": tac}


class MmeCase(CbcCase):
    """mme-1 listens and is connected to; a case may have more peers."""
    table = TABLE
    peer_more: dict = {}
    sbcap_more: dict = {}
    config_more: dict = {}

    def setUp(self) -> None:
        self.mme = Mme()
        self.addCleanup(self.mme.close)
        self.port = self.mme.listen()
        self.udp_port = free_udp_port()
        first = {"protocol": "sbcap", "role": "client", "address": "127.0.0.1", "port": self.port,
                 "udp_port": self.mme.udp_port}
        self.peers = {"mme-1": first | self.peer_more} | self.more_peers()
        self.more = {"sbcap": {"transport": "userland", "udp_port": self.udp_port, "local": ["127.0.0.1"]} | QUICK
                       | self.sbcap_more} | self.config_more
        super().setUp()
        self.addCleanup(self.judge)

    def more_peers(self) -> dict:
        return {}

    def all_came(self) -> list:
        return self.mme.received.all()

    def judge(self) -> None:
        """Nothing that was sent to the MME may be wrong, for Erlang's codec or for tshark."""
        self.assertEqual(self.mme.refused, [])
        self.assertEqual(self.mme.wrong_ppid, [])
        came = self.all_came()
        for one, seen in zip(came, tshark.dissect("sbcap", [one.raw for one in came])):
            self.assertEqual(seen.objection, "", one.raw.hex())
            self.assertIn(one.name.replace("-", ""), seen.info.replace("-", "").replace(" ", ""))

    def up(self, name: str = "mme-1") -> None:
        super().up(name)

    def chosen(self, *cells: int, **more: Any) -> dict:
        return self.fresh(area={"kind": "cells", "cells": [lte(one) for one in cells]}, **more)

    def held(self) -> set:
        return self.mme.held


class Writing(MmeCase):
    def test_the_whole_network_is_written_reported_and_stopped(self) -> None:
        self.up()
        sent = self.send(self.fresh(), wait_s=10)
        write = self.mme.wait_for(WRITE)
        self.assertEqual((write.value("List-of-TAIs"), write.value("Warning-Area-List")), (None, None))
        self.assertEqual((write.number("Repetition-Period"), write.value("Warning-Type")), (60, None))
        self.assertEqual(write.number("Number-of-Broadcasts-Requested"), 61)
        for flag in ("Concurrent-Warning-Message-Indicator", "Send-Write-Replace-Warning-Indication"):
            self.assertIsNotNone(write.value(flag))
        self.wait_states(sent["alert_id"], {FIRST: "accepted", THIRD: "accepted"})
        self.mme.scheduled(write, cells=[FIRST], tais={2: [THIRD]}, areas={42: [0x0030001]})
        self.wait_states(sent["alert_id"], {FIRST: "scheduled", SECOND: "accepted", THIRD: "scheduled", 0x0030001: "scheduled"})
        stopped = self.stop(sent["alert_id"], sent["digest"], wait_s=10)
        self.assertEqual(stopped["state"], "stopped")
        self.assertIsNotNone(self.mme.wait_for(STOP).value("Send-Stop-Warning-Indication"))
        self.mme.cancelled(write, cells={FIRST: 7}, empty=[0x19c])
        wait.until("the count", lambda: self.broadcasts(sent["alert_id"]).get(FIRST) == 7)
        self.assertEqual(self.held(), set())

    def broadcasts(self, alert_id: str) -> dict:
        alert = self.cbc.control().get(f"/alerts/{alert_id}").json()
        return {one["cell"]["ci"]: one["broadcasts"] for one in alert["delivery"]["cells"]}

    def test_cells_are_named_with_their_tracking_areas(self) -> None:
        self.up()
        self.send(self.chosen(FIRST, THIRD), wait_s=10)
        write = self.mme.wait_for(WRITE)
        self.assertEqual(write.value("List-of-TAIs"), Sbcap.tai_items([1, 2]))
        self.assertEqual(write.value("Warning-Area-List"), ("cell-ID-List", [Sbcap.ecgi(FIRST), Sbcap.ecgi(THIRD)]))

    def test_a_new_text_is_written_and_then_the_old_one_stopped(self) -> None:
        self.up()
        first = request(self.fresh())
        self.assertEqual(self.api().post("/alerts/send?wait=10", first).status, 202)
        newer = content(self.code, "Water is falling", update=1)
        self.send(newer, alert_id=first["alert_id"], revision=2, wait_s=10)
        self.mme.wait_for(STOP)
        self.assertEqual([(one.name, key_of(one)[1] & 0xF) for one in self.mme.received.all()],
                         [(WRITE, 0), (WRITE, 1), (STOP, 0)])
        wait.until("only the new one is held", lambda: self.held() == {(4370, newer["serial_number"])})
        self.assertEqual(self.api().get(f"/alerts/{first['alert_id']}").json()["summary"].get("accepted"), len(CELLS))

    def test_etws_has_a_warning_type_and_replaces_whatever_is_on_the_air(self) -> None:
        self.cbc.config["cbes"]["national"]["identifiers"] = ["4352-4382"]
        self.cbc.write_config()
        self.cbc.restart()
        self.up()
        body = self.fresh() | {"serial_number": 0x7000 | 1 << 4}
        body["messages"][0]["message_identifier"] = ETWS_EARTHQUAKE
        sent = self.send(body, wait_s=10)
        write = self.mme.wait_for(WRITE)
        self.assertEqual(write.number("Warning-Type"), 0x0180)
        self.assertIsNone(write.value("Concurrent-Warning-Message-Indicator"))
        self.stop(sent["alert_id"], sent["digest"], wait_s=10)

    def test_a_long_period_travels_in_its_own_element(self) -> None:
        self.up()
        self.send(self.fresh(repetition_period_s=7200), wait_s=10)
        write = self.mme.wait_for(WRITE)
        self.assertEqual((write.number("Repetition-Period"), write.number("Extended-Repetition-Period")), (4095, 7200))

    def test_two_warnings_at_once(self) -> None:
        self.up()
        one, two = self.send(self.fresh(), wait_s=10), self.send(self.fresh(text="Stay inside"), wait_s=10)
        wait.until("both are held", lambda: len(self.held()) == 2)
        self.stop(one["alert_id"], one["digest"], wait_s=10)
        self.assertEqual(len(self.held()), 1)
        self.wait_states(two["alert_id"], {FIRST: "accepted"})


NR_CELL, NR_TAC, EMERGENCY_AREA = 0x123450001, 0x010203, 0x00002a


class FiveGs(MmeCase):
    """What an MME is told for 5GS (TS 29.168 §4.3.3A), and areas that are not cells."""
    table = ("technology,mcc,mnc,tac,cell,name,lat,lon,emergency_area\n"
             f"lte,001,01,1,{FIRST},A,0,0,{EMERGENCY_AREA}\nlte,001,01,1,{SECOND},B,0,0,\n"
             f"nr,001,01,{NR_TAC},{NR_CELL},C,0,0,{EMERGENCY_AREA}\n")
    peer_more = {"tracking_areas": ["1-2", "66051-66052"]}

    def sent_to(self, **places: list) -> dict:
        sent = self.send(self.fresh(area={"kind": "places"} | places), wait_s=10)
        self.write = self.mme.wait_for(WRITE, self.code)
        return sent

    def values(self, *names: str) -> list:
        return [self.write.value(name) for name in names]

    def test_areas_and_cells_of_5gs_and_emergency_areas(self) -> None:
        self.up()
        nr = {"technology": "nr", "mcc": "001", "mnc": "01"}
        names = "List-of-5GS-TAIs", "Warning-Area-List-5GS", "List-of-TAIs", "Warning-Area-List"
        area = self.sent_to(tracking_areas=[nr | {"tac": NR_TAC}])
        tai = Sbcap.tai5(NR_TAC)
        self.assertEqual(self.values(*names), [[tai], ("tAIList-5GS", tai), None, None])
        self.assertIsNotNone(self.write.value("RAT-Selector-5GS"))
        self.mme.scheduled(self.write, nr=[NR_CELL])
        self.wait_states(area["alert_id"], {NR_CELL: "scheduled"})
        self.stop(area["alert_id"], area["digest"], wait_s=10)
        self.assertEqual(self.mme.wait_for(STOP).value("List-of-5GS-TAIs"), [tai])
        self.sent_to(cells=[nr | {"ci": NR_CELL}])
        self.assertEqual(self.values(*names), [[tai], ("nR-CGIList", [Sbcap.ncgi(NR_CELL)]), None, None])
        self.sent_to(emergency_areas=[nr | {"emergency_area": EMERGENCY_AREA}])
        number = EMERGENCY_AREA.to_bytes(3, "big")
        self.assertEqual(self.values(*names), [[tai], ("emergencyAreaIDList", [number]), None, None])
        lte_area = {"technology": "lte", "mcc": "001", "mnc": "01", "emergency_area": EMERGENCY_AREA}
        emergency = self.sent_to(emergency_areas=[lte_area])
        self.assertEqual(self.values(*names), [None, None, Sbcap.tai_items([1]), ("emergency-Area-ID-List", [number])])
        self.assertIsNone(self.write.value("RAT-Selector-5GS"))
        self.mme.scheduled(self.write, areas={EMERGENCY_AREA: [FIRST]})
        self.wait_states(emergency["alert_id"], {FIRST: "scheduled"})
        self.mme.restart(ENB, [FIRST], [1], [EMERGENCY_AREA])
        again = self.mme.wait_for(WRITE, self.code + 1)
        self.assertEqual((again.value("Warning-Area-List"), again.number("Serial-Number")),
                         (("emergency-Area-ID-List", [number]), self.write.number("Serial-Number")))
        self.assertIsNotNone(again.value("Global-ENB-ID"))

    def test_a_link_test_asks_about_nothing(self) -> None:
        self.up()
        tested = self.cbc.control().post("/peers/mme-1/test").json()
        self.assertEqual((tested["result"], self.peer("mme-1")["link_test"]["result"]), ("complete", "complete"))
        stop = self.mme.wait_for(STOP)
        self.assertEqual((stop.number("Message-Identifier"), stop.value("List-of-TAIs")), (0xffff, Sbcap.tai_items([0xfffe])))


class Refusing(MmeCase):
    tuning = {"attempts": 2}

    def test_a_refusal_is_shown_with_its_cause(self) -> None:
        self.up()
        self.mme.script.always(WRITE, Answer(values={"Cause": 9}))
        sent = self.send(self.fresh(), wait_s=10)
        self.wait_states(sent["alert_id"], {FIRST: "refused", THIRD: "refused"})
        alert = self.cbc.control().get(f"/alerts/{sent['alert_id']}").json()
        self.assertEqual(alert["delivery"]["cells"][-1]["cause"], "warning broadcast not supported (9)")
        self.stop(sent["alert_id"], sent["digest"], wait_s=10)
        self.assertEqual(self.mme.count(STOP), 0)

    def test_an_unknown_tracking_area_fails_its_cells_alone(self) -> None:
        self.up()
        self.mme.script.next(WRITE, Answer(values={"Unknown-Tracking-Area-List": Sbcap.tai_items([2])}))
        sent = self.send(self.chosen(FIRST, THIRD), wait_s=10)
        self.wait_states(sent["alert_id"], {FIRST: "accepted", THIRD: "unknown_to_peer"})

    def test_already_used_is_accepted_and_a_full_mme_is_asked_again(self) -> None:
        self.up()
        self.mme.script.next(WRITE, Answer(values={"Cause": 7}), Answer(values={"Cause": 11}))
        sent = self.send(self.fresh(), wait_s=1)
        self.wait_states(sent["alert_id"], {FIRST: "accepted"})
        self.assertEqual(self.mme.count(WRITE), 2)

    def test_silence_is_asked_again_and_then_shown(self) -> None:
        self.up()
        self.mme.script.always(WRITE, Answer(silent=True))
        sent = self.send(self.fresh())
        self.wait_states(sent["alert_id"], {FIRST: "no_answer"})
        self.assertGreaterEqual(self.mme.count(WRITE), 2)
        self.mme.script.always(WRITE, None)
        self.wait_states(sent["alert_id"], {FIRST: "accepted"})

    def test_garbage_is_answered_and_the_association_goes_on(self) -> None:
        self.up()
        self.mme.send_raw(b"\xff\xff\xff")
        self.assertEqual(self.mme.wait_for(ERROR).number("Cause"), 13)
        self.mme.send(STOP, {"Message-Identifier": b"\x11\x12", "Serial-Number": b"\x40\x00"})
        self.assertEqual(self.mme.wait_for(ERROR, 2).number("Cause"), 15)
        self.mme.send_raw(b"\xff", ppid=0)
        self.mme.send_raw(bytes(range(256)) * 200)
        self.mme.wait_for(ERROR, 3)
        self.send(self.fresh(), wait_s=10)
        self.mme.wait_for(WRITE)
        self.assertEqual(self.mme.ups, 1)
        self.assertEqual(self.metric('farol_cbc_protocol_errors_total{interface="sbcap",kind="foreign"}'), 1)

    def test_an_error_indication_answers_what_is_out(self) -> None:
        self.up()
        self.mme.script.next(WRITE, Answer(silent=True))
        sent = self.send(self.fresh())
        self.mme.wait_for(WRITE)
        self.mme.error(5)
        self.wait_states(sent["alert_id"], {FIRST: "refused"})


class Restarting(MmeCase):
    def test_restarted_cells_get_the_warning_again_they_alone_and_from_their_enb(self) -> None:
        self.up()
        sent = self.send(self.chosen(FIRST, SECOND, THIRD), wait_s=10)
        written = self.mme.wait_for(WRITE)
        self.mme.restart(enb=ENB, cells=[FIRST, SECOND], tacs=[1])
        again = self.mme.wait_for(WRITE, 2)
        self.assertEqual(key_of(again), key_of(written))
        self.assertEqual(again.value("Warning-Area-List"), ("cell-ID-List", [Sbcap.ecgi(FIRST), Sbcap.ecgi(SECOND)]))
        self.assertEqual(again.value("Global-ENB-ID"), Sbcap.enb(ENB))
        self.assertEqual(again.value("List-of-TAIs"), Sbcap.tai_items([1]))
        self.wait_states(sent["alert_id"], {FIRST: "accepted", THIRD: "accepted"})

    def test_with_the_whole_network_restarted_cells_are_named(self) -> None:
        self.up()
        self.send(self.fresh(), wait_s=10)
        written = self.mme.wait_for(WRITE)
        self.mme.restart(enb=ENB, cells=[FIRST], tacs=[1], without=("List-of-TAIs-Restart",))
        again = self.mme.wait_for(WRITE, 2)
        self.assertEqual((key_of(again), again.value("Global-ENB-ID")), (key_of(written), Sbcap.enb(ENB)))
        self.assertEqual(again.value("Warning-Area-List"), ("cell-ID-List", [Sbcap.ecgi(FIRST)]))

    def test_a_restart_without_a_warning_writes_nothing(self) -> None:
        self.up()
        self.mme.restart(enb=ENB, cells=[FIRST], tacs=[1])
        self.mme.error(12)
        wait.until("both were heard", lambda: self.metric('farol_cbc_indications_total{interface="sbcap"') == 2)
        self.assertEqual(self.mme.count(WRITE), 0)

    def test_a_failure_is_shown_until_the_restart(self) -> None:
        self.up()
        sent = self.send(self.fresh(), wait_s=10)
        self.mme.failure(enb=ENB, cells=[FIRST])
        self.wait_states(sent["alert_id"], {FIRST: "refused", THIRD: "accepted"})
        self.mme.restart(enb=ENB, cells=[FIRST], tacs=[1])
        self.mme.wait_for(WRITE, 2)
        self.wait_states(sent["alert_id"], {FIRST: "accepted"})

    def test_cbcd_killed_and_started_again_writes_the_same_pair(self) -> None:
        self.up()
        sent = self.send(self.fresh(), wait_s=10)
        written = self.mme.wait_for(WRITE)
        self.cbc.kill()
        self.cbc.start()
        self.up()
        self.assertEqual(key_of(self.mme.wait_for(WRITE, 2)), key_of(written))
        self.wait_states(sent["alert_id"], {FIRST: "accepted"})
        self.stop(sent["alert_id"], sent["digest"], wait_s=10)
        self.assertEqual(self.held(), set())

    def test_an_association_that_is_cut_comes_back_and_is_written_to(self) -> None:
        self.up()
        sent = self.send(self.fresh(), wait_s=10)
        self.mme.association.abort()
        self.wait_states(sent["alert_id"], {FIRST: "accepted"})
        self.mme.wait_for(WRITE, 2)
        self.mme.wait_up(2)
        self.up()


class Connecting(MmeCase):
    """mme-2 connects to us, and a BSC is there as well."""
    sbcap_more = {"listen": ["127.0.0.1"], "port": 0}
    peer_more = {"tracking_areas": ["1"]}

    def more_peers(self) -> dict:
        return {"mme-2": {"protocol": "sbcap", "role": "server", "address": "127.0.0.1", "tracking_areas": ["2"]},
                "bsc-1": {"address": "127.0.0.2", "location_areas": ["1"]}}

    def connecting(self) -> Mme:
        made = Mme(name="mme-2")
        self.addCleanup(made.close)
        return made.connect(self.cbc.port("sbcap"), self.udp_port)

    def test_a_bsc_and_mmes_of_both_roles_together(self) -> None:
        two = self.connecting()
        bsc = self.bsc().connect()
        for name in self.peers:
            self.up(name)
        self.assertEqual(self.peer("mme-2")["role"], "server")
        self.assertTrue(self.peer("mme-1")["paths"][0]["primary"])
        sent = self.send(self.fresh(), wait_s=10)
        self.mme.wait_for(WRITE), two.wait_for(WRITE)
        self.wait_states(sent["alert_id"], {FIRST: "accepted", THIRD: "accepted", 100: "accepted"})
        self.assertEqual(self.metric('farol_peer_up{peer="mme-2",protocol="sbcap"}'), 1)
        self.assertEqual(self.metric('farol_sctp_associations{protocol="sbcap",state="up"}'), 2)
        self.assertEqual(self.metric('farol_sctp_paths{protocol="sbcap",state="active"}'), 2)
        self.stop(sent["alert_id"], sent["digest"], wait_s=10)
        self.assertEqual((two.held, bsc.held, self.mme.held), (set(), {}, set()))
        chosen = self.send(self.chosen(THIRD), wait_s=10)
        two.wait_for(WRITE, 2)
        self.assertEqual(self.mme.count(WRITE), 1)
        self.wait_states(chosen["alert_id"], {THIRD: "accepted"})

    def test_one_that_comes_twice_replaces_itself(self) -> None:
        first = self.connecting()
        self.up("mme-2")
        second = self.connecting()
        second.wait_up()
        first.wait_closed()
        self.up("mme-2")


class Reloading(MmeCase):
    def test_what_is_sent_again_on_the_way_is_counted(self) -> None:
        again = 'farol_sctp_retransmitted_chunks_total{protocol="sbcap"}'
        self.up()
        self.assertEqual(self.metric(again), 0)
        self.mme.association.process.send_signal(signal.SIGSTOP)  # it acknowledges nothing
        self.addCleanup(self.mme.association.process.send_signal, signal.SIGCONT)
        self.send(self.fresh())
        wait.until("it was sent again", lambda: self.metric(again) > 0)
        self.mme.association.process.send_signal(signal.SIGCONT)
        self.mme.wait_for(WRITE)

    def test_mmes_come_and_go_while_cbcd_runs(self) -> None:
        self.up()
        sent = self.send(self.fresh(), wait_s=10)
        since = self.peer("mme-1")["since"]
        two = Mme(name="mme-2")
        self.addCleanup(two.close)
        self.reload(**{"mme-1": self.peers["mme-1"],
                       "mme-2": {"protocol": "sbcap", "role": "client", "address": "127.0.0.1", "port": two.listen(),
                                 "udp_port": two.udp_port}})
        self.up("mme-2")
        two.wait_for(WRITE)
        self.assertEqual((self.mme.count(WRITE), self.peer("mme-1")["since"]), (1, since))
        self.reload(**{"mme-1": self.peers["mme-1"]})
        two.wait_for(STOP)
        wait.until("mme-2 is gone", lambda: [one["name"] for one in self.listed()] == ["mme-1"])
        self.assertEqual((two.held, self.mme.count(STOP)), (set(), 0))
        metrics = self.cbc.control().get("/metrics").text
        self.assertNotIn("mme-2", metrics)
        self.assertIn('farol_peer_up{peer="mme-1",protocol="sbcap"} 1', metrics)
        self.assertEqual(self.stop(sent["alert_id"], sent["digest"], wait_s=10)["state"], "stopped")

    def reload(self, **peers: dict) -> None:
        self.cbc.config["peers"] = peers
        self.cbc.write_config()
        self.cbc.reload()

    def listed(self) -> list[dict]:
        return self.cbc.control().get("/peers").json()["peers"]

    def test_a_record_of_an_mme_is_read_by_tshark(self) -> None:
        self.up()
        file = self.site.folder / "mme-1.pcapng"
        recorder = threading.Thread(
            target=lambda: file.write_bytes(self.cbc.control().post("/peers/mme-1/trace?seconds=3").body))
        recorder.start()
        wait.until("it is recorded", lambda: "peer.trace" in self.cbc.control().get("/control/audit").text)
        self.send(self.fresh(), wait_s=10)
        recorder.join(30)
        read = subprocess.run(["tshark", "-r", file, "-T", "fields", "-e", "sbc-ap.procedureCode", "-e", "_ws.malformed"],
                              capture_output=True, text=True, check=True, timeout=120)
        self.assertEqual(read.stdout.splitlines(), ["0\t", "0\t"])  # Write-Replace-Warning, request and response


class Unknown(MmeCase):
    sbcap_more = {"listen": ["127.0.0.1"], "port": 0}

    def test_whoever_is_not_configured_is_refused(self) -> None:
        self.up()
        stranger = Mme(name="stranger")
        self.addCleanup(stranger.close)
        stranger.connect(self.cbc.port("sbcap"), self.udp_port)
        stranger.wait_closed()
        self.cbc.wait_log("sbcap.peer.unknown")
        self.assertEqual(stranger.received.all(), [])


if __name__ == "__main__":
    unittest.main()
