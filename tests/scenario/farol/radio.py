# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hears what the virtual radio carries: GSMTAP (multicast 239.193.23.1:4729), its CBCH blocks, the pages in them, their text.

    radio = Radio("air.pcap"); radio.start()
    heard = radio.wait_text("Water is rising", timeout_s=60)  the Message: serial, message_id, text, pages
    radio.silent(serial=0x4000, seconds=170)                  True when no page of that serial was heard

Everything heard is kept in the capture file, so that tshark, which shares no code with this or with the daemons, can judge:
tshark_messages("air.pcap") gives what it finds.
"""
import dataclasses
import json
import pathlib
import socket
import struct
import subprocess
import threading
import time
import typing

GROUP = "239.193.23.1"
PORT = 4729
GSMTAP_TYPE_UM = 1
GSMTAP_CHANNELS_CBCH = (0x0F, 0x10)  # CBCH51, CBCH52
BLOCK_OCTETS = 22
BLOCKS_A_PAGE = 4
LAST_BLOCK = 0x10
PAGE_OCTETS = 82
SEPTETS_A_PAGE = 93
LINKTYPE_RAW = 101

# TS 23.038 §6.2.1: the GSM 7 bit default alphabet and its extension table.
ALPHABET = ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")
EXTENSION = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|",
             0x65: "€"}
ESCAPE = 0x1B
CB_PAGE_OCTETS = 83  # 82, and how many of them count


@dataclasses.dataclass(frozen=True)
class Page:
    """One page as TS 23.041 §9.4.2.2 lays it out in 88 octets of a CBCH."""
    heard: float  # time.time()
    serial: int
    message_id: int
    coding: int
    number: int
    of: int
    content: bytes


@dataclasses.dataclass(frozen=True)
class Message:
    heard: float
    serial: int
    message_id: int
    coding: int
    pages: int
    text: str


def cb_pages(contents: bytes) -> list[bytes]:
    """CB data (TS 23.041 §9.4.2.2.5), which all but GSM carry: what counts of each page."""
    count, pages = contents[0], contents[1:]
    if len(pages) != count * CB_PAGE_OCTETS:
        raise ValueError(f"{count} pages in {len(pages)} octets")
    each = [pages[at:at + CB_PAGE_OCTETS] for at in range(0, len(pages), CB_PAGE_OCTETS)]
    return [one[:one[-1]] for one in each]


def decode_text(coding: int, contents: list[bytes]) -> str:
    if coding == 0x48:
        return "".join(one.decode("utf-16-be", "replace") for one in contents).rstrip("\r")
    return "".join(gsm7(one) for one in contents).rstrip("\r")


def gsm7(packed: bytes) -> str:
    bits = int.from_bytes(packed, "little")
    out, escaped = [], False
    for index in range(min(SEPTETS_A_PAGE, len(packed) * 8 // 7)):  # a page may end with its last block
        septet = (bits >> (7 * index)) & 0x7F
        if escaped:
            out.append(EXTENSION.get(septet, ALPHABET[septet]))
            escaped = False
        elif septet == ESCAPE:
            escaped = True
        else:
            out.append(ALPHABET[septet])
    return "".join(out)


class PageAssembler:
    """Blocks of 22 octets, in order and without a gap, are a page: four, or fewer where one says that it is the last
    (TS 44.012 §3.3)."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []

    def add(self, frame: bytes) -> Page | None:
        block_type = frame[0]
        sequence = block_type & 0x0F
        is_broadcast = block_type & 0x60 == 0x20
        if not is_broadcast or sequence != len(self.blocks):
            self.blocks = []
            if not is_broadcast or sequence != 0:
                return None
        self.blocks.append(frame[1:1 + BLOCK_OCTETS])
        if len(self.blocks) < BLOCKS_A_PAGE and not block_type & LAST_BLOCK:
            return None
        whole = b"".join(self.blocks)
        self.blocks = []
        serial, message_id, coding, parameter = struct.unpack_from(">HHBB", whole)
        return Page(time.time(), serial, message_id, coding, parameter >> 4, parameter & 0x0F, whole[6:6 + PAGE_OCTETS])


class MessageAssembler:
    """Collects the pages of each (serial, identifier); a message is heard whenever a full set has come round."""

    def __init__(self) -> None:
        self.sets: dict[tuple[int, int], dict[int, Page]] = {}

    def add(self, page: Page) -> Message | None:
        pages = self.sets.setdefault((page.serial, page.message_id), {})
        pages[page.number] = page
        if set(pages) != set(range(1, page.of + 1)):
            return None
        del self.sets[(page.serial, page.message_id)]
        text = decode_text(page.coding, [pages[number].content for number in sorted(pages)])
        return Message(page.heard, page.serial, page.message_id, page.coding, page.of, text)


def open_socket(interface: str = "127.0.0.1") -> socket.socket:
    heard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    heard.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    heard.bind((GROUP, PORT))
    heard.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                     socket.inet_aton(GROUP) + socket.inet_aton(interface))
    return heard


def cbch_frame(datagram: bytes) -> bytes | None:
    """The 23 octets of a CBCH block in a GSMTAP datagram, or None for any other channel."""
    if len(datagram) < 16:
        return None
    header_octets = datagram[1] * 4
    if datagram[2] != GSMTAP_TYPE_UM or datagram[12] not in GSMTAP_CHANNELS_CBCH:
        return None
    frame = datagram[header_octets:]
    return frame if len(frame) >= 1 + BLOCK_OCTETS else None


class Capture:
    """A pcap file of UDP datagrams; only loopback carries them, so their IP headers are made here."""

    def __init__(self, path: pathlib.Path) -> None:
        self.file = open(path, "wb")
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, LINKTYPE_RAW))

    def add(self, datagram: bytes) -> None:
        udp = struct.pack(">HHHH", PORT, PORT, 8 + len(datagram), 0) + datagram
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 1, socket.IPPROTO_UDP, 0,
                         socket.inet_aton("127.0.0.1"), socket.inet_aton(GROUP))
        seconds, part = divmod(time.time_ns(), 1_000_000_000)
        size = len(ip) + len(udp)
        self.file.write(struct.pack("<IIII", seconds, part // 1000, size, size) + ip + udp)
        self.file.flush()


class Radio:
    """Listens on a thread of its own from start() to stop()."""

    def __init__(self, capture: pathlib.Path) -> None:
        self.capture_path = pathlib.Path(capture)
        self.frames = 0  # CBCH blocks, null ones too: they show that the cell is on the air
        self.pages: list[Page] = []
        self.messages: list[Message] = []
        self.changed = threading.Condition()
        self.ending = False
        self.thread: threading.Thread | None = None

    def start(self) -> None:
        heard = open_socket()
        heard.settimeout(0.2)
        self.thread = threading.Thread(target=self.listen, args=(heard,), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.ending = True
        if self.thread is not None:
            self.thread.join()
            self.thread = None

    def listen(self, heard: socket.socket) -> None:
        capture = Capture(self.capture_path)
        page_assembler, message_assembler = PageAssembler(), MessageAssembler()
        with heard, capture.file:
            while not self.ending:
                try:
                    frame = cbch_frame(datagram := heard.recv(4096))
                except TimeoutError:
                    continue
                if frame is None:
                    continue
                capture.add(datagram)
                page = page_assembler.add(frame)
                message = message_assembler.add(page) if page else None
                with self.changed:
                    self.frames += 1
                    if page:
                        self.pages.append(page)
                    if message:
                        self.messages.append(message)
                    self.changed.notify_all()

    def wait(self, condition: typing.Callable[[], typing.Any], timeout_s: float) -> typing.Any:
        with self.changed:
            return self.changed.wait_for(condition, timeout_s)

    def wait_frames(self, number: int, timeout_s: float) -> bool:
        return self.wait(lambda: self.frames >= number, timeout_s)

    def wait_text(self, text: str, timeout_s: float, since: float = 0.0) -> Message | None:
        """The first message with exactly this text heard after `since` (time.time()), or None."""
        def found() -> Message | None:
            return next((one for one in self.messages if one.text == text and one.heard > since), None)
        return self.wait(found, timeout_s)

    def heard_since(self, serial: int, since: float) -> bool:
        return any(one.serial == serial and one.heard > since for one in self.pages)

    def silent(self, serial: int, seconds: float) -> bool:
        """True when for so long no page of the serial is heard while the cell stays on the air."""
        since, frames = time.time(), self.frames
        heard = self.wait(lambda: self.heard_since(serial, since), seconds)
        if self.frames == frames:
            raise RuntimeError("the cell itself went off the air: silence proves nothing")
        return not heard


@dataclasses.dataclass(frozen=True)
class Found:
    """What tshark finds in a capture."""
    serial: int
    message_id: int
    text: str


def tshark_messages(capture: pathlib.Path) -> list[Found]:
    """Every whole message in the capture, put together from its pages and decoded by tshark."""
    fields = ("gsm_cbs.serial_number", "gsm_cbs.message-identifier", "gsm_cbs.message_content")
    done = subprocess.run(
        ["tshark", "-r", capture, "-Y", fields[-1], "-T", "json", *(word for field in fields for word in ("-e", field))],
        capture_output=True, text=True, check=True)
    rows = [one["_source"]["layers"] for one in json.loads(done.stdout or "[]")]
    return [Found(int(row[fields[0]][0], 0), int(row[fields[1]][0], 0), row[fields[2]][0]) for row in rows]
