# SPDX-License-Identifier: AGPL-3.0-or-later
"""One sctp_pipe, wherever it runs: lines to it, and lines from it waited for."""
import os
import pathlib
import select
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
VARIANT = f"san-{os.environ['SAN']}" if os.environ.get("SAN") else "plain"
BINARY = ROOT / os.environ.get("BUILD", "build") / VARIANT / "bin/sctp_pipe"
PATIENCE_S = 60


class End:
    def __init__(self, name: str, reader: int, writer: int):
        self.name = name
        self._reader, self._writer = reader, writer
        self._rest = b""
        self.heard: list[str] = []  # all, in order
        self._taken = 0

    def say(self, line: str) -> None:
        os.write(self._writer, line.encode() + b"\n")

    def wait(self, beginning: str, patience_s: float = PATIENCE_S) -> str:
        """The next line that begins so; those before it are passed over."""
        end = time.monotonic() + patience_s
        while True:
            while self._taken < len(self.heard):
                line = self.heard[self._taken]
                self._taken += 1
                if line.startswith(beginning):
                    return line
            left = end - time.monotonic()
            if left <= 0 or not self._hear(left):
                raise AssertionError(f"{self.name}: no \"{beginning}\" within {patience_s} s; heard {self.heard[-12:]}")

    def ask(self, line: str, beginning: str) -> str:
        self.forget()
        self.say(line)
        return self.wait(beginning)

    def forget(self) -> None:
        """What was said before no longer counts."""
        while self._hear(0):
            pass
        self._taken = len(self.heard)

    def paths(self) -> dict[str, list[str]]:
        """Address: [state, primary or other]."""
        self.forget()
        first = len(self.heard)
        self.say("paths")
        self.wait("end")
        told = [line.split() for line in self.heard[first:] if line.startswith("path ")]
        return {words[1]: words[2:] for words in told}

    def _hear(self, timeout_s: float) -> bool:
        if not select.select([self._reader], [], [], timeout_s)[0]:
            return False
        more = os.read(self._reader, 65536)
        if not more:
            return False
        *lines, self._rest = (self._rest + more).split(b"\n")
        self.heard += [line.decode(errors="replace").strip() for line in lines]
        return True


class Process(End):
    """Userland SCTP in a process of this machine."""
    def __init__(self, name: str, udp_port: int, before: list[str] | None = None):
        self.process = subprocess.Popen([*(before or []), BINARY, "userland", str(udp_port)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, bufsize=0)
        super().__init__(name, self.process.stdout.fileno(), self.process.stdin.fileno())
        self.wait("ready")

    def close(self) -> None:
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.process.stdout.close()
