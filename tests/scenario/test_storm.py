#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A hundred thousand indications at once, as after the restart of a whole network: none is lost, other peers are answered
meanwhile, memory stays bounded. And a peer that reads nothing harms nobody else."""
import contextlib
import pathlib
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[1]))
from any_peer import TABLE as ONE_OF_EACH  # noqa: E402
from any_peer import OfAmf, OfMme, OfRnc, settings  # noqa: E402
from farol import bsc as cbsp  # noqa: E402
from farol import wait  # noqa: E402
from farol.bsc import Bsc  # noqa: E402
from farol.daemon import Daemon, binary  # noqa: E402
from peers.association import free_udp_port  # noqa: E402
from test_cbc import CbcCase, cell  # noqa: E402

MMES, EACH = 25, 4000  # each tells of that many cells of its own, one a message
RSS_ANON_MIB = 300
OTHER_PEER_S = 20  # on a machine that is busy with more than the MMEs; 0.7 s where nothing else runs
TABLE = "technology,mcc,mnc,lac,tac,cell,name,lat,lon\ngsm,001,01,1,,100,Harbour,38.7,-9.1\n" + "".join(
    f"lte,001,01,,{tac},{0x100 * tac},Site {tac},38.7,-9.1\n" for tac in range(1, MMES + 1))


def memory_mib(daemon: Daemon) -> float:
    """Anonymous: pages of the store's file are the kernel's to take back."""
    status = pathlib.Path(f"/proc/{daemon.process.pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon")) / 1024


class Storm(CbcCase):
    table = TABLE
    tuning = {"request_timeout": "10s"}

    def setUp(self) -> None:
        self.open = contextlib.ExitStack()
        self.addCleanup(self.open.close)
        udp_port = free_udp_port()
        self.mass = self.open.enter_context(subprocess.Popen(
            [binary("peer_mass"), str(MMES), "0", "0", str(udp_port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        self.open.callback(self.mass.stdin.close)
        ports = self.line("ports").split()[2].split(",")
        self.peers = {f"mme-{tac}": {"protocol": "sbcap", "address": "127.0.0.1", "port": int(port), "udp_port": udp_port,
                                     "tracking_areas": [str(tac)]} for tac, port in enumerate(ports, 1)}
        self.peers["bsc-1"] = {"address": "127.0.0.2", "location_areas": ["1"]}
        self.more = {"sbcap": {"transport": "userland", "udp_port": free_udp_port(), "local": ["127.0.0.1"]}}
        super().setUp()

    def line(self, beginning: str) -> str:
        line = self.mass.stdout.readline()
        self.assertTrue(line.startswith(beginning), line)
        return line

    def cells_of(self, alert_id: str) -> list[dict]:
        """All of them, page by page."""
        cells: list[dict] = []
        after = ""
        while after is not None:
            page = self.cbc.control().get(f"/alerts/{alert_id}/cells?limit=10000{after and '&after=' + after}",
                                          timeout_s=60).json()
            cells += page["cells"]
            after = page["next_cells"]
        return cells

    def test_a_hundred_thousand_indications_at_once(self) -> None:
        self.bsc().connect()
        self.line("ready")
        self.up("bsc-1")
        sent = self.send(self.fresh(), wait_s=20)
        serial = 0x4000 | self.code << 4
        begun = time.monotonic()
        self.mass.stdin.write(f"indicate {serial} {EACH}\n")
        self.mass.stdin.flush()
        worst = memory = 0.0
        while self.metric('farol_cbc_indications_total{interface="sbcap"') < MMES * EACH:
            asked = time.monotonic()
            other = self.send(self.fresh(cells=[cell(1, 100)]), wait_s=20)
            self.assertEqual(other["summary"], {"accepted": 1})
            worst, memory = max(worst, time.monotonic() - asked), max(memory, memory_mib(self.cbc))
            self.assertLess(time.monotonic() - begun, 240)
        took = time.monotonic() - begun
        cells = self.cells_of(sent["alert_id"])
        memory = max(memory, memory_mib(self.cbc))
        told = [one for one in cells if one["cell"]["technology"] == "lte" and one["state"] == "scheduled"]
        print(f"{MMES * EACH} indications in {took:.1f} s, another peer in {worst:.2f} s at most, RssAnon {memory:.0f} MiB")
        self.assertEqual(len(told), MMES * EACH)
        self.assertLess(worst, OTHER_PEER_S)
        self.assertLess(memory, RSS_ANON_MIB)


class Deaf(CbcCase):
    """A BSC, an RNC, an MME and an AMF that read nothing more, and a BSC that is well."""
    table = ONE_OF_EACH + "gsm,001,01,3,,300,Pier,38.7,-9.1\n"
    tuning = {"request_timeout": "2s", "attempts": 2}
    ALERTS = 40

    def setUp(self) -> None:
        self.rnc, self.mme, self.amf = OfRnc(), OfMme(), OfAmf()
        for one in (self.rnc, self.mme, self.amf):
            self.addCleanup(one.close)
        self.peers = {one.name: one.config for one in (self.rnc, self.mme, self.amf)} | {
            "bsc-1": {"address": "127.0.0.2", "location_areas": ["1"]},
            "bsc-3": {"address": "127.0.0.4", "location_areas": ["3"]}}
        self.more = settings()
        super().setUp()
        self.well = Bsc(self.cbc.port("cbsp"), source="127.0.0.4", cells=[(3, 300)])
        self.addCleanup(self.well.close)
        self.well.connect()
        self.deaf_bsc = socket.create_connection(("127.0.0.1", self.cbc.port("cbsp")), source_address=("127.0.0.2", 0))
        self.addCleanup(self.deaf_bsc.close)
        for name in ("rnc-1", "mme-1", "amf-1", "bsc-3"):
            self.up(name)

    def test_those_that_read_nothing_harm_nobody(self) -> None:
        self.rnc.sim.read(False)
        self.mme.sim.association.read(False)
        self.amf.go_away()
        listening = socket.create_server(("127.0.0.1", self.amf.sim.server.port))  # takes connections and reads none
        before = memory_mib(self.cbc)
        words = [{"message_identifier": 4370, "language": "en", "text": ("Shelter in the school. " * 80)[:1392].strip()}]
        worst = 0.0
        alerts = []
        for _ in range(self.ALERTS):
            asked = time.monotonic()
            alerts.append(self.send(self.fresh(messages=words))["alert_id"])
            self.well.wait_for(cbsp.WRITE_REPLACE, len(alerts))
            worst = max(worst, time.monotonic() - asked)
        grown = memory_mib(self.cbc) - before
        print(f"the BSC that is well was asked within {worst:.2f} s; RssAnon grew by {grown:.0f} MiB")
        self.wait_states(alerts[-1], {300: "accepted|broadcasting"})
        self.assertLess(worst, OTHER_PEER_S)
        self.assertLess(grown, 40)
        listening.close()
        self.rnc.sim.read(True)
        self.mme.sim.association.read(True)
        self.amf.come_back()
        for one in (self.rnc, self.mme, self.amf):
            wait.until(f"{one.name} holds all", lambda one=one: len(one.held()) == self.ALERTS, 120)


if __name__ == "__main__":
    unittest.main()
