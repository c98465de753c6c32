#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two cbcd of one operator: one writes, both know; either is killed, cut off, and comes back."""
import pathlib
import queue
import socket
import sys
import threading
import time
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import bsc as cbsp  # noqa: E402
from farol import wait  # noqa: E402
from farol.bsc import Bsc  # noqa: E402
from farol.daemon import Daemon, Site, free_port  # noqa: E402
from test_cbc import CELLS, TABLE, content, decision, request  # noqa: E402

LEASE_S, WAIT_S = 3, 5
LIVE = ("accepted", "broadcasting")


class Cable:
    """The way of TCP connections from one twin to the other, which can be cut."""

    def __init__(self, to: int) -> None:
        self.to, self.whole = to, True
        self._ends: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        carriers = []
        while True:
            try:
                one, _ = self._listening.accept()
            except OSError:
                break
            carriers.append(threading.Thread(target=self._join, args=(one,)))
            carriers[-1].start()
        for carrier in carriers:
            carrier.join()

    def _join(self, one: socket.socket) -> None:
        with one, socket.socket() as other:
            self._ends |= {one, other}
            try:
                if not self.whole:
                    return
                other.connect(("127.0.0.1", self.to))
                back = threading.Thread(target=self._carry, args=(other, one))
                back.start()
                self._carry(one, other)
                back.join()
            except OSError:
                pass
            finally:
                self._ends -= {one, other}

    @classmethod
    def _carry(cls, source: socket.socket, target: socket.socket) -> None:
        try:
            while octets := source.recv(65536):
                target.sendall(octets)
        except OSError:
            pass
        cls._end(source), cls._end(target)

    @staticmethod
    def _end(one: socket.socket) -> None:
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def cut(self) -> None:
        self.whole = False
        for one in list(self._ends):
            self._end(one)

    def mend(self) -> None:
        self.whole = True

    def close(self) -> None:
        self.cut()
        self._end(self._listening)
        self._listening.close()
        self._thread.join()


class TwinsCase(unittest.TestCase):
    codes = "0-255"

    def setUp(self) -> None:
        self.site = Site()
        self.addCleanup(self.site.close)
        self.cbe = self.site.authority.issue("cbe", node="national")
        (self.site.folder / "cells.csv").write_text(TABLE)
        ports = {"a": free_port(), "b": free_port()}
        self.cables = {"a": Cable(ports["b"]), "b": Cable(ports["a"])}  # by who calls
        for cable in self.cables.values():
            self.addCleanup(cable.close)
        self.a = self.twin("a", "b", ports["a"])
        self.b = self.twin("b", "a", ports["b"])
        self.held: dict[tuple[int, int, int], int] = {}
        self.code = 0

    def twin(self, name: str, other: str, port: int) -> Daemon:
        config = {"cells": str(self.site.folder / "cells.csv"), "peers": {"bsc-1": {"address": "127.0.0.2"}},
                  "api": {"listen": f"127.0.0.1:{port}"},
                  "twin": {"url": f"https://localhost:{self.cables[name].port}", "certificate": f"farol://test/cbc/{other}",
                           "lease": f"{LEASE_S}s", "start_wait": f"{WAIT_S}s"},
                  "cbes": {"national": {"certificate": "farol://test/cbe/national", "codes": self.codes,
                                        "identifiers": ["4370-4382"]}},
                  "cbsp": {"listen": "127.0.0.1:0", "request_timeout": "2s", "restart_wait": "100ms", "status_first": "1s",
                           "status_again": "1s", "retry_pause": "2s"}}
        return self.site.daemon("cbc", config, instance=name)

    def both(self) -> tuple[Bsc, Bsc]:
        """Both twins, and one BSC that is connected to both; a writes, having had the link first."""
        self.a.start(), self.b.start()
        at_a = self.bsc(self.a)
        self.wait_writers("here", None)
        at_b = self.bsc(self.b)
        self.wait_writers("here", "twin")
        return at_a, at_b

    def bsc(self, cbc: Daemon) -> Bsc:
        made = Bsc(cbc.port("cbsp"), source="127.0.0.2", cells=CELLS, restart=None)
        made.held = self.held  # it is one BSC
        self.addCleanup(made.close)
        return made.connect()

    def writer(self, cbc: Daemon) -> str:
        return cbc.control().get("/peers/bsc-1").json()["writer"]

    def wait_writers(self, a: str | None, b: str | None) -> None:
        for cbc, wanted in ((self.a, a), (self.b, b)):
            if wanted:
                wait.until(f"bsc-1's writer is {wanted}, as {cbc.folder.name} has it\n{cbc.log()[-2000:]}",
                           lambda cbc=cbc, wanted=wanted: self.writer(cbc) == wanted, 60)
                self.assertIn(f'farol_cbc_peer_writer{{peer="bsc-1"}} {int(wanted == "here")}\n', self.metrics(cbc))

    @staticmethod
    def metrics(cbc: Daemon) -> str:
        return cbc.control().get("/metrics").text

    def fresh(self, **more) -> dict:
        self.code += 1
        return request(content(self.code, **more))

    def send(self, cbc: Daemon, alert: dict) -> None:
        answer = cbc.api(certificate=self.cbe).post("/alerts/send", alert)
        self.assertEqual(answer.status, 202, answer.text)

    def stop(self, cbc: Daemon, alert: dict) -> None:
        answer = cbc.api(certificate=self.cbe).post(f"/alerts/{alert['alert_id']}/stop",
                                                    {"decisions": [decision("stop", "ana")], "digest": alert["digest"]})
        self.assertEqual(answer.status, 202, answer.text)

    def view(self, cbc: Daemon, alert: dict) -> dict:
        return cbc.control().get(f"/alerts/{alert['alert_id']}").json()

    def wait_state(self, cbc: Daemon, alert: dict, *states: str) -> None:
        wait.until(f"the alert is {states} at {cbc.folder.name}\n{cbc.log()[-2000:]}",
                   lambda: self.view(cbc, alert).get("state") in states, 60)

    def wait_cells(self, cbc: Daemon, alert: dict, *states: str) -> None:
        wait.until(f"its cells are {states} at {cbc.folder.name}; they are {self.view(cbc, alert)}",
                   lambda: {one["state"] for one in self.view(cbc, alert)["delivery"]["cells"]} <= set(states), 60)

    def wait_held(self, *alerts: dict) -> None:
        wanted = {(one["content"]["serial_number"], ci) for one in alerts for _, ci in CELLS}
        wait.until(f"the BSC has {wanted}; it has {self.held}",
                   lambda: {(serial, ci) for _, serial, ci in self.held} == wanted, 60)

    def cut(self) -> None:
        for cable in self.cables.values():
            cable.cut()

    def mend(self) -> None:
        for cable in self.cables.values():
            cable.mend()

    def wait_contact(self, cbc: Daemon, heard: bool) -> None:
        metric = f"farol_cbc_twin_up {int(heard)}"
        wait.until(metric, lambda: metric in cbc.control().get("/metrics").text, 60)


class BothThere(TwinsCase):
    def test_one_writes_and_both_know(self) -> None:
        at_a, at_b = self.both()
        self.assertIn("used=twin", self.a.log() + self.b.log())
        first, second = self.fresh(), self.fresh()
        for cbc in (self.a, self.b):  # as a CBE does
            self.send(cbc, first)
        self.send(self.b, second)  # this one has reached one of them alone
        self.wait_held(first, second)
        for cbc in (self.a, self.b):
            for alert in (first, second):
                self.wait_cells(cbc, alert, *LIVE)
                self.wait_state(cbc, alert, "broadcasting")
        self.assertEqual(self.view(self.b, second)["digest"], self.view(self.a, second)["digest"])
        self.assertEqual((at_a.count(cbsp.WRITE_REPLACE), at_b.count(cbsp.WRITE_REPLACE)), (2, 0))
        self.stop(self.b, first)
        self.wait_held(second)
        for cbc in (self.a, self.b):
            self.wait_state(cbc, first, "stopped")
        self.assertEqual((at_a.count(cbsp.KILL), at_b.count(cbsp.KILL)), (1, 0))
        self.assertLessEqual(at_a.count(cbsp.RESET), 1)
        self.assertEqual(at_b.count(cbsp.RESET), 0)
        self.link_lost(at_a, at_b, second)
        self.others_are_refused()

    def test_a_peer_that_is_removed_from_both_is_in_no_metric(self) -> None:
        self.both()
        self.wait_writers("here", "twin")
        for cbc in (self.a, self.b):  # the other one speaks of it yet, and then no more
            cbc.config["peers"] = {"bsc-2": {"address": "127.0.0.9"}}
            cbc.write_config()
            cbc.reload()
            wait.until("bsc-1 is gone", lambda cbc=cbc: "bsc-1" not in self.metrics(cbc), 30)
        self.wait_contact(self.a, True), self.wait_contact(self.b, True)
        self.assertNotIn("bsc-1", self.metrics(self.a) + self.metrics(self.b))

    def link_lost(self, at_a: Bsc, at_b: Bsc, live: dict) -> None:
        """The writer's link goes: the other one writes, also when the link is back."""
        wait.until("the stand-by's link", lambda: self.b.control().get("/peers/bsc-1").json()["ready"])
        at_a.close()
        self.wait_writers("twin", "here")
        third = self.fresh()
        self.send(self.a, third)
        self.wait_held(live, third)
        written = [one.number(cbsp.NEW_SERIAL) for one in at_b.received if one.type == cbsp.WRITE_REPLACE]
        self.assertEqual(written, [third["content"]["serial_number"]], self.b.log()[-6000:])  # the live one it has
        at_a.connect()
        wait.until("the link is back", lambda: self.a.control().get("/peers/bsc-1").json()["ready"])
        self.wait_writers("twin", "here")
        self.stop(self.b, third)
        self.wait_held(live)
        for cbc in (self.a, self.b):
            self.wait_state(cbc, third, "stopped")

    def others_are_refused(self) -> None:
        for role, path in (("cbe", "/twin/changes"), ("admin", "/twin/changes"), ("cbe", "/twin/alerts?ids=")):
            self.assertEqual(self.a.api(role).get(path).status, 403, (role, path))
        stranger = self.a.api(certificate=self.site.authority.issue("cbc", node="c")).get("/twin/changes")
        self.assertEqual((stranger.status, stranger.json()["code"]), (403, "not-the-twin"))
        twin = self.a.api(certificate=self.b.certificate)
        self.assertEqual(twin.get("/twin/changes").status, 200)
        self.assertEqual(twin.get("/twin/changes?after=x").status, 400)
        self.assertEqual(twin.get(f"/twin/alerts?ids={uuid.uuid4()}").json(), {"alerts": []})
        self.assertEqual(twin.get("/twin/alerts?ids=x").status, 400)


class OneDies(TwinsCase):
    def test_the_other_takes_over_and_what_was_stopped_meanwhile_stays_stopped(self) -> None:
        at_a, at_b = self.both()
        stopped, live = self.fresh(), self.fresh()
        for alert in (stopped, live):
            self.send(self.a, alert)
        self.wait_held(stopped, live)
        for alert in (stopped, live):
            self.wait_cells(self.b, alert, *LIVE)
        killed = time.monotonic()
        self.a.kill()
        self.wait_writers(None, "here")
        self.assertLess(time.monotonic() - killed, LEASE_S + 10)
        self.stop(self.b, stopped)
        later = self.fresh()
        self.send(self.b, later)
        self.wait_held(live, later)
        alarms = self.b.control().get("/control/alarms").text
        self.assertIn("F1015", alarms)

        at_a.close()
        writes = len([one for one in at_a.received if one.type == cbsp.WRITE_REPLACE])
        self.a.start()
        again = self.bsc(self.a)
        self.wait_writers("twin", "here")
        self.wait_state(self.a, stopped, "stopped")
        for alert in (live, later):
            self.wait_cells(self.a, alert, *LIVE)
        self.assertIn("used=twin", self.a.log())
        self.assertEqual((again.count(cbsp.WRITE_REPLACE), again.count(cbsp.RESET), writes), (0, 0, 2))
        self.wait_held(live, later)
        self.alone(at_b, again, live, later)

    def alone(self, at_b: Bsc, at_a: Bsc, *live: dict) -> None:
        """Neither twin was there for a while; one comes back alone."""
        self.a.kill(), self.b.kill()
        for one in (at_a, at_b):
            one.close()
        self.a.start()
        again = self.bsc(self.a)
        self.wait_writers("here", None)
        self.a.wait_log('used="own records"')
        again.wait_for(cbsp.WRITE_REPLACE, len(live), 60)  # asked again, same serial numbers
        for alert in live:
            self.wait_cells(self.a, alert, *LIVE)
        self.wait_held(*live)


class CutOff(TwinsCase):
    def test_what_was_stopped_on_one_side_of_a_cut_is_stopped_on_both_after_it(self) -> None:
        at_a, at_b = self.both()
        old, live = self.fresh(), self.fresh()
        for alert in (old, live):
            self.send(self.a, alert)
        self.wait_held(old, live)
        for alert in (old, live):
            self.wait_cells(self.b, alert, *LIVE)
        self.cut()
        for cbc in (self.a, self.b):
            self.wait_contact(cbc, False)
        self.wait_writers("here", "here")  # either alone does the whole job
        self.stop(self.b, old)
        kills = at_b.wait_for(cbsp.KILL)
        self.assertEqual(kills.number(cbsp.OLD_SERIAL), old["content"]["serial_number"])
        at_a.wait_for(cbsp.WRITE_REPLACE, 3, 60)  # it misses the message and knows of no stop
        newer = self.fresh()
        self.send(self.b, newer)
        self.assertEqual(self.view(self.a, old)["state"], "broadcasting")
        self.mend()
        for cbc in (self.a, self.b):
            self.wait_state(cbc, old, "stopped")
            for alert in (live, newer):
                self.wait_cells(cbc, alert, *LIVE)
        self.wait_writers("here", "twin")
        self.wait_held(live, newer)
        at_a.wait_for(cbsp.STATUS_QUERY, at_a.count(cbsp.STATUS_QUERY) + 2, 60)  # and it stays so
        self.wait_held(live, newer)


class Apart(TwinsCase):
    codes = "0-1023"
    NUMBER = 500  # on each side

    def test_a_thousand_alerts_that_differ_are_brought_together_within_seconds(self) -> None:
        self.cut()
        self.a.start(), self.b.start()
        sides = {"a": [self.fresh() for _ in range(self.NUMBER)], "b": [self.fresh() for _ in range(self.NUMBER)]}
        for cbc, side in ((self.a, "a"), (self.b, "b")):
            self.send_all(cbc, sides[side])
        gone = sides["b"][:50]
        for alert in gone:
            self.stop(self.b, alert)
        began = time.monotonic()
        self.mend()
        taken = 'farol_cbc_twin_alerts_total{result="taken"} ' + str(self.NUMBER)
        for cbc in (self.a, self.b):
            wait.until(taken, lambda cbc=cbc: taken in cbc.control().get("/metrics").text, 60)
        took = time.monotonic() - began
        print(f"{2 * self.NUMBER} alerts brought together in {took:.1f} s", file=sys.stderr)
        self.assertLess(took, 15)  # under 5 s on a machine of two cores that does nothing else
        for cbc in (self.a, self.b):
            alerts = cbc.control().get("/alerts?limit=1000").json()["alerts"]
            self.assertEqual(len(alerts), 2 * self.NUMBER)
            stopped = {one["alert_id"] for one in alerts if one["state"] == "stopped"}
            self.assertEqual(stopped, {one["alert_id"] for one in gone})

    def send_all(self, cbc: Daemon, alerts: list[dict]) -> None:
        """By several at once, so that they share commits."""
        waiting: queue.SimpleQueue = queue.SimpleQueue()
        for alert in alerts:
            waiting.put(alert)
        wrong: list[str] = []

        def work() -> None:
            client = cbc.api(certificate=self.cbe)
            while True:
                try:
                    alert = waiting.get_nowait()
                except queue.Empty:
                    return
                answer = client.post("/alerts/send", alert)
                if answer.status != 202:
                    wrong.append(answer.text)
        workers = [threading.Thread(target=work) for _ in range(8)]
        for one in workers:
            one.start()
        for one in workers:
            one.join()
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
