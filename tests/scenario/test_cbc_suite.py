#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the public TTCN-3 suite for cell broadcast centres checks of the BSC's side, as scenarios of our own."""
import pathlib
import socket
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import bsc as cbsp  # noqa: E402
from farol import wait  # noqa: E402
from farol.bsc import Bsc  # noqa: E402
from test_cbc import CELLS, LEVEL_1, CbcCase, cell  # noqa: E402

ETWS_EARTHQUAKE, WARNING_TYPE = 4352, 0x0180
NOT_OPERATIONAL, CAPACITY_EXCEEDED, NOT_SUPPORTED = 0x0A, 0x06, 0x09


class BscSuite(CbcCase):
    peers = {"bsc-1": {"address": "127.0.0.2"}}

    def connected(self, names_by: int = cbsp.CGI) -> Bsc:
        """As the suite's BSC: at connect it says RESTART of both kinds of messages, all data lost."""
        made = Bsc(self.cbc.port("cbsp"), source="127.0.0.2", cells=CELLS)
        self.addCleanup(made.close)
        made.names_by = names_by
        made.connect()
        made.say_restart("lost", emergency=True)
        made.wait_for(cbsp.RESET)
        self.up()
        return made

    def delete(self, sent: dict) -> dict:
        return self.stop(sent["alert_id"], sent["digest"], wait_s=10)


class KeepAlive(BscSuite):
    tuning = {"keep_alive": "2s", "keep_alive_timeout": "1s"}

    def test_keep_alive_carries_its_period_and_is_repeated(self) -> None:
        one = self.connected()
        first = one.wait_for(cbsp.KEEP_ALIVE)
        self.assertEqual(first.number(cbsp.KEEP_ALIVE_PERIOD), 2)
        one.wait_for(cbsp.KEEP_ALIVE, 3)
        self.assertEqual(self.peer("bsc-1")["state"], "up")

    def test_no_answer_closes_the_connection_within_the_period_and_five_seconds(self) -> None:
        one = self.connected()
        one.wait_for(cbsp.KEEP_ALIVE)
        one.mute.add(cbsp.KEEP_ALIVE)
        asked = time.monotonic()
        one.wait_closed()
        self.assertLess(time.monotonic() - asked, 2 + 5)


class CreateAndDelete(BscSuite):
    def create_and_delete(self, names_by: int) -> Bsc:
        one = self.connected(names_by)
        sent = self.send(self.fresh(), wait_s=10)
        self.assertEqual((sent["summary"], self.states(sent["alert_id"])),
                         ({"accepted": 3}, {100: "accepted", 101: "accepted", 200: "accepted"}))
        write = one.wait_for(cbsp.WRITE_REPLACE)
        self.assertEqual((write.number(cbsp.MESSAGE_ID), write.cells()), (LEVEL_1, None))
        stopped = self.delete(sent)
        self.assertEqual((stopped["state"], stopped["summary"]), ("stopped", {"stopped": 3}))
        kill = one.wait_for(cbsp.KILL)
        self.assertEqual(kill.number(cbsp.OLD_SERIAL), write.number(cbsp.NEW_SERIAL))
        self.assertEqual((one.held, one.count(cbsp.ERROR_INDICATION)), ({}, 0))
        return one

    def test_completion_by_cgi(self) -> None:
        self.create_and_delete(cbsp.CGI)

    def test_completion_by_lac_and_ci(self) -> None:
        self.create_and_delete(cbsp.LAC_CI)

    def test_completion_by_ci(self) -> None:
        self.create_and_delete(cbsp.CI)

    def test_completion_by_lac(self) -> None:
        self.create_and_delete(cbsp.LAC)

    def test_completion_by_lai(self) -> None:
        self.create_and_delete(cbsp.LAI)

    def test_completion_by_all_cells(self) -> None:
        self.create_and_delete(cbsp.ALL)

    def test_a_refusal_by_the_bsc_is_no_success(self) -> None:
        one = self.connected()
        one.refuse = dict.fromkeys((100, 101, 200), NOT_SUPPORTED)
        sent = self.send(self.fresh(), wait_s=10)
        self.assertEqual(sent["summary"], {"refused": 3})
        self.assertEqual({one["cause"] for one in sent["delivery"]["cells"]}, {"cell broadcast not supported (0x09)"})
        one.refuse = {}
        self.assertEqual(self.delete(sent)["state"], "stopped")


class Emergency(BscSuite):
    def setUp(self) -> None:
        super().setUp()
        self.cbc.config["cbes"]["national"]["identifiers"] = ["4352-4382"]
        self.cbc.write_config()
        self.cbc.restart()

    def earthquake(self) -> dict:
        body = self.fresh() | {"serial_number": 0x7000 | 1 << 4}
        body["messages"][0]["message_identifier"] = ETWS_EARTHQUAKE
        return self.send(body, wait_s=10)

    def test_etws_goes_out_as_an_emergency_and_its_kill_has_no_channel(self) -> None:
        one = self.connected()
        sent = self.earthquake()
        self.assertEqual(sent["summary"], {"accepted": 3})
        write = one.wait_for(cbsp.WRITE_REPLACE)
        self.assertEqual([write.number(tag) for tag in (cbsp.MESSAGE_ID, cbsp.EMERGENCY, cbsp.WARNING_TYPE)],
                         [ETWS_EARTHQUAKE, 1, WARNING_TYPE])
        self.assertEqual(write.value(cbsp.SECURITY), bytes(50))
        self.assertIsNotNone(write.number(cbsp.WARNING_PERIOD))
        self.assertEqual([write.value(tag) for tag in (cbsp.CHANNEL, cbsp.CONTENT, cbsp.PAGES)], [None] * 3)
        self.assertEqual(self.delete(sent)["summary"], {"stopped": 3})
        self.assertIsNone(one.wait_for(cbsp.KILL).value(cbsp.CHANNEL))
        self.assertEqual(one.held, {})

    def test_what_becomes_of_emergency_messages_is_told_apart_from_broadcast_messages(self) -> None:
        one = self.connected()
        flood = self.send(self.fresh(), wait_s=10)
        quake = self.earthquake()
        one.say_failure(100, emergency=True)
        self.wait_states(quake["alert_id"], {100: "refused", 101: "accepted"})
        self.assertIn(self.states(flood["alert_id"])[100], ("accepted", "broadcasting"))
        one.say_restart("lost", [100], emergency=True)
        again = one.wait_for(cbsp.WRITE_REPLACE, 3)  # killed first: a cell has room for one
        self.assertEqual((again.number(cbsp.MESSAGE_ID), again.cells()), (ETWS_EARTHQUAKE, [100]))
        self.wait_states(quake["alert_id"], {100: "accepted"})
        self.assertEqual([pdu.cells() for pdu in one.received if pdu.type == cbsp.KILL], [[100]])


class CellsFail(BscSuite):
    def test_failure_and_restart_of_an_idle_cell_change_nothing(self) -> None:
        one = self.connected()
        one.say_failure(100)
        one.say_restart("lost", [100])
        sent = self.send(self.fresh(cells=[cell(1, 100)]), wait_s=10)
        self.assertEqual(sent["summary"], {"accepted": 1})
        self.assertEqual((one.count(cbsp.WRITE_REPLACE), one.count(cbsp.ERROR_INDICATION)), (1, 0))

    def test_after_failure_and_restart_a_live_warning_is_written_again_there(self) -> None:
        one = self.connected()
        sent = self.send(self.fresh(), wait_s=10)
        first = one.wait_for(cbsp.WRITE_REPLACE)
        one.say_failure(101)
        self.wait_states(sent["alert_id"], {100: "accepted|broadcasting", 101: "refused"})
        del one.held[(LEVEL_1, first.number(cbsp.NEW_SERIAL), 101)]  # its base station has started anew
        one.say_restart("lost", [101])
        again = one.wait_for(cbsp.WRITE_REPLACE, 2)
        self.assertEqual((again.cells(), again.number(cbsp.NEW_SERIAL), again.value(cbsp.OLD_SERIAL)),
                         ([101], first.number(cbsp.NEW_SERIAL), None))
        self.wait_states(sent["alert_id"], {101: "accepted|broadcasting"})

    def test_the_whole_bsc_restarts_with_a_live_warning(self) -> None:
        one = self.connected()
        sent = self.send(self.fresh(), wait_s=10)
        one.held.clear()
        one.say_restart("lost")
        self.wait_states(sent["alert_id"], dict.fromkeys((100, 101, 200), "accepted|broadcasting"))
        wait.until("written again everywhere", lambda: len(one.held) == 3)
        self.assertEqual({serial for _, serial, _ in one.held}, {one.wait_for(cbsp.WRITE_REPLACE).number(cbsp.NEW_SERIAL)})


class BscServer(CbcCase):
    """The BSC listens, and we connect."""
    tuning = {"reconnect_first": "50ms", "reconnect_most": "200ms"}

    def setUp(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        self.peers = {"bsc-1": {"role": "client", "address": f"127.0.0.1:{self.listener.getsockname()[1]}"}}
        super().setUp()

    def test_create_and_delete_on_a_bsc_that_listens(self) -> None:
        one = Bsc(0, cells=CELLS)
        self.addCleanup(one.close)
        one.serve(self.listener.accept()[0])
        self.up()
        sent = self.send(self.fresh(), wait_s=10)
        self.assertEqual(sent["summary"], {"accepted": 3})
        stopped = self.stop(sent["alert_id"], sent["digest"], wait_s=10)
        self.assertEqual((stopped["summary"], one.held), ({"stopped": 3}, {}))


if __name__ == "__main__":
    unittest.main()
