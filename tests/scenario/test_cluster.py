#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The life of a cluster of three daemons as its operators see it, on loopback: no faults of networks here."""
import json
import pathlib
import re
import socket
import subprocess
import sys
import unittest
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import wait  # noqa: E402
from farol.daemon import Daemon, Site, binary  # noqa: E402
from farol.web import Answer  # noqa: E402

METRICS = pathlib.Path(__file__).resolve().parents[2] / "doc/metrics.md"
REFUSED, NOT_FOUND, PARTLY = 4, 3, 5
LEADER_S = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster(unittest.TestCase):
    def setUp(self) -> None:
        self.site = Site()
        self.addCleanup(self.site.close)
        self.ports: dict[str, int] = {}

    def node(self, name: str, role: str = "member", **more: Any) -> Daemon:
        self.ports[name] = free_port()
        block = {"listen": f"127.0.0.1:{self.ports[name]}", "role": role}
        return self.site.daemon("kvd", {"cluster": block} | more, instance=name)

    def three(self) -> list[Daemon]:
        nodes = [self.node(name).start() for name in ("vm-a", "vm-b", "vm-c")]
        self.ask(nodes[0], "init")
        self.leader(nodes)
        for node in nodes[1:]:
            self.ask(node, "join", {"address": f"127.0.0.1:{self.ports['vm-a']}"})
        self.wait_voting(nodes, 3)
        return nodes

    @staticmethod
    def ask(node: Daemon, verb: str, body: Any = None, status: int = 200) -> Answer:
        answer = node.control().post(f"/control/cluster/{verb}", body or {}, timeout_s=60)
        if answer.status != status:
            raise AssertionError(f"{verb}: {answer.status} {answer.text}\n{node.log()}")
        return answer

    @staticmethod
    def status(node: Daemon) -> dict[str, Any]:
        return node.control().get("/control/cluster").json()

    def leader(self, nodes: list[Daemon]) -> Daemon:
        """The one that takes writes, and the others know it."""
        def look() -> Daemon | None:
            seen = {node: self.status(node) for node in nodes}
            leaders = [node for node, one in seen.items() if one["takes_writes"]]
            names = {one["leader"] for one in seen.values() if one["state"] != "standalone"}
            return leaders[0] if len(leaders) == 1 and len(names) == 1 else None
        return wait.until("one node leads and all know it", look, LEADER_S)

    def wait_voting(self, nodes: list[Daemon], count: int) -> None:
        wait.until(f"{count} nodes vote", lambda: sum(
            one["votes"] for one in self.status(self.leader(nodes))["nodes"]) == count)

    def value(self, node: Daemon, path: str) -> Any:
        return node.api().get(path).json()["value"]

    # Life

    def test_a_write_through_any_node_is_seen_by_all(self) -> None:
        nodes = self.three()
        for number, node in enumerate(nodes):
            answer = node.api().put(f"/kv/registers/r{number}", {"value": number})
            self.assertEqual((answer.status, answer.json()), (200, {"value": number}))
        for node in nodes:
            for number in range(3):
                self.assertEqual(self.value(node, f"/kv/registers/r{number}?consistent=1"), number)

    def test_answers_of_the_leader_pass_through_unchanged(self) -> None:
        nodes = self.three()
        leader = self.leader(nodes)
        asked = ("/kv/registers/none/cas", {"from": 1, "to": 2})
        there = leader.api().post(*asked)
        for node in nodes:
            here = node.api().post(*asked)
            self.assertEqual((here.status, here.json()["code"]), (409, "cas-mismatch"))
            self.assertEqual(here.body, there.body)
            self.assertEqual(here.headers["content-type"], there.headers["content-type"])
        self.assertEqual(nodes[0].api("monitor").put("/kv/registers/r", {"value": 1}).status, 403)

    def test_a_repeat_with_the_same_key_happens_once_whichever_node_is_asked(self) -> None:
        nodes = self.three()
        for node in nodes:
            answer = node.api().post("/kv/counters/c/add", {"by": 5}, headers={"Idempotency-Key": "k-1"})
            self.assertEqual((answer.status, answer.json()), (200, {"value": 5}))
        other = nodes[0].api().post("/kv/counters/c/add", {"by": 6}, headers={"Idempotency-Key": "k-1"})
        self.assertEqual(other.status, 422)

    def test_reads_of_followers_say_how_old_they_are(self) -> None:
        nodes = self.three()
        leader = self.leader(nodes)
        for node in nodes:
            age = node.api().get("/kv/registers/r").headers.get("farol-read-age")
            if node is leader:
                self.assertIsNone(age)
            else:
                self.assertLess(int(age), 5000)
        newest = next(node for node in nodes if node is not leader).api().get("/kv/registers/r?consistent=1")
        self.assertNotIn("farol-read-age", newest.headers)

    def test_the_leader_dies_and_another_one_takes_the_writes(self) -> None:
        nodes = self.three()
        nodes[0].api().put("/kv/registers/r", {"value": 1})
        dead = self.leader(nodes)
        dead.kill()
        rest = [node for node in nodes if node is not dead]
        leader = self.leader(rest)
        follower = next(node for node in rest if node is not leader)
        self.assertEqual(self.value(follower, "/kv/registers/r?consistent=1"), 1)
        self.assertEqual(follower.api().put("/kv/registers/r", {"value": 2}).status, 200)
        alarms = wait.until("the alarm of the takeover", lambda: leader.control().get("/control/alarms").json()["alarms"])
        self.assertIn("SwitchoverDone", [one["specific_problem"] for one in alarms])
        dead.start()
        wait.until("it has caught up", lambda: self.value(dead, "/kv/registers/r") == 2)

    def test_a_node_that_is_stopped_hands_leadership_over_before(self) -> None:
        nodes = self.three()
        first = self.leader(nodes)
        self.assertEqual(first.stop(), 0, first.log())
        rest = [node for node in nodes if node is not first]
        second = self.leader(rest)
        self.assertIn("farol_cluster_switchovers_total{reason=\"planned\"} 1",
                      second.control().get("/metrics").text)

    def test_switching_over_by_name(self) -> None:
        nodes = self.three()
        leader = self.leader(nodes)
        to = next(node for node in nodes if node is not leader)
        self.ask(leader, "switchover", {"node": to.folder.name})
        self.assertIs(self.leader(nodes), to)

    def test_one_that_left_is_alone_and_the_last_one_keeps_everything(self) -> None:
        nodes = self.three()
        nodes[0].api().put("/kv/registers/r", {"value": 7})
        leader = self.leader(nodes)
        gone = [node for node in nodes if node is not leader]
        for node in gone:
            self.ask(leader, "leave", {"node": node.folder.name})
        self.wait_voting([leader], 1)
        self.ask(leader, "leave")
        wait.until("it is alone", lambda: self.status(leader)["state"] == "standalone")
        self.assertEqual(leader.api().put("/kv/registers/s", {"value": 8}).status, 200)
        leader.stop()
        del leader.config["cluster"]
        leader.write_config()
        leader.start()
        self.assertEqual((self.value(leader, "/kv/registers/r"), self.value(leader, "/kv/registers/s")), (7, 8))

    def with_a_past(self, name: str, key: str, value: int) -> Daemon:
        """A node that has stood alone, without the block `cluster:`, and now has it."""
        node = self.node(name)
        block = node.config.pop("cluster")
        node.write_config()
        node.start()
        self.assertEqual(node.api().put(f"/kv/registers/{key}", {"value": value}).status, 200)
        node.stop()
        node.config["cluster"] = block
        node.write_config()
        return node.start()

    def test_a_node_with_an_empty_store_takes_nothing_before_it_has_joined(self) -> None:
        node = self.node("vm-a").start()
        refused = node.api().put("/kv/registers/r", {"value": 3})
        self.assertEqual((refused.status, refused.json()["code"]), (503, "not-leader"))
        self.assertEqual(node.api().get("/kv/registers/r?consistent=1").status, 503)
        self.assertIn("farolctl cluster init", self.status(node)["problem"])
        self.ask(node, "init")
        self.leader([node])
        self.assertEqual(node.api().put("/kv/registers/r", {"value": 3}).status, 200)

    def test_a_member_does_not_start_without_its_cluster(self) -> None:
        node = self.with_a_past("vm-a", "r", 3)
        self.ask(node, "init")
        self.leader([node])
        self.assertEqual(self.value(node, "/kv/registers/r"), 3)  # founding a cluster loses nothing
        node.stop()
        del node.config["cluster"]
        node.write_config()
        done = subprocess.run(node.command(), capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 1)
        self.assertIn("belongs to the cluster", done.stderr)
        self.assertIn("configure `cluster:` again", done.stderr)

    def test_without_a_majority_nothing_is_written_and_reads_go_on(self) -> None:
        nodes = self.three()
        nodes[0].api().put("/kv/registers/r", {"value": 1})
        leader = self.leader(nodes)
        last = next(node for node in nodes if node is not leader)
        wait.until("it has it", lambda: self.value(last, "/kv/registers/r") == 1)
        for node in nodes:
            if node is not last:
                node.kill()
        wait.until("it knows", lambda: self.status(last)["leader"] is None)
        answer = last.api().put("/kv/registers/r", {"value": 2})
        self.assertEqual(answer.status, 503)
        self.assertIn(answer.json()["code"], ("not-leader", "outcome-unknown"))
        self.assertEqual(self.value(last, "/kv/registers/r"), 1)
        self.assertEqual(last.control().get("/readyz").status, 200)

    def test_a_voter_has_no_interface_but_holds_everything(self) -> None:
        member, voter = self.node("vm-a").start(), self.node("vm-m", role="voter").start()
        self.assertEqual(sorted(voter.listeners()), ["cluster"])
        self.assertRegex(voter.control().get("/metrics").text,
                         r'farol_tls_certificate_not_after_timestamp_seconds\{[^}]*name="cluster"')
        self.ask(member, "init")
        self.leader([member])
        self.ask(voter, "join", {"address": f"127.0.0.1:{self.ports['vm-a']}"})
        self.wait_voting([member], 2)
        member.api().put("/kv/registers/r", {"value": 1})
        mine = member.control().get("/kv/state").json()
        wait.until("it has the same", lambda: voter.control().get("/kv/state").json()["hash"] == mine["hash"])

    def test_every_figure_of_the_list_is_there(self) -> None:
        node = self.node("vm-a").start()
        self.ask(node, "init")
        self.leader([node])
        section = METRICS.read_text().split("## Every node of a cluster")[1].split("\n## ")[0]
        shown = node.control().get("/metrics").text
        for name, kind in re.findall(r"^\| `(\w+)` \| (\w+)", section, re.MULTILINE):
            self.assertIn(f"# TYPE {name} {kind}", shown)

    # farolctl: the control socket of kvd stands where ocsd's would

    def ctl(self, node: Daemon, *words: str) -> subprocess.CompletedProcess[str]:
        root = node.folder / "root"
        if not root.exists():
            (root / "etc").mkdir(parents=True)
            (root / "run").mkdir()
            (root / "etc/ocsd.yaml").touch()
            (root / "run/ocsd").symlink_to(node.runtime)
        return subprocess.run([binary("farolctl"), "--root", root, *words], capture_output=True, text=True, timeout=120)

    def test_farolctl_forms_shows_and_ends_a_cluster(self) -> None:
        a, b = self.node("vm-a").start(), self.with_a_past("vm-b", "own", 1)
        self.assertIn("no cluster yet", self.ctl(a, "cluster", "status", "ocsd").stdout)
        done = self.ctl(a, "cluster", "init", "ocsd")
        self.assertEqual((done.returncode, done.stdout), (0, "init: done\n"), done.stderr)
        self.leader([a])
        refused = self.ctl(b, "cluster", "join", "ocsd", f"127.0.0.1:{self.ports['vm-a']}")
        self.assertEqual(refused.returncode, REFUSED)
        self.assertIn("--replace", refused.stderr)
        done = self.ctl(b, "cluster", "join", "ocsd", f"127.0.0.1:{self.ports['vm-a']}", "--replace")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.wait_voting([a, b], 2)
        self.assertIsNone(self.value(b, "/kv/registers/own?consistent=1"))
        shown = wait.until("all is well", lambda: (one := self.ctl(a, "cluster", "status")).returncode == 0 and one)
        self.assertRegex(shown.stdout, r"(?m)^vm-b +127\.0\.0\.1:\d+ +member +voting +\d+ +\d+ ms ago$")
        data = json.loads(self.ctl(b, "--json", "cluster", "status").stdout)
        self.assertEqual(data["clusters"][0]["leader"], "vm-a")
        self.assertIn("in its cluster: follows vm-a", self.ctl(b, "status").stdout)
        self.assertEqual(self.ctl(b, "cluster", "switchover", "ocsd", "vm-b").returncode, 0)
        self.assertIs(self.leader([a, b]), b)
        self.assertEqual(self.ctl(b, "cluster", "leave", "ocsd", "vm-a").returncode, 0)
        audited = b.control().get("/control/audit?of=node").text
        self.assertIn('"cluster.switchover"', audited)

    def test_a_node_that_was_fenced_is_out_and_takes_nothing(self) -> None:
        nodes = self.three()
        leader = self.leader(nodes)
        lost = next(node for node in nodes if node is not leader)
        name = lost.folder.name
        own = self.ctl(lost, "cluster", "fence", "ocsd", name)
        self.assertEqual(own.returncode, REFUSED)
        self.assertIn("cannot fence itself", own.stderr)
        lost.kill()
        fenced = self.ctl(leader, "cluster", "fence", "ocsd", name)
        self.assertEqual((fenced.returncode, fenced.stdout), (0, "fence: done\n"), fenced.stderr)
        self.wait_voting([leader], 2)
        self.assertIn('"cluster.fence"', leader.control().get("/control/audit?of=node").text)
        lost.start()
        wait.until("it is refused", lambda: "links.refused" in leader.log() and name in leader.log())
        self.assertEqual(lost.api().put("/kv/registers/r", {"value": 1}, timeout_s=60).status, 503)

    def test_farolctl_says_that_a_daemon_runs_alone(self) -> None:
        alone = self.site.daemon("kvd").start()
        self.assertEqual(self.ctl(alone, "cluster", "status", "ocsd").returncode, NOT_FOUND)
        self.assertEqual(self.ctl(alone, "cluster", "status").stdout, "no daemon here has a cluster\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
