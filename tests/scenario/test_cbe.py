#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Officers at a real cbed, which sends to a real cbcd, which speaks to a BSC of the test's own."""
import pathlib
import socket
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from farol import bsc as cbsp  # noqa: E402
from farol import wait  # noqa: E402
from farol.bsc import Bsc  # noqa: E402
from farol.daemon import Daemon, Site  # noqa: E402
from farol.officer import Officer  # noqa: E402

CELLS = "technology,mcc,mnc,lac,ci,name,lat,lon\ngsm,001,01,1,100,Harbour,-33.8688,151.2093\n"
HARBOUR = {"technology": "gsm", "mcc": "001", "mnc": "01", "lac": 1, "ci": 100}
EXIT_CONFIGURATION = 78


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


class CbeCase(unittest.TestCase):
    mode = "live"

    def setUp(self) -> None:
        self.site = Site()
        self.addCleanup(self.site.close)
        self.cells = self.site.folder / "cells.csv"
        self.cells.write_text(CELLS)
        self.cbc_port = free_port()  # the same after a restart: cbed's configuration names it
        self.cbe = self.site.daemon("cbe", self.cbe_config()).start()
        self.accounts = {one["username"]: one for one in
                         self.cbe.control().post("/control/demo/seed", {}, timeout_s=90).json()["users"]}

    def cbe_config(self) -> dict:
        certificate = self.site.authority.issue("cbe", node="office")
        client = {"certificate": str(certificate.certificate), "key": str(certificate.key),
                  "trusted": [str(certificate.authority)]}
        live = {"cbcs": [{"name": "north", "url": f"https://localhost:{self.cbc_port}"}], "client": client}
        return {"demo": True, "cells": str(self.cells), "authority": {"mode": self.mode}} | (live if self.mode == "live" else {})

    def start_cbc(self) -> Daemon:
        self.cbc = self.site.daemon("cbc", {
            "api": {"listen": f"127.0.0.1:{self.cbc_port}"}, "cells": str(self.cells),
            "peers": {"bsc-1": {"address": "127.0.0.2", "location_areas": ["1"]}},
            "cbes": {"office": {"certificate": "farol://test/cbe/office", "codes": "0-255", "identifiers": ["4370-4399"]}},
            "cbsp": {"listen": "127.0.0.1:0", "request_timeout": "700ms", "restart_wait": "300ms", "reset_timeout": "2s",
                     "status_first": "1s", "status_again": "1s", "retry_pause": "2s"}}).start()
        return self.cbc

    def connect_bsc(self) -> Bsc:
        self.bsc = Bsc(self.cbc.port("cbsp"), source="127.0.0.2", cells=[(1, 100)]).connect()
        self.addCleanup(self.bsc.close)
        return self.bsc

    def officer(self, name: str) -> Officer:
        return Officer(self.cbe, self.accounts[name]).sign_in()

    def refused(self, answer, status: int, code: str, words: str = "") -> None:
        self.assertEqual((answer.status, answer.json()["code"]), (status, code), answer.text)
        self.assertIn(words, answer.json()["detail"])

    def goes_on_air(self, officer: Officer, alert_id: str) -> dict:
        """The BSC has taken it, then has broadcast it; only the second is on air."""
        wait.until("the BSC holds it", lambda: self.bsc.held)
        self.assertEqual(officer.alert(alert_id)["status"], "approved")
        for key in self.bsc.held:
            self.bsc.held[key] = 3
        return self.reaches(officer, alert_id, "broadcasting")

    def reaches(self, officer: Officer, alert_id: str, status: str, timeout_s: float = 60) -> dict:
        wait.until(f"{alert_id} is {status}", lambda: officer.alert(alert_id)["status"] == status, timeout_s)
        return officer.alert(alert_id)

    def writes(self) -> list:
        return [pdu for pdu in self.bsc.received if pdu.type == cbsp.WRITE_REPLACE]


class ToTheAir(CbeCase):
    def test_written_by_one_approved_by_another_on_air_and_stopped(self) -> None:
        self.start_cbc()
        self.connect_bsc()
        ana, bruno = self.officer("ana"), self.officer("bruno")
        events = bruno.client.events("/api/v1/events")
        alert = ana.submit(ana.create("Flood in the harbour. Go to high ground.", area={"kind": "cells", "cells": [HARBOUR]}))
        self.assertEqual(alert["status"], "pending_approval")
        self.assertEqual(bruno.approve(alert)["status"], "approved")
        live = self.goes_on_air(bruno, alert["id"])
        self.assertEqual(live["health"], "all_confirmed")
        self.assertEqual([(one["cell"], one["state"], one["name"]) for one in live["delivery"]["cells"]],
                         [(HARBOUR, "broadcasting", "Harbour")])
        wait.until("an event says so", lambda: events.next().data.find('"broadcasting"') > 0)
        self.assertEqual([pdu.number(cbsp.NEW_SERIAL) for pdu in self.writes()], [alert["serial_number"]])
        stopped = bruno.write("POST", f"/api/v1/alerts/{alert['id']}/stop", {"totp": bruno.code(), "reason": "It is over"})
        self.assertEqual((stopped.status, stopped.json()["status"]), (200, "cancelled"), stopped.text)
        wait.until("the stop is confirmed", lambda: bruno.alert(alert["id"])["health"] == "none")
        self.assertTrue([pdu for pdu in self.bsc.received if pdu.type == cbsp.KILL])

    def test_a_centre_that_is_down_at_approval_gets_it_when_it_is_back(self) -> None:
        ana, bruno = self.officer("ana"), self.officer("bruno")
        alert = bruno.approve(ana.submit(ana.create("Flood.")))
        wait.until("the page says that it is not on air",
                   lambda: "NOT ON AIR" in bruno.alert(alert["id"])["sending"][0]["text"])
        self.assertEqual(bruno.alert(alert["id"])["status"], "approved")
        self.start_cbc()
        self.connect_bsc()
        live = self.goes_on_air(bruno, alert["id"])
        self.assertEqual([one["state"] for one in live["sending"]], ["taken"])

    def test_killed_between_approval_and_sending_it_is_sent_exactly_once(self) -> None:
        ana, bruno = self.officer("ana"), self.officer("bruno")
        alert = bruno.approve(ana.submit(ana.create("Flood.")))
        self.cbe.kill()
        self.start_cbc()
        self.connect_bsc()
        self.cbe.start()
        carla = self.officer("carla")
        self.goes_on_air(carla, alert["id"])
        self.cbe.kill()
        self.cbe.start()
        again = self.officer("carla")
        wait.until("the link is up", lambda: again.client.get("/api/v1/network").json()["cbcs"][0]["state"] == "up")
        held = self.cbc.control().get("/alerts").json()["alerts"]
        self.assertEqual([(one["alert_id"], one["revision"]) for one in held], [(alert["id"], 1)])
        self.assertEqual(len(self.writes()), 1)


class Refused(CbeCase):
    """None of these reaches a broadcast centre; there is none, and none is missed."""

    def test_who_took_part_does_not_approve_not_even_by_repeating(self) -> None:
        carla = self.officer("carla")
        alert = carla.submit(carla.create("Flood."))
        body = {"totp": carla.code(), "digest": alert["digest"]}
        path = f"/api/v1/alerts/{alert['id']}/approve"
        for key in ("one-key-1", "one-key-1", "other-key-2"):
            self.refused(carla.write("POST", path, body, key), 403, "contributor", "Ask one of: Bruno")
        self.refused(self.officer("ana").write("POST", path, body), 403, "permission", "alert.approve")
        self.assertEqual(carla.alert(alert["id"])["status"], "pending_approval")

    def test_old_codes_and_changed_digests(self) -> None:
        ana, bruno = self.officer("ana"), self.officer("bruno")
        alert = ana.submit(ana.create("Flood."))
        path = f"/api/v1/alerts/{alert['id']}"
        self.refused(bruno.write("POST", path + "/approve", {"totp": bruno.old_code(), "digest": alert["digest"]}), 403,
                     "totp-replayed", "already used")
        self.refused(bruno.write("POST", path + "/approve", {"totp": "000000", "digest": alert["digest"]}), 403, "totp-wrong")
        draft = ana.write("POST", path + "/withdraw", {}).json()
        draft = ana.write("PATCH", path, {"version": draft["version"], "messages": [{"language": "en", "text": "Fire."}]}).json()
        again = ana.submit(draft)
        self.refused(bruno.write("POST", path + "/approve", {"totp": bruno.code(), "digest": alert["digest"]}), 409,
                     "digest-changed", "Nothing was sent")
        approved = bruno.approve(again)
        self.assertEqual(approved["status"], "approved")
        self.assertEqual(approved["content"]["messages"][0]["text"], "Fire.")

    def test_texts_cells_and_broken_bodies(self) -> None:
        ana = self.officer("ana")
        code = ana.code()  # never used up: each of these is refused before it
        for text, words in (("Flood \N{GRINNING FACE}", "U+1F600"), ("x" * 1396, "1396 of 1395"), ("", "empty")):
            alert = ana.create(text)
            answer = ana.write("POST", f"/api/v1/alerts/{alert['id']}/submit", {"totp": code, "version": alert["version"]})
            self.refused(answer, 422, "text", words)
        stranger = {"kind": "cells", "cells": [HARBOUR | {"ci": 999}]}
        self.refused(ana.write("POST", "/api/v1/alerts", {"area": stranger}), 422, "unknown-cell", "gsm:001-01:1:999")
        self.refused(ana.write("POST", "/api/v1/alerts", "{\"channel\": "), 400, "json")
        self.refused(ana.write("POST", "/api/v1/alerts", "[" * 100), 400, "json")
        self.refused(ana.write("POST", "/api/v1/alerts", {"chanel": "level3"}), 422, "invalid", "channel")
        self.assertEqual(ana.write("POST", "/api/v1/alerts", {"note": "x" * 300_000}).status, 413)
        self.refused(ana.client.post("/api/v1/alerts", {}), 400, "idempotency-key")

    def test_without_session_or_csrf_token_nothing_is_done(self) -> None:
        ana = self.officer("ana")
        token = ana.client.headers.pop("X-CSRF-Token")
        self.refused(ana.write("POST", "/api/v1/alerts", {}), 403, "csrf", "X-CSRF-Token")
        ana.client.headers["X-CSRF-Token"] = token[::-1]
        self.refused(ana.write("POST", "/api/v1/alerts", {}), 403, "csrf")
        self.refused(self.cbe.api(None).get("/api/v1/alerts"), 401, "sign-in-needed")
        ana.client.headers["X-CSRF-Token"] = token
        stolen = dict(ana.client.cookies)
        self.assertEqual(ana.client.delete("/api/v1/session").status, 204)
        ana.client.cookies = stolen
        self.refused(ana.client.get("/api/v1/alerts"), 401, "sign-in-needed")

    def test_wrong_passwords_and_unknown_names_look_alike(self) -> None:
        answers = []
        for name, password in (("ana", "wrong"), ("nobody", "wrong")):
            client = self.cbe.api(None)
            first = client.post("/api/v1/session", {"username": name, "password": password}, timeout_s=60)
            self.assertEqual(first.json()["step"], "totp")
            second = client.post("/api/v1/session", {"challenge": first.json()["challenge"], "totp": "123456"})
            self.refused(second, 401, "credentials")
            answers.append(second.json()["detail"])
        self.assertEqual(answers[0], answers[1])


class Training(CbeCase):
    mode = "training"

    def test_two_officers_train_and_nothing_is_connected(self) -> None:
        ana, bruno = self.officer("ana"), self.officer("bruno")
        alert = bruno.approve(ana.submit(ana.create("Flood.")))
        self.assertEqual((alert["status"], alert["health"], alert["sending"]), ("approved", "training", []))
        self.assertEqual([one["state"] for one in bruno.client.get("/api/v1/network").json()["cbcs"]], ["not_used_training"])

    def test_a_way_to_a_centre_is_refused_by_the_configuration(self) -> None:
        self.cbe.config["cbcs"] = [{"name": "north", "url": "https://localhost:1"}]
        self.cbe.write_config()
        checked = self.cbe.check()
        self.assertEqual(checked.returncode, EXIT_CONFIGURATION)
        self.assertIn("a training authority must have neither", checked.stderr)


if __name__ == "__main__":
    unittest.main()
