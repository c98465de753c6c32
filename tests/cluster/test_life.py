#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""A cluster comes, changes and goes: nothing that was written is lost, and who is out is out."""
import pathlib
import time
import unittest

import net
import scene
from farol import wait
from node import LOG_PORT, Node
from stream import Stream

TCP_ESTABLISHED = "01"
WATCHED_S = 5


def streams_of(node: Node) -> set[str]:
    """Connections between this node's machine and others' log ports, either way, as its kernel has them."""
    found = set()
    for line in pathlib.Path(f"/proc/{node.pid}/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, state = line.split()[:4]
        ports = {int(one.split(":")[1], 16) for one in (local, remote)}
        if state == TCP_ESTABLISHED and LOG_PORT in ports:
            found.add(f"{local} {remote}")
    return found


class LifeTest(scene.ClusterCase):
    def write(self, node: Node, count: int = 50) -> None:
        for number in range(count):
            self.assertEqual(node.api().put(f"/kv/registers/life{number}", {"value": number}).status, 200)

    def test_standalone_store_becomes_three_nodes_and_standalone_again(self) -> None:
        cluster = self.cluster(["n1", "n2", "n3"])
        first = cluster["n1"]
        block = first.config.pop("cluster")  # it is a machine alone, at first
        first.write_config()
        cluster.start()
        self.write(first)
        rows = first.kv_state()["hash"]
        self.assertEqual(cluster["n2"].api().put("/kv/registers/x", {"value": 1}).status, 503)  # waits to join
        cluster.configure(first, {"cluster": block})
        first.restart()
        self.assertEqual(first.kv_state()["hash"], rows)
        self.assertEqual(first.api().put("/kv/registers/x", {"value": 1}).status, 200)  # until init, and after it
        rows = first.kv_state()["hash"]
        cluster.command(first, "init")
        cluster.wait_leader()
        self.assertEqual(first.kv_state()["hash"], rows)
        for name in ("n2", "n3"):
            cluster.join(cluster[name])
        self.assertEqual(cluster.wait_converged()["hash"], rows)
        self.assertEqual(cluster["n3"].api().put("/kv/registers/after", {"value": 1}).status, 200)
        rows = cluster.wait_converged()["hash"]

        for name in ("n2", "n3", "n1"):
            cluster.command(cluster[name], "leave")
        wait.until("n1 is standalone", lambda: first.status().get("state") == "standalone")
        self.assertEqual(first.kv_state()["hash"], rows)
        self.assertEqual(first.api().put("/kv/registers/alone", {"value": 1}).status, 200)
        rows = first.kv_state()["hash"]
        first.stop()
        cluster.standalone = True  # the configuration of a machine that never heard of clusters
        first.config.pop("cluster")
        first.write_config()
        first.start()
        self.assertEqual(first.kv_state()["hash"], rows)

    def test_removed_node_is_refused_at_once(self) -> None:
        cluster = self.cluster(["n1", "n2", "n3"]).form()
        removed = next(node for node in cluster if node is not cluster.wait_leader())
        others = [node for node in cluster if node is not removed]
        self.assertTrue(streams_of(removed))
        removed.pause()  # so that it cannot know, and tries to come back
        cluster.command(cluster.wait_leader(), "leave", {"node": removed.label})
        removed.go_on()
        old = streams_of(removed)
        wait.until("the removed node has lost its connections", lambda: not streams_of(removed) & old, 5)
        term = cluster.wait_leader().status()["term"]
        read = {node.label: len(node.log()) for node in others}
        removed.kill()
        removed.start()
        with Stream(*others) as stream:
            time.sleep(WATCHED_S)
        self.assertLess(stream.longest_gap(), 1.0, stream.outcomes)
        for node in others:
            # It may ask to be taken in again, and do nothing else.
            new = node.log()[read[node.label]:]
            self.assertIn(f"/{removed.label} ", "".join(line for line in new.splitlines(True) if "links.refused" in line))
            self.assertNotIn(f"links.stream.opened peer={removed.label}", new)
        self.assertEqual(cluster.wait_leader().status()["term"], term)
        self.assertNotEqual(removed.api().put("/kv/registers/x", {"value": 1}).status, 200)

    def test_planned_stop_hands_leadership_over(self) -> None:
        cluster = self.cluster(["n1", "n2", "n3"]).form()
        leader = cluster.wait_leader()
        others = [node for node in cluster if node is not leader]
        with Stream(*others) as stream:
            stream.wait_acknowledged(50)
            self.assertEqual(leader.stop(), 0)
            stream.wait_acknowledged(50)
        self.assertLess(stream.longest_gap(), 1.0, stream.outcomes)
        for node in others:
            self.assertEqual(stream.missing(node), [])

    def test_switchover_goes_to_the_node_that_is_named(self) -> None:
        cluster = self.cluster(["n1", "n2", "n3"]).form()
        target = next(node for node in cluster if node is not cluster.wait_leader())
        with Stream(*cluster) as stream:
            stream.wait_acknowledged(20)
            cluster.command(cluster.wait_leader(), "switchover", {"node": target.label})
            wait.until(f"{target.label} leads", lambda: cluster.leader() is target)
            stream.wait_acknowledged(20)
        self.assertLess(stream.longest_gap(), 1.0, stream.outcomes)
        cluster.wait_converged()


if __name__ == "__main__":
    net.enter()
    unittest.main(verbosity=2)
