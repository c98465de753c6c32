# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must hold of cbcd and an MME with two paths between them, whoever's SCTP cbcd uses.

A test program has a class from CbcdCases and unittest.TestCase, which says where cbcd and the MME are and starts cbcd.
"""
import pathlib
import sys

import wires

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "scenario")]
from farol import wait  # noqa: E402
from farol.web import TlsClient  # noqa: E402
from peers.mmesim import STOP, WRITE, Mme, key_of  # noqa: E402
from test_cbc import content, decision, request  # noqa: E402

MME_PORT, MME_SOURCE, CBC_PORT = 29169, 29170, 29168
CELL = 0x0019b01
TABLE = f"""technology,mcc,mnc,tac,cell,name,lat,lon
lte,001,01,1,{CELL},Harbour,38.7,-9.1
lte,001,01,2,{CELL + 256},Hill,38.7,-9.1
"""


def settings(cells: str, transport: str, local: tuple[str, ...], mme: tuple[str, ...]) -> dict:
    """mme-1 listens; mme-2, at the same addresses, connects: a case has one of them."""
    return {"cells": cells,
            "peers": {"mme-1": {"protocol": "sbcap", "role": "client", "addresses": list(mme), "port": MME_PORT},
                      "mme-2": {"protocol": "sbcap", "role": "server", "addresses": list(mme)}},
            "cbes": {"national": {"certificate": "farol://test/cbe/national", "codes": "0-255", "identifiers": ["4370-4382"]}},
            "sbcap": {"transport": transport, "listen": list(local), "port": CBC_PORT, "request_timeout": "5s",
                      "heartbeat": "300ms", "rto_min": "100ms", "rto_max": "500ms", "path_retransmissions": 2,
                      "association_retransmissions": 60, "reconnect_first": "200ms", "reconnect_most": "1s"}}


class CbcdCases:
    CBC_HOSTS: tuple[str, ...]
    MME_HOSTS: tuple[str, ...]
    mme_runs: list[str] = []  # before the program of the MME, to have it where MME_HOSTS are
    code = 0

    def client(self, role: str) -> TlsClient:
        """Of cbcd's API."""
        raise NotImplementedError

    def mme(self) -> Mme:
        made = Mme(udp_port=0, before=self.mme_runs)
        self.addCleanup(made.close)
        return made

    def peer(self, name: str) -> dict:
        return self.client("admin").get(f"/peers/{name}", timeout_s=60).json()

    def up(self, name: str) -> None:
        wait.until(f"{name} is up", lambda: self.peer(name)["state"] == "up", 60)

    def paths(self, name: str = "mme-1") -> dict[str, str]:
        return {one["address"]: one["state"] for one in self.peer(name)["paths"]}

    def wait_path(self, host: str, state: str) -> None:
        wait.until(f"the path to {host} is {state}; {self.paths()}", lambda: self.paths()[host] == state, 60)

    def send(self) -> dict:
        type(self).code += 1
        answer = self.client("cbe").post("/alerts/send?wait=20", request(content(self.code)), timeout_s=60)
        self.assertEqual(answer.status, 202, answer.text)
        self.assertEqual(answer.json()["summary"], {"accepted": 2})
        return answer.json()

    def stop(self, sent: dict) -> None:
        body = {"decisions": [decision("stop", "ana")], "digest": sent["digest"]}
        answer = self.client("cbe").post(f"/alerts/{sent['alert_id']}/stop?wait=20", body, timeout_s=60)
        self.assertEqual((answer.status, answer.json().get("state")), (202, "stopped"), answer.text)

    def test_a_path_is_cut_and_the_warnings_take_the_other(self) -> None:
        mme = self.mme()
        mme.listen(MME_PORT, ",".join(self.MME_HOSTS))
        self.up("mme-1")
        for host in self.MME_HOSTS:
            self.wait_path(host, "active")
        first = self.send()
        self.assertEqual(mme.held, {key_of(mme.wait_for(WRITE))})
        primary = next(one["address"] for one in self.peer("mme-1")["paths"] if one["primary"])
        number = self.MME_HOSTS.index(primary)
        wires.unplug(number)
        self.addCleanup(wires.plug, number)
        second = self.send()  # takes the other path, once the first is found to be dead
        mme.wait_for(WRITE, 2)
        self.wait_path(primary, "inactive")
        self.assertEqual((self.peer("mme-1")["state"], mme.ups), ("up", 1))
        self.see_paths({primary: "inactive", self.MME_HOSTS[1 - number]: "active"})
        wires.plug(number)
        self.wait_path(primary, "active")
        for one in (first, second):
            self.stop(one)
        self.assertEqual((mme.held, mme.count(STOP), mme.refused), (set(), 2, []))

    def see_paths(self, states: dict[str, str]) -> None:
        """What else shows them."""

    def test_an_mme_that_begins_its_association_anew_is_written_to_again(self) -> None:
        mme = self.mme()
        self.connect(mme)
        self.up("mme-2")
        sent = self.send()
        written = mme.wait_for(WRITE)
        mme.begin_anew()  # nobody tells cbcd, which has an association with it
        mme.held.clear()
        self.connect(mme)
        again = mme.wait_for(WRITE, 2)
        self.assertEqual(key_of(again), key_of(written))
        self.up("mme-2")
        self.assertIn("farol_sctp_associations{protocol=\"sbcap\",state=\"up\"} 1", self.metrics())
        self.stop(sent)
        self.assertEqual((mme.held, mme.refused), (set(), []))
        self.was_restarted()

    def connect(self, mme: Mme) -> None:
        mme.connect(CBC_PORT, 0, ",".join(self.CBC_HOSTS), ",".join(self.MME_HOSTS), MME_SOURCE)

    def metrics(self) -> str:
        return self.client("monitor").get("/metrics", timeout_s=60).text

    def was_restarted(self) -> None:
        """cbcd says that the association was begun anew, and not that another one came."""
