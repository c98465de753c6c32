#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Has tshark judge the CBSP messages of our encoder: `check_cbsp_tshark.py PROGRAM`, PROGRAM being cbsp_samples.

Each message goes into a TCP segment of its own connection to port 48049. tshark must name the message that was meant,
find nothing malformed and no expert error, and read the very text out of the pages.
"""
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scenario"))
from farol import pcap  # noqa: E402


def complaint(seen: dict, message: str, text: str) -> str:
    if wrong := pcap.objection(seen):
        return f"tshark complains: {wrong}"
    if seen[pcap.INFO].strip() != message:
        return f"tshark takes it for {seen[pcap.INFO]!r}, not {message}"
    if text and pcap.text_of(seen) != text:
        return f"tshark reads {pcap.text_of(seen)!r}, not {text!r}"
    return ""


def samples_of(program: str) -> list[tuple[str, str, bytes, str]]:
    done = subprocess.run([program], stdout=subprocess.PIPE, text=True, check=True)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    return [(name, message, bytes.fromhex(octets), bytes.fromhex(text).decode()) for name, message, octets, text in rows]


def main() -> int:
    samples = samples_of(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        payloads = [octets for _, _, octets, _ in samples] + [pcap.BROKEN]
        seen = pcap.dissect(pathlib.Path(folder) / "samples.pcap", payloads)
    failed = 0
    for (name, message, _, text), one in zip(samples, seen):
        if why := complaint(one, message, text):
            print(f"{name}: {why}")
            failed += 1
    if not seen[-1][pcap.MALFORMED]:
        print("tshark found nothing wrong with a broken message: it judges nothing here")
        failed += 1
    print(f"{len(samples) + 1 - failed} passed, {failed} failed")
    return 1 if failed or len(samples) < 40 else 0


if __name__ == "__main__":
    sys.exit(main())
