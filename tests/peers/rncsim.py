# SPDX-License-Identifier: AGPL-3.0-or-later
"""An RNC that speaks SABP (TS 25.419) over TCP by Erlang's codec, well or badly, as it is told.

    with Rnc(areas=[(1, 512), (1, 513)]) as rnc:         location area code, service area code
        port = rnc.listen()                              the centre connects to it
        rnc.connect(port, source="127.0.0.2")            or the other way round
        write = rnc.wait_for(WRITE)                      a protocol.Message
        rnc.refuse[513] = 7                              from now on this area has no memory
        rnc.script.next(KILL, Answer(silent=True))
        rnc.restart(data="lost")
        rnc.failure([(1, 513)])

Usual answers, per service area: cause 3 where it has no such area, 10 for a serial number that is on the air already, 2 for one
that is not; what is on the air is `rnc.held`, (message, serial, service area code) to the number of broadcasts.
"""
import socket
import threading
from typing import Any

from .peer import Peer, Usual
from .places import PLMN, Sabp
from .protocol import SABP, Message, octets

PORT = 3452
WRITE, KILL, STATUS, LOAD, RESET = "Write-Replace", "Kill", "Message-Status-Query", "Load-Query", "Reset"
RESTART, FAILURE, ERROR = "Restart", "Failure", "Error-Indication"
NOT_IDENTIFIED, NO_SUCH_AREA, ALREADY_USED = 2, 3, 10
FRAGMENT = 16384
BANDWIDTH = 20480  # bit/s: all of it


def message_size(begun: bytes) -> int | None:
    """Octets of the first message; None: more must come to know. By the length of the open type (X.691 §11.9)."""
    at = 3  # which outcome, procedure code, criticality
    while len(begun) > at:
        first = begun[at]
        if first < 0x80:
            return at + 1 + first
        if first < 0xC0:
            return at + 2 + ((first & 0x3F) << 8 | begun[at + 1]) if len(begun) > at + 1 else None
        if not 1 <= first & 0x3F <= 4:
            raise ValueError(f"no length begins with {first:#x}")
        at += 1 + (first & 0x3F) * FRAGMENT
    return None


class Rnc(Peer):
    def __init__(self, areas: list[tuple[int, int]], network: str = PLMN, name: str = "rnc") -> None:
        super().__init__(name, SABP)
        self.areas = {sac: lac for lac, sac in areas}
        self.network = network
        self.held: dict[tuple[int, int, int], int] = {}
        self.refuse: dict[int, int] = {}  # service area code to cause
        self.load: dict[int, int] = {}  # service area code to available bandwidth
        self.greeting: bytes | None = None
        self.ups = self.ends = 0
        self._listener: socket.socket | None = None
        self._connection: socket.socket | None = None
        self._reader: threading.Thread | None = None
        self._reading = threading.Event()
        self._reading.set()

    # The connection: one at a time, a newer one takes the place of the older

    def listen(self, host: str = "127.0.0.1", port: int = 0) -> int:
        self._listener = socket.create_server((host, port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()
        return self._listener.getsockname()[1]

    def connect(self, port: int, source: str = "127.0.0.1", host: str = "127.0.0.1") -> "Rnc":
        self._serve(socket.create_connection((host, port), timeout=10, source_address=(source, 0)))
        return self

    def disconnect(self, reset: bool = False) -> None:
        """`reset`: as a process that was killed with octets unread, by RST."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            else:
                connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        connection.close()

    def go_away(self) -> None:
        """It resets its connection and listens no more. What it holds stays as it is."""
        self._port = self._stop_listening()
        self.disconnect(reset=True)

    def come_back(self) -> None:
        """It listens where it did."""
        self.listen(port=self._port)

    def _stop_listening(self) -> int:
        port = self._listener.getsockname()[1]
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._listener = None
        return port

    def read(self, on: bool) -> None:
        """Off: what comes next is left in the socket, but for what is being waited for already."""
        self._reading.set() if on else self._reading.clear()

    def wait_up(self, number: int = 1) -> None:
        self.received.wait_until(f"connection number {number}", lambda: self.ups >= number)

    def wait_end(self, number: int = 1) -> None:
        self.received.wait_until(f"end number {number} of a connection", lambda: self.ends >= number)

    def close(self) -> None:
        if self._listener is not None:
            self._stop_listening()
        self.read(True)
        self.disconnect()
        if self._reader is not None:
            self._reader.join(10)
        super().close()

    def send_raw(self, wire: bytes) -> None:
        connection = self._connection
        if connection is None:
            raise BrokenPipeError(f"{self.name} is not connected")
        connection.sendall(wire)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self._serve(connection)

    def _serve(self, connection: socket.socket) -> None:
        self.disconnect()
        connection.settimeout(None)
        self._connection = connection
        self._reader = threading.Thread(target=self._read, args=(connection,), daemon=True)
        self._reader.start()
        if self.greeting is not None:
            self.send_raw(self.greeting)
        self.ups += 1
        self.received.touch()

    def _read(self, connection: socket.socket) -> None:
        waiting = b""
        while True:
            self._reading.wait()
            try:
                more = connection.recv(65536)
            except OSError:
                more = b""
            if not more:
                if self._connection is connection:
                    self.disconnect()
                self.ends += 1
                return self.received.touch()
            waiting += more
            while (size := message_size(waiting)) is not None and len(waiting) >= size:
                wire, waiting = waiting[:size], waiting[size:]
                self.hear(wire)

    # What it sends of itself

    def greet(self, data: str = "lost") -> None:
        """From now on it says at each connect which areas it has, and whether their data is there."""
        self.greeting = self.protocol.encode(RESTART, {"Service-Areas-List": self._listed(None),
                                                       "Recovery-Indication": f"data-{data}"})

    def restart(self, areas: list[tuple[int, int]] | None = None, data: str | None = "lost", **how: Any) -> None:
        """data: lost, available, or None to say neither. What it holds stays as it is."""
        self.send(RESTART, {"Service-Areas-List": self._listed(areas), "Recovery-Indication": data and f"data-{data}"}, **how)

    def failure(self, areas: list[tuple[int, int]] | None = None, **how: Any) -> None:
        self.send(FAILURE, {"Service-Areas-List": self._listed(areas)}, **how)

    def error(self, cause: int | None = None, message: int | None = None, serial: int | None = None, **how: Any) -> None:
        self.send(ERROR, {"Message-Identifier": None if message is None else octets(message),
                          "Serial-Number": None if serial is None else octets(serial), "Cause": cause}, **how)

    def _listed(self, areas: list[tuple[int, int]] | None) -> list[dict[str, bytes]]:
        chosen = [(lac, sac) for sac, lac in self.areas.items()] if areas is None else areas
        return [Sabp.area(lac, sac, self.network) for lac, sac in chosen]

    # What it answers

    def usual(self, request: Message) -> Usual | None:
        return {WRITE: self._write, KILL: self._kill, STATUS: self._status, LOAD: self._load,
                RESET: self._reset}.get(request.name, lambda _request: None)(request)

    def _cause(self, area: dict[str, bytes]) -> int | None:
        """Why it does nothing there, whatever is asked."""
        sac = Sabp.sac(area)
        known = sac in self.areas and area == Sabp.area(self.areas[sac], sac, self.network)
        return self.refuse.get(sac) if known else NO_SUCH_AREA

    def _each(self, request: Message, cause_of: Any) -> tuple[list[dict], list[dict]]:
        """The areas that it does it for, and the Failure-List of the others."""
        done, failed = [], []
        for area in request.value("Service-Areas-List"):
            cause = self._cause(area)
            cause = cause_of(Sabp.sac(area)) if cause is None else cause
            if cause is None:
                done.append(area)
            else:
                failed.append({"service-area-identifier": area, "cause": cause})
        return done, failed

    @staticmethod
    def _named(request: Message, *names: str) -> dict[str, Any]:
        return {name: request.value(name) for name in names}

    @staticmethod
    def _outcome(request: Message, values: dict[str, Any], listed: dict[str, list], failed: list[dict], effect: Any) -> Usual:
        """Complete when all areas did it, else Failure; lists that are empty are left out."""
        values = values | {name: some for name, some in listed.items() if some}
        if failed:
            return Usual(f"{request.name}-Failure", values | {"Failure-List": failed}, effect)
        return Usual(f"{request.name}-Complete", values, effect)

    def _counts(self, areas: list[dict], message: int, serial: int | None) -> dict[str, list]:
        counts = [{"service-area-identifier": area,
                   "number-of-broadcasts-completed": self.held.get((message, serial, Sabp.sac(area)), 0)} for area in areas]
        return {"Number-of-Broadcasts-Completed-List": counts}

    def _write(self, request: Message) -> Usual:
        message, new, old = (request.number(name) for name in ("Message-Identifier", "New-Serial-Number", "Old-Serial-Number"))

        def cause(sac: int) -> int | None:
            if (message, new, sac) in self.held:
                return ALREADY_USED
            return NOT_IDENTIFIED if old is not None and (message, old, sac) not in self.held else None
        done, failed = self._each(request, cause)

        def keep(_values: dict[str, Any]) -> None:
            for sac in map(Sabp.sac, done):
                self.held.pop((message, old, sac), None)
                self.held[(message, new, sac)] = 0
        return self._outcome(request, self._named(request, "Message-Identifier", "New-Serial-Number"),
                             self._counts(done, message, old), failed, keep)

    def _kill(self, request: Message) -> Usual:
        return self._about_held(request, forgets=True)

    def _status(self, request: Message) -> Usual:
        return self._about_held(request, forgets=False)

    def _about_held(self, request: Message, forgets: bool) -> Usual:
        message, serial = request.number("Message-Identifier"), request.number("Old-Serial-Number")
        done, failed = self._each(request, lambda sac: None if (message, serial, sac) in self.held else NOT_IDENTIFIED)

        def forget(_values: dict[str, Any]) -> None:
            for sac in map(Sabp.sac, done if forgets else []):
                self.held.pop((message, serial, sac), None)
        return self._outcome(request, self._named(request, "Message-Identifier", "Old-Serial-Number"),
                             self._counts(done, message, serial), failed, forget)

    def _load(self, request: Message) -> Usual:
        done, failed = self._each(request, lambda _sac: None)
        loads = [{"service-area-identifier": area, "available-bandwidth": self.load.get(Sabp.sac(area), BANDWIDTH)}
                 for area in done]
        return self._outcome(request, {}, {"Radio-Resource-Loading-List": loads}, failed, lambda _values: None)

    def _reset(self, request: Message) -> Usual:
        done, failed = self._each(request, lambda _sac: None)

        def forget(_values: dict[str, Any]) -> None:
            gone = set(map(Sabp.sac, done))
            self.held = {key: count for key, count in self.held.items() if key[2] not in gone}
        return self._outcome(request, {}, {"Service-Areas-List": done}, failed, forget)
