# SPDX-License-Identifier: AGPL-3.0-or-later
"""A demo officer at cbed's public interface: signs in with password and code, and takes a fresh code for each decision."""
import base64
import hashlib
import hmac
import struct
import time
import uuid
from typing import Any

from . import wait
from .daemon import Daemon
from .web import Answer

STEP_S = 30
ON_ITS_WAY_S = 8  # so much later a code must still be good


def totp(secret: str, step: int) -> str:
    """RFC 6238 with SHA-1 and six digits, written again here: the daemon's own code is not its judge."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    at = digest[-1] & 0x0F
    return f"{(struct.unpack_from('>I', digest, at)[0] & 0x7FFFFFFF) % 1_000_000:06}"


def now_step(later_s: int = 0) -> int:
    return int(time.time() + later_s) // STEP_S


class Officer:
    def __init__(self, cbe: Daemon, account: dict[str, Any]) -> None:
        self.account = account
        self.client = cbe.api(None)

    def code(self) -> str:
        """The next code that was not used; three can be had at once, then it waits for the clock."""
        step = max(self.account.get("last_step", 0) + 1, now_step(ON_ITS_WAY_S) - 1)
        wait.until("the clock reaches the next code", lambda: step <= now_step() + 1, 2 * STEP_S)
        self.account["last_step"] = step  # with the account: an officer who signs in again remembers it
        return totp(self.account["totp_secret"], step)

    def old_code(self) -> str:
        return totp(self.account["totp_secret"], self.account["last_step"])

    def sign_in(self) -> "Officer":
        first = self.client.post("/api/v1/session", {key: self.account[key] for key in ("username", "password")})
        assert first.status == 200, first.text
        second = self.client.post("/api/v1/session", {"challenge": first.json()["challenge"], "totp": self.code()})
        assert second.status == 200, second.text
        self.client.headers["X-CSRF-Token"] = second.json()["csrf_token"]
        return self

    def write(self, method: str, path: str, body: Any, key: str | None = None) -> Answer:
        return self.client.request(method, path, body, headers={"Idempotency-Key": key or str(uuid.uuid4())}, timeout_s=60)

    def create(self, text: str, **fields: Any) -> dict[str, Any]:
        body = {"channel": "level3", "messages": [{"language": "en", "text": text}], "duration_s": 3600} | fields
        answer = self.write("POST", "/api/v1/alerts", body)
        assert answer.status == 201, answer.text
        return answer.json()

    def submit(self, alert: dict[str, Any]) -> dict[str, Any]:
        answer = self.write("POST", f"/api/v1/alerts/{alert['id']}/submit", {"totp": self.code(), "version": alert["version"]})
        assert answer.status == 200, answer.text
        return answer.json()

    def approve(self, alert: dict[str, Any]) -> dict[str, Any]:
        answer = self.write("POST", f"/api/v1/alerts/{alert['id']}/approve", {"totp": self.code(), "digest": alert["digest"]})
        assert answer.status == 200, answer.text
        return answer.json()

    def alert(self, alert_id: str) -> dict[str, Any]:
        return self.client.get(f"/api/v1/alerts/{alert_id}").json()
