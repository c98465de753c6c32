#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What operators do with cbcd's peers by hand: test a link, record what goes over it, look at the cells, read the audit."""
import json
import os
import pathlib
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import bsc as cbsp  # noqa: E402
from farol import wait  # noqa: E402
from farol.daemon import binary  # noqa: E402
from test_cbc import CbcCase, cell  # noqa: E402


USAGE, NOT_FOUND, REFUSED, PARTLY = 2, 3, 4, 5
WRITE, WRITE_COMPLETE = 1, 2  # TS 48.049 §8.2.1
SENT, RECEIVED = "0", "1"
MANY, OF_TWO = 5200, 1200  # cells, and those of bsc-2: more than farolctl asks for at a time


class Peers(CbcCase):
    tuning = {"load_query": "0s", "status_timeout": "500ms"}

    def audit(self, action: str) -> list[dict]:
        records = self.cbc.control().get("/control/audit").text.splitlines()
        return [one for one in map(json.loads, records) if one.get("action") == action]

    def test_a_link_test_says_what_came_of_it_and_broadcasts_nothing(self) -> None:
        one = self.bsc().connect()
        one.loads = {100: (30, 20), 101: (12, 85)}
        self.up()
        tested = self.cbc.control().post("/peers/bsc-1/test").json()
        self.assertEqual((tested["result"], tested["cells"], tested["busiest"]["load_percent"]), ("complete", 2, 85))
        self.assertEqual((one.count(cbsp.LOAD_QUERY), one.held), (1, {}))
        one.mute.add(cbsp.LOAD_QUERY)
        self.assertEqual(self.cbc.control().post("/peers/bsc-1/test").json()["result"], "timeout")
        wait.until("the audit has both", lambda: len(self.audit("peer.test")) == 2)
        wait.until("and it is an alarm", lambda: "PeerLinkTestFailed" in self.cbc.control().get("/control/alarms").text)

    def test_who_may_not_and_what_cannot_be_tested(self) -> None:
        for path, status, code in (("/peers/bsc-7/test", 404, "peer-unknown"), ("/peers/bsc-2/test", 409, "peer-not-ready"),
                                   ("/peers/bsc-7/trace", 404, "peer-unknown"),
                                   ("/peers/bsc-2/trace?seconds=301", 400, "invalid-query"),
                                   ("/peers/bsc-2/trace?seconds=0", 400, "invalid-query")):
            answer = self.cbc.control().post(path)
            self.assertEqual((answer.status, answer.json()["code"]), (status, code), path)
        for role in ("monitor", "cbe"):
            self.assertEqual(self.cbc.api(role).post("/peers/bsc-1/test").status, 403)
            self.assertEqual(self.cbc.api(role).post("/peers/bsc-1/trace?seconds=1").status, 403)
        self.assertEqual(self.cbc.api("monitor").get("/peers/bsc-1").json()["name"], "bsc-1")
        self.assertEqual(self.cbc.api("monitor").get("/peers/bsc-7").status, 404)

    def test_a_record_is_read_by_tshark(self) -> None:
        self.bsc().connect()
        self.up()
        file = self.site.folder / "bsc-1.pcapng"

        def record() -> None:
            file.write_bytes(self.cbc.control().post("/peers/bsc-1/trace?seconds=3").body)
        recorder = threading.Thread(target=record)
        recorder.start()
        wait.until("it is recorded", lambda: self.audit("peer.trace"))
        self.send(self.fresh(), wait_s=10)
        recorder.join(30)
        rows = self.dissect(file)
        self.assertTrue({(WRITE, SENT), (WRITE_COMPLETE, RECEIVED)} <= {(kind, way) for kind, way, _ in rows}, rows)
        self.assertEqual({malformed for _, _, malformed in rows}, {""}, rows)

    def dissect(self, file: pathlib.Path) -> list[tuple[int, str, str]]:
        """CBSP message type, direction, what tshark minds."""
        read = subprocess.run(["tshark", "-r", file, "-T", "fields", "-e", "cbsp.msg_type", "-e", "frame.p2p_dir",
                               "-e", "_ws.malformed"], capture_output=True, text=True, check=True, timeout=120)
        rows = [line.split("\t") for line in read.stdout.splitlines()]
        return [(int(row[0], 0), row[1], row[2]) for row in rows]

    def test_what_a_peer_was_asked_and_answered_is_in_the_audit(self) -> None:
        one = self.bsc().connect()
        self.up()
        one.refuse = {101: 0x0A}
        sent = self.send(self.fresh(cells=[{"technology": "gsm", "mcc": "001", "mnc": "01", "lac": 1, "ci": ci}
                                           for ci in (100, 101)]), wait_s=10)
        wait.until("it is written", lambda: self.audit("peer.write"))
        record = self.audit("peer.write")[0]
        self.assertEqual(record["object"], f"alert/{sent['alert_id']}")
        asked = json.loads(record["before"]) if isinstance(record["before"], str) else record["before"]
        answer = json.loads(record["after"]) if isinstance(record["after"], str) else record["after"]
        self.assertEqual((asked["peer"], asked["cells"]), ("bsc-1", 2))
        self.assertEqual(answer, {"answer": "failure", "done": 1, "failed": {"cell broadcast not operational (0x0a)": 1}})


class FarolctlCase(CbcCase):
    tuning = {"load_query": "0s", "status_timeout": "500ms"}

    def setUp(self) -> None:
        super().setUp()
        self.root = self.site.folder / "place"
        (self.root / "run").mkdir(parents=True)
        (self.root / "run/cbc").symlink_to(self.cbc.runtime)

    def ctl(self, *words: str, code: int = 0) -> str:
        done = subprocess.run([binary("farolctl"), "--root", self.root, *words], capture_output=True, text=True, timeout=120,
                              cwd=self.site.folder, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout


class Farolctl(FarolctlCase):
    """The same by farolctl, for people and for programs."""

    def test_peers_are_listed_shown_tested_and_recorded(self) -> None:
        self.bsc().connect()
        self.up()
        listed = self.ctl("peer", "list", code=PARTLY)  # bsc-2 is not there
        self.assertRegex(listed, r"bsc-1 +cbsp +up ")
        self.assertRegex(listed, r"bsc-2 +cbsp +down .*not connected yet")
        peers = json.loads(self.ctl("--json", "peer", "list", code=PARTLY))["peers"]
        self.assertEqual([one["ready"] for one in peers], [True, False])
        self.assertRegex(self.ctl("peer", "show", "bsc-1"), r"address +127\.0\.0\.2")
        self.ctl("peer", "show", "bsc-2", code=PARTLY)
        self.ctl("peer", "show", "bsc-9", code=NOT_FOUND)
        self.assertIn("bsc-1: complete after", self.ctl("peer", "test", "bsc-1"))
        self.ctl("peer", "test", "bsc-2", code=REFUSED)
        self.ctl("peer", "trace", "bsc-1", "--for", "0", code=USAGE)
        made = json.loads(self.ctl("--json", "peer", "trace", "bsc-1", "--for", "1", "--out", "here.pcapng"))
        self.assertEqual((self.site.folder / made["file"]).stat().st_size, made["octets"])

    def test_the_cells_are_shown_and_read_again_and_a_broken_file_changes_nothing(self) -> None:
        self.assertRegex(self.ctl("site", "status"), r"cells +3\n +gsm +3\n")
        table = pathlib.Path(self.cbc.config["cells"])
        table.write_text(table.read_text() + "gsm,001,01,2,2x,Broken,0,0\ngsm,001,01,70000,1,Broken,0,0\n")
        refused = json.loads(self.ctl("--json", "site", "reload", code=REFUSED))["error"]["text"]
        self.assertIn("cells.csv:5:", refused)
        self.assertIn("cells.csv:6:", refused)
        self.assertEqual(json.loads(self.ctl("--json", "site", "status"))["cells"], 3)
        self.assertEqual(json.loads(self.ctl("--json", "alert", "list")), {"alerts": []})


class ManyCells(FarolctlCase):
    """More of them than an alert is shown with."""
    table = "technology,mcc,mnc,lac,ci,name,lat,lon\n" + "".join(
        f"gsm,001,01,{2 if number < OF_TWO else 1},{number},C{number},0,0\n" for number in range(MANY))

    def cells(self, *words: str) -> list[int]:
        found = json.loads(self.ctl("--json", "alert", "cells", *words))["cells"]
        return [one["cell"]["ci"] for one in found]

    def test_the_first_thousand_are_shown_and_how_to_see_the_others(self) -> None:
        alert = self.send(self.fresh())["alert_id"]
        shown = self.ctl("alert", "show", alert)
        self.assertEqual(shown.count("gsm:001-01:"), 1000)
        self.assertIn(f"\n{MANY - 1000} more cells: farolctl alert cells {alert} [--peer NAME]\n", shown)
        self.assertEqual(sorted(self.cells(alert)), list(range(MANY)))
        self.assertEqual(sorted(self.cells(alert, "--peer", "bsc-2")), list(range(OF_TWO)))
        self.assertRegex(self.ctl("alert", "cells", alert), r"\ngsm:001-01:2:7 +not_connected ")
        self.ctl("alert", "cells", alert, "--peer", "bsc-9", code=NOT_FOUND)
        few = self.send(self.fresh(cells=[cell(1, OF_TWO)]))["alert_id"]
        self.assertNotIn("more cells", self.ctl("alert", "show", few))


class Cells(CbcCase):
    def test_the_file_of_cells_says_its_age_and_an_old_one_is_an_alarm(self) -> None:
        site = self.cbc.control().get("/site").json()
        self.assertEqual((site["cells"], site["technologies"], site["without_peer"], site["age_days"]), (3, {"gsm": 3}, 0, 0))
        old = time.time() - 40 * 86400
        os.utime(self.cbc.config["cells"], (old, old))
        self.cbc.reload()
        self.assertEqual(self.cbc.control().get("/site").json()["age_days"], 40)
        wait.until("it is an alarm", lambda: "SiteDataStale" in self.cbc.control().get("/control/alarms").text)


if __name__ == "__main__":
    unittest.main()
