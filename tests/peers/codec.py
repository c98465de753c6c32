# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erlang's codec for the simulated peers: one process of it (codec.erl) for a test program, started when it is first asked.

    codec.decode("sbcap", "SBC-AP-PDU", octets)      a value as terms.py has them; Refused when it is none
    codec.encode("sbcap", "Cause", 3)

What Erlang compiled of asn1/*.asn is kept in the build folder, under a name that changes with the sources. Threads may ask at the
same time.
"""
import atexit
import hashlib
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
from typing import Any

from . import terms

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests/vectors/asn1"))
import check_asn1_erlang as modules  # noqa: E402

COMPILED = ROOT / os.environ.get("BUILD", "build") / "plain/gen/peers"
COMPILE_S, END_S = 120, 10
LONGEST_ANSWER = 64 * 1024 * 1024


class Refused(ValueError):
    """Erlang's codec did not take it: octets that are no PDU, a value that the type does not have."""


def compiled() -> pathlib.Path:
    """The folder with the codec; made when it is not yet there."""
    sources = sorted([*modules.MODULES.glob("*.asn"), HERE / "codec.erl", HERE / "raw.asn"])
    digest = hashlib.sha256(b"".join(one.name.encode() + one.read_bytes() for one in sources)).hexdigest()[:16]
    folder = COMPILED / digest
    if not folder.exists():
        COMPILED.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=COMPILED) as made:
            _compile(pathlib.Path(made) / digest)
            try:
                os.rename(pathlib.Path(made) / digest, folder)
            except OSError:  # another test was quicker
                assert folder.exists()
    return folder


def _compile(out: pathlib.Path) -> None:
    out.mkdir()
    modules.compile_modules(out, "+maps", "+undec_rest")
    shutil.copy(HERE / "raw.asn", out / "Raw.asn")  # Erlang wants the name of the module
    for command in (["erlc", "-bper", "+maps", "Raw.asn"], ["erlc", str(HERE / "codec.erl")]):
        subprocess.run(command, cwd=out, check=True, timeout=COMPILE_S)


class Codec:
    """One Erlang process. Tests use the functions below, which share one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Not standard input and output: those Erlang has for its own purposes.
        theirs_in, to_codec = os.pipe()
        from_codec, theirs_out = os.pipe()
        self._process = subprocess.Popen(
            ["erl", "+S", "1:1", "-boot", "start_clean", "-noinput", "-noshell", "-pa", str(compiled()), "-run", "codec", "main",
             str(theirs_in), str(theirs_out)], stdin=subprocess.DEVNULL, pass_fds=(theirs_in, theirs_out))
        os.close(theirs_in)
        os.close(theirs_out)
        self._requests, self._answers = open(to_codec, "wb"), open(from_codec, "rb")
        atexit.register(self.close)

    def ask(self, *request: Any) -> Any:
        octets = terms.to_octets(request)
        with self._lock:
            self._requests.write(struct.pack(">I", len(octets)) + octets)
            self._requests.flush()
            size = struct.unpack(">I", self._read(4))[0]
            assert size <= LONGEST_ANSWER, f"an answer of {size} octets"
            verdict, value = terms.from_octets(self._read(size))
        if verdict != "ok":
            raise Refused(value.decode(errors="replace"))
        return value

    def _read(self, size: int) -> bytes:
        octets = self._answers.read(size)
        if len(octets) < size:
            raise EOFError(f"Erlang's codec has ended ({self._process.poll()})")
        return octets

    def close(self) -> None:
        self._requests.close()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._answers.close()
        atexit.unregister(self.close)


_shared: Codec | None = None
_starting = threading.Lock()


def ask(*request: Any) -> Any:
    global _shared  # pylint: disable=global-statement
    with _starting:
        _shared = _shared or Codec()
    return _shared.ask(*request)


def start() -> None:
    """So that the first answer of a peer need not wait for Erlang."""
    ask("encode", "Raw", "Criticality", "reject")


def decode(module: str, type_name: str, octets: bytes) -> Any:
    return ask("decode", module, type_name, octets)


def encode(module: str, type_name: str, value: Any) -> bytes:
    return ask("encode", module, type_name, value)
