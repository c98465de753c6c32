# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs the real daemons, each in folders of its own, and hears what they tell systemd."""
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import threading
from typing import Any

from . import wait
from .pki import Authority, Certificate
from .web import ControlClient, TlsClient

ROOT = pathlib.Path(__file__).resolve().parents[3]
BINARIES = {"cbc": "cbcd", "cbe": "cbed", "ocsd": "ocsd", "provd": "provd", "crmd": "crmd"}
TEST_BINARIES = {"kvd": "cluster_kvd"}  # on the same frame, for tests alone
ROLES = {"cbc": "cbc", "cbe": "cbe", "ocsd": "ocs", "provd": "prov", "crmd": "crm", "kvd": "ocs"}
CBE_BASE = {"authority": {"id": "test", "name": "Test office", "mode": "training"},
            "channels": str(ROOT / "cbe/data/channels.yaml")}
START_S, STOP_S = 60, 30  # sanitised builds on a busy machine are slow


def binary(name: str) -> pathlib.Path:
    """Of the build that is tested: BUILD and SAN as for make."""
    variant = f"san-{os.environ['SAN']}" if os.environ.get("SAN") else "plain"
    return (ROOT / os.environ.get("BUILD", "build") / variant / "bin" / name).resolve()


def free_port() -> int:
    """For what must be named before the system could choose a port: a call-back, a peer that comes later."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


class NotifySocket:
    """What systemd would hear on NOTIFY_SOCKET, collected by a thread."""

    def __init__(self, path: pathlib.Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self.path = path
        self.lines: list[str] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def wait_for(self, line: str, count: int = 1, timeout_s: float = START_S) -> None:
        wait.until(f"{line} on the notify socket; heard {self.lines}",
                   lambda: sum(one.startswith(line) for one in self.lines) >= count, timeout_s)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _read(self) -> None:
        while message := self._socket.recv(65536):
            self.lines += message.decode().split("\n")


class Site:
    """A temporary folder with an authority and daemons; all of it ends with the `with` block.

        with Site() as site:
            ocs = site.daemon("ocsd").start()
            ocs.api("monitor").get("/version")
    """

    def __init__(self, folder: pathlib.Path | None = None) -> None:
        """A folder that is given is kept."""
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="farol-")
        self.folder = folder or pathlib.Path(self._temporary.name)
        self.authority = Authority(self.folder / "pki")
        self._daemons: list[Daemon] = []
        self._clients: dict[str, Certificate] = {}

    def daemon(self, name: str, config: dict[str, Any] | None = None, instance: str = "") -> "Daemon":
        """Not yet started. `config` is merged over a configuration that listens on 127.0.0.1, ports chosen by the system."""
        made = Daemon(self, name, instance or name, config or {})
        self._daemons.append(made)
        return made

    def client(self, role: str) -> Certificate:
        """The certificate of a test client of that role, made once."""
        if role not in self._clients:
            self._clients[role] = self.authority.issue(role, node="client")
        return self._clients[role]

    def close(self) -> None:
        for daemon in reversed(self._daemons):
            daemon.end()
        if self._temporary:
            self._temporary.cleanup()

    def __enter__(self) -> "Site":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Daemon:
    def __init__(self, site: Site, name: str, instance: str, config: dict[str, Any]) -> None:
        self.site, self.name = site, name
        self.folder = site.folder / instance
        self.folder.mkdir()
        self.config_file = self.folder / f"{name}.yaml"
        self.conf_d = self.folder / "conf.d" / name
        self.state, self.runtime = self.folder / "state", self.folder / "run"
        self.sockets = self.folder  # a socket's path has 107 octets at most
        self.log_file = self.folder / "log"
        self.certificate = site.authority.issue(ROLES[name], node=instance)
        self.config: dict[str, Any] = merged(self._base_config(), config)
        self.notify: NotifySocket | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.arguments: list[str] = []
        self.environment: dict[str, str] = {}
        self.pass_fds: tuple[int, ...] = ()
        self.write_config()

    def _base_config(self) -> dict[str, Any]:
        return {"api": {"listen": "127.0.0.1:0", "certificate": str(self.certificate.certificate),
                        "key": str(self.certificate.key)}
                | ({} if self.name == "cbe" else {"trusted": [str(self.certificate.authority)]}),
                "store": {"reserve": "1MiB"}} | (CBE_BASE if self.name == "cbe" else {})

    def write_config(self, text: str | None = None) -> None:
        """YAML text as it is, or self.config (JSON is YAML)."""
        self.config_file.write_text(json.dumps(self.config, indent=1) if text is None else text)

    def command(self, *more: str) -> list[str]:
        program = (BINARIES | TEST_BINARIES)[self.name]
        return [str(binary(program)), "--config", str(self.config_file), "--state", str(self.state),
                "--runtime", str(self.runtime), *more]

    def check(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command("--check"), capture_output=True, text=True, timeout=START_S)

    def launch(self) -> "Daemon":
        """Starts it and doesn't wait."""
        path = self.sockets / f"notify-{len(list(self.sockets.glob('notify-*')))}"
        self.notify = NotifySocket(path)
        environment = {key: value for key, value in os.environ.items() if key != "JOURNAL_STREAM"}
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(self.command(*self.arguments), stderr=log, stdout=log, stdin=subprocess.DEVNULL,
                                            env=environment | {"NOTIFY_SOCKET": str(path)} | self.environment,
                                            pass_fds=self.pass_fds)
        return self

    def start(self) -> "Daemon":
        """Starts it and waits for READY."""
        self.launch()
        assert self.notify and self.process

        def ready() -> bool:
            if self.process.poll() is not None:
                raise AssertionError(f"{self.name} ended with {self.process.returncode}:\n{self.log()}")
            return "READY=1" in self.notify.lines
        try:
            wait.until(f"{self.name} is ready", ready, START_S)
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{self.log()}") from None
        return self

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.wait()

    def wait(self) -> int:
        assert self.process and self.notify
        code = self.process.wait(STOP_S)
        self.notify.close()
        self.process = None
        return code

    def restart(self) -> "Daemon":
        self.stop()
        return self.start()

    def reload(self) -> None:
        """SIGHUP; waits until the daemon says that it has read its configuration (well or not)."""
        assert self.process and self.notify
        before = self.notify.lines.count("READY=1")
        self.process.send_signal(signal.SIGHUP)
        self.notify.wait_for("READY=1", before + 1)

    def end(self) -> None:
        if self.process is not None:
            self.kill()

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def listeners(self) -> dict[str, list[dict[str, Any]]]:
        return json.loads((self.runtime / "listeners.json").read_text())

    def port(self, listener: str = "api") -> int:
        return self.listeners()[listener][0]["port"]

    def api(self, role: str | None = "admin", listener: str = "api", certificate: Certificate | None = None) -> TlsClient:
        """A client with a certificate of that role (None: without any)."""
        if certificate is None and role is not None:
            certificate = self.site.client(role)
        return TlsClient("localhost", self.port(listener), self.site.authority.certificate, certificate)

    def control(self) -> ControlClient:
        return ControlClient(self.runtime / "control.sock")

    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def wait_log(self, words: str, timeout_s: float = START_S) -> None:
        wait.until(f"{words!r} in the log of {self.name}:\n{self.log()}", lambda: words in self.log(), timeout_s)


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    out = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(out.get(key), dict)
        out[key] = merged(out[key], value) if both else value
    return out
