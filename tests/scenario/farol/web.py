# SPDX-License-Identifier: AGPL-3.0-or-later
"""HTTP calls with a client certificate or over the control socket, and server-sent event streams."""
import dataclasses
import http.client
import json
import pathlib
import queue
import socket
import ssl
import threading
from typing import Any, Iterator

from .pki import Certificate

TIMEOUT_S = 20


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: pathlib.Path, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Client:
    """One side of a conversation. Cookies and a CSRF token, once set, go with every request."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.cookies: dict[str, str] = {}

    def connection(self, timeout_s: float) -> http.client.HTTPConnection:
        """One of one's own, for many requests."""
        raise NotImplementedError

    def request(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None,
                timeout_s: float = TIMEOUT_S) -> Answer:
        """`body`: bytes or text go as they are, anything else as JSON."""
        sent, payload = self._prepare(body, headers)
        connection = self.connection(timeout_s)
        try:
            connection.request(method, path, body=payload, headers=sent)
            response = connection.getresponse()
            answer = Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
            self._keep_cookies(response.headers.get_all("Set-Cookie") or [])
            return answer
        finally:
            connection.close()

    def get(self, path: str, **more: Any) -> Answer:
        return self.request("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.request("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.request("PUT", path, body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.request("PATCH", path, body, **more)

    def delete(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.request("DELETE", path, body, **more)

    def events(self, path: str, headers: dict[str, str] | None = None) -> "Events":
        sent, _ = self._prepare(None, {"Accept": "text/event-stream"} | (headers or {}))
        connection = self.connection(TIMEOUT_S)
        connection.request("GET", path, headers=sent)
        return Events(connection)

    def _prepare(self, body: Any, headers: dict[str, str] | None) -> tuple[dict[str, str], bytes | None]:
        sent = dict(self.headers)
        payload = None
        if isinstance(body, bytes):
            payload = body
        elif isinstance(body, str):
            payload = body.encode()
        elif body is not None:
            payload = json.dumps(body).encode()
        if payload is not None:
            sent["Content-Type"] = "application/json"
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return sent | (headers or {}), payload

    def _keep_cookies(self, lines: list[str]) -> None:
        for line in lines:
            name, _, value = line.split(";")[0].partition("=")
            if value and "max-age=0" not in line.lower():
                self.cookies[name.strip()] = value
            else:
                self.cookies.pop(name.strip(), None)


class TlsClient(Client):
    def __init__(self, host: str, port: int, authority: pathlib.Path, certificate: Certificate | None = None) -> None:
        super().__init__()
        self._host, self._port = host, port
        self._context = ssl.create_default_context(cafile=str(authority))
        self._context.minimum_version = ssl.TLSVersion.TLSv1_3
        if certificate:
            self._context.load_cert_chain(certificate.certificate, certificate.key)

    def connection(self, timeout_s: float) -> http.client.HTTPConnection:
        return http.client.HTTPSConnection(self._host, self._port, timeout=timeout_s, context=self._context)


class ControlClient(Client):
    def __init__(self, path: pathlib.Path) -> None:
        super().__init__()
        self._path = path

    def connection(self, timeout_s: float) -> http.client.HTTPConnection:
        return _UnixConnection(self._path, timeout_s)


@dataclasses.dataclass(frozen=True)
class Event:
    name: str
    data: str
    id: str

    def json(self) -> Any:
        return json.loads(self.data)


class Events:
    """A stream that is read by a thread of its own; next() waits with a deadline."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self._connection = connection
        self._socket = connection.sock  # getresponse() lets go of one that ends with the response
        self._response = connection.getresponse()
        self.status = self._response.status
        self._queue: queue.Queue[Event | None] = queue.Queue()
        self._socket.settimeout(None)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def next(self, timeout_s: float = TIMEOUT_S, name: str | None = None) -> Event:
        """The next event (of that name). TimeoutError when none comes, EOFError when the stream has ended."""
        while True:
            try:
                event = self._queue.get(timeout=timeout_s)
            except queue.Empty:
                raise TimeoutError(f"no event {name or ''} within {timeout_s} s") from None
            if event is None:
                raise EOFError("the event stream ended")
            if name is None or event.name == name:
                return event

    def close(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._connection.close()

    def __enter__(self) -> "Events":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read(self) -> None:
        try:
            for event in self._events():
                self._queue.put(event)
        except (OSError, ValueError, http.client.HTTPException):
            pass
        self._queue.put(None)

    def _events(self) -> Iterator[Event]:
        name, data, identifier = "message", [], ""
        while line := self._response.readline():
            field, _, value = line.decode().rstrip("\r\n").partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                name = value
            elif field == "data":
                data.append(value)
            elif field == "id":
                identifier = value
            elif not field and not value:
                if data:
                    yield Event(name, "\n".join(data), identifier)
                name, data = "message", []
