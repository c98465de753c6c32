# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two wires between this program and a far place, each with a network of its own, so that SCTP has two paths.

Here: 192.0.2.1 and 198.51.100.1 (documentation addresses, in a namespace that this program has alone). Far: .2 of each, in a
namespace of its own on veth pairs, or in a guest in QEMU on taps.
"""
import os
import signal
import subprocess
import sys

NETWORKS = ("192.0.2", "198.51.100")
HERE = tuple(f"{network}.1" for network in NETWORKS)
FAR = tuple(f"{network}.2" for network in NETWORKS)
FAR_NAMESPACE = "far"
INSIDE = "FAROL_SCTP_INSIDE"
UNSHARE = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"]


def run(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def enter() -> None:
    """Runs this program once more, in namespaces of its own: nothing of it is seen outside, or left when it ends."""
    if os.environ.get(INSIDE) != "yes":
        sys.stdout.flush()
        os.execvpe(UNSHARE[0], [*UNSHARE, sys.executable, *sys.argv], os.environ | {INSIDE: "yes"})
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    run("mount", "-t", "tmpfs", "tmpfs", "/run")
    os.mkdir("/run/netns")
    run("ip", "link", "set", "lo", "up")


def _near(device: str, address: str) -> None:
    run("ip", "address", "add", f"{address}/24", "dev", device)
    run("ip", "link", "set", device, "up")


class Namespace:
    """The far place as a network namespace."""
    def __init__(self) -> None:
        run("ip", "netns", "add", FAR_NAMESPACE)
        run("ip", "-n", FAR_NAMESPACE, "link", "set", "lo", "up")
        for number, (here, far) in enumerate(zip(HERE, FAR)):
            run("ip", "link", "add", f"wire{number}", "type", "veth", "peer", "name", f"eth{number}", "netns", FAR_NAMESPACE)
            _near(f"wire{number}", here)
            run("ip", "-n", FAR_NAMESPACE, "address", "add", f"{far}/24", "dev", f"eth{number}")
            run("ip", "-n", FAR_NAMESPACE, "link", "set", f"eth{number}", "up")

    inside = ["nsenter", f"--net=/run/netns/{FAR_NAMESPACE}"]

    def close(self) -> None:
        for number in range(len(HERE)):
            run("ip", "link", "delete", f"wire{number}")
        run("ip", "netns", "delete", FAR_NAMESPACE)


class Taps:
    """The near ends of wires whose far ends are a guest's."""
    def __init__(self) -> None:
        for number, here in enumerate(HERE):
            run("ip", "tuntap", "add", f"wire{number}", "mode", "tap")
            _near(f"wire{number}", here)

    @staticmethod
    def devices() -> list[str]:
        """What QEMU is told."""
        out = []
        for number in range(len(HERE)):
            out += ["-netdev", f"tap,id=n{number},ifname=wire{number},script=no,downscript=no",
                    "-device", f"virtio-net-pci,netdev=n{number},romfile="]
        return out

    def close(self) -> None:
        for number in range(len(HERE)):
            run("ip", "link", "delete", f"wire{number}")


def unplug(number: int) -> None:
    """The device is down, and both sides' kernels know."""
    run("ip", "link", "set", f"wire{number}", "down")


def plug(number: int) -> None:
    run("ip", "link", "set", f"wire{number}", "up")


def silence() -> None:
    """Nothing passes any more, and no kernel notices: as behind a router that drops."""
    rules = "".join(f'chain {hook} {{ type filter hook {hook} priority 0; {way}ifname "wire*" drop; }}\n'
                    for hook, way in (("input", "i"), ("output", "o")))
    subprocess.run(["nft", "-f", "-"], input=f"table inet silence {{\n{rules}}}\n", text=True, check=True)


def speak() -> None:
    run("nft", "delete", "table", "inet", "silence")
