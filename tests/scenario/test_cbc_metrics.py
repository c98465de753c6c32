#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""cbcd's gauges and counters: what each says when something happens, and which alarms go with it."""
import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import bsc as cbsp  # noqa: E402
from farol import wait  # noqa: E402
from test_cbc import CbcCase  # noqa: E402


class Metrics(CbcCase):
    tuning = {"keep_alive": "1s", "attempts": 2, "retry_pause": "60s"}

    def value(self, name: str, **labels: str) -> float:
        """Of one series; all its labels are named."""
        inner = ",".join(f'{label}="{value}"' for label, value in sorted(labels.items()))
        line = name + ("{" + inner + "} " if inner else " ")
        found = [float(one.removeprefix(line)) for one in self.cbc.control().get("/metrics").text.splitlines()
                 if one.startswith(line)]
        self.assertEqual(len(found), 1, line)
        return found[0]

    def wait_value(self, value: float, name: str, **labels: str) -> None:
        wait.until(f"{name} {labels} is {value}", lambda: self.value(name, **labels) == value)

    def cells(self) -> tuple[float, ...]:
        return tuple(self.value(f"farol_cbc_cells_{what}", technology="gsm") for what in ("scheduled", "confirmed", "failed"))

    def alarms(self) -> set[str]:
        return {one["kind"] for one in json.loads(self.cbc.control().get("/control/alarms?all=1").text)["alarms"]}

    def test_what_is_on_the_air_and_what_was_asked(self) -> None:
        self.bsc(1).connect()
        two = self.bsc(2).connect()
        two.mute.add(cbsp.WRITE_REPLACE)
        self.up("bsc-1"), self.up("bsc-2")
        active = {"mode": "live", "channel": "level1"}
        asked = {"interface": "cbsp", "procedure": "write_replace"}
        self.assertEqual((self.value("farol_cbc_broadcasts_active", **active), self.cells()), (0, (0, 0, 0)))
        self.assertEqual(self.value("farol_cbc_elements_confirmed_ratio", channel="level1"), 1)
        sent = self.send(self.fresh())
        wait.until("one element of two has accepted", lambda: self.cells() == (3, 2, 1))
        self.assertEqual(self.value("farol_cbc_elements_confirmed_ratio", channel="level1"), 0.5)
        self.assertEqual(self.value("farol_cbc_broadcasts_active", **active), 1)
        self.assertEqual(self.value("farol_cbc_broadcasts_active", mode="training", channel="level1"), 0)
        self.assertEqual(self.value("farol_cbc_requests_total", result="complete", **asked), 1)
        self.assertEqual(self.value("farol_cbc_requests_total", result="timeout", **asked), 2)
        self.assertEqual(self.value("farol_cbc_retries_total", interface="cbsp", reason="write_replace_timeout"), 1)
        self.assertEqual(self.value("farol_cbc_request_duration_seconds_count", **asked), 1)
        self.assertIn("F1004", self.alarms())
        self.stop(sent["alert_id"], sent["digest"], wait_s=10)
        self.assertEqual((self.value("farol_cbc_broadcasts_active", **active), self.cells()), (0, (0, 0, 0)))
        self.assertEqual(self.value("farol_cbc_elements_confirmed_ratio", channel="level1"), 1)

    def test_links_and_what_comes_over_them_unasked(self) -> None:
        link = {"protocol": "cbsp", "peer": "bsc-1"}
        self.assertEqual((self.value("farol_peer_up", **link), self.value("farol_peer_state_changes_total", **link)), (0, 0))
        wait.until("no peer at all is critical", lambda: "F1006" in self.alarms())
        one = self.bsc().connect()
        self.up()
        self.assertEqual((self.value("farol_peer_up", **link), self.value("farol_peer_state_changes_total", **link)), (1, 1))
        tested = "farol_peer_last_link_test_success_timestamp_seconds"
        wait.until("the link was tested", lambda: abs(self.value(tested, **link) - time.time()) < 30)
        kinds = {"failure": lambda: one.say_failure(100), "restart": lambda: one.say_restart("available", [100])}
        for kind, say in kinds.items():
            series = {"interface": "cbsp", "kind": kind}
            before = self.value("farol_cbc_indications_total", **series)
            say()
            self.wait_value(before + 1, "farol_cbc_indications_total", **series)
        one.close()
        self.wait_value(0, "farol_peer_up", **link)
        self.assertEqual(self.value("farol_peer_state_changes_total", **link), 2)

    def test_event_streams_are_counted(self) -> None:
        self.assertEqual(self.value("farol_cbc_sse_clients"), 0)
        with self.api().events("/events"):
            self.wait_value(1, "farol_cbc_sse_clients")
        self.wait_value(0, "farol_cbc_sse_clients")


if __name__ == "__main__":
    unittest.main()
