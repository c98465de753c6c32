# SPDX-License-Identifier: AGPL-3.0-or-later
"""SCTP for Python: one association at a time, by tests/sctp/sctp_pipe.cc in a process of its own.

Here SCTP goes in UDP on loopback: each process needs a UDP port of its own, and the far end must know ours when it is the one
that connects.
"""
import os
import pathlib
import socket
import subprocess
import threading
from typing import Callable

ROOT = pathlib.Path(__file__).resolve().parents[2]
STARTED_S, ENDED_S = 60, 10


def program() -> pathlib.Path:
    """Of the build that is tested: BUILD and SAN as for make."""
    variant = f"san-{os.environ['SAN']}" if os.environ.get("SAN") else "plain"
    return ROOT / os.environ.get("BUILD", "build") / variant / "bin/sctp_pipe"


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("0.0.0.0", 0))
        return one.getsockname()[1]


class Association:
    """Events come on a thread of its own: on_message(stream, ppid, octets), on_told(line) for all else."""

    def __init__(self, on_message: Callable[[int, int, bytes], None], on_told: Callable[[str], None],
                 udp_port: int | None = None, transport: str = "userland", before: list[str] | None = None) -> None:
        """udp_port: 0 is over IP alone. before: what runs the program, to have it elsewhere."""
        self.udp_port = free_udp_port() if udp_port is None else udp_port
        self.told: list[str] = []  # all but messages, in order
        self._changed = threading.Condition()
        self._on_message, self._on_told = on_message, on_told
        self._saying = threading.Lock()
        self.process = subprocess.Popen([*(before or []), program(), transport, str(self.udp_port)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self.wait_told("ready")
        self.say("show on")

    def listen(self, port: int = 0, hosts: str = "127.0.0.1") -> int:
        """The port."""
        before = sum(line.startswith("listening") for line in self.told)
        self.say(f"listen {port} {hosts}")
        return int(self.wait_told("listening", before + 1).split()[1])

    def connect(self, port: int, udp_port: int, hosts: str = "127.0.0.1", local: str = "-", local_port: int = 0) -> None:
        """Where the far end takes SCTP in UDP is udp_port. local_port: 0 is the system's choice."""
        self.say(f"connect {port} {hosts} {local} {udp_port} {local_port}")

    def send(self, stream: int, ppid: int, octets: bytes) -> None:
        self.say(f"octets {stream} {ppid} {octets.hex()}")

    def read(self, on: bool) -> None:
        self.say(f"read {'on' if on else 'off'}")

    def shut_down(self) -> None:
        self.say("shutdown")

    def abort(self) -> None:
        self.say("drop")

    def die(self) -> None:
        """As by kill -9: the far end hears nothing."""
        self.process.kill()
        self.process.wait()

    def say(self, line: str) -> None:
        with self._saying:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()

    def wait_told(self, beginning: str, number: int = 1, timeout_s: float = STARTED_S) -> str:
        def found() -> list[str]:
            return [line for line in self.told if line.startswith(beginning)][number - 1:number]
        with self._changed:
            if not (lines := self._changed.wait_for(found, timeout_s)):
                raise TimeoutError(f"SCTP: \"{beginning}\" number {number} was not told within {timeout_s} s; {self.told}")
        return lines[0]

    def close(self) -> None:
        try:
            self.process.stdin.close()
            self.process.wait(ENDED_S)
        except BrokenPipeError:
            self.process.wait()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self._thread is not threading.current_thread():
            self._thread.join(ENDED_S)
        self.process.stdout.close()

    def _read(self) -> None:
        for line in self.process.stdout:
            words = line.split()
            if words and words[0] == "octets":
                self._on_message(int(words[1]), int(words[2]), bytes.fromhex(words[3] if len(words) > 3 else ""))
                continue
            with self._changed:
                self.told.append(line.strip())
                self._changed.notify_all()
            self._on_told(line.strip())
