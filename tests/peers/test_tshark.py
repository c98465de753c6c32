#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the peers send is what Wireshark knows: every message of each protocol, and it does object to what is none."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from peers import ngap_lists, tshark  # noqa: E402
from peers.places import Ngap, Sabp, Sbcap  # noqa: E402
from peers.protocol import NGAP, SABP, SBCAP, Protocol, octets  # noqa: E402

NAMED = {"Message-Identifier": octets(4370), "Serial-Number": octets(0x4000)}
NAMED_NGAP = {"MessageIdentifier": octets(4370), "SerialNumber": octets(0x4000)}
CELL, AREAS = Sbcap.ecgi(0x0019b01), [Sabp.area(1, 512), Sabp.area(1, 513)]
ON_AIR = [{"service-area-identifier": one, "number-of-broadcasts-completed": 3} for one in AREAS]
FAILED = [{"service-area-identifier": one, "cause": 7} for one in AREAS]
LOADS = [{"service-area-identifier": one, "available-bandwidth": 100} for one in AREAS]
OLD = {"Message-Identifier": octets(4370), "Old-Serial-Number": octets(0x4000)}
NEW = {"Message-Identifier": octets(4370), "New-Serial-Number": octets(0x4001)}
COUNTED, REFUSED = {"Number-of-Broadcasts-Completed-List": ON_AIR}, {"Failure-List": FAILED}
EVERYWHERE = {"Service-Areas-List": AREAS}

ALL_SBCAP = [
    ("Write-Replace-Warning-Request",
     NAMED | {"Repetition-Period": 30, "Number-of-Broadcasts-Requested": 1, "Warning-Message-Content": bytes(1246),
              "Warning-Area-List": ("cell-ID-List", [CELL] * 300)}),
    ("Write-Replace-Warning-Response", NAMED | {"Cause": 4, "Unknown-Tracking-Area-List": Sbcap.tai_items([7, 8])}),
    ("Stop-Warning-Request", NAMED | {"Stop-All-Indicator": "true"}),
    ("Stop-Warning-Response", NAMED | {"Cause": 0, "Unknown-5GS-Tracking-Area-List": [Sbcap.tai5(1)]}),
    ("Write-Replace-Warning-Indication", NAMED | {"Broadcast-Scheduled-Area-List": {
        "tAI-Broadcast-List": [{"tAI": Sbcap.tai(1), "scheduledCellinTAI": [{"eCGI": CELL}]}]}}),
    ("Stop-Warning-Indication", NAMED | {"Broadcast-Empty-Area-List": [Sbcap.enb(1)], "Broadcast-Cancelled-Area-List": {
        "cellID-Cancelled-List": [{"eCGI": CELL, "numberOfBroadcasts": 9}]}}),
    ("PWS-Restart-Indication",
     {"Restarted-Cell-List": [CELL], "Global-ENB-ID": Sbcap.enb(0x19b), "List-of-TAIs-Restart": Sbcap.tai_items([1]),
      "List-of-EAIs-Restart": [octets(42, 3)], "Restarted-Cell-List-NR": [Sbcap.ncgi(0x10)]}),
    ("PWS-Failure-Indication", {"Failed-Cell-List": [CELL], "Global-ENB-ID": Sbcap.enb(0x19b)}),
    ("Error-Indication",
     {"Cause": 13, "Criticality-Diagnostics": {"procedureCode": 0, "triggeringMessage": "initiating-message"}}),
]
ALL_NGAP = [
    ("WriteReplaceWarningRequest",
     NAMED_NGAP | {"RepetitionPeriod": 131071, "NumberOfBroadcastsRequested": 1, "ConcurrentWarningMessageInd": "true",
                   "WarningAreaList": ("tAIListForWarning", [Ngap.tai(1)] * 300)}),
    ("WriteReplaceWarningResponse", NAMED_NGAP | {"BroadcastCompletedAreaList": ngap_lists.completed(True, tais={1: [0x10]})}),
    ("PWSCancelRequest", NAMED_NGAP | {"CancelAllWarningMessages": "true"}),
    ("PWSCancelResponse", NAMED_NGAP | {"BroadcastCancelledAreaList": ngap_lists.cancelled(False, areas={42: {0x19b01: 7}})}),
    ("PWSRestartIndication",
     {"CellIDListForRestart": ngap_lists.cells_of(True, "CGIListforRestart", [0x10]), "GlobalRANNodeID": Ngap.gnb(1),
      "TAIListForRestart": [Ngap.tai(1)]}),
    ("PWSFailureIndication",
     {"PWSFailedCellIDList": ngap_lists.cells_of(False, "CGI-PWSFailedList", [0x19b01]), "GlobalRANNodeID": Ngap.gnb(1)}),
]
ALL_SABP = [
    ("Write-Replace", NEW | OLD | EVERYWHERE | {"Repetition-Period": 30, "Number-of-Broadcasts-Requested": 1,
                                                "Data-Coding-Scheme": b"\x01", "Broadcast-Message-Content": bytes(1246)}),
    ("Write-Replace-Complete", NEW | COUNTED), ("Write-Replace-Failure", NEW | REFUSED | COUNTED),
    ("Kill", OLD | EVERYWHERE), ("Kill-Complete", OLD | COUNTED), ("Kill-Failure", OLD | REFUSED),
    ("Load-Query", EVERYWHERE), ("Load-Query-Complete", {"Radio-Resource-Loading-List": LOADS}), ("Load-Query-Failure", REFUSED),
    ("Message-Status-Query", OLD | EVERYWHERE), ("Message-Status-Query-Complete", OLD | COUNTED),
    ("Message-Status-Query-Failure", OLD | REFUSED), ("Reset", EVERYWHERE), ("Reset-Complete", EVERYWHERE),
    ("Reset-Failure", REFUSED), ("Restart", EVERYWHERE | {"Recovery-Indication": "data-lost"}), ("Failure", EVERYWHERE),
    ("Error-Indication", {"Cause": 12, "Message-Identifier": octets(4370)}),
]


class Judged(unittest.TestCase):
    def judge(self, protocol: Protocol, messages: list) -> list[tshark.Seen]:
        self.assertEqual({name for name, _ in messages}, set(protocol.kinds), "a message of the protocol is not here")
        wires = [protocol.encode(name, values) for name, values in messages]
        *seen, broken = tshark.dissect(protocol.module, [*wires, wires[0][:-1]])
        self.assertTrue(broken.objection, "tshark finds nothing wrong with a broken message: it judges nothing")
        self.assertEqual([(name, one.objection) for (name, _), one in zip(messages, seen) if one.objection], [])
        return seen

    def test_sbcap(self) -> None:
        seen = self.judge(SBCAP, ALL_SBCAP)
        self.assertEqual([one.info for one in seen], [name for name, _ in ALL_SBCAP])

    def test_ngap(self) -> None:
        seen = self.judge(NGAP, ALL_NGAP)
        self.assertEqual([one.info for one in seen], [name for name, _ in ALL_NGAP])

    def test_sabp(self) -> None:
        self.judge(SABP, ALL_SABP)


if __name__ == "__main__":
    sys.exit(unittest.main())
