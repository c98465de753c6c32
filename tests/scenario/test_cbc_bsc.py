#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What cbcd asks of a BSC beside the warnings, and how each BSC is spoken to: LOAD QUERY, SET-DRX, the extended channel,
the ways to name cells, errors both ways."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import bsc as cbsp  # noqa: E402
from farol import wait  # noqa: E402
from test_cbc import CbcCase  # noqa: E402

EXTENDED, EXTENDED_NOT_SUPPORTED, INCOMPATIBLE_DRX = 1, 0x0C, 0x0B


class Upkeep(CbcCase):
    peers = {"bsc-1": {"address": "127.0.0.2", "drx": {"schedule_period": 20, "reserved_slots": 3}}}
    tuning = {"load_query": "1s", "status_timeout": "300ms"}

    def test_an_idle_link_is_tested_by_a_load_query_that_broadcasts_nothing(self) -> None:
        one = self.bsc()
        one.loads = {100: (30, 20), 101: (12, 85)}
        one.connect()
        self.up()
        query = one.wait_for(cbsp.LOAD_QUERY)
        self.assertEqual((query.named()[0][0], query.number(cbsp.CHANNEL)), (cbsp.ALL, 0))
        seen = wait.until("the load is shown", lambda: self.peer("bsc-1")["link_test"])
        self.assertEqual((seen["result"], seen["cells"], seen["failed_cells"]), ("complete", 2, 0))
        self.assertEqual(seen["busiest"], {"cell": "001-01:1:101", "load_percent": 85})
        one.refuse = {101: 0x0A}
        wait.until("a cell that cannot tell", lambda: self.peer("bsc-1")["link_test"]["result"] == "failure")
        seen = self.peer("bsc-1")["link_test"]
        self.assertEqual((seen["cells"], seen["failed_cells"], seen["busiest"]["cell"]), (1, 1, "001-01:1:100"))
        self.assertEqual((one.held, one.count(cbsp.WRITE_REPLACE)), ({}, 0))
        name = 'farol_cbc_requests_total{interface="cbsp",procedure="load_query",result="complete"}'
        self.assertGreaterEqual(self.metric(name), 1)

    def test_a_bsc_that_does_not_know_load_query_keeps_its_link_and_is_asked_no_more(self) -> None:
        one = self.bsc()
        one.mute.add(cbsp.LOAD_QUERY)
        one.connect()
        self.up()
        one.wait_for(cbsp.LOAD_QUERY, 2)
        wait.until("given up", lambda: (self.peer("bsc-1")["link_test"] or {}).get("result") == "timeout")
        sent = self.send(self.fresh(), wait_s=10)
        self.assertEqual(sent["summary"]["accepted"], 2)
        self.assertEqual((one.count(cbsp.LOAD_QUERY), self.peer("bsc-1")["state"]), (2, "up"))

    def test_the_drx_level_is_set_at_connect_and_after_lost_data_and_a_refusal_is_shown(self) -> None:
        one = self.bsc().connect()
        self.up()
        wait.until("set", lambda: (self.peer("bsc-1")["drx"] or {}).get("result") == "complete")
        self.assertEqual(one.drx, (20, 3))
        one.refuse = {100: INCOMPATIBLE_DRX}
        one.say_restart("lost")
        wait.until("refused", lambda: self.peer("bsc-1")["drx"]["result"] == "failure")
        self.assertEqual(self.peer("bsc-1")["drx"]["failed_cells"], 1)
        self.assertEqual(one.count(cbsp.SET_DRX), 2)


class Manner(CbcCase):
    peers = {"bsc-1": {"address": "127.0.0.2", "channel": "extended", "cells_named_by": "lac-ci"}}
    tuning = {"status_first": "1s"}

    def test_the_extended_channel_and_partial_names_are_used_in_every_request(self) -> None:
        one = self.bsc()
        one.names_by = cbsp.LAC_CI
        one.connect()
        self.up()
        sent = self.send(self.fresh(), wait_s=10)  # "all cells" first: the answer names them
        query = one.wait_for(cbsp.STATUS_QUERY)
        self.assertEqual({form for form, _ in query.named()}, {cbsp.LAC_CI})
        self.assertEqual(query.cells(), [100, 101])
        self.stop(sent["alert_id"], sent["digest"], wait_s=10)
        for pdu in (one.wait_for(cbsp.WRITE_REPLACE), query, one.wait_for(cbsp.KILL)):
            self.assertEqual(pdu.number(cbsp.CHANNEL), EXTENDED)
        self.assertEqual(one.held, {})

    def test_a_bsc_without_the_extended_channel_is_told_cell_by_cell(self) -> None:
        one = self.bsc()
        one.refuse = {100: EXTENDED_NOT_SUPPORTED, 101: EXTENDED_NOT_SUPPORTED}
        one.connect()
        self.up()
        sent = self.send(self.fresh(), wait_s=10)
        causes = {cell["cell"]["ci"]: cell["cause"] for cell in sent["delivery"]["cells"] if cell["cell"]["lac"] == 1}
        self.assertEqual(causes, dict.fromkeys((100, 101), "extended channel not supported (0x0c)"))


class Errors(CbcCase):
    def test_an_error_indication_says_what_was_wrong_and_about_which_message(self) -> None:
        one = self.bsc().connect()
        self.up()
        head = cbsp.fixed(cbsp.MESSAGE_ID, 4370) + cbsp.fixed(cbsp.NEW_SERIAL, 0x4000)
        one.send(cbsp.encode(cbsp.WRITE_REPLACE_COMPLETE, head, cbsp.fixed(cbsp.CHANNEL, 0)))  # no Cell List
        error = one.wait_for(cbsp.ERROR_INDICATION)
        self.assertEqual([error.number(tag) for tag in (cbsp.CAUSE, cbsp.MESSAGE_ID, cbsp.NEW_SERIAL, cbsp.CHANNEL)],
                         [0x05, 4370, 0x4000, 0])
        one.send(cbsp.encode(cbsp.RESTART, cbsp.ALL_CELLS, cbsp.fixed(cbsp.TYPE, 9), cbsp.fixed(cbsp.RECOVERY, 1)))
        self.assertEqual(one.wait_for(cbsp.ERROR_INDICATION, 2).number(cbsp.CAUSE), 0x01)
        one.send(cbsp.encode(0x42))
        self.assertEqual(one.wait_for(cbsp.ERROR_INDICATION, 3).number(cbsp.CAUSE), 0x04)
        one.send(cbsp.encode(cbsp.KILL, cbsp.ALL_CELLS))  # incomplete too, but the cause is the first thing found
        one.wait_for(cbsp.ERROR_INDICATION, 4)

    def test_an_unreadable_error_indication_is_not_answered_by_another(self) -> None:
        one = self.bsc().connect()
        self.up()
        for _ in range(3):
            one.send(cbsp.encode(cbsp.ERROR_INDICATION))
        one.send(cbsp.encode(0x42))
        self.assertEqual(one.wait_for(cbsp.ERROR_INDICATION).number(cbsp.CAUSE), 0x04)
        self.assertEqual(one.count(cbsp.ERROR_INDICATION), 1)

    def test_a_request_that_is_answered_by_an_error_indication_is_refused_with_its_cause(self) -> None:
        one = self.bsc().connect()
        self.up()
        one.mute.add(cbsp.WRITE_REPLACE)
        sent = self.send(self.fresh())
        write = one.wait_for(cbsp.WRITE_REPLACE)
        one.send(cbsp.encode(cbsp.ERROR_INDICATION, cbsp.fixed(cbsp.CAUSE, 0x01),
                             cbsp.fixed(cbsp.MESSAGE_ID, write.number(cbsp.MESSAGE_ID)),
                             cbsp.fixed(cbsp.NEW_SERIAL, write.number(cbsp.NEW_SERIAL))))
        self.wait_states(sent["alert_id"], {100: "refused", 101: "refused"})

    def test_a_refused_reset_does_not_keep_the_peer_down(self) -> None:
        one = self.bsc()
        one.refuse = {100: 0x0A}
        one.connect()
        self.up()
        one.refuse = {}
        self.assertEqual(self.send(self.fresh(), wait_s=10)["summary"]["accepted"], 2)


if __name__ == "__main__":
    unittest.main()
