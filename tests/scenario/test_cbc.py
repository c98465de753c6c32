#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""cbcd against BSCs that behave and BSCs that don't, and against CBEs that keep to the contract and others."""
import datetime
import hashlib
import json
import pathlib
import socket
import sys
import unittest
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import bsc as cbsp  # noqa: E402
from farol import wait  # noqa: E402
from farol.bsc import Bsc  # noqa: E402
from farol.daemon import Daemon, Site, merged  # noqa: E402

LEVEL_1, EXERCISE = 4370, 4381
CELLS = [(1, 100), (1, 101), (2, 200)]
TABLE = "technology,mcc,mnc,lac,ci,name,lat,lon\n" + "".join(
    f"gsm,001,01,{lac},{ci},Site {ci},-33.8688,151.2093\n" for lac, ci in CELLS)


def when(seconds: float) -> str:
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")


def cell(lac: int, ci: int, mnc: str = "01") -> dict:
    return {"technology": "gsm", "mcc": "001", "mnc": mnc, "lac": lac, "ci": ci}


def content(code: int, text: str = "Water is rising", cells: list[dict] | None = None, update: int = 0, **changes) -> dict:
    area = {"kind": "all"} if cells is None else {"kind": "cells", "cells": cells}
    return {"mode": "live", "serial_number": 0x4000 | code << 4 | update,
            "messages": [{"message_identifier": LEVEL_1, "language": "en", "text": text}], "area": area,
            "start": when(-1), "end": when(3600), "repetition_period_s": 60, "number_of_broadcasts": None,
            "category": "normal"} | changes


def canonical(value: object) -> bytes:
    """RFC 8785 for what these tests send: ASCII names and whole numbers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def decision(action: str, user: str) -> dict:
    return {"action": action, "user": user, "time": when(0), "totp_step": 1}


BOTH = [decision("submit", "ana"), decision("approve", "bruno")]


def request(body: dict, alert_id: str | None = None, revision: int = 1, decisions: list[dict] | None = None) -> dict:
    return {"alert_id": alert_id or str(uuid.uuid4()), "revision": revision, "content": body,
            "digest": hashlib.sha256(canonical(body)).hexdigest(), "decisions": BOTH if decisions is None else decisions}


class CbcCase(unittest.TestCase):
    peers: dict = {"bsc-1": {"address": "127.0.0.2", "location_areas": ["1"]},
                   "bsc-2": {"address": "127.0.0.3", "location_areas": ["2"]}}
    tuning: dict = {}
    more: dict = {}  # merged over the configuration
    table = TABLE

    def setUp(self) -> None:
        self.site = Site()
        self.addCleanup(self.site.close)
        self.cbe = self.site.authority.issue("cbe", node="national")
        self.training = self.site.authority.issue("cbe", node="school")
        table = self.site.folder / "cells.csv"
        table.write_text(self.table)
        self.cbc = self.site.daemon("cbc", merged({
            "cells": str(table), "peers": self.peers,
            "cbes": {"national": {"certificate": "farol://test/cbe/national", "codes": "0-255", "identifiers": ["4370-4382"]},
                     "school": {"certificate": "farol://test/cbe/school", "codes": "256-300", "identifiers": ["4381"],
                                "mode": "training"}},
            "cbsp": {"listen": "127.0.0.1:0", "request_timeout": "700ms", "restart_wait": "300ms", "reset_timeout": "2s",
                     "status_first": "1s", "status_again": "1s", "retry_pause": "2s"} | self.tuning}, self.more)).start()
        self.code = 0

    def bsc(self, number: int = 1, **more) -> Bsc:
        cells = [(lac, ci) for lac, ci in CELLS if lac == number]
        made = Bsc(self.cbc.port("cbsp"), source=f"127.0.0.{number + 1}", cells=cells, **more)
        self.addCleanup(made.close)
        return made

    def up(self, name: str = "bsc-1") -> None:
        wait.until(f"{name} is up", lambda: self.peer(name)["state"] == "up")

    def peer(self, name: str) -> dict:
        peers = self.cbc.control().get("/peers").json()["peers"]
        return next(one for one in peers if one["name"] == name)

    def api(self):
        return self.cbc.api(certificate=self.cbe)

    def fresh(self, **more) -> dict:
        self.code += 1
        return content(self.code, **more)

    def send(self, body: dict, status: int = 202, wait_s: int = 0, **more) -> dict:
        answer = self.api().post(f"/alerts/send?wait={wait_s}", request(body, **more))
        self.assertEqual(answer.status, status, answer.text)
        return answer.json()

    def stop(self, alert_id: str, digest: str, wait_s: int = 0, status: int = 202) -> dict:
        answer = self.api().post(f"/alerts/{alert_id}/stop?wait={wait_s}",
                                 {"decisions": [decision("stop", "ana")], "digest": digest})
        self.assertEqual(answer.status, status, answer.text)
        return answer.json()

    def states(self, alert_id: str) -> dict[int, str]:
        alert = self.cbc.control().get(f"/alerts/{alert_id}").json()
        return {one["cell"]["ci"]: one["state"] for one in alert["delivery"]["cells"] if "ci" in one["cell"]}

    def wait_states(self, alert_id: str, expected: dict[int, str]) -> None:
        def same() -> bool:
            found = self.states(alert_id)
            return all(found.get(ci) in state.split("|") for ci, state in expected.items())
        try:
            wait.until(f"states {expected}", same, 20)
        except TimeoutError:
            self.fail(f"expected {expected}, found {self.states(alert_id)}\n{self.cbc.log()[-3000:]}")

    def metric(self, name: str) -> float:
        text = self.cbc.control().get("/metrics").text
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name))


class Broadcasting(CbcCase):
    def test_an_alert_is_written_confirmed_and_stopped_on_every_peer(self) -> None:
        one, two = self.bsc(1).connect(), self.bsc(2).connect()
        self.up("bsc-1"), self.up("bsc-2")
        self.assertEqual((one.count(cbsp.RESET), two.count(cbsp.RESET)), (1, 1))
        sent = self.send(self.fresh(), wait_s=10)
        self.assertEqual(sent["summary"], {"accepted": 3})
        write = one.wait_for(cbsp.WRITE_REPLACE)
        self.assertEqual(write.number(cbsp.MESSAGE_ID), LEVEL_1)
        self.assertEqual(write.number(cbsp.PERIOD), 32)  # 60 s / 1.883 s
        self.assertEqual(write.value(cbsp.CONTENT)[1:4], bytes.fromhex("d730bd"))  # "Wate" in septets
        self.assertEqual(self.states(sent["alert_id"]), {100: "accepted", 101: "accepted", 200: "accepted"})
        for key in one.held:
            one.held[key] = 3  # on the air three times
        self.wait_states(sent["alert_id"], {100: "broadcasting", 101: "broadcasting", 200: "accepted"})
        stopped = self.stop(sent["alert_id"], sent["digest"], wait_s=10)
        self.assertEqual((stopped["state"], stopped["summary"]), ("stopped", {"stopped": 3}))
        self.assertEqual((one.held, two.held), ({}, {}))
        again = self.stop(sent["alert_id"], sent["digest"])
        self.assertEqual(again["state"], "stopped")

    def test_chosen_cells_go_to_their_peer_alone_and_unknown_ones_are_told(self) -> None:
        one, two = self.bsc(1).connect(), self.bsc(2).connect()
        self.up("bsc-1"), self.up("bsc-2")
        sent = self.send(self.fresh(cells=[cell(1, 101), cell(9, 9), cell(1, 100, mnc="02")]), wait_s=10)
        self.assertEqual(sent["cells"], 1)
        self.assertEqual(len(sent["unknown_cells"]), 2)
        self.assertEqual(sent["summary"], {"accepted": 1, "unknown_cell": 2})
        self.assertEqual(one.wait_for(cbsp.WRITE_REPLACE).cells(), [101])
        self.assertEqual(two.count(cbsp.WRITE_REPLACE), 0)

    def test_new_text_replaces_the_old_and_longer_kills_then_writes(self) -> None:
        one = self.bsc().connect()
        self.up()
        first = request(self.fresh(cells=[cell(1, 100)]))
        self.api().post("/alerts/send?wait=10", first)
        alert = first["alert_id"]
        same_serial = first["content"] | {"messages": [{"message_identifier": LEVEL_1, "language": "en", "text": "Other"}]}
        self.assertEqual(self.send(same_serial, 409, alert_id=alert, revision=2)["code"], "serial-in-use")
        newer = content(self.code, "Water is falling", [cell(1, 100)], update=1)
        self.send(newer, alert_id=alert, revision=2, wait_s=10)
        replace = one.wait_for(cbsp.WRITE_REPLACE, 2)
        self.assertEqual((replace.number(cbsp.OLD_SERIAL), replace.number(cbsp.NEW_SERIAL)),
                         (newer["serial_number"] - 1, newer["serial_number"]))
        longer = newer | {"end": when(7200)}
        self.send(longer, alert_id=alert, revision=3, wait_s=10)
        kill, rewrite = one.wait_for(cbsp.KILL), one.wait_for(cbsp.WRITE_REPLACE, 3)
        self.assertEqual(kill.number(cbsp.OLD_SERIAL), newer["serial_number"])
        self.assertEqual(rewrite.number(cbsp.NEW_SERIAL), newer["serial_number"])
        self.assertIsNone(rewrite.number(cbsp.OLD_SERIAL))
        wider = longer | {"area": {"kind": "cells", "cells": [cell(1, 100), cell(1, 101)]}}
        self.send(wider, alert_id=alert, revision=4, wait_s=10)
        self.assertEqual(one.wait_for(cbsp.WRITE_REPLACE, 4).cells(), [101])
        smaller = longer | {"area": {"kind": "cells", "cells": [cell(1, 101)]}}
        self.send(smaller, alert_id=alert, revision=5, wait_s=10, decisions=[decision("shrink", "ana")])
        self.assertEqual(one.wait_for(cbsp.KILL, 2).cells(), [100])
        self.wait_states(alert, {100: "stopped", 101: "accepted|broadcasting"})

    def test_at_its_end_an_alert_is_killed(self) -> None:
        one = self.bsc().connect()
        self.up()
        sent = self.send(self.fresh(end=when(3)), wait_s=5)
        one.wait_for(cbsp.KILL)
        wait.until("ended", lambda: self.cbc.control().get(f"/alerts/{sent['alert_id']}").json()["state"] == "ended")

    def test_a_peer_that_connects_later_gets_what_is_live_without_a_reset(self) -> None:
        sent = self.send(self.fresh())
        self.wait_states(sent["alert_id"], {100: "not_connected"})
        one = self.bsc().connect()
        self.wait_states(sent["alert_id"], {100: "accepted", 101: "accepted", 200: "not_connected"})
        self.assertEqual(one.count(cbsp.RESET), 0)

    def test_emergency_writes_have_a_warning_type_and_no_channel(self) -> None:
        self.cbc.config["cbes"]["national"]["identifiers"] = ["4352-4382"]
        self.cbc.write_config()
        self.cbc.restart()
        one = self.bsc().connect()
        self.up()
        body = self.fresh() | {"serial_number": 0x7000 | 1 << 4}
        body["messages"][0]["message_identifier"] = 4352
        sent = self.send(body, wait_s=10)
        write = one.wait_for(cbsp.WRITE_REPLACE)
        self.assertEqual((write.number(cbsp.EMERGENCY), write.number(cbsp.WARNING_TYPE)), (1, 0x0180))
        self.assertIsNone(write.value(cbsp.CHANNEL))
        self.stop(sent["alert_id"], sent["digest"], wait_s=10)
        self.assertIsNone(one.wait_for(cbsp.KILL).value(cbsp.CHANNEL))


class Restarts(CbcCase):
    def test_kill_9_of_cbcd_while_live_writes_the_same_serial_again_and_takes_a_duplicate_as_accepted(self) -> None:
        one = self.bsc().connect()
        self.up()
        sent = self.send(self.fresh(), wait_s=10)
        serial = one.wait_for(cbsp.WRITE_REPLACE).number(cbsp.NEW_SERIAL)
        self.cbc.kill()
        one.wait_closed()
        self.cbc.start()
        one.port = self.cbc.port("cbsp")
        one.connect()
        self.assertEqual(one.wait_for(cbsp.WRITE_REPLACE, 2).number(cbsp.NEW_SERIAL), serial)
        self.wait_states(sent["alert_id"], {100: "accepted|broadcasting", 101: "accepted|broadcasting"})
        self.assertEqual(one.count(cbsp.RESET), 1)  # the one at the very first connect

    def test_a_stop_survives_kill_9_and_reaches_the_peer_when_it_comes_back(self) -> None:
        one = self.bsc().connect()
        self.up()
        sent = self.send(self.fresh(), wait_s=10)
        one.close()
        wait.until("down", lambda: self.peer("bsc-1")["state"] == "down")
        self.stop(sent["alert_id"], sent["digest"])
        self.wait_states(sent["alert_id"], {100: "stop_sent"})
        self.cbc.kill()
        self.cbc.start()
        one.port, one.restart = self.cbc.port("cbsp"), "available"
        self.send(self.fresh(cells=[cell(1, 101)]))  # something live, so that no RESET takes the old one off
        one.connect()
        one.wait_for(cbsp.KILL)
        wait.until("stopped", lambda: self.cbc.control().get(f"/alerts/{sent['alert_id']}").json()["state"] == "stopping"
                   and self.states(sent["alert_id"])[100] == "stopped")

    def test_data_available_is_not_written_again_and_data_lost_only_where_it_was_lost(self) -> None:
        one = self.bsc().connect()
        self.up()
        sent = self.send(self.fresh(), wait_s=10)
        one.close()
        one.restart = "available"
        one.connect()
        self.up()
        one.wait_for(cbsp.STATUS_QUERY)  # the link has settled
        self.assertEqual((one.count(cbsp.WRITE_REPLACE), one.count(cbsp.RESET)), (1, 1))
        one.say_restart("available", [100])
        del one.held[(LEVEL_1, self.fresh()["serial_number"] - 16, 101)]
        one.say_restart("lost", [101])
        self.assertEqual(one.wait_for(cbsp.WRITE_REPLACE, 2).cells(), [101])
        self.wait_states(sent["alert_id"], {100: "accepted|broadcasting", 101: "accepted|broadcasting"})

    def test_a_cell_that_fails_is_refused_until_it_restarts(self) -> None:
        one = self.bsc().connect()
        self.up()
        sent = self.send(self.fresh(), wait_s=10)
        one.say_failure(100)
        self.wait_states(sent["alert_id"], {100: "refused", 101: "accepted|broadcasting"})
        one.say_restart("available", [100])
        self.wait_states(sent["alert_id"], {100: "accepted|broadcasting"})
        self.assertEqual(one.count(cbsp.WRITE_REPLACE), 1)


class Misbehaviour(CbcCase):
    tuning = {"keep_alive": "1s", "keep_alive_timeout": "1s", "attempts": 2}

    def test_garbage_half_messages_and_huge_lengths_do_not_hurt(self) -> None:
        one = self.bsc().connect()
        self.up()
        one.send(bytes.fromhex("13ffffff"))  # 16 MiB announced
        one.wait_closed()
        self.assertIn("16777219 octets", self.peer("bsc-1")["reason"])
        for garbage in (b"GET / HTTP/1.1\r\n\r\n", bytes(range(256)) * 40, bytes.fromhex("02000005")):
            other = self.bsc(restart=None).connect()
            try:
                other.send(garbage)
                other.close()
            except OSError:
                pass  # closed already: that is an answer too
        again = self.bsc().connect()
        self.up()
        again.send(bytes.fromhex("4200000501020304ff"))  # no such message
        self.assertIsNotNone(again.wait_for(cbsp.ERROR_INDICATION).value(cbsp.CAUSE))
        sent = self.send(self.fresh(cells=[cell(1, 100)]), wait_s=10)
        self.assertEqual(sent["summary"], {"accepted": 1})
        self.assertGreaterEqual(self.metric("farol_cbc_protocol_errors_total"), 2)

    def test_answers_never_asked_for_and_requests_of_a_bsc_are_told_so(self) -> None:
        one = self.bsc().connect()
        self.up()
        head = cbsp.fixed(cbsp.MESSAGE_ID, 1) + cbsp.fixed(cbsp.NEW_SERIAL, 2)
        one.send(cbsp.encode(cbsp.WRITE_REPLACE_COMPLETE, head, cbsp.ALL_CELLS, cbsp.fixed(cbsp.CHANNEL, 0)))
        error = one.wait_for(cbsp.ERROR_INDICATION)
        self.assertEqual((error.number(cbsp.CAUSE), error.number(cbsp.MESSAGE_ID)), (cbsp.NOT_IDENTIFIED, 1))
        one.send(cbsp.encode(cbsp.RESET, cbsp.ALL_CELLS))
        one.wait_for(cbsp.ERROR_INDICATION, 2)
        self.assertEqual(self.peer("bsc-1")["state"], "up")

    def test_a_silent_keep_alive_closes_the_link_and_half_a_message_does_too(self) -> None:
        one = self.bsc().connect()
        self.up()
        one.mute.add(cbsp.KEEP_ALIVE)
        one.wait_closed()
        wait.until("down", lambda: "KEEP-ALIVE" in (self.peer("bsc-1")["reason"] or ""))
        half = self.bsc()
        half.connect()
        self.up()
        half.send(bytes.fromhex("0200"))  # everything that follows is swallowed as its rest
        half.mute.add(cbsp.KEEP_ALIVE)
        half.wait_closed()

    def test_no_answer_is_asked_again_and_then_told(self) -> None:
        one = self.bsc().connect()
        self.up()
        one.mute.add(cbsp.WRITE_REPLACE)
        sent = self.send(self.fresh(cells=[cell(1, 100)]), wait_s=10)
        self.assertEqual(sent["summary"], {"no_answer": 1})
        self.assertEqual(one.count(cbsp.WRITE_REPLACE), 2)
        one.mute.clear()
        self.wait_states(sent["alert_id"], {100: "accepted|broadcasting"})  # after the retry pause

    def test_mixed_results_are_kept_per_cell(self) -> None:
        one = self.bsc().connect()
        self.up()
        one.refuse = {101: 0x09}
        sent = self.send(self.fresh(), wait_s=10)
        causes = {one["cell"]["ci"]: one["cause"] for one in sent["delivery"]["cells"]}
        self.assertEqual(causes[101], "cell broadcast not supported (0x09)")
        self.assertEqual(self.states(sent["alert_id"]), {100: "accepted", 101: "refused", 200: "not_connected"})
        one.refuse = {100: 0x0E}
        self.stop(sent["alert_id"], sent["digest"], wait_s=10)
        self.assertEqual(self.states(sent["alert_id"])[100], "stop_failed")
        one.refuse = {}
        self.wait_states(sent["alert_id"], {100: "stopped"})

    def test_an_unknown_peer_is_turned_away(self) -> None:
        stranger = Bsc(self.cbc.port("cbsp"), source="127.0.0.9", restart=None)
        self.addCleanup(stranger.close)
        stranger.connect()
        stranger.wait_closed()
        self.assertEqual(self.metric('farol_cbc_protocol_errors_total{interface="cbsp",kind="unknown_peer"}'), 1)


class AsClient(CbcCase):
    """We open the connection; the unknown are let in."""
    tuning = {"unknown_peers": "accept", "reconnect_first": "50ms", "reconnect_most": "200ms"}

    def setUp(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        self.peers = {"bsc-1": {"role": "client", "address": f"127.0.0.1:{self.listener.getsockname()[1]}"}}
        super().setUp()

    def test_a_link_that_we_open_works_alike_and_comes_back(self) -> None:
        one = Bsc(0, cells=CELLS)
        self.addCleanup(one.close)
        one.serve(self.listener.accept()[0])
        self.up()
        sent = self.send(self.fresh(), wait_s=10)
        self.assertEqual(sent["summary"], {"accepted": 3})
        one.close()
        one.serve(self.listener.accept()[0])
        one.wait_for(cbsp.WRITE_REPLACE, 2)
        self.wait_states(sent["alert_id"], {200: "accepted|broadcasting"})

    def test_an_unknown_peer_joins_and_gets_what_is_live(self) -> None:
        sent = self.send(self.fresh())
        guest = Bsc(self.cbc.port("cbsp"), source="127.0.0.7", cells=CELLS)
        self.addCleanup(guest.close)
        guest.connect()
        guest.wait_for(cbsp.WRITE_REPLACE)
        self.up("bsc-127-0-0-7")
        self.wait_states(sent["alert_id"], {100: "accepted|broadcasting"})


class BadStore(CbcCase):
    """The store answers late, and at times that it does not know, or that another node takes the writes."""
    ALERTS, REVISIONS_MOST = 25, 1500
    tuning = {"status_first": "30s", "status_again": "30s"}

    def setUp(self) -> None:
        super().setUp()
        self.met: set[str] = set()
        self.cbc.config.setdefault("store", {})["delaying_seed"] = 20261
        self.cbc.write_config()
        self.cbc.restart()
        self.one = self.bsc().connect()
        self.up()

    def repeat(self, path: str, body: dict) -> dict:
        """The same request again and again, as the contract says, until it is accepted."""
        for _ in range(50):
            answer = self.api().post(path, body)
            if answer.status == 202:
                return answer.json()
            self.assertEqual(answer.status, 503, answer.text)
            self.assertEqual(answer.headers["retry-after"], "1")
            self.met.add(answer.json()["code"])
        self.fail("fifty answers, and none of them final")

    def test_every_outcome_ends_in_one_write_and_one_stop(self) -> None:
        alerts = [request(self.fresh(cells=[cell(1, 100)])) for _ in range(self.ALERTS)]
        for alert in alerts:
            self.repeat("/alerts/send", alert)
        last = alerts[-1]
        while not {"outcome-unknown", "not-leader"} <= self.met:
            self.assertLess(last["revision"], self.REVISIONS_MOST, f"only {self.met} met")
            # Shorter: nothing that a BSC would have to be asked for.
            shorter = last["content"] | {"end": when(3500 - last["revision"])}
            last = request(shorter, last["alert_id"], last["revision"] + 1)
            self.repeat("/alerts/send", last)
        self.assertEqual(self.cbc.control().get(f"/alerts/{last['alert_id']}").json()["digest"], last["digest"])
        alerts[-1] = last
        self.one.wait_for(cbsp.WRITE_REPLACE, self.ALERTS)
        serials = [pdu.number(cbsp.NEW_SERIAL) for pdu in self.one.received if pdu.type == cbsp.WRITE_REPLACE]
        self.assertEqual(sorted(serials), sorted(alert["content"]["serial_number"] for alert in alerts))
        for alert in alerts:
            self.repeat(f"/alerts/{alert['alert_id']}/stop",
                        {"decisions": [decision("stop", "ana")], "digest": alert["digest"]})
        wait.until("all are off the air", lambda: not self.one.held)
        self.one.close()
        self.cbc.kill()
        del self.cbc.config["store"]["delaying_seed"]
        self.cbc.write_config()
        self.cbc.start()
        self.one.port, self.one.restart = self.cbc.port("cbsp"), "available"
        self.one.connect()

        def stopped() -> bool:
            listed = self.cbc.control().get("/alerts").json()["alerts"]
            return [one["state"] for one in listed] == ["stopped"] * self.ALERTS
        wait.until("every stop was kept", stopped)
        self.assertEqual(self.one.count(cbsp.WRITE_REPLACE), self.ALERTS)


class Contract(CbcCase):
    def refused(self, body: dict, status: int, code: str, **more) -> str:
        problem = self.send(body, status, **more)
        self.assertEqual(problem["code"], code, problem)
        self.assertGreater(len(problem["detail"]), 20)
        return problem["detail"]

    def test_the_same_body_is_answered_alike_and_a_changed_one_is_not(self) -> None:
        first = request(self.fresh())
        one = self.api().post("/alerts/send", first)
        two = self.api().post("/alerts/send", first)
        self.assertEqual((one.status, two.status), (202, 202))
        self.assertEqual(one.json()["digest"], two.json()["digest"])
        other = first["content"] | {"end": when(9000)}
        self.refused(other, 409, "revision-conflict", alert_id=first["alert_id"])
        changed = first | {"content": other}  # the digest is the old one
        answer = self.api().post("/alerts/send", changed)
        self.assertEqual((answer.status, answer.json()["code"]), (422, "digest-mismatch"))
        self.send(other, alert_id=first["alert_id"], revision=3)
        self.refused(first["content"], 409, "revision-outdated", alert_id=first["alert_id"], revision=2)

    def test_what_breaks_a_rule_is_refused_with_a_sentence(self) -> None:
        self.refused(self.fresh(serial_number=0x4000 | 300 << 4), 403, "serial-out-of-range")
        wrong = self.fresh()
        wrong["messages"][0]["message_identifier"] = 919
        self.refused(wrong, 403, "identifier-not-allowed")
        self.refused(self.fresh(mode="training"), 403, "mode-not-allowed")
        twice = self.fresh()
        twice["messages"] *= 2
        self.refused(twice, 422, "messages-invalid")
        self.assertIn("1395", self.refused(self.fresh(text="x" * 1396), 422, "text-too-long"))
        self.refused(self.fresh(text="Fire \U0001f525"), 422, "text-not-encodable")
        self.refused(self.fresh(end=when(-5)), 422, "times-invalid")
        self.refused(self.fresh(repetition_period_s=1), 422, "repetition-invalid")
        self.assertIn("gsm:001-01:7:7", self.refused(self.fresh(cells=[cell(7, 7)]), 422, "cells-unknown"))
        body = self.fresh()
        self.send(body)
        self.refused(body, 409, "serial-in-use")
        self.refused(self.fresh(), 422, "decisions-insufficient", decisions=[decision("submit", "ana")])
        self.refused(self.fresh(), 422, "decisions-insufficient",
                     decisions=[decision("submit", "ana"), decision("approve", "ana")])
        self.stop(str(uuid.uuid4()), "0" * 64, status=404)

    def test_broken_and_oversized_bodies_are_refused(self) -> None:
        for body, code in (("{", "invalid-json"), ("[]", "invalid-body"), ('{"alert_id":1}', "invalid-body")):
            answer = self.api().post("/alerts/send", body)
            self.assertEqual((answer.status, answer.json()["code"]), (400, code), answer.text)
        more = request(self.fresh()) | {"colour": "red"}
        self.assertIn("colour", self.api().post("/alerts/send", more).json()["detail"])
        answer = self.api().post("/alerts/send", " " * (4 * 1024 * 1024 + 1))
        self.assertEqual(answer.status, 413)

    def test_who_may_call_what(self) -> None:
        stranger = self.site.authority.issue("cbe", node="stranger")
        answer = self.cbc.api(certificate=stranger).post("/alerts/send", request(self.fresh()))
        self.assertEqual((answer.status, answer.json()["code"]), (403, "unknown-cbe"))
        for role in ("monitor", "crm"):
            self.assertEqual(self.cbc.api(role).post("/alerts/send", request(self.fresh())).status, 403)
        self.assertIn(self.cbc.control().post("/alerts/send", request(self.fresh())).status, (403, 405))
        sent = self.send(self.fresh())
        self.assertEqual(self.cbc.api(certificate=self.training).get(f"/alerts/{sent['alert_id']}").status, 404)
        stop = {"decisions": [decision("stop", "eva")], "digest": sent["digest"]}
        answer = self.cbc.api(certificate=self.training).post(f"/alerts/{sent['alert_id']}/stop", stop)
        self.assertEqual((answer.status, answer.json()["code"]), (403, "not-owner"))

    def test_a_training_alert_is_stored_and_sent_to_nobody(self) -> None:
        one = self.bsc().connect()
        self.up()
        body = content(256, mode="training")
        body["messages"][0]["message_identifier"] = EXERCISE
        answer = self.cbc.api(certificate=self.training).post("/alerts/send?wait=5", request(body))
        self.assertEqual((answer.status, answer.json()["state"]), (202, "not_sent_training"))
        self.assertEqual(answer.json()["summary"], {"not_sent_training": 3})
        self.send(self.fresh(), wait_s=10)  # a live one goes out, and it alone
        self.assertEqual(one.count(cbsp.WRITE_REPLACE), 1)

    def test_after_a_stop_nothing_brings_the_alert_back(self) -> None:
        body = self.fresh()
        sent = self.send(body)
        self.stop(sent["alert_id"], sent["digest"])
        self.refused(body | {"end": when(9000)}, 409, "alert-stopped", alert_id=sent["alert_id"], revision=2)

    def test_events_and_cells_and_listeners(self) -> None:
        with self.api().events("/events") as stream:
            self.assertIn("server_time", stream.next(name="hello").json())
            sent = self.send(self.fresh())
            self.assertEqual(stream.next(name="alert").json()["alert_id"], sent["alert_id"])
            self.bsc().connect()
            self.assertEqual(stream.next(name="peer").json()["name"], "bsc-1")
        cells = self.api().get("/cells?limit=2").json()
        self.assertEqual((cells["total"], len(cells["cells"])), (3, 2))
        self.assertEqual(cells["cells"][0]["lat"], -338688000)
        self.assertEqual(cells["cells"][0]["peer"], "bsc-1")
        self.assertIn("cbsp", self.cbc.listeners())

    def test_a_broken_cell_table_is_told_row_by_row(self) -> None:
        broken: Daemon = self.cbc
        table = self.site.folder / "cells.csv"
        table.write_text(TABLE + "gsm,1,01,1,1,x,0,0\ngsm,001,01,1,100,twice,0,0\nwifi,001,01,1,2,x,0,0\n")
        checked = broken.check()
        self.assertNotEqual(checked.returncode, 0)
        for line in ("cells.csv:5:", "cells.csv:6:", "cells.csv:7:"):
            self.assertIn(line, checked.stdout + checked.stderr)


if __name__ == "__main__":
    unittest.main()
