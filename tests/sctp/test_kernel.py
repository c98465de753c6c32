#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""SCTP of the kernel, in a guest in QEMU: the unit cases of common/net's SCTP run inside it, and libusrsctp, here, speaks to it
over IP and in UDP, with one and with two paths."""
import pathlib
import re
import sys
import tempfile
import unittest

import cases
import end
import wires

sys.path.insert(0, str(end.ROOT / "tests/guest"))
import image  # noqa: E402
import machine  # noqa: E402

UDP_PORT = 9899
MODULES = ("virtio_ring", "virtio", "virtio_pci_modern_dev", "virtio_pci_legacy_dev", "virtio_pci", "failover", "net_failover",
           "virtio_net", "libcrc32c", "udp_tunnel", "ip6_udp_tunnel", "sctp")
# sctp_pipe begins anew whenever it is killed. What it says goes to the second serial line, as do the unit cases.
INIT = f"""cd /
/bin/busybox ip link set lo up
/bin/busybox ip address add {wires.FAR[0]}/24 dev eth0 && /bin/busybox ip link set eth0 up
/bin/busybox ip address add {wires.FAR[1]}/24 dev eth1 && /bin/busybox ip link set eth1 up
echo {UDP_PORT} > /proc/sys/net/sctp/udp_port
exec 3<>/dev/ttyS1
FAROL_TEST_SCTP=kernel /bin/unit_common 'sctp.*' >&3 2>&1 0</dev/null
echo "unit ended with $?" >&3
while true; do /bin/sctp_pipe kernel {UDP_PORT} 0<&3 1>&3; done
"""
UNIT_LIMIT_S = 240


class Guest:
    """Boots once for all cases of this program."""
    folder: tempfile.TemporaryDirectory
    taps: wires.Taps
    machine: machine.Machine
    line: end.End

    @classmethod
    def start(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory(prefix="farol-sctp-")
        folder = pathlib.Path(cls.folder.name)
        cls.taps = wires.Taps()
        unit = end.BINARY.with_name("unit_common")
        image.write_image(folder / "image", INIT, [end.BINARY, unit], machine.files(), MODULES)
        cls.machine = machine.boot(folder, cls.taps.devices())
        line = cls.machine.socket.fileno()
        cls.line = end.End("guest", line, line)

    @classmethod
    def stop(cls) -> None:
        cls.machine.close()
        cls.taps.close()
        cls.folder.cleanup()


def setUpModule() -> None:
    Guest.start()


def tearDownModule() -> None:
    Guest.stop()


class A_Unit(unittest.TestCase):  # pylint: disable=invalid-name; its name makes it the first
    def test_the_unit_cases_hold_on_the_kernel(self) -> None:
        try:
            ended = Guest.line.wait("unit ended", UNIT_LIMIT_S)
        except AssertionError as error:
            self.fail(f"{error}; console: {Guest.machine.said()[-4000:]}")
        Guest.line.wait("ready kernel")
        said = "\n".join(Guest.line.heard)
        self.assertEqual(ended, "unit ended with 0", said)
        passed = sum(int(count) for count in re.findall(r"PASSED  \] (\d+) test", said))
        self.assertGreater(passed, 10, said)


class Kernel(cases.Cases):
    def far_end(self) -> end.End:
        Guest.line.forget()
        Guest.line.say("die")  # nothing is left of the case before
        Guest.line.wait("ready kernel")
        return Guest.line

    def test_a_daemon_that_is_killed_is_told_by_its_kernel(self) -> None:
        self.associate(wires.FAR[0])
        self.far.say("die")
        self.near.wait("closed", 5)
        Guest.line.wait("ready kernel")


class OverIp(Kernel, unittest.TestCase):
    pass


class InUdp(Kernel, unittest.TestCase):
    UDP_HERE, UDP_FAR = 9900, UDP_PORT


if __name__ == "__main__":
    machine.files()  # fetched once, from where there is a network
    wires.enter()
    sys.exit(unittest.main())
