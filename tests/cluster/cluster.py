# SPDX-License-Identifier: AGPL-3.0-or-later
"""A cluster of real daemons on machines of its own (net.py); ends everything that it started.

    with Cluster(folder, ["n1", "n2", "n3"]) as cluster:
        cluster.form()                      the first becomes a cluster, the others join
        cluster.leader().kill()
        cluster.wait_converged()            all nodes have applied the same and hold the same
"""
import pathlib
import sys
import threading
import time
from typing import Any, Iterator

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "scenario"))
import net  # noqa: E402
from farol import wait  # noqa: E402
from farol.daemon import Site, merged  # noqa: E402
from farol.pki import Authority, Certificate  # noqa: E402
from node import Node  # noqa: E402

FORM_S = 60
CONVERGE_S = 60
LEADER_S = 30


class _Addressed(Authority):
    """Names the address of each machine in its certificate. Valid since some days ago: clocks are set back here."""

    def __init__(self, folder: pathlib.Path, network: net.Network) -> None:
        self._network = network
        super().__init__(folder, clock="-3d")

    def issue(self, role: str, node: str = "a", **more: Any) -> Certificate:
        hosts = (self._network.address(node),) if node in self._network.names else ()
        return super().issue(role, node=node, hosts=hosts, **more)


class Cluster(Site):
    def __init__(self, folder: pathlib.Path, names: list[str], voters: tuple[str, ...] = (), config: dict[str, Any] | None = None,
                 small_disks: bool = False, own_clocks: bool = False, standalone: bool = False, seed: int = 0,
                 in_memory: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.standalone = standalone
        self._config = config or {}
        self._small_disks, self._own_clocks = small_disks or in_memory, own_clocks
        self._in_memory = in_memory  # the small disks
        self._voters = voters
        self._busy: set[str] = set()
        self._lock = threading.Lock()
        self.nodes: dict[str, Node] = {}
        super().__init__(folder.resolve())
        self.network = net.Network([], seed)
        try:
            for name in names:
                self.network.add(name)
            self.authority = _Addressed(self.folder / "authority", self.network)
            for name in names:
                self._make(name)
        except BaseException:
            self.close()
            raise

    def _make(self, name: str) -> Node:
        made = Node(self, name, "voter" if name in self._voters else "member", self._config, self._small_disks,
                    self._own_clocks, self._in_memory)
        self._daemons.append(made)
        self.nodes[name] = made
        return made

    def add(self, name: str, voter: bool = False) -> Node:
        """One more machine, whose daemon isn't started."""
        self.network.add(name)
        if voter:
            self._voters += (name,)
        return self._make(name)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes.values())

    def __getitem__(self, name: str) -> Node:
        return self.nodes[name]

    def cluster_block(self, node: Node) -> dict[str, Any]:
        if self.standalone:
            return {}
        return {"cluster": {"listen": node.log_address, "role": node.role}}

    def close(self) -> None:
        self.network.heal()
        super().close()
        self.network.close()

    # Life

    def start(self) -> "Cluster":
        for node in self:
            node.launch()
        for node in self:
            self.wait_up(node)
        return self

    @staticmethod
    def wait_up(node: Node) -> None:
        """Of one that was launched."""
        def up() -> bool:
            if not node.running:
                raise AssertionError(f"{node.label} ended with {node.process.returncode}:\n{node.log()}")
            return "READY=1" in node.notify.lines
        wait.until(f"{node.label} is ready", up, FORM_S)

    def form(self) -> "Cluster":
        """Starts all; the first becomes a cluster of one, and the others join it one after another."""
        self.start()
        first, *others = self
        if self.standalone:
            return self
        self.command(first, "init")
        self.wait_leader()
        for node in others:
            self.join(node)
        return self

    def join(self, node: Node, through: Node | None = None) -> None:
        """Until it counts."""
        self.ask_to_join(node, through)
        self.wait_full(node)

    def ask_to_join(self, node: Node, through: Node | None = None) -> None:
        """Asked at the node itself, with the address of one that is in; until it has been taken in."""
        through = through or self.wait_leader()
        self.command(node, "join", {"address": through.log_address})

    def wait_full(self, node: Node) -> None:
        """Until it votes."""
        try:
            wait.until(f"{node.label} has joined", lambda: self.is_full(node), FORM_S)
        except TimeoutError as error:
            leader = self.leader()
            raise AssertionError(f"{error}; it says {node.status()}, the leader {leader and leader.status()}") from None

    def is_full(self, node: Node) -> bool:
        """It votes, as the leader sees it."""
        leader = self.leader()
        seen = leader.status() if leader else {}
        return any(one.get("node") == node.label and one.get("votes") for one in seen.get("nodes", []))

    def command(self, node: Node, verb: str, body: Any = None, limit_s: float = FORM_S) -> None:
        """Repeated while the answer is 503 (no leader yet, outcome unknown)."""
        deadline = time.monotonic() + limit_s
        while True:
            answer = node.ask(verb, body or {}, timeout_s=limit_s)
            if answer.status < 300:
                return
            if answer.status != 503 or time.monotonic() > deadline:
                raise AssertionError(f"cluster {verb} at {node.label}: {answer.status} {answer.text}")
            time.sleep(0.2)

    # What it looks like

    def leader(self) -> Node | None:
        """The one that leads in the newest term, if any says so."""
        if self.standalone:
            return next((node for node in self if node.running), None)
        found = [(status.get("term", 0), node) for node in self if (status := node.status()).get("state") == "leader"]
        return max(found, key=lambda one: one[0])[1] if found else None

    def wait_leader(self, timeout_s: float = LEADER_S) -> Node:
        if self.standalone:
            return next(iter(self))
        return wait.until("there is a leader", self.leader, timeout_s)

    def followers(self) -> list[Node]:
        leader = self.leader()
        return [node for node in self if node is not leader and node.running]

    def wait_converged(self, timeout_s: float = CONVERGE_S, nodes: list[Node] | None = None) -> dict[str, Any]:
        """All of them hold the same; what that is. Nothing may be written meanwhile."""
        seen: list[tuple[str, Any]] = []

        def same() -> dict[str, Any] | None:
            self.check_running()
            seen[:] = [(node.label, node.kv_state()) for node in nodes or self]
            return seen[0][1] if len({(state["hash"], state["applied_index"]) for _, state in seen}) == 1 else None
        try:
            return wait.until("all nodes hold the same", same, timeout_s)
        except TimeoutError as error:
            raise AssertionError(f"{error}: {seen}") from None

    def check_running(self) -> None:
        """AssertionError when a process ended that nobody ended."""
        for node in self:
            if node.process is not None and node.process.poll() is not None:
                raise AssertionError(f"{node.label} ended by itself with {node.process.returncode}")

    # Faults share the nodes: one at a time each.

    def take(self, wanted: str) -> Node | None:
        """A running node that no other fault has: "leader", "follower", or its name. None when there is none."""
        leader = self.leader()
        with self._lock:
            for node in self:
                fits = {"leader": node is leader, "follower": node is not leader}.get(wanted, node.label == wanted)
                if fits and node.running and node.label not in self._busy:
                    self._busy.add(node.label)
                    return node
        return None

    def give_back(self, node: Node) -> None:
        with self._lock:
            self._busy.discard(node.label)

    def configure(self, node: Node, over: dict[str, Any]) -> None:
        """For its next start."""
        node.config = merged(node.config, over)
        node.write_config()
