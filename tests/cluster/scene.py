# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the tests of this folder begin with: a cluster that goes with the test, and whose logs stay when it failed."""
import os
import pathlib
import shutil
import unittest
from typing import Any

from cluster import Cluster

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = pathlib.Path(os.path.join(ROOT, os.environ.get("BUILD", "build"))) / "cluster"


class ClusterCase(unittest.TestCase):
    def cluster(self, names: list[str], **more: Any) -> Cluster:
        folder = OUT / self.id().split(".", 1)[-1]
        shutil.rmtree(folder, ignore_errors=True)
        made = Cluster(folder, names, **more)
        self.addCleanup(self._tidy, folder)
        self.addCleanup(made.close)
        return made

    def _tidy(self, folder: pathlib.Path) -> None:
        outcome = self._outcome.result  # of this test among others
        failed = any(test is self for test, _ in outcome.failures + outcome.errors)
        if failed:
            print(f"kept: {folder}", flush=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)
