# SPDX-License-Identifier: AGPL-3.0-or-later
"""The simulated part of the demo network: an RNC, an MME and an AMF beside the real BSC. What they are called, where cbcd finds
them, and the process that they run in (`elements`). They need Erlang's codec; without it the demo goes on without them."""
import importlib.util
import json
import pathlib
import shutil
import signal
import socket
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
INSTANCE = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"
MME_PORT = 29168  # of SCTP, which goes in UDP here
# Technology, location area, tracking area, cell, name, where; the first is that of the virtual base station.
CELLS = (("gsm", 1, None, 6969, "Harbour", "54.1766,12.0830"), ("umts", 2, None, 512, "Lighthouse", "54.1814,12.0857"),
         ("lte", None, 1, 0x0019b01, "Beach", "54.1790,12.0700"), ("lte", None, 1, 0x0019b02, "Town", "54.1740,12.0790"),
         ("nr", None, 2, 0x10, "Station", "54.1770,12.0905"))


def missing(programs: pathlib.Path) -> list[str]:
    lacks = [one for one in ("erl", "erlc") if shutil.which(one) is None]
    lacks += ["python3-h2"] if importlib.util.find_spec("h2") is None else []
    return lacks + ([] if (programs / "sctp_pipe").exists() else ["sctp_pipe"])


def free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def table(with_tracking_areas: bool) -> str:
    columns = "technology,mcc,mnc,lac,tac,ci,name,lat,lon" if with_tracking_areas else "technology,mcc,mnc,lac,ci,name,lat,lon"
    rows = []
    for technology, lac, tac, cell, name, where in CELLS:
        areas = [lac, tac] if with_tracking_areas else [lac]
        words = [technology, "001", "01", *("" if one is None else one for one in areas), cell, name, where]
        rows.append(",".join(map(str, words)))
    return "\n".join([columns, *rows]) + "\n"


class Elements:
    def __init__(self, root: pathlib.Path) -> None:
        self.root = root
        self.rnc, self.amf, self.n50 = (free_port(socket.SOCK_STREAM) for _ in range(3))
        self.mme_udp, self.cbc_udp = (free_port(socket.SOCK_DGRAM) for _ in range(2))
        self.process: subprocess.Popen | None = None

    def cbc_config(self) -> dict:
        """Over the demo's own configuration of cbcd."""
        (self.root / "etc/network-cells.csv").write_text(table(with_tracking_areas=True))
        callback = f"127.0.0.1:{self.n50}"
        return {"cells": str(self.root / "etc/network-cells.csv"),
                "sabp": {"load_query": "30s"},
                "sbcap": {"transport": "userland", "udp_port": self.cbc_udp, "local": ["127.0.0.1"]},
                "n50": {"listen": callback, "callback": f"http://{callback}", "nf_instance": INSTANCE},
                "peers": {"demo-rnc": {"protocol": "sabp", "role": "client", "address": f"127.0.0.1:{self.rnc}",
                                       "location_areas": ["2"]},
                          "demo-mme": {"protocol": "sbcap", "address": "127.0.0.1", "port": MME_PORT, "udp_port": self.mme_udp,
                                       "tracking_areas": ["1"]},
                          "demo-amf": {"protocol": "n50", "uri": f"http://127.0.0.1:{self.amf}", "tracking_areas": ["2"]}}}

    def cbe_config(self) -> dict:
        (self.root / "etc/office-cells.csv").write_text(table(with_tracking_areas=False))
        return {"cells": str(self.root / "etc/office-cells.csv")}

    def start(self) -> None:
        names: dict[str, dict[int, str]] = {}
        for technology, _, _, cell, name, _ in CELLS:
            names.setdefault(technology, {})[cell] = name
        network = {"rnc": self.rnc, "amf": self.amf, "mme": MME_PORT, "mme_udp": self.mme_udp, "names": names}
        self.process = subprocess.Popen([HERE / "elements", json.dumps(network)], stdin=subprocess.PIPE, start_new_session=True)

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
