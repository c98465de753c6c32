# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real 2G network on one machine: osmo-bsc and osmo-bts-virtual, in a network namespace.

    air.enter_network()            first thing in a test program: everything after it is in a namespace of its own
    with air.Network(folder, cbc="127.0.0.1", port=48049) as network:
        network.radio              what the virtual radio carries (radio.py)
        network.restart_bts()

The BSC is a CBSP client of `cbc:port`, or listens on `listen_port`. Programs are ended by their process ids only.
Needs the Debian packages osmo-bsc and osmo-bts. Traps that were met are in tests/air/README.md.
"""
import ctypes
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

from farol import radio

TREE = pathlib.Path(__file__).resolve().parents[3]
CONFIGS = TREE / "tests/air"
CELL = {"technology": "gsm", "mcc": "001", "mnc": "01", "lac": 1, "ci": 6969}
SKIP_CODE = 77
# After a connection is lost at the wrong moment osmo-bts needs this long to be taken by the BSC again.
UP_WITHIN_S = 60
GONE_WITHIN_S = 10


def enter_network() -> None:
    """Runs this program once more inside a network namespace with loopback only, where default ports are free."""
    if os.environ.get("FAROL_IN_NETWORK") == "yes":
        return
    probe = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]
    if subprocess.run([*probe, "true"], capture_output=True, check=False).returncode != 0:
        print("SKIP: this machine refuses network namespaces (unshare --net)")
        sys.exit(SKIP_CODE)
    for program in ("osmo-bsc", "osmo-bts-virtual"):
        if shutil.which(program) is None:
            print(f"SKIP: {program} is not installed (packaging/install-deps run)")
            sys.exit(SKIP_CODE)
    script = "ip link set lo up; ip link set lo multicast on; ip route add 239.0.0.0/8 dev lo; exec \"$@\""
    os.environ["FAROL_IN_NETWORK"] = "yes"
    os.execvp(probe[0], [*probe, "bash", "-ec", script, "bash", sys.executable, *sys.argv])


class Element:
    """One Osmocom program with its configuration and log."""

    def __init__(self, program: str, folder: pathlib.Path, config: str) -> None:
        self.program = program
        self.config = folder / f"{program}.cfg"
        self.config.write_text(config)
        self.log_path = folder / f"{program}.log"
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen([self.program, "-c", self.config], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=subprocess.STDOUT, cwd=self.config.parent,
                                            preexec_fn=end_with_parent)

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.process is None:
            return
        if self.running():
            self.process.send_signal(number)
            try:
                self.process.wait(GONE_WITHIN_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
        self.process = None

    def log_tail(self, lines: int = 30) -> str:
        text = self.log_path.read_text(errors="replace") if self.log_path.exists() else ""
        return f"--- {self.program}\n" + "\n".join(text.splitlines()[-lines:])


def end_with_parent() -> None:
    """In a child before exec: the kernel ends it when whoever started it is gone, however that went."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


class Network:
    def __init__(self, folder: pathlib.Path, cbc: str = "127.0.0.1", port: int = 48049,
                 listen_port: int | None = None) -> None:
        folder = pathlib.Path(folder).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        if listen_port is None:
            link = f" mode client\n client\n  remote-ip {cbc}\n  remote-port {port}"
        else:
            link = f" mode server\n server\n  local-ip 127.0.0.1\n  local-port {listen_port}"
        bsc = (CONFIGS / "osmo-bsc.cfg").read_text().replace("@cbc@", link)
        self.bsc = Element("osmo-bsc", folder, bsc)
        bts = (CONFIGS / "osmo-bts-virtual.cfg").read_text().replace("@folder@", str(folder))
        self.bts = Element("osmo-bts-virtual", folder, bts)
        self.radio = radio.Radio(folder / "air.pcap")

    def __enter__(self) -> "Network":
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self.radio.start()
        self.bsc.start()
        self.wait_bsc()
        self.start_bts()

    def stop(self) -> None:
        self.bts.stop()
        self.bsc.stop()
        self.radio.stop()

    def wait_bsc(self) -> None:
        """Until the BSC accepts base stations (OML, TCP 3002)."""
        deadline = time.monotonic() + UP_WITHIN_S
        while time.monotonic() < deadline and self.bsc.running():
            try:
                socket.create_connection(("127.0.0.1", 3002), timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("osmo-bsc does not listen\n" + self.logs())

    def start_bts(self) -> None:
        """Until the cell is on the air. osmo-bts ends itself when it loses its BSC, so it is started again then."""
        deadline = time.monotonic() + UP_WITHIN_S
        before = self.radio.frames
        while time.monotonic() < deadline:
            if not self.bts.running():
                self.bts.start()
            if self.radio.wait_frames(before + 20, timeout_s=1):
                return
        raise RuntimeError("the cell does not come on the air\n" + self.logs())

    def restart_bts(self) -> None:
        self.bts.stop()
        self.start_bts()

    def restart_bsc(self) -> None:
        """The base station goes down with its BSC and comes back after it, as in the field."""
        self.bsc.stop()
        self.bts.stop()
        self.bsc.start()
        self.wait_bsc()
        self.start_bts()

    def logs(self) -> str:
        return self.bsc.log_tail() + "\n" + self.bts.log_tail()
