#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Has tshark judge the CBSP messages of our encoder: `check_cbsp_tshark.py PROGRAM`, PROGRAM being cbsp_samples.

Each message goes into a TCP segment of its own connection to port 48049. tshark must name the message that was meant,
find nothing malformed and no expert error, and read the very text out of the pages.
"""
import pathlib
import struct
import subprocess
import sys
import tempfile

CBSP_PORT = 48049
LINKTYPE_RAW = 101  # packets begin with the IP header
AGGREGATOR = "\x1f"
FIELDS = ("_ws.malformed", "_ws.expert", "_ws.col.Info", "cbsp.cb_page_content")


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


def write_pcap(path: pathlib.Path, payloads: list[bytes]) -> None:
    with path.open("wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 0x40000, LINKTYPE_RAW))
        for number, payload in enumerate(payloads):
            octets = packet(payload, 20000 + number)
            out.write(struct.pack("<IIII", number, 0, len(octets), len(octets)) + octets)


def dissect(path: pathlib.Path) -> list[dict]:
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", f"aggregator={AGGREGATOR}"]
    for field in FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8", check=True)
    return [dict(zip(FIELDS, line.split("\t"))) for line in done.stdout.splitlines()]


def text_of(pages: str) -> str:
    """The pages as tshark shows them: CR and LF as escapes, padding at the end of each page."""
    parts = [page.replace("\\r", "\r").replace("\\n", "\n").rstrip("\r") for page in pages.split(AGGREGATOR)]
    return "".join(parts)


def complaint(seen: dict, message: str, text: str) -> str:
    if seen["_ws.malformed"] or seen["_ws.expert"]:
        return f"tshark complains: {seen['_ws.malformed']} {seen['_ws.expert']}"
    if seen["_ws.col.Info"].strip() != message:
        return f"tshark takes it for {seen['_ws.col.Info']!r}, not {message}"
    if text and text_of(seen["cbsp.cb_page_content"]) != text:
        return f"tshark reads {text_of(seen['cbsp.cb_page_content'])!r}, not {text!r}"
    return ""


def samples_of(program: str) -> list[tuple[str, str, bytes, str]]:
    done = subprocess.run([program], stdout=subprocess.PIPE, text=True, check=True)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    return [(name, message, bytes.fromhex(octets), bytes.fromhex(text).decode()) for name, message, octets, text in rows]


def main() -> int:
    samples = samples_of(sys.argv[1])
    broken = bytes.fromhex("1000000404000206")  # a list that is longer than its message: tshark must complain
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "samples.pcap"
        write_pcap(path, [octets for _, _, octets, _ in samples] + [broken])
        seen = dissect(path)
    failed = 0
    if len(seen) != len(samples) + 1:
        print(f"tshark shows {len(seen)} messages of {len(samples) + 1}")
        failed = 1
    for (name, message, _, text), one in zip(samples, seen):
        if why := complaint(one, message, text):
            print(f"{name}: {why}")
            failed += 1
    if seen and not seen[-1]["_ws.malformed"]:
        print("tshark found nothing wrong with a broken message: it judges nothing here")
        failed += 1
    print(f"{len(samples) + 1 - failed} passed, {failed} failed")
    return 1 if failed or len(samples) < 40 else 0


if __name__ == "__main__":
    sys.exit(main())
