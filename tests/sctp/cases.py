# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must hold between our end (userland, in this program's namespace) and a far end, whichever back end that has.

A test program makes classes from Cases and unittest.TestCase, with `far_end()` and the ports for SCTP in UDP (0: over IP).
"""
import contextlib
import socket

import end
import wires

PORT = 29168
SIZES = (1, 82, 1246, 1500, 9600, 65535, 300_000, 1024 * 1024)


class Cases:
    UDP_HERE = UDP_FAR = 0

    def setUp(self) -> None:
        self.near = end.Process("near", self.UDP_HERE)
        self.addCleanup(self.near.close)
        self.far = self.far_end()

    def far_end(self) -> end.End:
        raise NotImplementedError

    def associate(self, hosts: str, local: str = "-") -> str:
        self.far.ask(f"listen {PORT} {hosts}", "listening")
        self.far.say("echo on")
        self.near.say(f"connect {PORT} {hosts} {local} {self.UDP_FAR}")
        self.far.wait("up")
        return self.near.wait("up")

    def finish(self) -> None:
        """In order, from our side: both are told so."""
        self.near.ask("shutdown", "closed shut down by us")
        self.far.wait("closed closed by the peer")

    def echo(self, size: int, stream: int = 0, ppid: int = 24) -> None:
        self.near.say(f"send {stream} {ppid} {size}")
        self.assertTrue(self.near.wait(f"message {stream} {ppid} {size} ").endswith("right"))

    def test_messages_of_all_sizes_come_back_whole(self) -> None:
        self.associate(wires.FAR[0])
        for size in SIZES:
            self.echo(size)
        self.echo(100, stream=1, ppid=60)
        self.finish()

    def test_the_far_end_connects_to_us(self) -> None:
        self.near.ask(f"listen {PORT} -", "listening")
        self.near.say("echo on")
        self.far.say(f"connect {PORT} {wires.HERE[0]} - {self.UDP_HERE}")
        self.near.wait("up")
        self.far.wait("up")
        self.far.say("send 0 24 5000")
        self.assertEqual(self.far.wait("message"), "message 0 24 5000 right")
        self.far.ask("shutdown", "closed shut down by us")
        self.near.wait("closed closed by the peer")

    def test_where_nobody_listens_it_is_refused(self) -> None:
        self.near.say(f"connect {PORT + 1} {wires.FAR[0]} - {self.UDP_FAR}")
        self.near.wait("closed connection refused")

    def test_a_path_that_is_unplugged_is_told_and_the_other_carries_on(self) -> None:
        up = self.associate(",".join(wires.FAR), ",".join(wires.HERE))
        for address in (*wires.HERE, *wires.FAR):
            self.assertIn(address, up)
        self.echo(1000)
        self.wait_until_active(self.near)
        self.wait_until_active(self.far)
        primary = next(host for host, (_, role) in self.near.paths().items() if role == "primary")
        number = wires.FAR.index(primary)
        self.carries_on_without(number)
        self.carries_on_without(1 - number)
        self.finish()

    def carries_on_without(self, number: int) -> None:
        cut, left = wires.FAR[number], wires.FAR[1 - number]
        self.near.forget()
        self.far.forget()
        first = len(self.near.heard)
        wires.unplug(number)
        self.addCleanup(wires.plug, number)
        self.near.say("send 0 24 1001")
        self.near.wait(f"path {cut} inactive")
        self.far.wait(f"path {wires.HERE[number]} inactive")
        if "message 0 24 1001 right" not in self.near.heard[first:]:
            self.near.wait("message 0 24 1001 right")
        self.echo(200_000)
        self.assertEqual(self.near.paths()[left][0], "active")  # each is probed by itself
        wires.plug(number)
        self.wait_until_active(self.near)
        self.wait_until_active(self.far)

    def wait_until_active(self, one: end.End) -> None:
        for _ in range(30):
            if all(state == "active" for state, _ in one.paths().values()):
                return
            with contextlib.suppress(AssertionError):
                one.wait("path", 1)
        self.fail(f"the paths of {one.name} are {one.paths()}")

    def test_an_abort_is_heard_at_once(self) -> None:
        self.associate(wires.FAR[0])
        self.far.say("drop")
        self.near.wait("closed connection reset", 5)

    def test_a_far_place_that_falls_silent_is_given_up(self) -> None:
        self.associate(wires.FAR[0], wires.HERE[0])
        wires.silence()
        self.addCleanup(wires.speak)
        self.near.wait("closed timed out")

    def test_a_slow_reader_loses_nothing(self) -> None:
        self.associate(wires.FAR[0])
        self.far.say("echo off")
        self.far.say("read off")
        self.far.ask("figures", "figures")  # it has obeyed
        self.near.ask("send 0 24 100000 60", "sent")
        self.assertIn(" out ", self.near.ask("figures", "figures"))
        self.far.say("read on")
        for _ in range(60):
            self.assertEqual(self.far.wait("message"), "message 0 24 100000 right")
        self.finish()

    def test_garbage_harms_nobody(self) -> None:
        if self.UDP_FAR == 0:
            self.skipTest("not in UDP")
        self.associate(wires.FAR[0])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as thrower:
            for size in (0, 1, 11, 12, 13, 16, 100, 1400):
                for octet in (0, 0x41, 0xff):
                    for _ in range(20):
                        thrower.sendto(bytes([octet]) * size, (wires.FAR[0], self.UDP_FAR))
                        thrower.sendto(bytes([octet]) * size, (wires.HERE[0], self.UDP_HERE))
        self.echo(5000)
        self.finish()
