# SPDX-License-Identifier: AGPL-3.0-or-later
"""An NRF: discovery (TS 29.510 Nnrf_NFDiscovery) and access tokens (Nnrf_AccessToken, OAuth 2.0 client credentials).

    with Nrf() as nrf:
        nrf.amfs["amf-1"] = profile(amf.root, tacs=[1, 2])     what discovery tells; change it at any time
        amf = Amf(token_is_good=nrf.is_good)
        nrf.revoke()                                           all tokens until now are bad
        nrf.script.next(TOKEN, oauth_error("invalid_client"))

Tokens look like those of a real NRF (a JWT) and last `token_s`. Requests are in `nrf.received`.
"""
import base64
import dataclasses
import hashlib
import hmac
import json
import secrets
import ssl
import time
import urllib.parse
import uuid
from typing import Any

from .http2 import Reply, Request, Server, json_reply
from .memory import Memory, Script
from .places import PLMN, plmn_json

DISCOVER, TOKEN = "discover", "token"
SCOPES = {"namf-comm", "namf-comm:non-ue-n2-messages"}


@dataclasses.dataclass(frozen=True)
class Asked:
    operation: str
    headers: dict[str, str]
    fields: dict[str, str]  # of the query, or of the form


def profile(root: str, tacs: list[int] | None = None, network: str = PLMN, instance: str | None = None,
            status: str = "REGISTERED", services: tuple[str, ...] = ("namf-comm",)) -> dict[str, Any]:
    """An AMF's NFProfile. No tacs: it says nothing of areas."""
    at = urllib.parse.urlsplit(root)
    info: dict[str, Any] = {"amfSetId": "001", "amfRegionId": "01",
                            "guamiList": [{"plmnId": plmn_json(network), "amfId": "010040"}]}
    if tacs is not None:
        info["taiList"] = [{"plmnId": plmn_json(network), "tac": f"{one:06x}"} for one in tacs]
    points = [{"ipv4Address": at.hostname, "transport": "TCP", "port": at.port}]
    return {"nfInstanceId": instance or str(uuid.uuid4()), "nfType": "AMF", "nfStatus": status,
            "plmnList": [plmn_json(network)], "ipv4Addresses": [at.hostname], "amfInfo": info,
            "nfServices": [{"serviceInstanceId": f"{name}-1", "serviceName": name, "scheme": at.scheme,
                            "versions": [{"apiVersionInUri": "v1", "apiFullVersion": "1.1.0"}],
                            "nfServiceStatus": "REGISTERED", "ipEndPoints": points} for name in services]}


def oauth_error(error: str, status: int = 400) -> Reply:
    """RFC 6749 §5.2."""
    return json_reply(status, {"error": error}, **{"cache-control": "no-store", "pragma": "no-cache"})


class Nrf:
    def __init__(self, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.script: Script[Reply] = Script()
        self.received: Memory[Asked] = Memory("nrf", lambda one: one.operation)
        self.refused: list[str] = []
        self.amfs: dict[str, dict[str, Any]] = {}
        self.token_s = 3600
        self.validity_s = 60
        self.instance = str(uuid.uuid4())
        self._key = secrets.token_bytes(32)
        self.server = Server(self._serve, host, port, tls)

    @property
    def root(self) -> str:
        return self.server.root

    def close(self) -> None:
        self.server.close()

    def __enter__(self) -> "Nrf":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def wait_for(self, operation: str, number: int = 1) -> Asked:
        return self.received.wait(operation, lambda one: one.operation == operation, number)

    def count(self, operation: str) -> int:
        return len(self.received.all(lambda one: one.operation == operation))

    def is_good(self, token: str) -> bool:
        """For an AMF: ours, not too old, for AMFs, with a scope that allows public warnings."""
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature, self._sign(signed)):
            return False
        claims = json.loads(_from_base64(signed.partition(".")[2]))
        return claims["exp"] > time.time() and claims["aud"] == "AMF" and bool(SCOPES & set(claims["scope"].split()))

    def revoke(self) -> None:
        self._key = secrets.token_bytes(32)

    def _serve(self, request: Request) -> Reply:
        url = urllib.parse.urlsplit(request.path)
        if (request.method, url.path) == ("GET", "/nnrf-disc/v1/nf-instances"):
            return self._answer(Asked(DISCOVER, request.headers, dict(urllib.parse.parse_qsl(url.query))), self._discover)
        if (request.method, url.path) == ("POST", "/oauth2/token"):
            if request.headers.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded":
                return self._refuse(oauth_error("invalid_request"), f"content type {request.headers.get('content-type')}")
            return self._answer(Asked(TOKEN, request.headers, dict(urllib.parse.parse_qsl(request.body.decode()))), self._token)
        return self._refuse(json_reply(404, {"status": 404}), f"{request.method} {request.path}")

    def _answer(self, asked: Asked, usual: Any) -> Reply:
        reply = self.script.take(asked.operation) or usual(asked.fields)
        self.received.add(asked)
        return reply

    def _refuse(self, reply: Reply, why: str) -> Reply:
        self.refused.append(why)
        self.received.touch()
        return reply

    def _discover(self, fields: dict[str, str]) -> Reply:
        if fields.get("target-nf-type") != "AMF" or "requester-nf-type" not in fields:
            return self._refuse(json_reply(400, {"status": 400, "cause": "MANDATORY_QUERY_PARAM_INCORRECT"}), json.dumps(fields))
        wanted = set(filter(None, fields.get("service-names", "").split(",")))
        found = [one for one in self.amfs.values()
                 if not wanted or wanted & {service["serviceName"] for service in one["nfServices"]}]
        return json_reply(200, {"validityPeriod": self.validity_s, "nfInstances": found})

    def _token(self, fields: dict[str, str]) -> Reply:
        if fields.get("grant_type") != "client_credentials":
            return self._refuse(oauth_error("unsupported_grant_type"), json.dumps(fields))
        if not SCOPES & set(fields.get("scope", "").split()):
            return self._refuse(oauth_error("invalid_scope"), json.dumps(fields))
        try:
            uuid.UUID(fields.get("nfInstanceId", ""))
        except ValueError:
            return self._refuse(oauth_error("invalid_request"), json.dumps(fields))
        claims = {"iss": self.instance, "sub": fields["nfInstanceId"], "aud": fields.get("targetNfType", "AMF"),
                  "scope": fields["scope"], "exp": int(time.time()) + self.token_s, "jti": secrets.token_hex(8)}
        signed = f"{_base64({'alg': 'HS256', 'typ': 'JWT'})}.{_base64(claims)}"
        return json_reply(200, {"access_token": f"{signed}.{self._sign(signed)}", "token_type": "Bearer",
                                "expires_in": self.token_s, "scope": fields["scope"]}, **{"cache-control": "no-store"})

    def _sign(self, signed: str) -> str:
        return base64.urlsafe_b64encode(hmac.digest(self._key, signed.encode(), hashlib.sha256)).decode().rstrip("=")


def _base64(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _from_base64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
