# SPDX-License-Identifier: AGPL-3.0-or-later
"""Machines as network namespaces around one bridge, and what can go wrong between them.

    net.enter()                       first thing in a test program: all after it lives in namespaces of its own
    network = net.Network(["n1", "n2", "n3"])
    subprocess.Popen([*network.inside("n1"), "kvd", ...])
    network.cut("n1", "n2")           both ways; cut_one_way("n1", "n2"): what n1 sends to n2 is lost
    network.impair("n1", "n2", loss=0.3, delay_ms=500)
    network.heal()                    or mend() what one of these returned

The program itself stands at the bridge and reaches every machine whatever is cut between them, as a client in a third
place would. Network, mounts and processes are in namespaces of the program's own (unshare), so nothing of them is seen by
the host and nothing is left when it ends, however it ends.

A cut is an nftables rule on the bridge. Loss and delay are made by relay.py, because the kernels of cloud machines (and
Debian's cloud kernel among them) come without sch_netem: it gets the same frames, whatever kernel carries them.
"""
import dataclasses
import os
import pathlib
import shutil
import signal
import subprocess
import sys

PREFIX = "198.51.100"  # TEST-NET-2 (RFC 5737); seen in our own namespaces only
BRIDGE_HOST = 1
FIRST_HOST = 11
INSIDE = "FAROL_CLUSTER_INSIDE"
UNSHARE = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"]
PROGRAMS = ("ip", "nft", "nsenter", "unshare", "strace", "faketime", "openssl", "mkfs.ext4")
RULES = """
table bridge farol {
  set cut { type ifname . ifname; }
  set relayed { type ifname . ifname; }
  set hidden { type ifname; }
  chain forward {
    type filter hook forward priority 0; policy accept;
    iifname . oifname @cut drop
    iifname . oifname @relayed drop
  }
  chain from_machines {
    type filter hook input priority 0; policy accept;
    iifname @hidden drop
  }
  chain to_machines {
    type filter hook output priority 0; policy accept;
    oifname @hidden drop
  }
}
"""


def enter() -> None:
    """Runs this program once more, in namespaces of its own. A machine that refuses them fails the test: what this folder
    proves would otherwise go unproved in silence."""
    if os.environ.get(INSIDE) == "yes":
        _settle_in()
        return
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        sys.exit(f"FAILED: not installed: {', '.join(missing)} (packaging/deps/test.txt)")
    probe = subprocess.run([*UNSHARE, "true"], capture_output=True, text=True, check=False)
    if probe.returncode != 0:
        sys.exit(f"FAILED: this machine gives no namespaces of its own (root is needed): {probe.stderr.strip()}")
    sys.stdout.flush()
    os.execvpe(UNSHARE[0], [*UNSHARE, sys.executable, *sys.argv], os.environ | {INSIDE: "yes"})


def _settle_in() -> None:
    """We are process 1 here: without handlers of its own it would not hear SIGTERM."""
    if os.getpid() != 1:
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    _run("mount", "-t", "tmpfs", "tmpfs", "/run")  # our own: names of machines, and sockets under short names
    pathlib.Path("/run/netns").mkdir()
    _run("mount", "-t", "tmpfs", "tmpfs", "/dev/shm")  # faketime names its semaphores after process ids, and ours are anybody's
    _run("ip", "link", "set", "lo", "up")


def _run(*command: object, text: str | None = None) -> None:
    done = subprocess.run(list(map(str, command)), input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.strip()}")


@dataclasses.dataclass(eq=False)
class Break:
    """A fault that stands until Network.mend()."""
    ways: list[tuple[str, str]]  # sender, receiver
    impairment: str = ""  # nothing passes when there is none
    hides: bool = False


class Network:
    def __init__(self, names: list[str], seed: int = 0) -> None:
        self._ports: dict[str, int] = {}
        self._relay: subprocess.Popen[str] | None = None
        self._seed = seed
        self._broken: list[Break] = []
        _run("ip", "link", "add", "bridge", "type", "bridge")
        _run("ip", "address", "add", f"{PREFIX}.{BRIDGE_HOST}/24", "dev", "bridge")
        _run("ip", "link", "set", "bridge", "up")
        _run("nft", "-f", "-", text=RULES)
        for name in names:
            self.add(name)

    def close(self) -> None:
        if self._relay is not None:
            self._relay.stdin.close()
            self._relay.stdout.close()
            self._relay.wait(10)
            self._relay = None
        for name, number in self._ports.items():
            _run("ip", "link", "delete", f"port{number}")
            _run("ip", "netns", "delete", name)
        self._ports.clear()
        _run("ip", "link", "delete", "bridge")
        _run("nft", "delete", "table", "bridge", "farol")

    @property
    def names(self) -> list[str]:
        return list(self._ports)

    def add(self, name: str) -> None:
        """One more machine."""
        number = len(self._ports)
        self._ports[name] = number
        _run("ip", "netns", "add", name)
        _run("ip", "link", "add", f"port{number}", "type", "veth", "peer", "name", "eth0", "address", self._mac(name),
             "netns", name)
        _run("ip", "link", "set", f"port{number}", "master", "bridge", "up")
        _run("ip", "-n", name, "address", "add", f"{self.address(name)}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            _run("ip", "-n", name, "link", "set", device, "up")
        # Nobody asks for hardware addresses: an unanswered question would make a cut last seconds longer than it was made.
        for other in self._ports:
            if other != name:
                self._introduce(name, other)
                self._introduce(other, name)

    def _introduce(self, name: str, other: str) -> None:
        _run("ip", "-n", name, "neighbour", "replace", self.address(other), "lladdr", self._mac(other), "dev", "eth0",
             "nud", "permanent")

    def address(self, name: str) -> str:
        return f"{PREFIX}.{FIRST_HOST + self._ports[name]}"

    @staticmethod
    def inside(name: str) -> list[str]:
        """What to put before a command that is to run on that machine."""
        return ["nsenter", f"--net=/run/netns/{name}"]

    # Faults. Each stays until it is mended; several may stand at once.

    def cut_one_way(self, sender: str, receiver: str) -> "Break":
        return self._break([(sender, receiver)])

    def cut(self, one: str, other: str) -> "Break":
        return self._break([(one, other), (other, one)])

    def isolate(self, name: str) -> "Break":
        """From all other machines, not from the clients at the bridge."""
        others = [other for other in self._ports if other != name]
        return self._break([(name, other) for other in others] + [(other, name) for other in others])

    def hide(self, name: str) -> "Break":
        """From the clients at the bridge, not from other machines."""
        made = Break([(name, name)], hides=True)
        self._broken.append(made)
        self._apply()
        return made

    def impair(self, one: str, other: str, loss: float = 0, delay_ms: int = 0, jitter_ms: int = 0) -> "Break":
        """Both ways: so many of the frames are lost, and the others come so much later."""
        made = Break([(one, other), (other, one)], f"{loss} {delay_ms} {jitter_ms}")
        for sender, receiver in made.ways:
            self._tell_relay(f"set {self._port(sender)} {self._port(receiver)} {self._mac(receiver)} {made.impairment}")
        self._broken.append(made)
        self._apply()
        return made

    def mend(self, broken: "Break") -> None:
        self._broken.remove(broken)
        self._apply()
        still = {way for one in self._broken if one.impairment for way in one.ways}
        for sender, receiver in broken.ways if broken.impairment else []:
            if (sender, receiver) not in still:
                self._tell_relay(f"unset {self._port(sender)} {self._port(receiver)}")

    def heal(self) -> None:
        for one in list(self._broken):
            self.mend(one)

    def _break(self, ways: list[tuple[str, str]]) -> "Break":
        made = Break(ways)
        self._broken.append(made)
        self._apply()
        return made

    def _apply(self) -> None:
        """Both sets anew, in one transaction of the kernel's."""
        rules = ""
        for name, impaired in (("cut", False), ("relayed", True)):
            rules += f"flush set bridge farol {name}\n"
            ways = {way for one in self._broken if bool(one.impairment) == impaired and not one.hides for way in one.ways}
            if ways:
                listed = ", ".join(f'"{self._port(one)}" . "{self._port(other)}"' for one, other in sorted(ways))
                rules += f"add element bridge farol {name} {{ {listed} }}\n"
        rules += "flush set bridge farol hidden\n"
        for name in sorted({one.ways[0][0] for one in self._broken if one.hides}):
            rules += f'add element bridge farol hidden {{ "{self._port(name)}" }}\n'
        _run("nft", "-f", "-", text=rules)

    def _tell_relay(self, line: str) -> None:
        """Waits until it has been done."""
        if self._relay is None:
            program = pathlib.Path(__file__).with_name("relay.py")
            self._relay = subprocess.Popen([sys.executable, program, str(self._seed)], stdin=subprocess.PIPE,
                                           stdout=subprocess.PIPE, text=True, bufsize=1)
        self._relay.stdin.write(line + "\n")
        if (answer := self._relay.stdout.readline().strip()) != "done":
            raise RuntimeError(f"relay: {answer or 'it ended'}")

    def _port(self, name: str) -> str:
        return f"port{self._ports[name]}"

    def _mac(self, name: str) -> str:
        return f"02:00:00:00:00:{FIRST_HOST + self._ports[name]:02x}"
