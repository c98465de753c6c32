#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""cbcd on a disk that others fill up: a new alert is refused with a sentence, what is on the air stays there, is written
again where it was lost and can be stopped, and when there is room everything goes on. In a mount namespace of its own, with a
small tmpfs (needs root)."""
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import bsc as cbsp  # noqa: E402
from farol import wait  # noqa: E402
from test_cbc import CbcCase, request  # noqa: E402

DISK_MIB = 32
INSIDE = "FAROL_FULL_DISK_INSIDE"


class FullDisk(CbcCase):
    def setUp(self) -> None:
        super().setUp()
        self.cbc.stop()
        self.disk = self.cbc.state
        self.disk.rename(self.disk.with_name("before"))
        self.disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", self.disk], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk], check=True)
        self.cbc.start()

    def fill(self) -> pathlib.Path:
        """What another program would do."""
        filler = self.disk / "filler"
        with open(filler, "ab", buffering=0) as out:
            try:
                while True:
                    out.write(b"\0" * 4096)
            except OSError:
                return filler

    def test_a_full_disk_refuses_new_alerts_and_no_more(self) -> None:
        one = self.bsc().connect()
        self.up()
        live = self.send(self.fresh(), wait_s=10)
        one.wait_for(cbsp.WRITE_REPLACE)
        filler = self.fill()
        refused = self.send(self.fresh(), status=507)
        self.assertIn("room", refused["detail"])
        wait.until("it is an alarm", lambda: "Store" in self.cbc.control().get("/control/alarms").text)
        self.assertEqual(len(self.cbc.control().get("/alerts").json()["alerts"]), 1)
        self.wait_states(live["alert_id"], {100: "accepted|broadcasting"})
        one.held.clear()
        one.say_restart("lost")  # what it lost is written again, though nothing can be recorded
        one.wait_for(cbsp.WRITE_REPLACE, 2)
        self.wait_states(live["alert_id"], {100: "accepted|broadcasting", 101: "accepted|broadcasting"})
        filler.unlink()
        again = wait.until("there is room again", self.sent_at_last)
        self.wait_states(again["alert_id"], {100: "accepted|broadcasting"})

    def test_on_a_full_disk_every_alert_can_be_stopped(self) -> None:
        one = self.bsc().connect()
        self.up()
        live = [self.send(self.fresh(), wait_s=10) for _ in range(6)]
        filler = self.fill()
        self.send(self.fresh(), status=507)
        for alert in live:
            self.assertEqual(self.stop(alert["alert_id"], alert["digest"], wait_s=10)["state"], "stopped")
        self.assertEqual(one.held, {})
        self.fill()
        self.cbc.kill()
        self.cbc.start()
        for alert in live:
            self.assertIsNotNone(self.cbc.control().get(f"/alerts/{alert['alert_id']}").json()["stopped_at"])
        filler.unlink()
        wait.until("there is room again", self.sent_at_last)

    def sent_at_last(self) -> dict | None:
        answer = self.api().post("/alerts/send?wait=10", request(self.fresh()))
        return answer.json() if answer.status == 202 else None


if __name__ == "__main__":
    if os.environ.get(INSIDE) != "yes":
        os.execvpe("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv],
                   os.environ | {INSIDE: "yes"})
    unittest.main()
