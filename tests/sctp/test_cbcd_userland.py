#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""cbcd here, an MME in the far namespace, two paths between them, libusrsctp at both ends."""
import subprocess
import sys
import unittest

import wires
from cbcd_cases import TABLE, CbcdCases, settings

from farol.daemon import Site, binary
from farol.web import TlsClient


class Userland(CbcdCases, unittest.TestCase):
    CBC_HOSTS, MME_HOSTS = wires.HERE, wires.FAR
    mme_runs = wires.Namespace.inside

    def setUp(self) -> None:
        place = wires.Namespace()
        self.addCleanup(place.close)
        self.site = Site()
        self.addCleanup(self.site.close)
        self.cbe = self.site.authority.issue("cbe", node="national")
        cells = self.site.folder / "cells.csv"
        cells.write_text(TABLE)
        self.cbc = self.site.daemon("cbc", settings(str(cells), "userland", self.CBC_HOSTS, self.MME_HOSTS)).start()

    def client(self, role: str) -> TlsClient:
        return self.cbc.api(certificate=self.cbe) if role == "cbe" else self.cbc.api(role)

    def see_paths(self, states: dict[str, str]) -> None:
        root = self.site.folder / "place"
        (root / "run").mkdir(parents=True)
        (root / "run/cbc").symlink_to(self.cbc.runtime)
        shown = subprocess.run([binary("farolctl"), "--root", root, "peer", "show", "mme-1"], capture_output=True, text=True,
                               timeout=60, check=True).stdout
        for host, state in states.items():
            self.assertRegex(shown, rf"{host}.* {state}", shown)

    def was_restarted(self) -> None:
        self.assertIn("sbcap.association.restarted", self.cbc.log())


if __name__ == "__main__":
    wires.enter()
    sys.exit(unittest.main())
