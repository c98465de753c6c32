# SPDX-License-Identifier: AGPL-3.0-or-later
"""A BSC that speaks CBSP (TS 48.049) with a codec of its own, and that can be told to misbehave.

    bsc = Bsc(port, source="127.0.0.2", cells=[(1, 100), (1, 101)])
    bsc.connect()
    write = bsc.wait_for(WRITE_REPLACE)
    bsc.refuse[101] = 0x08            before the next request: this cell says "BSC memory exceeded"
    bsc.mute.add(KILL)                never answers these
    bsc.send(bytes.fromhex("ff00"))   anything at all
    bsc.names_by = LAC_CI             how its answers name cells; a request may name them as it likes
    bsc.loads[100] = (80, 20)         LOAD QUERY's answer for this cell
    bsc.drx                           what SET-DRX asked for: (schedule period, reserved slots)
"""
import dataclasses
import socket
import struct
import threading

WRITE_REPLACE, WRITE_REPLACE_COMPLETE, WRITE_REPLACE_FAILURE = 0x01, 0x02, 0x03
KILL, KILL_COMPLETE, KILL_FAILURE = 0x04, 0x05, 0x06
LOAD_QUERY, LOAD_QUERY_COMPLETE, LOAD_QUERY_FAILURE = 0x07, 0x08, 0x09
STATUS_QUERY, STATUS_QUERY_COMPLETE, STATUS_QUERY_FAILURE = 0x0A, 0x0B, 0x0C
SET_DRX, SET_DRX_COMPLETE, SET_DRX_FAILURE = 0x0D, 0x0E, 0x0F
RESET, RESET_COMPLETE, RESET_FAILURE = 0x10, 0x11, 0x12
RESTART, FAILURE, ERROR_INDICATION = 0x13, 0x14, 0x15
KEEP_ALIVE, KEEP_ALIVE_COMPLETE = 0x16, 0x17

CONTENT, OLD_SERIAL, NEW_SERIAL, CELL_LIST, CATEGORY, PERIOD, BROADCASTS = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07
COMPLETED_LIST, FAILURE_LIST, LOAD_LIST, CAUSE, CODING, RECOVERY, MESSAGE_ID = 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E
EMERGENCY, WARNING_TYPE, SECURITY, CHANNEL, PAGES, TYPE = 0x0F, 0x10, 0x11, 0x12, 0x13, 0x16
SCHEDULE, SLOTS, WARNING_PERIOD, KEEP_ALIVE_PERIOD = 0x14, 0x15, 0x17, 0x18
FIXED = {CONTENT: 83, OLD_SERIAL: 2, NEW_SERIAL: 2, CATEGORY: 1, PERIOD: 2, BROADCASTS: 2, CAUSE: 1, CODING: 1, RECOVERY: 1,
         MESSAGE_ID: 2, EMERGENCY: 1, WARNING_TYPE: 2, SECURITY: 50, CHANNEL: 1, PAGES: 1, TYPE: 1, WARNING_PERIOD: 1,
         KEEP_ALIVE_PERIOD: 1, SCHEDULE: 1, SLOTS: 1}
WITH_LENGTH = {CELL_LIST, COMPLETED_LIST, FAILURE_LIST, LOAD_LIST}
CGI, LAC_CI, CI, LAI, LAC, ALL = 0, 1, 2, 4, 5, 6  # how cells are named
NAME_OCTETS = {CGI: 7, LAC_CI: 4, CI: 2, LAI: 5, LAC: 2}
PLMN = bytes.fromhex("00f110")  # 001-01
ALL_CELLS = bytes.fromhex("04000106")
NOT_IDENTIFIED, ALREADY_USED = 0x02, 0x0D


@dataclasses.dataclass(frozen=True)
class Pdu:
    type: int
    elements: list[tuple[int, bytes]]
    raw: bytes

    def value(self, tag: int) -> bytes | None:
        return next((value for one, value in self.elements if one == tag), None)

    def number(self, tag: int) -> int | None:
        value = self.value(tag)
        return None if value is None else int.from_bytes(value, "big")

    def named(self) -> list[tuple[int, bytes]]:
        """The Cell List: how each entry is named, and the octets of the name."""
        listed = self.value(CELL_LIST)
        assert listed is not None
        form = listed[0] & 0x0F
        if form == ALL:
            return [(ALL, b"")]
        size = NAME_OCTETS[form]
        assert len(listed) % size == 1 % size, f"a list of names of {size} octets: {listed.hex()}"
        return [(form, listed[at:at + size]) for at in range(1, len(listed), size)]

    def cells(self) -> list[int] | None:
        """Cell identities of the Cell List, which must name single cells; None: all cells."""
        named = self.named()
        if named[0][0] == ALL:
            return None
        assert all(form in (CGI, LAC_CI, CI) for form, _ in named), "areas are asked for, not cells"
        return [struct.unpack(">H", name[-2:])[0] for _, name in named]


def decode(raw: bytes) -> Pdu:
    elements, at = [], 4
    while at < len(raw):
        tag = raw[at]
        at += 1
        if tag in WITH_LENGTH:
            size = struct.unpack_from(">H", raw, at)[0]
            at += 2
        else:
            size = FIXED[tag]
        assert at + size <= len(raw), f"element {tag:#x} runs over the end of {raw.hex()}"
        elements.append((tag, raw[at:at + size]))
        at += size
    return Pdu(raw[0], elements, raw)


def encode(message_type: int, *elements: bytes) -> bytes:
    body = b"".join(elements)
    return bytes([message_type]) + len(body).to_bytes(3, "big") + body


def fixed(tag: int, value: int) -> bytes:
    return bytes([tag]) + value.to_bytes(FIXED[tag], "big")


def with_length(tag: int, value: bytes) -> bytes:
    return bytes([tag]) + struct.pack(">H", len(value)) + value


def cgi(lac: int, ci: int) -> bytes:
    return PLMN + struct.pack(">HH", lac, ci)


def name(form: int, lac: int, ci: int) -> bytes:
    if form == CGI:
        return cgi(lac, ci)
    parts = {LAC_CI: (lac, ci), CI: (ci,), LAI: (lac,), LAC: (lac,), ALL: ()}[form]
    return (PLMN if form == LAI else b"") + struct.pack(f">{len(parts)}H", *parts)


class Bsc:
    def __init__(self, port: int, source: str = "127.0.0.1", cells: list[tuple[int, int]] | None = None,
                 restart: str | None = "lost") -> None:
        self.port, self.source, self.restart = port, source, restart
        self.cells = dict((ci, lac) for lac, ci in (cells or [(1, 100)]))
        self.held: dict[tuple[int, int, int], int] = {}  # (message, serial, ci) -> times broadcast
        self.refuse: dict[int, int] = {}
        self.mute: set[int] = set()
        self.names_by = CGI
        self.loads: dict[int, tuple[int, int]] = {}
        self.drx: tuple[int | None, int | None] | None = None
        self.received: list[Pdu] = []
        self.changed = threading.Condition()
        self.socket: socket.socket | None = None
        self.thread: threading.Thread | None = None
        self.closed_by_peer = False

    def connect(self) -> "Bsc":
        self.close()
        self.closed_by_peer = False
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=10, source_address=(self.source, 0))
        self.serve(self.socket)
        return self

    def serve(self, connection: socket.socket) -> None:
        self.socket = connection
        connection.settimeout(None)
        self.thread = threading.Thread(target=self.read, args=(connection,), daemon=True)
        self.thread.start()
        if self.restart is not None:
            self.say_restart(self.restart)

    def close(self) -> None:
        if self.socket is not None:
            try:
                self.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            self.socket.close()
        if self.thread is not None and self.thread is not threading.current_thread():
            self.thread.join(10)
        self.socket = self.thread = None

    def send(self, raw: bytes) -> None:
        assert self.socket is not None
        self.socket.sendall(raw)

    def say_restart(self, data: str, cells: list[int] | None = None, emergency: bool = False) -> None:
        self.send(encode(RESTART, self.cell_list(cells), fixed(TYPE, int(emergency)),
                         fixed(RECOVERY, 0 if data == "available" else 1)))

    def say_failure(self, ci: int, cause: int = 0x0A, emergency: bool = False) -> None:
        self.send(encode(FAILURE, with_length(FAILURE_LIST, self.failed({ci: cause})), fixed(TYPE, int(emergency))))

    def cell_list(self, cells: list[int] | None) -> bytes:
        if cells is None:
            return ALL_CELLS
        names = dict.fromkeys(name(self.names_by, self.cells[ci], ci) for ci in cells)  # an area once
        return with_length(CELL_LIST, bytes([self.names_by]) + b"".join(names))

    def failed(self, causes: dict[int, int]) -> bytes:
        form = bytes([self.names_by])
        return b"".join(form + name(self.names_by, self.cells.get(ci, 1), ci) + bytes([cause]) for ci, cause in causes.items())

    def per_cell(self, tag: int, values: dict[int, bytes]) -> list[bytes]:
        """A list that tells something of each cell; none when there is no cell."""
        form = self.names_by if self.names_by in (CGI, LAC_CI, CI) else CGI
        entries = b"".join(name(form, self.cells[ci], ci) + value for ci, value in values.items())
        return [with_length(tag, bytes([form]) + entries)] if values else []

    def asked_cells(self, pdu: Pdu) -> list[int]:
        """Those of ours that the request names; cells that it names and we do not have, too."""
        asked: list[int] = []
        for form, octets in pdu.named():
            if form in (CGI, LAC_CI, CI):
                asked.append(struct.unpack(">H", octets[-2:])[0])
            else:
                asked += [ci for ci, lac in self.cells.items() if form == ALL or octets[-2:] == struct.pack(">H", lac)]
        return asked

    # What has come

    def count(self, message_type: int) -> int:
        return sum(one.type == message_type for one in self.received)

    def wait_for(self, message_type: int, number: int = 1, timeout_s: float = 20) -> Pdu:
        """The number-th message of that type since the beginning."""
        def found() -> Pdu | None:
            same = [one for one in self.received if one.type == message_type]
            return same[number - 1] if len(same) >= number else None
        with self.changed:
            pdu = self.changed.wait_for(found, timeout_s)
        if pdu is None:
            came = [p.raw.hex()[:60] for p in self.received]
            raise TimeoutError(f"message {message_type:#x} number {number} did not come; {came}")
        return pdu

    def wait_closed(self, timeout_s: float = 20) -> None:
        with self.changed:
            if not self.changed.wait_for(lambda: self.closed_by_peer, timeout_s):
                raise TimeoutError("the connection was not closed")

    def read(self, connection: socket.socket) -> None:
        waiting = b""
        while True:
            try:
                octets = connection.recv(65536)
            except OSError:
                octets = b""
            if not octets:
                with self.changed:
                    self.closed_by_peer = True
                    self.changed.notify_all()
                return
            waiting += octets
            while len(waiting) >= 4 and len(waiting) >= (size := 4 + int.from_bytes(waiting[1:4], "big")):
                pdu, waiting = decode(waiting[:size]), waiting[size:]
                answer = self.answer(pdu)
                with self.changed:
                    self.received.append(pdu)
                    self.changed.notify_all()
                if answer is not None and pdu.type not in self.mute:
                    try:
                        connection.sendall(answer)
                    except OSError:
                        return

    # What a BSC answers

    def answer(self, pdu: Pdu) -> bytes | None:
        if pdu.type == KEEP_ALIVE:
            return encode(KEEP_ALIVE_COMPLETE)
        if pdu.type == RESET:
            if RESET not in self.mute:
                self.held.clear()
            if self.refuse:
                return encode(RESET_FAILURE, with_length(FAILURE_LIST, self.failed(self.refuse)))
            return encode(RESET_COMPLETE, ALL_CELLS)
        if pdu.type == WRITE_REPLACE:
            return self.answer_write(pdu)
        if pdu.type == KILL:
            return self.answer_kill(pdu)
        if pdu.type == STATUS_QUERY:
            return self.answer_status(pdu)
        if pdu.type == LOAD_QUERY:
            return self.answer_load(pdu)
        if pdu.type == SET_DRX:
            return self.answer_drx(pdu)
        return None

    def answer_write(self, pdu: Pdu) -> bytes:
        message, serial, old = pdu.number(MESSAGE_ID), pdu.number(NEW_SERIAL), pdu.number(OLD_SERIAL)
        done, failed = [], {}
        for ci in self.asked_cells(pdu):
            cause = self.refuse.get(ci, 0x03 if ci not in self.cells else None)
            if (message, serial, ci) in self.held:
                cause = ALREADY_USED
            elif old is not None and (message, old, ci) not in self.held:
                cause = NOT_IDENTIFIED
            if cause is not None:
                failed[ci] = cause
                continue
            done.append(ci)
            if WRITE_REPLACE not in self.mute:
                self.held.pop((message, old, ci), None)
                self.held[(message, serial, ci)] = 0
        head = [fixed(MESSAGE_ID, message), fixed(NEW_SERIAL, serial)]
        head += [fixed(OLD_SERIAL, old)] if old is not None else []
        channel = [fixed(CHANNEL, pdu.number(CHANNEL))] if pdu.value(CHANNEL) is not None else []
        if not failed:
            return encode(WRITE_REPLACE_COMPLETE, *head, self.cell_list(done), *channel)
        succeeded = [self.cell_list(done)] if done else []
        return encode(WRITE_REPLACE_FAILURE, *head, with_length(FAILURE_LIST, self.failed(failed)), *succeeded, *channel)

    def answer_kill(self, pdu: Pdu) -> bytes:
        message, serial = pdu.number(MESSAGE_ID), pdu.number(OLD_SERIAL)
        done, failed = [], {}
        for ci in self.asked_cells(pdu):
            if ci in self.refuse:
                failed[ci] = self.refuse[ci]
            elif (message, serial, ci) not in self.held:
                failed[ci] = NOT_IDENTIFIED
            else:
                done.append(ci)
                if KILL not in self.mute:
                    del self.held[(message, serial, ci)]
        head = [fixed(MESSAGE_ID, message), fixed(OLD_SERIAL, serial)]
        counts = self.per_cell(COMPLETED_LIST, {ci: b"\x00\x01\x00" for ci in done})
        channel = [fixed(CHANNEL, pdu.number(CHANNEL))] if pdu.value(CHANNEL) is not None else []
        if not channel and done:
            counts = [self.cell_list(done)]  # of an emergency message nothing is counted
        if not failed:
            return encode(KILL_COMPLETE, *head, *counts, *channel)
        return encode(KILL_FAILURE, *head, with_length(FAILURE_LIST, self.failed(failed)), *counts, *channel)

    def answer_status(self, pdu: Pdu) -> bytes:
        message, serial = pdu.number(MESSAGE_ID), pdu.number(OLD_SERIAL)
        cells = self.asked_cells(pdu)
        head = [fixed(MESSAGE_ID, message), fixed(OLD_SERIAL, serial)]
        gone = {ci: NOT_IDENTIFIED for ci in cells if (message, serial, ci) not in self.held}
        listed = self.per_cell(COMPLETED_LIST, {ci: struct.pack(">HB", self.held[(message, serial, ci)], 0)
                                                for ci in cells if ci not in gone})
        channel = fixed(CHANNEL, pdu.number(CHANNEL))
        if gone:
            return encode(STATUS_QUERY_FAILURE, *head, with_length(FAILURE_LIST, self.failed(gone)), *listed, channel)
        return encode(STATUS_QUERY_COMPLETE, *head, *listed, channel)

    def answer_load(self, pdu: Pdu) -> bytes:
        cells = self.asked_cells(pdu)
        loads = {ci: bytes(self.loads.get(ci, (0, 0))) for ci in cells if ci not in self.refuse}
        listed = self.per_cell(LOAD_LIST, loads)
        failed = {ci: self.refuse[ci] for ci in cells if ci in self.refuse}
        channel = fixed(CHANNEL, pdu.number(CHANNEL))
        if failed:
            return encode(LOAD_QUERY_FAILURE, with_length(FAILURE_LIST, self.failed(failed)), channel, *listed)
        return encode(LOAD_QUERY_COMPLETE, *listed, channel)

    def answer_drx(self, pdu: Pdu) -> bytes:
        channel = fixed(CHANNEL, pdu.number(CHANNEL))
        failed = {ci: self.refuse[ci] for ci in self.asked_cells(pdu) if ci in self.refuse}
        if failed:
            return encode(SET_DRX_FAILURE, with_length(FAILURE_LIST, self.failed(failed)), channel)
        self.drx = (pdu.number(SCHEDULE), pdu.number(SLOTS))
        return encode(SET_DRX_COMPLETE, ALL_CELLS, channel)
