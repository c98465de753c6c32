#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The officers' application in a browser, against the real cbed, the real cbcd and a simulated BSC.

Starts them, makes the demo officers, and hands their addresses and credentials to officers.mjs on its standard input.
Over a socket the test asks and tells what a browser can't: `air` answers in how many cells the BSC holds a warning,
`freeze` and `thaw` stop cbed and let it go on, as a dead network would look from the browser.

    run.py NODE WEB_FOLDER
"""
import json
import pathlib
import signal
import socket
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[3]
sys.path.insert(0, str(ROOT / "tests/scenario"))
from farol import wait  # noqa: E402
from farol.bsc import Bsc  # noqa: E402
from farol.daemon import Daemon, Site  # noqa: E402

CELLS = {(1, 6969): "Porto da Vila", (1, 6970): "Serra Norte", (1, 6971): "Praia Grande", (1, 6972): "Vale Fundo"}
TABLE = "technology,mcc,mnc,lac,ci,name,lat,lon\n" + "".join(
    f"gsm,001,01,{lac},{ci},{name},38.7,-9.1\n" for (lac, ci), name in CELLS.items())


def start_cbc(site: Site, table: pathlib.Path) -> Daemon:
    return site.daemon("cbc", {
        "cells": str(table), "peers": {"bsc-1": {"address": "127.0.0.2", "location_areas": ["1"]}},
        "cbes": {"office": {"certificate": "farol://test/cbe/cbe", "codes": "0-255", "identifiers": ["4370-4399"]}},
        "cbsp": {"listen": "127.0.0.1:0", "status_first": "1s", "status_again": "1s"}}).start()


def start_cbe(site: Site, table: pathlib.Path, cbc: Daemon, web: pathlib.Path) -> Daemon:
    towards = site.authority.issue("cbe", node="cbe")
    return site.daemon("cbe", {
        "authority": {"id": "test", "name": "Civil Protection, Test", "mode": "live", "help_phone": "+351 210 000 112"},
        "channels": str(ROOT / "cbe/data/channels.yaml"), "cells": str(table), "web": str(web), "demo": True,
        "codes": {"first": 0, "last": 255, "reserve_first": 192, "reserve_last": 255},
        "cbcs": [{"name": "cbc-a", "url": f"https://127.0.0.1:{cbc.port()}"}],
        "client": {"certificate": str(towards.certificate), "key": str(towards.key), "trusted": [str(towards.authority)]},
    }).start()


def control(bsc: Bsc, cbe: Daemon) -> socket.socket:
    """A line-by-line server on loopback, for the browser's side of the test."""
    signals = {"freeze": signal.SIGSTOP, "thaw": signal.SIGCONT}
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rw") as lines:
                for line in lines:
                    if line.strip() in signals and cbe.process:
                        cbe.process.send_signal(signals[line.strip()])
                    lines.write(f"{len(bsc.held)}\n")
                    lines.flush()
    threading.Thread(target=serve, daemon=True).start()
    return listener


def broadcast(bsc: Bsc, ended: threading.Event) -> None:
    """What the cells do: every half second each sends what it holds once more, and the BSC counts."""
    while not ended.wait(0.5):
        for key in list(bsc.held):
            if key in bsc.held:
                bsc.held[key] += 1


def main() -> int:
    node, web = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    with Site() as site:
        table = site.folder / "cells.csv"
        table.write_text(TABLE)
        cbc = start_cbc(site, table)
        cbe = start_cbe(site, table, cbc, web)
        seeded = cbe.control().post("/control/demo/seed")
        assert seeded.status == 200, seeded.text
        officers = seeded.json()["users"]
        bsc = Bsc(cbc.port("cbsp"), source="127.0.0.2", cells=list(CELLS)).connect()
        air, ended = control(bsc, cbe), threading.Event()
        threading.Thread(target=broadcast, args=(bsc, ended), daemon=True).start()
        wait.until("the broadcast centre knows its BSC",
                   lambda: cbc.control().get("/peers").json()["peers"][0]["state"] == "up")
        setting = {"url": f"https://127.0.0.1:{cbe.port()}", "officers": officers, "control": air.getsockname()[1]}
        try:
            done = subprocess.run([node, str(HERE / "officers.mjs")], input=json.dumps(setting), text=True, check=False)
        finally:
            ended.set()
            air.close()
            bsc.close()
        if done.returncode != 0:
            print(f"--- cbed\n{cbe.log()[-4000:]}\n--- cbcd\n{cbc.log()[-2000:]}", file=sys.stderr)
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())
