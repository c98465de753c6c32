#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""cbcd on the kernel's SCTP, in a guest in QEMU; an MME with libusrsctp here, two paths between them, over IP."""
import pathlib
import socket
import sys
import unittest

import end
import wires
from cbcd_cases import TABLE, CbcdCases, settings

from farol.daemon import Site, binary
from farol.web import TlsClient

sys.path.insert(0, str(end.ROOT / "tests/guest"))
import image  # noqa: E402
import machine  # noqa: E402
from test_kernel import MODULES  # noqa: E402

API_PORT = 8444
STATE, RUNTIME = "/place/state", "/place/run"
INIT = """cd /
/bin/busybox ip link set lo up
{addresses}
/bin/busybox mkdir -p /place
/bin/busybox mount -t tmpfs -o size=64m tmpfs /place
/bin/busybox mkdir {state} {runtime}
exec /bin/cbcd --config {config} --state {state} --runtime {runtime}
"""


class Kernel(CbcdCases, unittest.TestCase):
    """Boots once for all cases."""
    CBC_HOSTS, MME_HOSTS = wires.FAR, wires.HERE

    @classmethod
    def setUpClass(cls) -> None:
        cls.site = Site()
        cls.addClassCleanup(cls.site.close)
        cls.taps = wires.Taps()
        cls.addClassCleanup(cls.taps.close)
        cls.cbe = cls.site.authority.issue("cbe", node="national")
        cls.clients = {"cbe": cls.cbe, "admin": cls.site.client("admin"), "monitor": cls.site.client("monitor")}
        cls.certificate = cls.site.authority.issue("cbc", node="guest", hosts=wires.FAR)
        cells = cls.site.folder / "cells.csv"
        cells.write_text(TABLE)
        cls.cbc = cls.site.daemon("cbc", settings(str(cells), "kernel", cls.CBC_HOSTS, cls.MME_HOSTS) | {
            "api": {"listen": f"0.0.0.0:{API_PORT}", "certificate": str(cls.certificate.certificate),
                    "key": str(cls.certificate.key)}})
        cls.boot(cells)

    @classmethod
    def boot(cls, cells: pathlib.Path) -> None:
        """What its configuration names stands in the guest at the same place."""
        files = (cells, cls.cbc.config_file, cls.certificate.certificate, cls.certificate.key, cls.certificate.authority)
        addresses = "\n".join(f"/bin/busybox ip address add {host}/24 dev eth{number} && /bin/busybox ip link set eth{number} up"
                              for number, host in enumerate(wires.FAR))
        init = INIT.format(addresses=addresses, state=STATE, runtime=RUNTIME, config=cls.cbc.config_file)
        folder = cls.site.folder / "guest"
        folder.mkdir()
        image.write_image(folder / "image", init, [binary("cbcd")], machine.files(), MODULES,
                          {str(one): one.read_bytes() for one in files})
        cls.machine = machine.boot(folder, cls.taps.devices())
        cls.addClassCleanup(cls.machine.close)

    def client(self, role: str) -> TlsClient:
        host = next(filter(self.is_reached, wires.FAR), wires.FAR[0])  # its API takes the same wires
        return TlsClient(host, API_PORT, self.site.authority.certificate, self.clients[role])

    @staticmethod
    def is_reached(host: str) -> bool:
        try:
            socket.create_connection((host, API_PORT), timeout=5).close()
        except OSError:
            return False
        return True

    def was_restarted(self) -> None:
        self.assertIn("sbcap.association.restarted", self.machine.said())


if __name__ == "__main__":
    machine.files()  # fetched once, from where there is a network
    wires.enter()
    sys.exit(unittest.main())
