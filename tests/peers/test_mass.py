#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""peer_mass, asked by the simplest of centres: it tells when all of its peers were asked, and indicates when it is told to."""
import contextlib
import pathlib
import socket
import subprocess
import sys
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "scenario")]
from farol import bsc as cbsp  # noqa: E402
from farol.daemon import binary  # noqa: E402
from peers import multipart  # noqa: E402
from peers.amfsim import API  # noqa: E402
from peers.association import free_udp_port  # noqa: E402
from peers.http2 import Client  # noqa: E402
from peers.mmesim import STOP, WRITE  # noqa: E402
from peers.protocol import octets  # noqa: E402
from peers.test_amfsim import CANCEL_PDU, PDU, transfer  # noqa: E402
from peers.test_mmesim import NAMED, ONCE, Centre  # noqa: E402

PEERS_EACH = 2
SERIAL = 0x4000


def fixed(*values: tuple[int, int]) -> bytes:
    return b"".join(cbsp.fixed(tag, value) for tag, value in values)


WRITE_BSC = cbsp.encode(
    cbsp.WRITE_REPLACE, fixed((cbsp.MESSAGE_ID, 4370), (cbsp.NEW_SERIAL, SERIAL)), cbsp.ALL_CELLS,
    fixed((cbsp.CHANNEL, 0), (cbsp.CATEGORY, 2), (cbsp.PERIOD, 30), (cbsp.BROADCASTS, 1), (cbsp.PAGES, 1), (cbsp.CODING, 1)),
    bytes([cbsp.CONTENT, 4]) + bytes(82))
KILL_BSC = cbsp.encode(cbsp.KILL, fixed((cbsp.MESSAGE_ID, 4370), (cbsp.OLD_SERIAL, SERIAL)), cbsp.ALL_CELLS,
                       fixed((cbsp.CHANNEL, 0)))


class Mass(unittest.TestCase):
    def setUp(self) -> None:
        self.udp_port = free_udp_port()
        self.open = contextlib.ExitStack()
        self.addCleanup(self.open.close)
        self.process = self.open.enter_context(subprocess.Popen(
            [binary("peer_mass"), *[str(PEERS_EACH)] * 3, str(self.udp_port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True))
        self.open.callback(self.process.stdin.close)
        words = self.line("ports").split()
        self.ports = {kind: [int(one) for one in ports.split(",")] for kind, ports in zip(words[1::2], words[2::2])}
        self.mmes = [self.mme(port) for port in self.ports["mme"]]
        self.amfs = [self.opened(Client("127.0.0.1", port)) for port in self.ports["amf"]]
        self.bscs = [self.opened(socket.create_connection(("127.0.0.1", port))) for port in self.ports["bsc"]]

    def opened(self, one):
        self.open.callback(one.close)
        return one

    def mme(self, port: int) -> Centre:
        centre = Centre()
        self.opened(centre.association)
        centre.association.connect(port, self.udp_port)
        centre.association.wait_told("up")
        return centre

    def line(self, beginning: str) -> str:
        line = self.process.stdout.readline()
        self.assertTrue(line.startswith(beginning), line)
        return line

    def ask_amfs(self, procedure: int, pdu: bytes) -> None:
        content_type, body = multipart.join(transfer(procedure), {"n": pdu})
        for amf in self.amfs:
            self.assertEqual(amf.ask("POST", f"{API}/transfer", {"content-type": content_type}, body).status, 200)

    def subscribe(self) -> None:
        body = b'{"n2InformationClass":"PWS-RF","n2NotifyCallbackUri":"http://127.0.0.1:1/"}'
        for amf in self.amfs * 2:
            self.assertEqual(amf.ask("POST", f"{API}/subscriptions", {"content-type": "application/json"}, body).status, 201)

    def ask_bscs(self, message: bytes, answer: int) -> None:
        for bsc in self.bscs:
            bsc.sendall(message)
            self.assertEqual(bsc.recv(1, socket.MSG_WAITALL)[0], answer)
            bsc.recv(int.from_bytes(bsc.recv(3, socket.MSG_WAITALL), "big"), socket.MSG_WAITALL)

    def test_all_are_asked_and_answer(self) -> None:
        self.ask_bscs(cbsp.encode(cbsp.KEEP_ALIVE, fixed((cbsp.KEEP_ALIVE_PERIOD, 20))), cbsp.KEEP_ALIVE_COMPLETE)
        self.subscribe()
        self.line("ready")
        for mme in self.mmes:
            mme.send(WRITE, ONCE)
        self.ask_amfs(51, PDU)
        self.ask_bscs(WRITE_BSC, cbsp.WRITE_REPLACE_COMPLETE)
        _, serial, first, last = self.line("written").split()
        self.assertEqual(int(serial), SERIAL)
        self.assertLess(int(first), int(last))
        self.assertEqual([mme.hear(1).number("Cause") for mme in self.mmes], [0, 0])

        for mme in self.mmes:
            mme.send(STOP, NAMED)
        self.ask_amfs(32, CANCEL_PDU)
        self.ask_bscs(KILL_BSC, cbsp.KILL_COMPLETE)
        self.line(f"stopped {SERIAL} ")
        for mme in self.mmes:
            self.assertEqual(mme.hear(2).name, "Stop-Warning-Response")

        self.process.stdin.write(f"indicate {SERIAL} 100\n")
        self.process.stdin.flush()
        told = [mme.hear(number) for mme in self.mmes for number in range(3, 103)]
        cells = {one.value("Broadcast-Scheduled-Area-List")["cellId-Broadcast-List"][0]["eCGI"]["cell-ID"] for one in told}
        self.assertEqual((len(cells), {one.value("Serial-Number") for one in told}), (200, {octets(SERIAL)}))


if __name__ == "__main__":
    sys.exit(unittest.main())
