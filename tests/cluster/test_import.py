#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A large import while leaders die: nothing of it is seen before all of it is there, and it goes on where it was."""
import threading
import time
import unittest
import uuid
from typing import Any

import net
import scene
from cluster import Cluster
from farol import wait
from farol.web import Answer
from node import Node
from stream import Stream

ROWS, OCTETS = 16_384, 4096  # 64 MiB
DONE_S = 240
ATTEMPT_S = 40
KILLS = 3


class Import:
    """Asks for one import until it is done, at one node after another, as a client would."""

    def __init__(self, cluster: Cluster, rows: int, octets: int, name: str = "cells") -> None:
        self.name, self.attempts = name, 0
        self.answer: Answer | None = None
        self._cluster = cluster
        self._body = {"token": str(uuid.uuid4()), "rows": rows, "octets": octets}
        self._given_up = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> "Import":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._given_up.set()
        self._thread.join()

    def wait_done(self, timeout_s: float) -> None:
        wait.until(f"the import of {self.name} is done", lambda: self.answer is not None, timeout_s)
        assert self.answer is not None and self.answer.status == 200, self.answer

    def _ask(self) -> None:
        while not self._given_up.is_set():
            for node in [one for one in self._cluster if one.running and one.role == "member"]:
                self.attempts += 1
                try:
                    answer = node.api().put(f"/kv/imports/{self.name}", self._body, timeout_s=ATTEMPT_S)
                    if answer.status == 200:
                        self.answer = answer
                        return
                except OSError:
                    pass
                if self._given_up.wait(0.2):
                    return


def seen(node: Node, name: str = "cells", timeout_s: float = 60) -> dict[str, Any] | None:
    """What is visible of it; None: nothing. The daemon reads all of it for that."""
    answer = node.api().get(f"/kv/imports/{name}", timeout_s=timeout_s)
    return answer.json() if answer.status == 200 else None


class ImportTest(scene.ClusterCase):
    def test_large_import_survives_its_leaders(self) -> None:
        cluster = self.cluster(["n1", "n2", "n3"]).form()
        began = time.monotonic()
        with Stream(*cluster, pace_s=0.02) as stream, Import(cluster, ROWS, OCTETS) as one:
            for _ in range(KILLS):
                time.sleep(1)
                if one.answer is not None:
                    break
                for node in cluster:
                    self.assertIsNone(seen(node), "part of an import is visible")
                leader = cluster.wait_leader()
                leader.kill()
                wait.until("another one leads", lambda: cluster.leader() not in (None, leader), 30)
                leader.start()
            one.wait_done(DONE_S)
            stream.wait_acknowledged(20)
        print(f"64 MiB in {time.monotonic() - began:.1f} s, {one.attempts} attempts; outcomes of the load {stream.outcomes}")
        cluster.wait_converged()
        found = [seen(node) for node in cluster]
        self.assertEqual(found[0]["rows"], ROWS)
        self.assertEqual(found, [found[0]] * 3)
        for node in cluster:
            self.assertEqual(stream.missing(node), [])

    def test_import_holds_up_nobody(self) -> None:
        cluster = self.cluster(["n1", "n2", "n3"]).form()
        with Stream(*cluster, pace_s=0.01) as stream, Import(cluster, ROWS, OCTETS) as one:
            one.wait_done(DONE_S)
        self.assertGreater(len(stream.acknowledged), 20)
        self.assertLess(stream.longest_gap(), 2, stream.outcomes)
        self.assertEqual(one.attempts, 1)


if __name__ == "__main__":
    net.enter()
    unittest.main(verbosity=2)
