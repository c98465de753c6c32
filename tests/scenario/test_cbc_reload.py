#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""cbcd's peers change while it runs: SIGHUP reads the configuration again."""
import pathlib
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import bsc as cbsp  # noqa: E402
from farol import wait  # noqa: E402
from test_cbc import CbcCase  # noqa: E402


class Reload(CbcCase):
    def setUp(self) -> None:
        super().setUp()
        self.cbc.config["peers"] = dict(self.peers)

    def reload(self, **peers: dict | None) -> None:
        """Peers by name with _ for -; None: removed."""
        for name, entry in peers.items():
            name = name.replace("_", "-")
            if entry is None:
                del self.cbc.config["peers"][name]
            else:
                self.cbc.config["peers"][name] = entry
        self.cbc.write_config()
        self.cbc.reload()

    def names(self) -> list[str]:
        return [one["name"] for one in self.cbc.control().get("/peers").json()["peers"]]

    def metrics(self) -> str:
        return self.cbc.control().get("/metrics").text

    def gone(self, name: str) -> None:
        wait.until(f"{name} is gone", lambda: name not in self.names())

    def test_a_new_peer_gets_what_is_live_there_and_the_others_do_not_notice(self) -> None:
        del self.cbc.config["peers"]["bsc-2"]
        self.cbc.write_config()
        self.cbc.restart()
        one = self.bsc(1).connect()
        self.up()
        sent = self.send(self.fresh(), wait_s=10)
        self.assertEqual(self.states(sent["alert_id"])[200], "not_connected")
        since = self.peer("bsc-1")["since"]
        self.reload(bsc_2={"address": "127.0.0.3", "location_areas": ["2"]})
        two = self.bsc(2).connect()
        self.wait_states(sent["alert_id"], {100: "accepted|broadcasting", 200: "accepted|broadcasting"})
        self.assertEqual(two.count(cbsp.WRITE_REPLACE), 1)
        self.assertEqual((self.peer("bsc-1")["since"], one.count(cbsp.WRITE_REPLACE), one.count(cbsp.KILL)), (since, 1, 0))

    def test_a_peer_that_is_removed_stops_what_it_broadcasts_and_is_let_go(self) -> None:
        one, two = self.bsc(1).connect(), self.bsc(2).connect()
        self.up("bsc-1"), self.up("bsc-2")
        sent = self.send(self.fresh(), wait_s=10)
        two.mute.add(cbsp.KILL)
        self.reload(bsc_2=None)
        two.wait_for(cbsp.KILL)
        self.assertTrue(self.peer("bsc-2")["leaving"])
        two.mute.discard(cbsp.KILL)
        self.assertIn('peer="bsc-2"', self.metrics())
        self.gone("bsc-2")
        two.wait_closed()
        self.assertNotIn("bsc-2", self.metrics())
        self.assertEqual(self.metric('farol_peer_up{peer="bsc-1",protocol="cbsp"}'), 1)
        self.assertEqual((two.held, one.count(cbsp.KILL), len(one.held)), ({}, 0, 2))
        self.wait_states(sent["alert_id"], {100: "accepted|broadcasting", 200: "stopped"})
        with self.assertRaises(OSError):
            two.connect()
            two.wait_for(cbsp.RESET, 2, timeout_s=2)
        stopped = self.stop(sent["alert_id"], sent["digest"], wait_s=10)
        self.assertEqual(stopped["state"], "stopped")

    def test_what_a_removed_peer_may_hold_is_shown_and_stopped_when_it_is_a_peer_again(self) -> None:
        self.bsc(1).connect()
        two = self.bsc(2).connect()
        self.up("bsc-1"), self.up("bsc-2")
        sent = self.send(self.fresh(), wait_s=10)
        two.close()
        wait.until("down", lambda: self.peer("bsc-2")["state"] == "down")
        before = self.cbc.config["peers"]["bsc-2"]
        self.reload(bsc_2=None)
        self.gone("bsc-2")
        alert = self.cbc.control().get(f"/alerts/{sent['alert_id']}").json()
        cause = {cell["cell"]["ci"]: cell["cause"] for cell in alert["delivery"]["cells"]}
        self.assertEqual(cause[200], "it is no peer of this centre any more")
        stopped = self.stop(sent["alert_id"], sent["digest"], wait_s=10)
        self.assertEqual(stopped["state"], "stopped")
        self.cbc.restart()
        self.assertEqual(self.states(sent["alert_id"])[200], "not_connected")
        self.reload(bsc_2=before)
        back = self.bsc(2)
        back.restart = "available"
        self.send(self.fresh())  # something live, so that no RESET takes the old one off
        back.connect()
        back.wait_for(cbsp.KILL)
        self.wait_states(sent["alert_id"], {200: "stopped"})

    def test_only_the_link_of_a_changed_peer_is_opened_anew(self) -> None:
        one, two = self.bsc(1).connect(), self.bsc(2).connect()
        self.up("bsc-1"), self.up("bsc-2")
        since = self.peer("bsc-1")["since"]
        self.reload(bsc_2={"address": "127.0.0.3", "location_areas": ["2"], "channel": "extended"})
        two.wait_closed()
        again = self.bsc(2).connect()
        self.up("bsc-2")
        self.send(self.fresh(), wait_s=10)
        self.assertEqual(again.wait_for(cbsp.WRITE_REPLACE).number(cbsp.CHANNEL), 1)
        self.assertEqual((self.peer("bsc-1")["since"], one.count(cbsp.RESET)), (since, 1))

    def test_areas_move_from_peer_to_peer_without_a_link_being_touched(self) -> None:
        one, two = self.bsc(1).connect(), self.bsc(2).connect()
        two.cells |= {100: 1, 101: 1}
        self.up("bsc-1"), self.up("bsc-2")
        sent = self.send(self.fresh(cells=[{"technology": "gsm", "mcc": "001", "mnc": "01", "lac": 1, "ci": 100}]), wait_s=10)
        self.reload(bsc_1={"address": "127.0.0.2", "location_areas": ["7"]},
                    bsc_2={"address": "127.0.0.3", "location_areas": ["1-2"]})
        self.assertEqual(one.wait_for(cbsp.KILL).cells(), [100])
        self.assertEqual(two.wait_for(cbsp.WRITE_REPLACE).cells(), [100])
        self.assertEqual((one.count(cbsp.RESET), two.count(cbsp.RESET)), (1, 1))
        self.assertEqual(self.cbc.control().get(f"/alerts/{sent['alert_id']}").json()["state"], "broadcasting")

    def test_what_needs_a_restart_says_so_and_changes_nothing(self) -> None:
        self.cbc.config["cbsp"]["listen"] = "127.0.0.1:48049"
        del self.cbc.config["peers"]["bsc-2"]
        self.cbc.write_config()
        self.cbc.process.send_signal(signal.SIGHUP)
        self.cbc.wait_log("cbsp.listen: a change of it needs a restart; nothing was changed")
        self.assertEqual(self.names(), ["bsc-1", "bsc-2"])


if __name__ == "__main__":
    unittest.main()
