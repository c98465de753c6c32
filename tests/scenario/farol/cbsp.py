# SPDX-License-Identifier: AGPL-3.0-or-later
"""Captures CBSP on loopback and lets tshark judge every message of it."""
import collections
import json
import pathlib
import signal
import subprocess

from . import wait

WARNING_AND_WORSE = 0x00600000  # severities of tshark's experts
READY_WITHIN_S = 20


class Capture:
    """tshark on loopback from start to stop; `with Capture(file, port) as capture: …; capture.judge()`."""

    def __init__(self, path: pathlib.Path, port: int) -> None:
        self.path, self.port = path, port
        self._said = path.with_suffix(".log")
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> "Capture":
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(["tshark", "-i", "lo", "-w", self.path, "-f", f"tcp port {self.port}"],
                                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said)
        wait.until("tshark captures", lambda: self.path.exists() and self.path.stat().st_size > 0, READY_WITHIN_S)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(READY_WITHIN_S)
            self._process = None

    def judge(self) -> tuple[collections.Counter, list[str]]:
        """Of what the centre sent: how many messages of each type, and what tshark objects to. Call it after the end."""
        fields = ("frame.number", "cbsp.msg_type", "_ws.malformed", "_ws.expert.severity", "_ws.expert.message")
        done = subprocess.run(
            ["tshark", "-r", self.path, "-d", f"tcp.port=={self.port},cbsp", "-Y", f"cbsp && tcp.srcport=={self.port}",
             "-T", "json", *(word for field in fields for word in ("-e", field))],
            capture_output=True, text=True, check=True)
        types, objections = collections.Counter(), []
        for row in json.loads(done.stdout or "[]"):
            layers = row["_source"]["layers"]
            types.update(int(one, 0) for one in layers.get(fields[1], []))
            worst = max((int(one, 0) for one in layers.get(fields[3], [])), default=0)
            if fields[2] in layers or worst >= WARNING_AND_WORSE:
                objections.append(f"frame {layers[fields[0]][0]}: {layers.get(fields[4], ['malformed'])}")
        return types, objections
