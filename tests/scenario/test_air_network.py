#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The demo network itself: a CBSP request written by hand here, in no daemon's code, is heard on the virtual radio."""
import pathlib
import socket
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import air, radio  # noqa: E402

SERIAL = 0x4000
MESSAGE_ID = 4370
# WRITE-REPLACE without its content: identifier, new serial number, all cells, basic channel, normal category, repetition
# period 12 slots, 100 broadcasts, one page, coding 0x0f (TS 48.049 §8.1.3.1).
HEAD = bytes.fromhex("0e1112 034000 04000106 1200 0502 06000c 070064 1301 0c0f")
# KILL: identifier, old serial number, all cells, basic channel.
KILL = bytes.fromhex("04 00000c 0e1112 024000 04000106 1200")
WRITE_REPLACE, WRITE_REPLACE_COMPLETE, KILL_COMPLETE = 0x01, 0x02, 0x05
PERIOD_S = 12 * 1.883


def packed(text: str) -> bytes:
    bits = sum(ord(char) << (7 * index) for index, char in enumerate(text.ljust(93, "\r")))
    return bits.to_bytes(82, "little")


def write_replace(text: str) -> bytes:
    body = HEAD + b"\x01\x52" + packed(text)
    return bytes([WRITE_REPLACE]) + len(body).to_bytes(3, "big") + body


def receive(link: socket.socket) -> tuple[int, bytes]:
    def exactly(octets: int) -> bytes:
        data = b""
        while len(data) < octets:
            more = link.recv(octets - len(data))
            if not more:
                raise ConnectionError("the BSC closed the connection")
            data += more
        return data
    header = exactly(4)
    return header[0], exactly(int.from_bytes(header[1:], "big"))


def receive_until(link: socket.socket, kind: int) -> bytes:
    while True:
        got, body = receive(link)
        if got == kind:
            return body


class AirNetwork(unittest.TestCase):
    def test_a_page_written_by_hand_is_heard_until_it_is_killed(self) -> None:
        text = "Farol: this is heard on the air"
        with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 48049)) as server, \
                air.Network(pathlib.Path(folder)) as network:
            server.settimeout(30)
            link, _ = server.accept()
            with link:
                link.settimeout(30)
                link.sendall(write_replace(text))
                receive_until(link, WRITE_REPLACE_COMPLETE)
                heard = network.radio.wait_text(text, timeout_s=2 * PERIOD_S)
                self.assertIsNotNone(heard, network.logs())
                self.assertEqual((heard.serial, heard.message_id, heard.pages), (SERIAL, MESSAGE_ID, 1))

                link.sendall(KILL)
                receive_until(link, KILL_COMPLETE)
                self.assertTrue(network.radio.silent(SERIAL, PERIOD_S * 1.2))
            self.assertIn(radio.Found(SERIAL, MESSAGE_ID, text), radio.tshark_messages(network.radio.capture_path))


if __name__ == "__main__":
    air.enter_network()
    unittest.main()
