#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Administrators and officers at a real cbed: invitations, two people, sessions that outlive a restart. One daemon for all."""
import email
import email.policy
import json
import pathlib
import sys
import unittest
import uuid
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from aiosmtpd.controller import Controller  # noqa: E402
from farol import wait  # noqa: E402
from farol.daemon import Site, free_port  # noqa: E402
from farol.officer import Officer, now_step, totp  # noqa: E402
from farol.web import Answer  # noqa: E402

CELLS = "technology,mcc,mnc,lac,ci,name,lat,lon\ngsm,001,01,1,100,Harbour,-33.8688,151.2093\n"
PASSWORD = "a long walk to the lighthouse"


class MailServer:
    """A real SMTP server that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], str]] = []
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters.append((envelope.rcpt_tos, message.get_content()))
        return "250 taken"


class People(unittest.TestCase):
    """The administrators come by the control socket; everybody else by both of them."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.site = Site()
        cls.addClassCleanup(cls.site.close)
        cells = cls.site.folder / "cells.csv"
        cells.write_text(CELLS)
        cls.mail = MailServer()
        cls.addClassCleanup(cls.mail.controller.stop)
        mail = {"server": f"smtp://127.0.0.1:{cls.mail.port}", "from": "alerts@example.org", "tls": "none",
                "public_url": "https://alerts.example.org"}
        cls.cbe = cls.site.daemon("cbe", {"cells": str(cells), "authority": {"mode": "training"}, "mail": mail,
                                          "sign_in": {"burst": 1000, "per_minute": 1000}}).start()
        cls.first, cls.second = (cls.accepted(cls.control_invitation(name)) for name in ("dora", "edgar"))
        cls.dora, cls.edgar = cls.signed_in(cls.first), cls.signed_in(cls.second)

    @classmethod
    def control_invitation(cls, username: str) -> str:
        answer = cls.cbe.control().post("/control/people/administrator", {"username": username, "name": username.title()})
        assert answer.status == 200, answer.text
        return answer.json()["invitation_token"]

    @classmethod
    def accepted(cls, token: str) -> dict[str, Any]:
        """What an invited person does: opens the link, scans, types a code, chooses a password."""
        client = cls.cbe.api(None)
        opened = client.post("/api/v1/invitations/open", {"token": token}, timeout_s=60)
        assert opened.status == 200, opened.text
        assert opened.json()["qr_svg"].startswith("<svg "), opened.text
        step = now_step(later_s=8) - 1
        answer = client.post("/api/v1/invitations/accept", {"token": token, "password": PASSWORD, "totp":
                             totp(opened.json()["secret"], step)}, timeout_s=60)
        assert answer.status == 200, answer.text
        return {"username": opened.json()["username"], "password": PASSWORD, "totp_secret": opened.json()["secret"],
                "last_step": step, "backup_codes": answer.json()["backup_codes"]}

    @classmethod
    def signed_in(cls, account: dict[str, Any]) -> Officer:
        """With a backup code: the one-time codes, one every 30 s, are for decisions."""
        officer = Officer(cls.cbe, account)
        officer.code = lambda: account["backup_codes"].pop()
        officer.sign_in()
        del officer.code
        return officer

    def decided(self, officer: Officer, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        return officer.write(method, path, {"totp": officer.code()} | (body or {}))

    def done(self, officer: Officer, method: str, path: str, body: dict[str, Any] | None = None, status: int = 200) -> Any:
        answer = self.decided(officer, method, path, body)
        self.assertEqual(answer.status, status, answer.text)
        return answer.json()

    def refused(self, answer: Answer, status: int, code: str) -> None:
        self.assertEqual((answer.status, answer.json()["code"]), (status, code), answer.text)

    def audited(self, action: str) -> list[dict[str, Any]]:
        lines = self.cbe.control().get("/control/audit?limit=1000").text.splitlines()
        return [one for one in map(json.loads, lines) if one["action"] == action]

    def test_c22_an_officer_comes_by_two_administrators_and_loses_rights_by_one(self) -> None:
        request = self.done(self.dora, "POST", "/api/v1/users", {
            "username": "fay", "name": "Fay", "email": "fay@example.org", "identity": "P-17", "roles": [{"role": "author"}]}, 202)
        self.assertEqual((request["kind"], request["status"]), ("invite", "waiting"))
        path = f"/api/v1/requests/{request['id']}/approve"
        self.refused(self.dora.write("POST", path, {"totp": "000000"}), 403, "own-request")  # before the code is looked at
        self.assertEqual(self.done(self.edgar, "POST", path)["status"], "approved")
        again = self.edgar.write("POST", path, {"totp": self.edgar.old_code()})
        self.refused(again, 409, "status")
        user = next(one for one in self.dora.client.get("/api/v1/users?search=fay").json()["items"])
        self.assertEqual((user["status"], user["email"]), ("invited", "fay@example.org"))
        token = self.done(self.edgar, "POST", f"/api/v1/users/{user['id']}/invitation")["invitation_token"]
        fay = self.signed_in(self.accepted(token))
        self.assertEqual(fay.client.get("/api/v1/session").json()["permissions"], ["alert.view", "alert.create"])
        self.refused(fay.client.get("/api/v1/users"), 403, "permission")
        self.refused(self.cbe.api(None).post("/api/v1/invitations/open", {"token": token}), 409, "expired")
        # A restart signs nobody out.
        self.cbe.restart()
        for one in (fay, self.dora, self.edgar):
            fresh = self.cbe.api(None)
            fresh.cookies, fresh.headers = one.client.cookies, one.client.headers
            one.client = fresh
        self.assertEqual(fay.client.get("/api/v1/session").status, 200)
        self.assertEqual([one["own"] for one in fay.client.get("/api/v1/account/sessions").json()["items"]], [True])
        # A forgotten password: a link by mail, good once; an unknown name is answered alike.
        stranger = self.cbe.api(None)
        for name in ("nobody", "fay"):
            asked = stranger.post("/api/v1/password-resets", {"username": name})
            self.assertEqual((asked.status, asked.json()), (200, {"mail": True}), asked.text)
        wait.until("the letter is there", lambda: self.mail.letters)
        (to, text), = self.mail.letters
        self.assertEqual(to, ["fay@example.org"])
        token = text.split("https://alerts.example.org/reset-password#")[1].split()[0]
        body = {"token": token, "password": PASSWORD + ", and back"}
        self.assertEqual(stranger.post("/api/v1/password-resets/complete", body, timeout_s=60).status, 200)
        self.refused(stranger.post("/api/v1/password-resets/complete", body, timeout_s=60), 409, "expired")
        self.refused(fay.client.get("/api/v1/session"), 401, "sign-in-needed")
        fay.account["password"] = body["password"]
        fay = self.signed_in(fay.account)
        # One administrator is enough to take away, and it is so at once.
        key = str(uuid.uuid4())
        body = {"totp": self.dora.code()}
        disabled = self.dora.write("POST", f"/api/v1/users/{user['id']}/disable", body, key)
        self.assertEqual((disabled.status, disabled.json()["status"]), (200, "disabled"), disabled.text)
        self.assertEqual(self.dora.write("POST", f"/api/v1/users/{user['id']}/disable", body, key).status, 200)
        self.refused(fay.client.get("/api/v1/session"), 401, "sign-in-needed")
        self.assertEqual(len(self.audited("user.disable")), 1)
        page = self.dora.client.get(f"/api/v1/audit?object=user/{user['id']}&limit=500").json()
        actions = [one["action"] for one in page["items"]]
        for action in ("user.invite", "invitation.accept", "password.reset", "user.disable"):
            self.assertIn(action, actions)
        self.assertEqual({one["object"] for one in page["items"]}, {f"user/{user['id']}"})
        self.refused(self.cbe.control().post("/control/people/administrator", {"username": "gus", "name": "Gus"}), 409, "status")

    def test_guessing_replaying_and_fixing(self) -> None:
        self.refused(self.cbe.api(None).get("/api/v1/users"), 401, "sign-in-needed")
        # A code that was used, for whatever, is not taken again: here the one that accepted the invitation.
        body = {"totp": self.dora.old_code(), "username": "hal", "name": "Hal", "roles": []}
        self.refused(self.dora.write("POST", "/api/v1/users", body), 403, "totp-replayed")
        # A backup code signs in once.
        code = self.first["backup_codes"].pop()
        for status in (200, 401):
            client = self.cbe.api(None)
            client.cookies["__Host-farol-cbe"] = "0" * 64  # fixed by somebody else: never taken up
            first = client.post("/api/v1/session", {"username": "dora", "password": PASSWORD}, timeout_s=60)
            second = client.post("/api/v1/session", {"challenge": first.json()["challenge"], "totp": code})
            self.assertEqual(second.status, status, second.text)
            self.assertEqual(client.cookies["__Host-farol-cbe"] == "0" * 64, status == 401)
        # A key that nobody made opens nothing.
        program = self.cbe.api(None)
        program.headers["X-API-KEY"] = "farol_cbe_" + "0" * 64
        self.refused(program.get("/api/v1/alerts"), 401, "api-key")


if __name__ == "__main__":
    unittest.main()
