# SPDX-License-Identifier: AGPL-3.0-or-later
"""CBSP messages judged by tshark: each goes into a TCP segment of its own connection to port 48049, so that no message
depends on how another was read."""
import pathlib
import struct
import subprocess

CBSP_PORT = 48049
LINKTYPE_RAW = 101  # packets begin with the IP header
FIRST_PORT, PORTS = 20000, 28000
AGGREGATOR = "\x1f"
MALFORMED, EXPERT, INFO, PAGES = FIELDS = ("_ws.malformed", "_ws.expert", "_ws.col.Info", "cbsp.cb_page_content")
BROKEN = bytes.fromhex("1000000404000206")  # a list that is longer than its message: tshark must complain


def checksum(octets: bytes) -> int:
    if len(octets) % 2:
        octets += b"\x00"
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packet(payload: bytes, source_port: int) -> bytes:
    """IPv4 and TCP around the payload, with right checksums: a wrong one would be an expert error."""
    source, destination = bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])
    tcp = struct.pack(">HHIIBBHHH", source_port, CBSP_PORT, 1, 1, 0x50, 0x18, 0xFFFF, 0, 0) + payload
    pseudo = source + destination + struct.pack(">BBH", 0, 6, len(tcp))
    tcp = tcp[:16] + struct.pack(">H", checksum(pseudo + tcp)) + tcp[18:]
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0, source, destination)
    return ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:] + tcp


def write(path: pathlib.Path, payloads: list[bytes]) -> None:
    assert len(payloads) <= PORTS, "every message needs a port of its own"
    with path.open("wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 0x40000, LINKTYPE_RAW))
        for number, payload in enumerate(payloads):
            octets = packet(payload, FIRST_PORT + number)
            out.write(struct.pack("<IIII", number, 0, len(octets), len(octets)) + octets)


def dissect(path: pathlib.Path, payloads: list[bytes]) -> list[dict]:
    """What tshark finds in each: its FIELDS by name."""
    write(path, payloads)
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", f"aggregator={AGGREGATOR}"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", check=True)
    seen = [dict(zip(FIELDS, line.split("\t"))) for line in done.stdout.splitlines()]
    if len(seen) != len(payloads):
        raise ValueError(f"tshark shows {len(seen)} messages of {len(payloads)}")
    return seen


def objection(seen: dict) -> str:
    """What tshark finds wrong with a message; empty: nothing."""
    return " ".join(seen[field] for field in (MALFORMED, EXPERT) if seen[field])


def text_of(seen: dict) -> str:
    """The pages as tshark shows them: CR and LF as escapes, padding at the end of each page."""
    parts = [page.replace("\\r", "\r").replace("\\n", "\n").rstrip("\r") for page in seen[PAGES].split(AGGREGATOR)]
    return "".join(parts)
