# SPDX-License-Identifier: AGPL-3.0-or-later
"""An AMF that serves Namf_Communication's part for public warnings (TS 29.518), NGAP inside by Erlang's codec.

    with Amf() as amf:                                      amf.root is its apiRoot, http://127.0.0.1:PORT
        asked = amf.wait_for(TRANSFER)                      Asked: .json, .message (NGAP), .headers
        amf.tacs = {1, 2}                                   others come back as unknownTaiList
        amf.script.next(TRANSFER, problem(403), retry_later(429, 1), redirect(other.root))
        amf.wait_subscribed(BROADCAST)
        amf.completed(asked, cells=[0x10])                  notification: on the air there
        amf.cancelled(asked, tais={1: {0x10: 3}})
        amf.restart(gnb=1, cells=[0x10], tacs=[1])
        amf.lose_subscriptions()                            from now on it tells n2PwsSubMissInd

What is wrong in a request is answered 400 and kept in `amf.refused`: assert that it is empty.
"""
import dataclasses
import itertools
import json
import ssl
import threading
import urllib.parse
from typing import Any, Callable

from . import codec, multipart, ngap_lists
from .http2 import PROBLEM, Client, Reply, Request, Server, json_reply
from .memory import Memory, Script
from .networks import NrNetwork
from .places import PLMN, Ngap, plmn_json
from .protocol import NGAP, Message, octets

API = "/namf-comm/v1/non-ue-n2-messages"
TRANSFER, SUBSCRIBE, UNSUBSCRIBE = "transfer", "subscribe", "unsubscribe"
BROADCAST, RESTART_FAILURE = "PWS-BCAL", "PWS-RF"
WRITE, CANCEL = "WriteReplaceWarningRequest", "PWSCancelRequest"
PROCEDURES = {WRITE: 51, CANCEL: 32}
Key = tuple[int, int]  # message identifier, serial number


@dataclasses.dataclass(frozen=True)
class Asked:
    operation: str
    path: str
    headers: dict[str, str]
    json: Any
    message: Message | None = None  # of a transfer

    @property
    def key(self) -> Key:
        return self.message.number("MessageIdentifier"), self.message.number("SerialNumber")


@dataclasses.dataclass
class Subscription:
    id: str
    information: str  # the class
    callback: str
    correlation: str | None


def problem(status: int, cause: str | None = None, namf_cause: int | None = None, **headers: str) -> Reply:
    """N2InformationTransferError, as the AMF itself says it."""
    error = {"status": status} | ({"cause": cause} if cause else {})
    told = {"error": error} | ({"pwsErrorInfo": {"namfCause": namf_cause}} if namf_cause is not None else {})
    return json_reply(status, told, **headers)


def problem_details(status: int, cause: str | None = None, **headers: str) -> Reply:
    """ProblemDetails alone, as of the other operations, or of something between us and the AMF."""
    return json_reply(status, {"status": status} | ({"cause": cause} if cause else {}), PROBLEM, **headers)


def retry_later(status: int, seconds: int) -> Reply:
    return problem_details(status, **{"retry-after": str(seconds)})


def redirect(root: str, status: int = 307, path: str = f"{API}/transfer") -> Reply:
    return problem_details(status, location=root + path)


class Amf:
    def __init__(self, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None, name: str = "amf",
                 token_is_good: Callable[[str], bool] | None = None, to_centre: ssl.SSLContext | None = None,
                 network: NrNetwork | None = None) -> None:
        """token_is_good: 401 for all others. to_centre: for call-backs that are https. network: of the cells there it sends the
        notifications that it is asked for, and knows no other tracking areas."""
        codec.start()
        self.name = name
        self.script: Script[Reply] = Script()
        self.received: Memory[Asked] = Memory(name, lambda one: one.operation)
        self.refused: list[tuple[str, bytes]] = []  # why, and the body
        self.subscriptions: dict[str, Subscription] = {}
        self.held: set[Key] = set()
        self.network = network
        self.broadcasts = 1  # what each cell has done of a warning when it is cancelled
        self.tacs = None if network is None else set(network.areas)  # None: it has all
        self.tells_missing = True  # n2PwsSubMissInd; older AMFs don't know it
        self._token_is_good, self._to_centre = token_is_good, to_centre
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._clients: dict[str, Client] = {}
        self._tls = tls
        self.server = Server(self._serve, host, port, tls)

    @property
    def root(self) -> str:
        return self.server.root

    def close(self) -> None:
        self.server.close()
        for client in self._clients.values():
            client.close()

    def __enter__(self) -> "Amf":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # For tests

    def wait_for(self, operation: str, number: int = 1, timeout_s: float = 20) -> Asked:
        return self.received.wait(operation, lambda one: one.operation == operation, number, timeout_s)

    def wait_message(self, name: str, number: int = 1) -> Asked:
        """A transfer of that NGAP message."""
        return self.received.wait(name, lambda one: one.message is not None and one.message.name == name, number)

    def wait_subscribed(self, information: str) -> Subscription:
        self.received.wait_until(f"a subscription to {information}", lambda: self.subscription(information) is not None)
        return self.subscription(information)

    def subscription(self, information: str) -> Subscription | None:
        return next((one for one in list(self.subscriptions.values()) if one.information == information), None)

    def go_away(self) -> None:
        """It ends its connections and listens no more. What it holds, and its subscriptions, stay as they are."""
        self.server.close()

    def come_back(self) -> None:
        """It listens where it did."""
        self.server = Server(self._serve, self.server.host, self.server.port, self._tls)

    def lose_subscriptions(self) -> None:
        """As after its own restart."""
        self.subscriptions.clear()

    # Notifications

    def completed(self, of: Asked | Key, nr: bool = True, **areas: Any) -> Reply:
        """The cells where it is on the air: cells=[...], tais={tac: [...]} or areas={id: [...]}; none of them: no list."""
        listed = {"BroadcastCompletedAreaList": ngap_lists.completed(nr, **areas)} if areas else {}
        return self._tell_of(of, "WriteReplaceWarningResponse", 51, listed)

    def cancelled(self, of: Asked | Key, nr: bool = True, empty_gnbs: list[int] | None = None, **areas: Any) -> Reply:
        """The same with numbers of broadcasts: cells={cell: times}, tais={tac: {cell: times}}, areas={id: {cell: times}}."""
        listed = {"BroadcastCancelledAreaList": ngap_lists.cancelled(nr, **areas)} if areas else {}
        more = {"bcEmptyAreaList": [node_json(one) for one in empty_gnbs]} if empty_gnbs else {}
        return self._tell_of(of, "PWSCancelResponse", 32, listed, more)

    def restart(self, gnb: int, cells: list[int], tacs: list[int], areas: list[int] | None = None, nr: bool = True) -> Reply:
        values = {"CellIDListForRestart": ngap_lists.cells_of(nr, "CGIListforRestart", cells), "GlobalRANNodeID": Ngap.gnb(gnb),
                  "TAIListForRestart": [Ngap.tai(one) for one in tacs]}
        if areas:
            values["EmergencyAreaIDListForRestart"] = [octets(one, 3) for one in areas]
        return self.notify(RESTART_FAILURE, 34, NGAP.encode("PWSRestartIndication", values))

    def failure(self, gnb: int, cells: list[int], nr: bool = True) -> Reply:
        values = {"PWSFailedCellIDList": ngap_lists.cells_of(nr, "CGI-PWSFailedList", cells), "GlobalRANNodeID": Ngap.gnb(gnb)}
        return self.notify(RESTART_FAILURE, 33, NGAP.encode("PWSFailureIndication", values))

    def notify(self, information: str, procedure: int, pdu: bytes, key: Key = (0, 0), more: dict[str, Any] | None = None,
               **how: Any) -> Reply:
        """To whoever subscribed to it; `more` is added to pwsInfo, `how` is multipart.join's."""
        subscription = self.subscription(information)
        assert subscription is not None, f"nobody has subscribed to {information}"
        content = {"ngapMessageType": procedure, "ngapData": {"contentId": "ngap-1"}}
        info = {"messageIdentifier": key[0], "serialNumber": key[1], "pwsContainer": content} | (more or {})
        told = {"n2NotifySubscriptionId": subscription.id,
                "n2InfoContainer": {"n2InformationClass": information, "pwsInfo": info}}
        if subscription.correlation is not None:
            told["notifCorrelationId"] = subscription.correlation
        content_type, body = multipart.join(told, {"ngap-1": pdu}, **how)
        return self.post(subscription.callback, content_type, body)

    def post(self, uri: str, content_type: str, body: bytes) -> Reply:
        """Anything, to a call-back."""
        parts = urllib.parse.urlsplit(uri)
        with self._lock:
            client = self._clients.get(parts.netloc)
            if client is None or client.closed:
                tls = self._to_centre if parts.scheme == "https" else None
                client = self._clients[parts.netloc] = Client(parts.hostname, parts.port, tls)
        return client.ask("POST", parts.path + (f"?{parts.query}" if parts.query else ""), {"content-type": content_type}, body)

    def _tell_of(self, of: Asked | Key, name: str, procedure: int, values: dict[str, Any],
                 more: dict[str, Any] | None = None) -> Reply:
        key = of.key if isinstance(of, Asked) else of
        named = {"MessageIdentifier": octets(key[0]), "SerialNumber": octets(key[1])}
        return self.notify(BROADCAST, procedure, NGAP.encode(name, named | values), key, more)

    # What it serves

    def _serve(self, request: Request) -> Reply:
        if self._token_is_good is not None:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not self._token_is_good(token):
                return problem_details(401, **{"www-authenticate": "Bearer error=\"invalid_token\""})
        try:
            asked = self._read(request)
        except (ValueError, LookupError, TypeError, codec.Refused) as error:
            self.refused.append((f"{request.method} {request.path}: {error!r}", request.body))
            self.received.touch()
            return problem(400, "MANDATORY_IE_INCORRECT")
        reply = self.script.take(asked.operation) or self._usual(asked)
        self.received.add(asked)
        return reply

    def _read(self, request: Request) -> Asked:
        path = urllib.parse.urlsplit(request.path).path
        if request.method == "DELETE" and path.startswith(f"{API}/subscriptions/"):
            return Asked(UNSUBSCRIBE, path, request.headers, None)
        root, parts = multipart.split(request.headers["content-type"], request.body)
        if request.method == "POST" and path == f"{API}/subscriptions":
            _ = root["n2InformationClass"], urllib.parse.urlsplit(root["n2NotifyCallbackUri"]).port
            return Asked(SUBSCRIBE, path, request.headers, root)
        if request.method == "POST" and path == f"{API}/transfer":
            return Asked(TRANSFER, path, request.headers, root, _warning_of(root, parts))
        raise ValueError("no such operation")

    def _usual(self, asked: Asked) -> Reply:
        return {TRANSFER: self._transfer, SUBSCRIBE: self._subscribe, UNSUBSCRIBE: self._unsubscribe}[asked.operation](asked)

    def _transfer(self, asked: Asked) -> Reply:
        if asked.message.name == WRITE:
            self.held.add(asked.key)
        elif asked.message.value("CancelAllWarningMessages"):
            self.held.clear()
        else:
            self.held.discard(asked.key)
        told = {"ngapMessageType": PROCEDURES[asked.message.name], "messageIdentifier": asked.key[0],
                "serialNumber": asked.key[1]}
        unknown = [one for one in asked.json.get("taiList", []) if int(one["tac"], 16) not in (self.tacs or [])]
        if unknown and self.tacs is not None:
            told["unknownTaiList"] = unknown
        wants = asked.json["n2Information"]["pwsInfo"].get("sendRanResponse", False)
        if wants and self.tells_missing and self.subscription(BROADCAST) is None:
            told["n2PwsSubMissInd"] = True
        reply = json_reply(200, {"result": "N2_INFO_TRANSFER_INITIATED", "pwsRspData": told})
        if wants and self.network is not None and self.subscription(BROADCAST) is not None:
            reply.after = lambda: self._report(asked)
        return reply

    def _report(self, asked: Asked) -> None:
        told = self.network.told(asked.json, asked.message)
        if asked.message.name == WRITE:
            self.completed(asked, **told)
        else:
            self.cancelled(asked, **self.network.counted(told, self.broadcasts))

    def _subscribe(self, asked: Asked) -> Reply:
        new = Subscription(f"{self.name}-{next(self._ids)}", asked.json["n2InformationClass"], asked.json["n2NotifyCallbackUri"],
                           asked.json.get("notifCorrelationId"))
        self.subscriptions[new.id] = new
        return json_reply(201, {"n2NotifySubscriptionId": new.id, "n2InformationClass": new.information},
                          location=f"{self.root}{API}/subscriptions/{new.id}")

    def _unsubscribe(self, asked: Asked) -> Reply:
        gone = self.subscriptions.pop(asked.path.rsplit("/", 1)[1], None)
        return Reply(204) if gone else problem_details(404, "SUBSCRIPTION_NOT_FOUND")


def node_json(gnb: int, size: int = 24, network: str = PLMN) -> dict[str, Any]:
    """GlobalRanNodeId."""
    return {"plmnId": plmn_json(network), "gNbId": {"bitLength": size, "gNBValue": f"{gnb:0{(size + 3) // 4}x}"}}


def _warning_of(root: dict[str, Any], parts: dict[str, bytes]) -> Message:
    """The NGAP message of a transfer; ValueError when it and the JSON do not fit together."""
    information = root["n2Information"]
    if information["n2InformationClass"] != "PWS":
        raise ValueError(f"class {information['n2InformationClass']}")
    info = information["pwsInfo"]
    message = NGAP.decode(parts[info["pwsContainer"]["ngapData"]["contentId"]])
    if message.name not in PROCEDURES or NGAP.missing(message):
        raise ValueError(f"{message.name} without {NGAP.missing(message)}")
    told = (info["messageIdentifier"], info["serialNumber"], info["pwsContainer"].get("ngapMessageType"))
    within = (message.number("MessageIdentifier"), message.number("SerialNumber"), PROCEDURES[message.name])
    if told != within:
        raise ValueError(f"JSON {json.dumps(told)} is about another message than NGAP {within}")
    for name in ("taiList", "globalRanNodeList"):
        if name in root and not root[name]:
            raise ValueError(f"{name} is empty")
    for one in root.get("taiList", []):
        int(one["tac"], 16), one["plmnId"]["mcc"], one["plmnId"]["mnc"]
    return message
