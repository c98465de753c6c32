#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""relay.py SEED: carries the frames of impaired links, losing some and keeping others for a while.

On its standard input, each answered by the line "done":

    set FROM TO MAC LOSS DELAY_MS JITTER_MS     frames that come in at port FROM for MAC leave at port TO
    unset FROM TO                               forgets that link; what was on its way still comes

The bridge drops the frames of such a link (net.py); a packet socket sees them before that. They are sent on with the
header that the kernel hands along (PACKET_VNET_HDR), so large segments and unfinished checksums pass as they are.
"""
import dataclasses
import heapq
import random
import selectors
import socket
import struct
import sys
import time

SOL_PACKET, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING = 263, 15, 23
ETH_P_ALL = 3
VNET_HEADER = 10
FRAME_MAX = VNET_HEADER + 14 + 65536
WAITING_MAX = 8192  # frames on their way; more are lost, as by a router
BUFFER = 8 << 20
BROADCAST = b"\xff" * 6


@dataclasses.dataclass
class Link:
    out: socket.socket
    mac: bytes
    loss: float
    delay_s: float
    jitter_s: float
    last_due: float = 0  # jitter never changes the order: TCP would take that for loss


class Relay:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.selector = selectors.DefaultSelector()
        self.sockets: dict[str, socket.socket] = {}
        self.links: dict[str, dict[str, Link]] = {}  # by incoming port, then by outgoing port
        self.waiting: list[tuple[float, int, socket.socket, bytes]] = []
        self.count = 0

    def socket_at(self, port: str) -> socket.socket:
        if port not in self.sockets:
            made = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)  # takes nothing before it is bound
            made.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
            made.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
            made.setblocking(False)
            self.sockets[port] = made
        return self.sockets[port]

    def set(self, source: str, target: str, mac: str, loss: str, delay_ms: str, jitter_ms: str) -> None:
        incoming, out = self.socket_at(source), self.socket_at(target)
        if out.getsockname()[1] == 0:
            out.bind((target, 0))  # sends only
        if source not in self.links:
            incoming.bind((source, ETH_P_ALL))
            self.selector.register(incoming, selectors.EVENT_READ, source)
        self.links.setdefault(source, {})[target] = Link(out, bytes.fromhex(mac.replace(":", "")), float(loss),
                                                         int(delay_ms) / 1000, int(jitter_ms) / 1000)

    def unset(self, source: str, target: str) -> None:
        del self.links[source][target]
        if not self.links[source]:
            del self.links[source]
            self.selector.unregister(self.sockets[source])
            self.sockets.pop(source)  # closed when the last frame for it has gone

    def take(self, source: str) -> None:
        for _ in range(256):  # then others have their turn
            try:
                data = self.sockets[source].recv(FRAME_MAX)
            except (BlockingIOError, OSError):
                return
            receiver, now = data[VNET_HEADER:VNET_HEADER + 6], time.monotonic()
            for link in self.links[source].values():
                if receiver not in (link.mac, BROADCAST) or self.chance.random() < link.loss:
                    continue
                due = max(now + link.delay_s + self.chance.uniform(0, link.jitter_s), link.last_due)
                link.last_due = due
                if len(self.waiting) < WAITING_MAX:
                    self.count += 1
                    heapq.heappush(self.waiting, (due, self.count, link.out, data))

    def send_due(self) -> float | None:
        """Seconds until the next frame is due."""
        while self.waiting:
            left = self.waiting[0][0] - time.monotonic()
            if left > 0:
                return left
            _, _, out, data = heapq.heappop(self.waiting)
            try:
                out.send(data)
            except OSError:
                pass  # the port is full or down: lost
        return None

    def command(self, line: str) -> str:
        verb, *arguments = line.split()
        try:
            {"set": self.set, "unset": self.unset}[verb](*arguments)
        except (OSError, ValueError, KeyError, TypeError) as error:
            return f"{type(error).__name__}: {error}"
        return "done"

    def run(self) -> None:
        self.selector.register(sys.stdin, selectors.EVENT_READ, None)
        while True:
            for key, _ in self.selector.select(self.send_due()):
                if key.data is not None:
                    if key.data in self.links:
                        self.take(key.data)
                    continue
                line = sys.stdin.readline()
                if not line:
                    return
                print(self.command(line), flush=True)


if __name__ == "__main__":
    Relay(int(sys.argv[1])).run()
