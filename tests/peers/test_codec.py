#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erlang's codec as the peers use it: vectors that Wireshark dissects, messages there and back, and what no peer should send."""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from peers import codec, terms  # noqa: E402
from peers.protocol import NGAP, SBCAP, Field, Message, Raw, octets  # noqa: E402
from peers.terms import Bits  # noqa: E402

PLMN = bytes.fromhex("00f110")
MESSAGE, SERIAL = octets(4370), octets(0x4000)
NAMED = {"Message-Identifier": MESSAGE, "Serial-Number": SERIAL}
NAMED_NGAP = {"MessageIdentifier": MESSAGE, "SerialNumber": SERIAL}
PAGE = bytes.fromhex("01d4f29cde" + "68341a8d46a3d1" * 11 + "0004")  # "Test"
ENB = {"pLMNidentity": PLMN, "eNB-ID": ("macroENB-ID", Bits(0x0019b, 20))}


def tai(code: int) -> dict:
    return {"tai": {"pLMNidentity": PLMN, "tAC": octets(code)}}


def ecgi(cell: int) -> dict:
    return {"pLMNidentity": PLMN, "cell-ID": Bits(cell, 28)}


# Dissected by Wireshark without an objection.
GOLDEN = [
    ("Write-Replace-Warning-Request",
     NAMED | {"Repetition-Period": 30, "Number-of-Broadcasts-Requested": 10, "Data-Coding-Scheme": b"\x01",
              "Warning-Message-Content": PAGE, "Concurrent-Warning-Message-Indicator": "true",
              "Send-Write-Replace-Warning-Indication": "true"},
     "0000008084000008000500021112000b00024000000a0002001e00070002000a0003400101001040560053" + PAGE.hex()
     + "00140001000018400100"),
    ("Write-Replace-Warning-Request",
     {"Message-Identifier": octets(4352), "Serial-Number": octets(0x7000), "List-of-TAIs": [tai(1), tai(2)],
      "Repetition-Period": 0, "Number-of-Broadcasts-Requested": 1, "Warning-Type": b"\x01\x80"},
     "00000033000006000500021100000b00027000000e000e00010000f11000010000f1100002000a00020000000700020001001240020180"),
    ("Write-Replace-Warning-Response", NAMED | {"Cause": 0}, "20000014000003000500021112000b000240000001000100"),
    ("Write-Replace-Warning-Response", NAMED | {"Cause": 0, "Unknown-Tracking-Area-List": [tai(7)]},
     "20000020000004000500021112000b0002400000010001000016400800000000f1100007"),
    ("Stop-Warning-Request", NAMED | {"Send-Stop-Warning-Indication": "true"},
     "00010014000003000500021112000b00024000001a400100"),
    ("Write-Replace-Warning-Indication",
     NAMED | {"Broadcast-Scheduled-Area-List": {"cellId-Broadcast-List": [{"eCGI": ecgi(0x0019b01)}]}},
     "0003401e000003000500021112000b000240000017000b4000000000f1100019b010"),
    ("PWS-Restart-Indication",
     {"Restarted-Cell-List": [ecgi(0x0019b01), ecgi(0x0019b02)], "Global-ENB-ID": ENB, "List-of-TAIs-Restart": [tai(1)]},
     "0005402f000003001e0010010000f1100019b01000f1100019b020001c00080000f110000019b0001f000800000000f1100001"),
    ("PWS-Failure-Indication", {"Failed-Cell-List": [ecgi(0x0019b01)], "Global-ENB-ID": ENB},
     "0006401c00000200210009000000f1100019b010001c00080000f110000019b0"),
    ("Error-Indication", {"Cause": 13}, "00024008000001000140010d"),
]
GOLDEN_NGAP = [
    ("WriteReplaceWarningRequest",
     {"MessageIdentifier": octets(4352), "SerialNumber": octets(0x7000), "RepetitionPeriod": 0, "NumberOfBroadcastsRequested": 1,
      "WarningType": b"\x01\x80"},
     "00330021000005002300021100005f00027000005700020000002f00020001007d40020180"),
    ("PWSCancelRequest", NAMED_NGAP, "0020000f000002002300021112005f00024000"),
    ("PWSCancelRequest", NAMED_NGAP | {"CancelAllWarningMessages": "true"}, "00200014000003002300021112005f00024000000e000100"),
    ("WriteReplaceWarningResponse", NAMED_NGAP, "2033000f000002002300021112005f00024000"),
]


class Vectors(unittest.TestCase):
    def hold(self, protocol, name: str, values: dict, wire: str) -> None:
        with self.subTest(name, wire=wire):
            self.assertEqual(protocol.encode(name, values).hex(), wire)
            message = protocol.decode(bytes.fromhex(wire))
            self.assertEqual(message.name, name)
            self.assertEqual({one.name: one.value for one in message.fields}, values)

    def test_sbcap_as_wireshark_dissects_it(self) -> None:
        for name, values, wire in GOLDEN:
            self.hold(SBCAP, name, values, wire)

    def test_ngap_as_wireshark_dissects_it(self) -> None:
        for name, values, wire in GOLDEN_NGAP:
            self.hold(NGAP, name, values, wire)

    def test_every_truncation_is_refused(self) -> None:
        wire = bytes.fromhex(GOLDEN[3][2])
        for size in range(len(wire)):
            with self.assertRaises(codec.Refused, msg=f"{size} octets"):
                SBCAP.decode(wire[:size])
        with self.assertRaises(codec.Refused):
            SBCAP.decode(wire + b"\0")


class Messages(unittest.TestCase):
    def test_the_procedures_and_elements_are_those_of_the_modules(self) -> None:
        self.assertEqual(len(SBCAP.kinds), 9)
        self.assertEqual(len(NGAP.kinds), 6)
        write = SBCAP.kinds["Write-Replace-Warning-Request"]
        self.assertEqual((write.procedure, write.criticality, len(write.elements)), (0, "reject", 20))
        self.assertEqual([one.name for one in write.elements if one.mandatory],
                         ["Message-Identifier", "Serial-Number", "Repetition-Period", "Number-of-Broadcasts-Requested"])
        self.assertFalse(SBCAP.kinds["Error-Indication"].extensible)

    def test_extensions_travel_in_their_own_container(self) -> None:
        tais = [{"pLMNidentity": PLMN, "tAC-5GS": octets(9, 3)}]
        values = NAMED | {"Cause": 0, "Unknown-5GS-Tracking-Area-List": tais}
        message = SBCAP.decode(SBCAP.encode("Stop-Warning-Response", values))
        self.assertEqual(message.value("Unknown-5GS-Tracking-Area-List"), tais)
        self.assertEqual([one.extension for one in message.fields], [False, False, False, True])

    def test_elements_that_nobody_knows_are_sent_and_seen(self) -> None:
        more = [Field(999, "reject", b"\1\2"), Field(998, "notify", b"", extension=True)]
        message = SBCAP.decode(SBCAP.encode("Stop-Warning-Response", NAMED | {"Cause": 3}, more))
        self.assertEqual(message.names(), ["Message-Identifier", "Serial-Number", "Cause", "999", "998"])
        self.assertEqual((message.fields[3].criticality, message.fields[3].value), ("reject", b"\1\2"))

    def test_a_mandatory_element_that_is_left_out_is_missed(self) -> None:
        message = SBCAP.decode(SBCAP.encode("Stop-Warning-Response", {"Message-Identifier": MESSAGE, "Cause": 0}))
        self.assertEqual(SBCAP.missing(message), ["Serial-Number"])

    def test_octets_that_are_no_value_are_sent_as_they_are(self) -> None:
        wire = SBCAP.encode("Stop-Warning-Response", NAMED | {"Cause": Raw(b"\xff\xff\xff")})
        self.assertIn("00010003ffffff", wire.hex())

    def test_a_value_that_its_type_does_not_have_is_refused(self) -> None:
        with self.assertRaises(codec.Refused):
            SBCAP.encode("Stop-Warning-Response", NAMED | {"Cause": 256})
        with self.assertRaises(codec.Refused):
            codec.encode("sbcap", "No-Such-Type", 1)

    def test_an_open_type_of_several_fragments(self) -> None:
        cells = [{"eCGI": ecgi(number)} for number in range(16384)]
        wire = SBCAP.encode("Write-Replace-Warning-Indication",
                            NAMED | {"Broadcast-Scheduled-Area-List": {"cellId-Broadcast-List": cells}})
        self.assertGreater(len(wire), 7 * 16384)
        scheduled = SBCAP.decode(wire).value("Broadcast-Scheduled-Area-List")
        self.assertEqual(scheduled["cellId-Broadcast-List"], cells)

    def test_a_message_is_told_as_json(self) -> None:
        message: Message = SBCAP.decode(bytes.fromhex(GOLDEN[7][2]))
        self.assertEqual(json.loads(json.dumps(message.plain())), {
            "message": "PWS-Failure-Indication",
            "Failed-Cell-List": [{"pLMNidentity": "00f110", "cell-ID": "0019b01/28"}],
            "Global-ENB-ID": {"pLMNidentity": "00f110", "eNB-ID": {"macroENB-ID": "0019b/20"}}})


class Terms(unittest.TestCase):
    def test_terms_come_back_as_they_went(self) -> None:
        for term in (0, 255, 256, -1, 1 << 40, -(1 << 70), "", "reject", b"", b"\0\xff", [], [1, 2], [b"a"], (), ("cell", {}),
                     Bits(0, 1), Bits(0x0019b01, 28), {"a": [{"b": (1, 2)}]}):
            self.assertEqual(terms.from_octets(terms.to_octets(term)), term)

    def test_whole_octets_of_bits_are_octets(self) -> None:
        self.assertEqual(terms.from_octets(terms.to_octets(Bits(0x4000, 16))), b"\x40\0")


if __name__ == "__main__":
    sys.exit(unittest.main())
