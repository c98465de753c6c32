# SPDX-License-Identifier: AGPL-3.0-or-later
"""An MME that speaks SBc-AP (TS 29.168) over SCTP by Erlang's codec, well or badly, as it is told.

    with Mme() as mme:
        port = mme.listen()                              the centre connects to it, SCTP in UDP to mme.udp_port
        mme.connect(port, udp_port)                      or the other way round
        write = mme.wait_for(WRITE)                      a protocol.Message
        mme.script.next(WRITE, Answer(values={"Cause": 4}), Answer(silent=True))
        mme.script.always(STOP, Answer(delay_s=2))
        mme.scheduled(write, cells=[0x0019b01])          Write-Replace-Warning-Indication
        mme.restart(enb=0x19b, cells=[0x0019b01], tacs=[1])
        mme.send_raw(b"\\xff")

Usual answers: cause 0; to a stop of what was not written cause 3 (valid message not identified). With a network,
Mme(network=LteNetwork({1: [0x0019b01]})), it names tracking areas that are unknown there, and sends the indications that it is
asked for, of the cells that the request is about.
"""
from typing import Any

from .association import Association
from .networks import LteNetwork
from .peer import Peer, Usual
from .places import Sbcap
from .protocol import SBCAP, Message, octets

PORT, PPID, STREAM = 29168, 24, 0
WRITE, STOP, ERROR = "Write-Replace-Warning-Request", "Stop-Warning-Request", "Error-Indication"
RESPONSES = {WRITE: "Write-Replace-Warning-Response", STOP: "Stop-Warning-Response"}
ACCEPTED, NOT_IDENTIFIED = 0, 3
Key = tuple[int, int]  # message identifier, serial number


class Mme(Peer):
    def __init__(self, udp_port: int | None = None, name: str = "mme", network: LteNetwork | None = None,
                 before: list[str] | None = None) -> None:
        """udp_port and before are the Association's."""
        super().__init__(name, SBCAP)
        self.wrong_ppid: list[int] = []
        self.held: set[Key] = set()
        self.network = network
        self.broadcasts = 1  # what each cell has done of a warning when it is stopped
        self.ups = 0
        self.closed: list[str] = []  # reasons, one for each end of an association
        self._before = before
        self.association = Association(self._arrived, self._told, udp_port, before=before)
        self._listens: tuple[int, str] | None = None

    # The association

    @property
    def udp_port(self) -> int:
        return self.association.udp_port

    def listen(self, port: int = 0, hosts: str = "127.0.0.1") -> int:
        self._listens = self.association.listen(port, hosts), hosts
        return self._listens[0]

    def connect(self, port: int, udp_port: int, hosts: str = "127.0.0.1", local: str = "-", local_port: int = 0) -> "Mme":
        self.association.connect(port, udp_port, hosts, local, local_port)
        return self

    def go_away(self) -> None:
        """It aborts its association, and nobody listens there any more. What it holds stays as it is."""
        self.association.abort()
        self.association.wait_told("dropped")
        self.association.close()

    def come_back(self) -> None:
        """It listens where it did."""
        self.begin_anew()
        self.listen(*self._listens)

    def begin_anew(self) -> None:
        """As a process that was killed and is started again: nobody was told, and it knows of no association."""
        self.association.die()
        self.association.close()
        self.association = Association(self._arrived, self._told, self.udp_port, before=self._before)

    def wait_up(self, number: int = 1) -> None:
        self.received.wait_until(f"association number {number} is up", lambda: self.ups >= number, 60)

    def wait_closed(self, number: int = 1) -> str:
        self.received.wait_until(f"end number {number} of an association", lambda: len(self.closed) >= number, 60)
        return self.closed[number - 1]

    def close(self) -> None:
        self.association.close()
        super().close()

    def wait_for_key(self, name: str, key: Key, number: int = 1) -> Message:
        return self.received.wait(f"{name} of {key}", lambda one: one.name == name and key_of(one) == key, number)

    # What it sends

    def send_raw(self, wire: bytes, stream: int = STREAM, ppid: int = PPID) -> None:
        self.association.send(stream, ppid, wire)

    def scheduled(self, of: Message | Key, cells: list[int] | None = None, tais: dict[int, list[int]] | None = None,
                  areas: dict[int, list[int]] | None = None, nr: list[int] | None = None, **how: Any) -> None:
        """Write-Replace-Warning-Indication: cells by themselves, by tracking area code, by emergency area; cells of NR. None: no
        list."""
        listed = {}
        if cells is not None:
            listed["cellId-Broadcast-List"] = _scheduled(cells)
        if tais is not None:
            listed["tAI-Broadcast-List"] = [{"tAI": Sbcap.tai(tac), "scheduledCellinTAI": _scheduled(inside)}
                                            for tac, inside in tais.items()]
        if areas is not None:
            listed["emergencyAreaID-Broadcast-List"] = [
                {"emergencyAreaID": octets(area, 3), "scheduledCellinEAI": _scheduled(inside)} for area, inside in areas.items()]
        values: dict[str, Any] = {"Broadcast-Scheduled-Area-List": listed} if listed else {}
        if nr is not None:
            values["Broadcast-Scheduled-Area-List-5GS"] = {
                "cellId-Broadcast-List-5GS": [{"nR-CGI": Sbcap.ncgi(one)} for one in nr]}
        self._indicate("Write-Replace-Warning-Indication", of, values, how)

    def cancelled(self, of: Message | Key, cells: dict[int, int] | None = None, tais: dict[int, dict[int, int]] | None = None,
                  areas: dict[int, dict[int, int]] | None = None, empty: list[int] | None = None, **how: Any) -> None:
        """Stop-Warning-Indication: cell to number of broadcasts, the same by area; `empty`: eNBs where nothing was on the air."""
        listed: dict[str, Any] = {}
        if cells is not None:
            listed["cellID-Cancelled-List"] = _cancelled(cells)
        if tais is not None:
            listed["tAI-Cancelled-List"] = [{"tAI": Sbcap.tai(tac), "cancelledCellinTAI": _cancelled(inside)}
                                            for tac, inside in tais.items()]
        if areas is not None:
            listed["emergencyAreaID-Cancelled-List"] = [
                {"emergencyAreaID": octets(area, 3), "cancelledCellinEAI": _cancelled(inside)} for area, inside in areas.items()]
        values = {"Broadcast-Cancelled-Area-List": listed} if listed else {}
        if empty:
            values["Broadcast-Empty-Area-List"] = [Sbcap.enb(one) for one in empty]
        self._indicate("Stop-Warning-Indication", of, values, how)

    def restart(self, enb: int, cells: list[int], tacs: list[int], areas: list[int] | None = None, **how: Any) -> None:
        values = {"Restarted-Cell-List": [Sbcap.ecgi(one) for one in cells], "Global-ENB-ID": Sbcap.enb(enb),
                  "List-of-TAIs-Restart": Sbcap.tai_items(tacs)}
        if areas:
            values["List-of-EAIs-Restart"] = [octets(one, 3) for one in areas]
        self.send("PWS-Restart-Indication", values, **how)

    def failure(self, enb: int, cells: list[int], **how: Any) -> None:
        values = {"Failed-Cell-List": [Sbcap.ecgi(one) for one in cells], "Global-ENB-ID": Sbcap.enb(enb)}
        self.send("PWS-Failure-Indication", values, **how)

    def error(self, cause: int | None = None, diagnostics: dict[str, Any] | None = None, **how: Any) -> None:
        self.send(ERROR, {"Cause": cause, "Criticality-Diagnostics": diagnostics}, **how)

    def _indicate(self, name: str, of: Message | Key, values: dict[str, Any], how: dict[str, Any]) -> None:
        self.send(name, _named(of if isinstance(of, tuple) else key_of(of)) | values, **how)

    # What comes

    def _arrived(self, _stream: int, ppid: int, wire: bytes) -> None:
        if ppid != PPID:
            self.wrong_ppid.append(ppid)
        self.hear(wire)

    def _told(self, line: str) -> None:
        if line.startswith("up"):
            self.ups += 1
        elif line.startswith("closed"):
            self.closed.append(line.removeprefix("closed "))
        self.received.touch()

    def usual(self, request: Message) -> Usual | None:
        if request.name not in RESPONSES:
            return None
        key, stops_all = key_of(request), request.value("Stop-All-Indicator") is not None
        stops_unknown = request.name == STOP and key not in self.held and not stops_all

        def keep(values: dict[str, Any]) -> None:
            if values["Cause"] != ACCEPTED:
                return
            if request.name == WRITE:
                self.held.add(key)
            elif stops_all:
                self.held.clear()
            else:
                self.held.discard(key)
        values = _named(key) | {"Cause": NOT_IDENTIFIED if stops_unknown else ACCEPTED}
        if self.network is not None:
            values["Unknown-Tracking-Area-List"] = self.network.unknown_items(request) or None
        return Usual(RESPONSES[request.name], values, keep, lambda values: self._indicate_if_asked(request, values))

    def _indicate_if_asked(self, request: Message, values: dict[str, Any]) -> None:
        if self.network is None or values["Cause"] != ACCEPTED:
            return
        told = self.network.told(request)
        if request.value("Send-Write-Replace-Warning-Indication"):
            self.scheduled(request, **told)
        elif request.value("Send-Stop-Warning-Indication"):
            self.cancelled(request, **self.network.counted(told, self.broadcasts))


def key_of(message: Message) -> Key:
    return message.number("Message-Identifier"), message.number("Serial-Number")


def _named(key: Key) -> dict[str, bytes]:
    return {"Message-Identifier": octets(key[0]), "Serial-Number": octets(key[1])}


def _scheduled(cells: list[int]) -> list[dict[str, Any]]:
    return [{"eCGI": Sbcap.ecgi(one)} for one in cells]


def _cancelled(cells: dict[int, int]) -> list[dict[str, Any]]:
    return [{"eCGI": Sbcap.ecgi(cell), "numberOfBroadcasts": count} for cell, count in cells.items()]
