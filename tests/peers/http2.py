# SPDX-License-Identifier: AGPL-3.0-or-later
"""HTTP/2 (RFC 9113) for simulated network functions, by python3-h2: a server and a client, over TLS with ALPN or in clear.

    with Server(lambda request: Reply(200, body=b"{}")) as server:
        with Client("127.0.0.1", server.port) as client:
            client.ask("POST", "/path", {"content-type": "application/json"}, b"{}").status

Each request has a thread of its own, so a reply may take its time.
"""
import dataclasses
import json
import queue
import socket
import ssl
import threading
import time
from typing import Any, Callable

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions

PATIENCE_S = 20
JSON, PROBLEM = "application/json", "application/problem+json"


@dataclasses.dataclass
class Request:
    method: str
    path: str  # with the query
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclasses.dataclass
class Reply:
    """`silent`: none ever. `reset`: the stream is reset with that code. `drop`: the connection is closed. `delay_s`: later."""
    status: int = 200
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    body: bytes = b""
    silent: bool = False
    reset: int | None = None
    drop: bool = False
    delay_s: float = 0
    after: Callable[[], None] = lambda: None  # done when it is sent

    def json(self) -> Any:
        return json.loads(self.body)


def json_reply(status: int, value: Any, content_type: str = JSON, **headers: str) -> Reply:
    return Reply(status, {"content-type": content_type, **headers}, json.dumps(value).encode())


def server_context(certificate: Any) -> ssl.SSLContext:
    """certificate: farol.pki's. Whoever connects needs one of the same authority."""
    return _context(ssl.PROTOCOL_TLS_SERVER, certificate, ("h2",))


def client_context(certificate: Any, offers: tuple[str, ...] = ("h2",)) -> ssl.SSLContext:
    return _context(ssl.PROTOCOL_TLS_CLIENT, certificate, offers)


def _context(side: int, certificate: Any, offers: tuple[str, ...]) -> ssl.SSLContext:
    context = ssl.SSLContext(side)
    context.load_cert_chain(certificate.certificate, certificate.key)
    context.load_verify_locations(certificate.authority)
    context.verify_mode = ssl.CERT_REQUIRED
    context.set_alpn_protocols(list(offers))
    return context


class _Stream:
    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.body = b""
        self.unsent = b""
        self.ends = False  # when unsent has left
        self.done: queue.Queue[Reply | None] = queue.Queue()  # of a client


class _Connection:
    """What both sides do: octets in, events, octets out under flow control."""

    def __init__(self, sock: socket.socket, client: bool) -> None:
        self._socket = sock
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=client, header_encoding="utf-8"))
        self._lock = threading.RLock()
        self._streams: dict[int, _Stream] = {}
        self.closed = False

    def begin(self) -> None:
        with self._lock:
            self._h2.initiate_connection()
            self._flush()

    def run(self) -> None:
        """Until the connection ends."""
        try:
            while octets := self._socket.recv(65536):
                with self._lock:
                    for event in self._h2.receive_data(octets):
                        self._take(event)
                    self._flush()
        except (OSError, h2.exceptions.ProtocolError):
            pass
        self.close()

    def close(self) -> None:
        self.closed = True
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()
        for stream in list(self._streams.values()):
            stream.done.put(None)

    def complete(self, number: int, stream: _Stream) -> None:
        """All of a message has come."""
        raise NotImplementedError

    def _take(self, event: Any) -> None:
        if isinstance(event, (h2.events.RequestReceived, h2.events.ResponseReceived)):
            stream = self._streams.setdefault(event.stream_id, _Stream())
            stream.headers = dict(event.headers)
        elif isinstance(event, h2.events.DataReceived):
            self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            if stream := self._streams.get(event.stream_id):
                stream.body += event.data
        elif isinstance(event, h2.events.StreamEnded):
            if stream := self._streams.get(event.stream_id):
                self.complete(event.stream_id, stream)
        elif isinstance(event, h2.events.StreamReset):
            if stream := self._streams.pop(event.stream_id, None):
                stream.done.put(None)
        elif isinstance(event, (h2.events.WindowUpdated, h2.events.RemoteSettingsChanged)):
            self._send_what_may_go()

    def send(self, number: int, headers: list[tuple[str, str]], body: bytes) -> None:
        with self._lock:
            stream = self._streams.setdefault(number, _Stream())
            self._h2.send_headers(number, headers, end_stream=not body)
            stream.unsent, stream.ends = body, bool(body)
            self._send_what_may_go()
            self._flush()

    def _send_what_may_go(self) -> None:
        for number, stream in self._streams.items():
            while stream.ends:
                room = min(self._h2.local_flow_control_window(number), self._h2.max_outbound_frame_size)
                if room <= 0:
                    break
                part, stream.unsent = stream.unsent[:room], stream.unsent[room:]
                stream.ends = bool(stream.unsent)
                self._h2.send_data(number, part, end_stream=not stream.ends)

    def _flush(self) -> None:
        if octets := self._h2.data_to_send():
            self._socket.sendall(octets)


class _Served(_Connection):
    def __init__(self, sock: socket.socket, handler: Callable[[Request], Reply]) -> None:
        super().__init__(sock, client=False)
        self._handler = handler

    def complete(self, number: int, stream: _Stream) -> None:
        headers = {name: value for name, value in stream.headers.items() if not name.startswith(":")}
        request = Request(stream.headers[":method"], stream.headers[":path"], headers, stream.body)
        threading.Thread(target=self._reply, args=(number, request), daemon=True).start()

    def _reply(self, number: int, request: Request) -> None:
        reply = self._handler(request)
        if reply.delay_s:
            time.sleep(reply.delay_s)  # what the test asked for
        try:
            if reply.drop:
                self.close()
            elif reply.reset is not None:
                with self._lock:
                    self._h2.reset_stream(number, reply.reset)
                    self._flush()
            elif not reply.silent:
                length = {} if reply.status == 204 else {"content-length": str(len(reply.body))}
                self.send(number, [(":status", str(reply.status)), *(reply.headers | length).items()], reply.body)
                reply.after()
        except (OSError, h2.exceptions.ProtocolError):
            pass  # the stream or the connection has ended meanwhile


class Server:
    """Listens at once; ends all connections when it is closed."""

    def __init__(self, handler: Callable[[Request], Reply], host: str = "127.0.0.1", port: int = 0,
                 tls: ssl.SSLContext | None = None) -> None:
        self._handler, self._tls = handler, tls
        self._listener = socket.create_server((host, port))
        self.host, self.port = self._listener.getsockname()
        self.accepted = 0
        self._connections: list[_Served] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def root(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self.host}:{self.port}"

    def drop_all(self) -> None:
        """All connections; new ones are taken."""
        connections, self._connections = self._connections, []
        for one in connections:
            one.close()

    def close(self) -> None:
        if self._listener.fileno() >= 0:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        self.drop_all()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        try:
            if self._tls is not None:
                sock = self._tls.wrap_socket(sock, server_side=True)
                assert sock.selected_alpn_protocol() == "h2", "who connects did not offer h2"
            connection = _Served(sock, self._handler)
            self._connections.append(connection)
            connection.begin()
        except (OSError, AssertionError):
            return sock.close()
        connection.run()


class Client(_Connection):
    """One connection; threads may ask at the same time."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None = None, name: str | None = None) -> None:
        sock = socket.create_connection((host, port), timeout=PATIENCE_S)
        if tls is not None:
            sock = tls.wrap_socket(sock, server_hostname=name or host)
            if sock.selected_alpn_protocol() != "h2":
                sock.close()
                raise ConnectionError("the server did not choose h2")
        sock.settimeout(None)
        super().__init__(sock, client=True)
        self._scheme, self._authority = "https" if tls else "http", f"{name or host}:{port}"
        try:
            self.begin()
        except OSError:
            self.close()
            raise
        self._thread = threading.Thread(target=self.run, daemon=True)
        self._thread.start()

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"",
            timeout_s: float = PATIENCE_S) -> Reply:
        """ConnectionError when the stream or the connection ends before the reply, or none comes in time."""
        with self._lock:
            number = self._h2.get_next_available_stream_id()
            stream = self._streams[number] = _Stream()
            self.send(number, [(":method", method), (":path", path), (":scheme", self._scheme), (":authority", self._authority),
                               *(headers or {}).items()], body)
        try:
            reply = stream.done.get(timeout=timeout_s)
        except queue.Empty:
            reply = None
        if reply is None:
            raise ConnectionError(f"no reply to {method} {path}")
        return reply

    def complete(self, number: int, stream: _Stream) -> None:
        headers = {name: value for name, value in stream.headers.items() if not name.startswith(":")}
        stream.done.put(Reply(int(stream.headers[":status"]), headers, stream.body))

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._thread.join(PATIENCE_S)
