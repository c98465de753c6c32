#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The simulated MME itself, against a bare association: it answers as a good MME does, or as it is told."""
import pathlib
import sys
import unittest
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from peers.association import Association  # noqa: E402
from peers.memory import Answer, Memory  # noqa: E402
from peers.mmesim import ERROR, PPID, STOP, WRITE, Mme  # noqa: E402
from peers.networks import LteNetwork  # noqa: E402
from peers.places import Sbcap, plmn, plmn_text  # noqa: E402
from peers.protocol import SBCAP, Field, Message, Raw, octets  # noqa: E402

WRITTEN, STOPPED = "Write-Replace-Warning-Response", "Stop-Warning-Response"
KEY = (4370, 0x4000)
NAMED = {"Message-Identifier": octets(4370), "Serial-Number": octets(0x4000)}
ONCE = NAMED | {"Repetition-Period": 30, "Number-of-Broadcasts-Requested": 1}


class Centre:
    """As little of a CBC as will do."""

    def __init__(self) -> None:
        self.octets: Memory[bytes] = Memory("centre", bytes.hex)
        self.association = Association(lambda _stream, _ppid, wire: self.octets.add(wire), lambda _line: None)

    def send(self, name: str, values: dict[str, Any]) -> None:
        self.association.send(0, PPID, SBCAP.encode(name, values))

    def wait(self, number: int) -> bytes:
        return self.octets.wait("anything", lambda _: True, number)

    def hear(self, number: int) -> Message:
        return SBCAP.decode(self.wait(number))


class MmeCase(unittest.TestCase):
    def setUp(self) -> None:
        self.mme = Mme()
        self.addCleanup(self.mme.close)
        self.centre = Centre()
        self.addCleanup(self.centre.association.close)
        self.associate()

    def associate(self) -> None:
        port = self.mme.listen()
        self.centre.association.connect(port, self.mme.udp_port)
        self.centre.association.wait_told("up")
        self.mme.wait_up()


class Answering(MmeCase):
    def test_a_warning_is_accepted_and_stopped_once(self) -> None:
        self.centre.send(WRITE, ONCE)
        written = self.centre.hear(1)
        self.assertEqual((written.name, written.number("Cause"), written.number("Serial-Number")), (WRITTEN, 0, 0x4000))
        self.assertEqual(self.mme.wait_for_key(WRITE, KEY).number("Repetition-Period"), 30)
        self.assertEqual(self.mme.held, {KEY})
        for number, cause in ((2, 0), (3, 3)):
            self.centre.send(STOP, NAMED)
            stopped = self.centre.hear(number)
            self.assertEqual((stopped.name, stopped.number("Cause")), (STOPPED, cause))
        self.assertEqual((self.mme.count(WRITE), self.mme.count(STOP)), (1, 2))

    def test_stop_all_stops_all(self) -> None:
        self.centre.send(WRITE, ONCE)
        self.centre.send(WRITE, ONCE | {"Serial-Number": octets(0x4010)})
        self.centre.send(STOP, NAMED | {"Serial-Number": octets(0), "Stop-All-Indicator": "true"})
        self.assertEqual(self.centre.hear(3).number("Cause"), 0)
        self.assertEqual(self.mme.held, set())

    def test_a_refusal_and_unknown_areas_as_scripted_then_as_usual(self) -> None:
        unknown = Sbcap.tai_items([7, 8])
        self.mme.script.next(WRITE, Answer(values={"Cause": 4}), Answer(values={"Unknown-Tracking-Area-List": unknown}))
        for _ in range(3):
            self.centre.send(WRITE, ONCE)
        self.assertEqual([self.centre.hear(number).number("Cause") for number in (1, 2, 3)], [4, 0, 0])
        self.assertEqual(self.centre.hear(2).value("Unknown-Tracking-Area-List"), unknown)
        self.assertEqual(self.centre.hear(3).names(), ["Message-Identifier", "Serial-Number", "Cause"])

    def test_silence_garbage_another_message_and_elements_left_out_wrong_or_unknown(self) -> None:
        self.mme.script.next(WRITE, Answer(silent=True), Answer(octets=b"\xff\0"), Answer(name=STOPPED),
                             Answer(values={"Cause": None}), Answer(values={"Cause": Raw(b"\x00\x00")}),
                             Answer(more=[Field(999, "reject", b"\1")]), Answer(values={"Serial-Number": octets(5)}))
        for _ in range(7):
            self.centre.send(WRITE, ONCE)
        self.assertEqual(self.centre.wait(1), b"\xff\0")
        self.assertEqual(self.centre.hear(2).name, STOPPED)
        self.assertEqual(SBCAP.missing(self.centre.hear(3)), ["Cause"])
        self.assertIn("000100020000", self.centre.wait(4).hex())
        self.assertEqual(self.centre.hear(5).fields[-1], Field(999, "reject", b"\1"))
        self.assertEqual(self.centre.hear(6).number("Serial-Number"), 5)

    def test_a_late_answer_comes_after_those_that_were_asked_later(self) -> None:
        self.mme.script.next(WRITE, Answer(delay_s=0.5, values={"Cause": 7}))
        self.centre.send(WRITE, ONCE)
        self.centre.send(WRITE, ONCE)
        self.assertEqual([self.centre.hear(number).number("Cause") for number in (1, 2)], [0, 7])

    def test_octets_that_are_no_message_are_kept_and_not_answered(self) -> None:
        self.centre.association.send(0, PPID, b"\0\1\2")
        self.centre.association.send(0, 60, SBCAP.encode(STOP, NAMED))
        self.centre.hear(1)
        self.assertEqual([wire for wire, _ in self.mme.refused], [b"\0\1\2"])
        self.assertEqual(self.mme.wrong_ppid, [60])


class Telling(MmeCase):
    def associate(self) -> None:
        self.mme.connect(self.centre.association.listen(), self.centre.association.udp_port)
        self.mme.wait_up()

    def test_where_a_warning_is_on_the_air_in_three_forms_and_in_none(self) -> None:
        self.mme.scheduled(KEY, cells=[0x0019b01, 0x0019b02])
        self.mme.scheduled(KEY, tais={1: [0x0019b01], 2: [0x0019c01]})
        self.mme.scheduled(KEY, areas={42: [0x0019b01]})
        self.mme.scheduled(KEY)
        lists = [self.centre.hear(number).value("Broadcast-Scheduled-Area-List") for number in (1, 2, 3, 4)]
        self.assertEqual(lists[0], {"cellId-Broadcast-List": [{"eCGI": Sbcap.ecgi(0x0019b01)}, {"eCGI": Sbcap.ecgi(0x0019b02)}]})
        self.assertEqual([one["tAI"] for one in lists[1]["tAI-Broadcast-List"]], [Sbcap.tai(1), Sbcap.tai(2)])
        self.assertEqual(lists[2]["emergencyAreaID-Broadcast-List"][0]["emergencyAreaID"], b"\0\0\x2a")
        self.assertIsNone(lists[3])

    def test_what_was_cancelled_with_counts_and_where_nothing_was(self) -> None:
        self.mme.cancelled(KEY, cells={0x0019b01: 3}, tais={1: {0x0019b01: 4}}, areas={42: {0x0019b01: 65535}}, empty=[0x19c])
        told = self.centre.hear(1)
        listed = told.value("Broadcast-Cancelled-Area-List")
        self.assertEqual(listed["cellID-Cancelled-List"], [{"eCGI": Sbcap.ecgi(0x0019b01), "numberOfBroadcasts": 3}])
        self.assertEqual(listed["tAI-Cancelled-List"][0]["cancelledCellinTAI"][0]["numberOfBroadcasts"], 4)
        self.assertEqual(listed["emergencyAreaID-Cancelled-List"][0]["cancelledCellinEAI"][0]["numberOfBroadcasts"], 65535)
        self.assertEqual(told.value("Broadcast-Empty-Area-List"), [Sbcap.enb(0x19c)])

    def test_cells_that_restart_or_fail_and_errors(self) -> None:
        self.mme.restart(0x19b, [0x0019b01], [1], areas=[42])
        self.mme.restart(0x19b, [0x0019b01], [1], without=("List-of-TAIs-Restart",), criticality="reject")
        self.mme.failure(0x19b, [0x0019b01], more=[Field(1000, "notify", b"")])
        self.mme.error(13)
        told = [self.centre.hear(number) for number in (1, 2, 3, 4)]
        self.assertEqual(told[0].value("List-of-EAIs-Restart"), [b"\0\0\x2a"])
        self.assertEqual((SBCAP.missing(told[1]), told[1].criticality), (["List-of-TAIs-Restart"], "reject"))
        self.assertEqual(told[2].names(), ["Failed-Cell-List", "Global-ENB-ID", "1000"])
        self.assertEqual((told[3].name, told[3].number("Cause")), (ERROR, 13))

    def test_it_ends_in_order_or_not(self) -> None:
        self.mme.association.shut_down()
        self.assertEqual(self.mme.wait_closed(), "shut down by us")
        self.centre.association.wait_told("closed closed by the peer")
        self.associate()
        self.mme.wait_up(2)
        self.mme.association.abort()
        self.centre.association.wait_told("closed", 2)

    def test_while_it_does_not_read_it_does_not_answer(self) -> None:
        self.centre.association.wait_told("up")
        self.mme.association.read(False)
        self.mme.error(1)  # obeyed after the line above
        self.centre.hear(1)
        self.centre.send(WRITE, ONCE)
        self.mme.error(2)
        self.assertEqual(self.centre.hear(2).name, ERROR)
        self.assertEqual(self.mme.count(WRITE), 0)
        self.mme.association.read(True)
        self.assertEqual(self.centre.hear(3).name, WRITTEN)


class WithNetwork(MmeCase):
    def setUp(self) -> None:
        super().setUp()
        self.mme.network = LteNetwork({1: [0x0019b01, 0x0019b02], 2: [0x0019c01]})

    def indicated(self, number: int, element: str) -> dict[str, Any]:
        return self.centre.hear(number).value(element)

    def test_it_indicates_the_cells_that_a_request_is_about_and_what_it_does_not_know(self) -> None:
        wanted = {"Send-Write-Replace-Warning-Indication": "true"}
        self.centre.send(WRITE, ONCE | wanted | {"List-of-TAIs": Sbcap.tai_items([1, 7])})
        self.assertEqual(self.centre.hear(1).value("Unknown-Tracking-Area-List"), Sbcap.tai_items([7]))
        by_tai = self.indicated(2, "Broadcast-Scheduled-Area-List")["tAI-Broadcast-List"]
        self.assertEqual([(one["tAI"], len(one["scheduledCellinTAI"])) for one in by_tai], [(Sbcap.tai(1), 2)])
        cells = [Sbcap.ecgi(0x0019c01), Sbcap.ecgi(0x0019fff)]
        self.centre.send(WRITE, ONCE | wanted | {"Warning-Area-List": ("cell-ID-List", cells)})
        self.assertEqual(self.indicated(4, "Broadcast-Scheduled-Area-List"), {"cellId-Broadcast-List": [{"eCGI": cells[0]}]})
        areas = {"Warning-Area-List": ("emergency-Area-ID-List", [octets(42, 3)]), "List-of-TAIs": Sbcap.tai_items([2])}
        self.centre.send(STOP, NAMED | areas | {"Send-Stop-Warning-Indication": "true"})
        by_area = self.indicated(6, "Broadcast-Cancelled-Area-List")["emergencyAreaID-Cancelled-List"]
        self.assertEqual(by_area, [{"emergencyAreaID": octets(42, 3),
                                    "cancelledCellinEAI": [{"eCGI": cells[0], "numberOfBroadcasts": 1}]}])

    def test_it_indicates_nothing_that_nobody_asked_for_or_that_was_refused(self) -> None:
        self.centre.send(WRITE, ONCE)
        self.centre.send(STOP, NAMED | {"Serial-Number": octets(1), "Send-Stop-Warning-Indication": "true"})
        self.centre.send(STOP, NAMED)
        self.assertEqual([self.centre.hear(number).number("Cause") for number in (1, 2, 3)], [0, 3, 0])


class Plmn(unittest.TestCase):
    def test_a_network_in_three_octets(self) -> None:
        for text, wire in (("001-01", "00f110"), ("310-410", "130014"), ("901-70", "09f107")):
            self.assertEqual((plmn(text).hex(), plmn_text(plmn(text))), (wire, text))


if __name__ == "__main__":
    sys.exit(unittest.main())
