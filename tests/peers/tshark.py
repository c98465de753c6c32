# SPDX-License-Identifier: AGPL-3.0-or-later
"""What tshark says of messages of SBc-AP, NGAP and SABP: a second judge beside Erlang's codec.

    seen = tshark.dissect("sbcap", [message.raw for message in mme.received.all()])
    assert not any(one.objection for one in seen)
    seen[0].info                                 "Write-Replace-Warning-Request" and what else its column says

Each message is handed to its dissector as it is, without any transport (Wireshark's "upper PDU" captures).
"""
import dataclasses
import pathlib
import struct
import subprocess
import tempfile

TAG_NAME, TAG_TABLE, TAG_VALUE, TAG_END = 12, 14, 32, 0
# SBc-AP's dissector has no name of its own: it is found by SCTP's payload protocol identifier.
DISSECTORS = {"sbcap": [(TAG_TABLE, b"sctp.ppi"), (TAG_VALUE, struct.pack(">I", 24))], "ngap": [(TAG_NAME, b"ngap")],
              "sabp": [(TAG_NAME, b"sabp")]}
LINKTYPE_UPPER_PDU = 252
SEPARATOR = "\x1f"
FIELDS = ("_ws.malformed", "_ws.expert", "_ws.col.Info")
TSHARK_S = 120


@dataclasses.dataclass(frozen=True)
class Seen:
    objection: str  # empty: nothing wrong
    info: str
    fields: tuple[tuple[str, ...], ...]  # of those that were asked for, each as often as it occurs


def dissect(protocol: str, messages: list[bytes], fields: tuple[str, ...] = ()) -> list[Seen]:
    if not messages:
        return []
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "messages.pcap"
        _write(path, DISSECTORS[protocol], messages)
        command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", f"aggregator={SEPARATOR}"]
        for field in (*FIELDS, *fields):
            command += ["-e", field]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", check=True,
                              timeout=TSHARK_S)
    lines = done.stdout.splitlines()
    assert len(lines) == len(messages), f"tshark shows {len(lines)} messages of {len(messages)}"
    return [_seen(line.split("\t")) for line in lines]


def _seen(columns: list[str]) -> Seen:
    malformed, expert, info, *rest = columns
    fields = tuple(tuple(one.split(SEPARATOR)) if one else () for one in rest)
    return Seen(" ".join(filter(None, (malformed, expert))), info, fields)


def _write(path: pathlib.Path, dissector: list[tuple[int, bytes]], messages: list[bytes]) -> None:
    head = b""
    for tag, value in (*dissector, (TAG_END, b"")):
        padded = value + bytes(-len(value) % 4)
        head += struct.pack(">HH", tag, len(padded)) + padded
    with path.open("wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 0x40000, LINKTYPE_UPPER_PDU))
        for number, message in enumerate(messages):
            octets = head + message
            out.write(struct.pack("<IIII", number, 0, len(octets), len(octets)) + octets)
