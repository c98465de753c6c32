#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The simulated RNC itself, against a bare connection: it answers as a good RNC does, or as it is told."""
import pathlib
import socket
import sys
import unittest
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from peers.memory import Answer  # noqa: E402
from peers.places import Sabp  # noqa: E402
from peers.protocol import SABP, Message, octets  # noqa: E402
from peers.rncsim import KILL, LOAD, RESET, RESTART, STATUS, WRITE, Rnc, message_size  # noqa: E402

AREAS = [(1, 512), (1, 513)]
LISTED = [Sabp.area(lac, sac) for lac, sac in AREAS]
KEY = {"Message-Identifier": octets(4370), "Old-Serial-Number": octets(0x4000)}
NEW = {"Message-Identifier": octets(4370), "New-Serial-Number": octets(0x4000), "Service-Areas-List": LISTED,
       "Repetition-Period": 30, "Number-of-Broadcasts-Requested": 1, "Data-Coding-Scheme": b"\x01",
       "Broadcast-Message-Content": bytes(84)}


class RncCase(unittest.TestCase):
    def setUp(self) -> None:
        self.rnc = Rnc(AREAS)
        self.addCleanup(self.rnc.close)
        self.centre = socket.create_connection(("127.0.0.1", self.rnc.listen()), timeout=20)
        self.addCleanup(self.centre.close)
        self.waiting = b""
        self.rnc.wait_up()

    def send(self, name: str, values: dict[str, Any]) -> None:
        self.centre.sendall(SABP.encode(name, values))

    def ask(self, name: str, values: dict[str, Any]) -> Message:
        self.send(name, values)
        return self.hear()

    def hear(self) -> Message:
        while (size := message_size(self.waiting)) is None or len(self.waiting) < size:
            more = self.centre.recv(65536)
            self.assertTrue(more, f"the RNC has closed; {self.waiting.hex()} came")
            self.waiting += more
        wire, self.waiting = self.waiting[:size], self.waiting[size:]
        return SABP.decode(wire)

    def counts(self, answer: Message) -> list[tuple[int, int]] | None:
        listed = answer.value("Number-of-Broadcasts-Completed-List")
        return listed and [(Sabp.sac(one["service-area-identifier"]), one["number-of-broadcasts-completed"]) for one in listed]

    def causes(self, answer: Message) -> list[tuple[int, int]]:
        return [(Sabp.sac(one["service-area-identifier"]), one["cause"]) for one in answer.value("Failure-List")]


class Answering(RncCase):
    def test_a_message_is_written_counted_replaced_and_killed(self) -> None:
        written = self.ask(WRITE, NEW)
        self.assertEqual((written.name, self.counts(written)), ("Write-Replace-Complete", [(512, 0), (513, 0)]))
        self.rnc.held[(4370, 0x4000, 512)] = 3
        self.assertEqual(self.counts(self.ask(STATUS, KEY | {"Service-Areas-List": LISTED})), [(512, 3), (513, 0)])
        replaced = self.ask(WRITE, NEW | KEY | {"New-Serial-Number": octets(0x4001)})
        self.assertEqual((replaced.name, self.counts(replaced)), ("Write-Replace-Complete", [(512, 3), (513, 0)]))
        killed = self.ask(KILL, KEY | {"Old-Serial-Number": octets(0x4001), "Service-Areas-List": LISTED})
        self.assertEqual((killed.name, self.counts(killed), self.rnc.held), ("Kill-Complete", [(512, 0), (513, 0)], {}))

    def test_what_it_cannot_do_is_refused_area_by_area(self) -> None:
        self.rnc.refuse[513] = 7
        answer = self.ask(WRITE, NEW | {"Service-Areas-List": [*LISTED, Sabp.area(2, 512), Sabp.area(1, 512, "001-02")]})
        self.assertEqual((answer.name, self.counts(answer)), ("Write-Replace-Failure", [(512, 0)]))
        self.assertEqual(self.causes(answer), [(513, 7), (512, 3), (512, 3)])
        self.assertEqual(self.causes(self.ask(WRITE, NEW)), [(512, 10), (513, 7)])
        answer = self.ask(KILL, KEY | {"Old-Serial-Number": octets(1), "Service-Areas-List": LISTED[:1]})
        self.assertEqual((answer.name, self.causes(answer), self.counts(answer)), ("Kill-Failure", [(512, 2)], None))

    def test_load_and_reset(self) -> None:
        self.rnc.load[512] = 100
        loads = self.ask(LOAD, {"Service-Areas-List": LISTED}).value("Radio-Resource-Loading-List")
        self.assertEqual([one["available-bandwidth"] for one in loads], [100, 20480])
        self.ask(WRITE, NEW)
        reset = self.ask(RESET, {"Service-Areas-List": LISTED[:1]})
        self.assertEqual((reset.name, reset.value("Service-Areas-List")), ("Reset-Complete", LISTED[:1]))
        self.assertEqual(list(self.rnc.held), [(4370, 0x4000, 513)])

    def test_silence_leaves_nothing_behind(self) -> None:
        self.rnc.script.next(WRITE, Answer(silent=True), Answer(octets=b"\0\0"))
        self.send(WRITE, NEW)
        self.send(WRITE, NEW)
        self.assertEqual(self.centre.recv(2), b"\0\0")
        self.rnc.wait_for(WRITE, 2)
        self.assertEqual(self.rnc.held, {})
        self.assertEqual(self.ask(WRITE, NEW).name, "Write-Replace-Complete")


class Telling(RncCase):
    def test_that_areas_restart_or_fail(self) -> None:
        self.rnc.restart()
        self.rnc.restart([(1, 513)], data="available")
        self.rnc.failure([(1, 512)])
        self.rnc.error(13, message=4370)
        told = [self.hear() for _ in range(4)]
        self.assertEqual([(one.name, one.value("Recovery-Indication")) for one in told[:2]],
                         [(RESTART, "data-lost"), (RESTART, "data-available")])
        self.assertEqual((told[0].value("Service-Areas-List"), told[1].value("Service-Areas-List")), (LISTED, LISTED[1:]))
        self.assertEqual((told[2].value("Service-Areas-List"), told[3].number("Cause")), (LISTED[:1], 13))

    def test_the_end_of_a_connection_is_told_and_a_newer_one_takes_its_place(self) -> None:
        newer = socket.create_connection(self.centre.getpeername())
        self.addCleanup(newer.close)
        self.rnc.wait_up(2)
        self.assertEqual(self.centre.recv(1), b"")
        newer.close()
        self.rnc.wait_end(2)
        with self.assertRaises(OSError):
            self.rnc.send_raw(b"\0")


class Framing(unittest.TestCase):
    def test_lengths_of_one_octet_two_and_fragments(self) -> None:
        for body, length in ((5, "05"), (127, "7f"), (128, "8080"), (16383, "bfff")):
            wire = bytes.fromhex("000000" + length) + bytes(body)
            self.assertEqual(message_size(wire), len(wire))
            self.assertEqual(message_size(wire + b"more"), len(wire))
            self.assertIsNone(message_size(wire[:3]))
        wire = bytes.fromhex("000000c4") + bytes(65536) + b"\xc1" + bytes(16384) + b"\x80\x81" + bytes(129)
        self.assertEqual(message_size(wire), len(wire))
        self.assertIsNone(message_size(wire[:65540]))
        for wrong in (0xC0, 0xC5, 0xFF):
            with self.assertRaises(ValueError):
                message_size(bytes([0, 0, 0, wrong]))

    def test_a_message_of_many_areas_is_as_long_as_erlang_makes_it(self) -> None:
        for count in (1, 20, 2000, 20000):
            wire = SABP.encode(RESET, {"Service-Areas-List": [Sabp.area(1, sac) for sac in range(count)]})
            self.assertEqual(message_size(wire + b"\0\0"), len(wire))


if __name__ == "__main__":
    sys.exit(unittest.main())
