#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The network of the cluster tests does what its faults are called: shown with a program that echoes."""
import contextlib
import socket
import subprocess
import sys
import unittest

import net

ECHO = """
import socket, threading
def serve(one):
    with one:
        while data := one.recv(65536): one.sendall(data)
with socket.create_server(("0.0.0.0", 7), backlog=16) as server:
    print("ready", flush=True)
    while True: threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
"""
# Says how many of so many packets came back, and the median of their times in ms.
PING = """
import socket, statistics, sys, time
address, count, wait_s = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
    one.setblocking(False)
    sent, back = {}, {}
    for number in range(count):
        sent[number] = time.monotonic()
        one.sendto(str(number).encode(), (address, 7))
        time.sleep(0.005)
    end = time.monotonic() + wait_s
    one.settimeout(0.05)
    while time.monotonic() < end and len(back) < count:
        try:
            number = int(one.recv(100))
            back[number] = time.monotonic() - sent[number]
        except TimeoutError:
            pass
    print(len(back), 1000 * statistics.median(back.values() or [0]))
"""
MIRROR = """
import socket
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
    one.bind(("0.0.0.0", 7))
    print("ready", flush=True)
    while True: one.sendto(*one.recvfrom(100))
"""
# Sends so many octets through the echo and says for how many the echo was right, and in what time.
PUMP = """
import os, socket, sys, threading, time
address, size = sys.argv[1], int(sys.argv[2])
data, back, began = os.urandom(size), b"", time.monotonic()
with socket.create_connection((address, 7), timeout=60) as one:
    threading.Thread(target=one.sendall, args=(data,), daemon=True).start()
    while len(back) < size: back += one.recv(1 << 20) or exit("closed")
print(int(back == data), time.monotonic() - began)
"""


class NetTest(unittest.TestCase):
    def setUp(self) -> None:
        self.network = net.Network(["n1", "n2", "n3"], seed=1)
        self.addCleanup(self.network.close)
        for name in self.network.names:
            for program in (ECHO, MIRROR):
                self.serve(name, program)

    def serve(self, name: str, program: str) -> None:
        process = subprocess.Popen([*net.Network.inside(name), sys.executable, "-c", program], stdout=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertEqual(process.stdout.readline(), b"ready\n")

    def run_at(self, name: str, program: str, *arguments: object) -> list[float]:
        done = subprocess.run([*net.Network.inside(name), sys.executable, "-c", program, *map(str, arguments)],
                              stdout=subprocess.PIPE, text=True, check=True, timeout=90)
        return list(map(float, done.stdout.split()))

    def ping(self, sender: str, receiver: str, count: int = 40, wait_s: float = 0.3) -> list[float]:
        """How many came back, and their median time in ms."""
        return self.run_at(sender, PING, self.network.address(receiver), count, wait_s)

    def reached(self, sender: str, receiver: str) -> bool:
        return self.ping(sender, receiver, 3, wait_s=0.5)[0] == 3

    def test_all_reach_all(self) -> None:
        for one in self.network.names:
            for other in self.network.names:
                self.assertTrue(self.reached(one, other), (one, other))

    def test_cut_link_leaves_the_others(self) -> None:
        cut = self.network.cut("n1", "n2")
        self.assertFalse(self.reached("n1", "n2"))
        self.assertFalse(self.reached("n2", "n1"))
        self.assertTrue(self.reached("n1", "n3"))
        self.assertTrue(self.reached("n3", "n2"))
        self.network.mend(cut)
        self.assertTrue(self.reached("n1", "n2"))

    def test_faults_that_overlap_end_one_by_one(self) -> None:
        isolated, cut = self.network.isolate("n1"), self.network.cut("n1", "n2")
        slow = self.network.impair("n1", "n3", delay_ms=1)
        self.network.mend(isolated)
        self.assertFalse(self.reached("n1", "n2"))
        self.assertTrue(self.reached("n1", "n3"))
        self.network.mend(cut)
        self.network.mend(slow)
        self.assertTrue(self.reached("n1", "n2"))
        self.assertTrue(self.reached("n1", "n3"))

    def test_cut_direction_lets_the_other_pass(self) -> None:
        self.assertTrue(self.reached("n1", "n2"))
        self.network.cut_one_way("n1", "n2")
        heard = """
import socket, sys
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
one.bind(("0.0.0.0", 9)); one.settimeout(1)
print("ready", flush=True)
try: print(int(one.recv(10)))
except TimeoutError: print(0)
"""
        for sender, receiver, expected in (("n1", "n2", "0"), ("n2", "n1", "1")):
            listener = subprocess.Popen([*net.Network.inside(receiver), sys.executable, "-c", heard],
                                        stdout=subprocess.PIPE, text=True)
            listener.stdout.readline()
            say = f"import socket; socket.socket(2, 2).sendto(b'1', ('{self.network.address(receiver)}', 9))"
            subprocess.run([*net.Network.inside(sender), sys.executable, "-c", say], check=True)
            self.assertEqual(listener.communicate(timeout=20)[0].strip(), expected, (sender, receiver))

    def test_isolated_machine_is_reached_by_clients_only(self) -> None:
        self.network.isolate("n2")
        for other in ("n1", "n3"):
            self.assertFalse(self.reached("n2", other))
        self.assertTrue(self.reached("n1", "n3"))
        with contextlib.closing(socket.create_connection((self.network.address("n2"), 7), timeout=5)) as one:
            one.sendall(b"here")
            self.assertEqual(one.recv(10), b"here")

    def test_hidden_machine_is_reached_by_machines_only(self) -> None:
        hidden = self.network.hide("n2")
        with self.assertRaises(TimeoutError):
            socket.create_connection((self.network.address("n2"), 7), timeout=0.5)
        self.assertTrue(self.reached("n1", "n2"))
        self.network.mend(hidden)
        socket.create_connection((self.network.address("n2"), 7), timeout=5).close()

    def test_delay_is_added_both_ways(self) -> None:
        self.network.impair("n1", "n2", delay_ms=200)
        came, median_ms = self.ping("n1", "n2", 20, wait_s=2)
        self.assertEqual(came, 20)
        self.assertGreater(median_ms, 395)
        self.assertLess(median_ms, 900)
        self.assertLess(self.ping("n1", "n3")[1], 350)
        self.network.heal()
        self.assertLess(self.ping("n1", "n2")[1], 350)

    def test_loss_is_as_large_as_said(self) -> None:
        self.network.impair("n1", "n2", loss=0.3)
        came = self.ping("n1", "n2", 400, wait_s=1)[0]
        self.assertGreater(came, 400 * 0.38)  # 0.7 squared is 0.49
        self.assertLess(came, 400 * 0.60)

    def test_stream_passes_an_impaired_link_unharmed(self) -> None:
        self.network.impair("n1", "n2", delay_ms=5, jitter_ms=5)
        good, seconds = self.run_at("n1", PUMP, self.network.address("n2"), 8 << 20)
        self.assertEqual(good, 1)
        self.assertLess(seconds, 30)
        self.network.impair("n1", "n2", loss=0.05)
        self.assertEqual(self.run_at("n1", PUMP, self.network.address("n2"), 200_000)[0], 1)

    def test_machine_can_be_added(self) -> None:
        self.network.add("n4")
        self.assertTrue(self.reached("n4", "n1"))


if __name__ == "__main__":
    net.enter()
    unittest.main(verbosity=2)
