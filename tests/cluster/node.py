# SPDX-License-Identifier: AGPL-3.0-or-later
"""One machine of a cluster: its process, its folders, its disk, its clock."""
import os
import pathlib
import signal
import sys
import tempfile
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "scenario"))
import disk  # noqa: E402
import net  # noqa: E402
from clock import Clock  # noqa: E402
from farol import wait  # noqa: E402
from farol.daemon import Daemon  # noqa: E402
from farol.web import Answer, TlsClient  # noqa: E402

if TYPE_CHECKING:
    from cluster import Cluster

API_PORT, LOG_PORT = 8440, 7105
SMALL_DISK_MIB = 1400  # a copy of the store is made only where 1 GiB stays free


class Node(Daemon):
    site: "Cluster"

    def __init__(self, site: "Cluster", name: str, role: str, config: dict[str, Any], small_disk: bool,
                 own_clock: bool, in_memory: bool) -> None:
        self.host, self.role = site.network.address(name), role
        self.disk: disk.SmallDisk | None = None
        self._slow: disk.SlowDisk | None = None
        super().__init__(site, "kvd", name, config)
        self.sockets = pathlib.Path(tempfile.mkdtemp(prefix=f"{name}-", dir="/run"))
        self.runtime = self.sockets / "run"
        if small_disk:
            self.disk = disk.SmallDisk(self.folder / "disk", SMALL_DISK_MIB, in_memory)
            self.state = self.disk.folder / "state"
        self.clock = Clock(self.folder / "clock") if own_clock else None
        if self.clock:
            self.environment |= self.clock.environment()

    @property
    def label(self) -> str:
        return self.folder.name

    def _base_config(self) -> dict[str, Any]:
        base = super()._base_config()
        base["api"]["listen"] = f"{self.host}:{API_PORT}"
        return base | self.site.cluster_block(self)

    def command(self, *more: str) -> list[str]:
        return [*net.Network.inside(self.label), *super().command(*more)]

    def api(self, role: str | None = "admin", **_: Any) -> TlsClient:
        return TlsClient(self.host, API_PORT, self.site.authority.certificate, self.site.client(role))

    @property
    def log_address(self) -> str:
        return f"{self.host}:{LOG_PORT}"

    @property
    def log_folder(self) -> pathlib.Path:
        """Where libraft keeps its segments."""
        return next(iter(self.state.glob("**/metadata1")), self.state / "raft" / "metadata1").parent

    # The process

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def pause(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        if self.running:
            os.kill(self.pid, signal.SIGCONT)

    def slow_down(self, delay_ms: int) -> None:
        self._slow = disk.SlowDisk(self.pid, delay_ms)

    def speed_up(self) -> None:
        if self._slow is not None:
            self._slow.close()
            self._slow = None

    def wait(self) -> int:
        self.speed_up()
        return super().wait()

    def revive(self) -> None:
        """Starts it unless it runs."""
        if not self.running:
            if self.process is not None:
                self.wait()
            self.start()

    def renew_certificate(self) -> None:
        """New ones at the same paths, as a renewal does it; SIGHUP, and the daemon has read them."""
        fresh = self.site.authority.issue(self.certificate_role, node=self.label)
        fresh.key.rename(self.certificate.key)
        fresh.certificate.rename(self.certificate.certificate)
        self.reload()

    @property
    def certificate_role(self) -> str:
        return self.certificate.certificate.name.split("-")[0]

    def memory_mib(self) -> int:
        """RssAnon: what isn't mapped from files."""
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("RssAnon")).split()[1]) // 1024

    def end(self) -> None:
        self.go_on()
        super().end()
        if self.disk is not None:
            self.disk.close()
            self.disk = None

    # The cluster as this node sees it

    def ask(self, verb: str, body: Any = None, timeout_s: float = 20) -> Answer:
        """A command of `farolctl cluster`, by the control socket as farolctl does it."""
        if verb == "status":
            return self.control().get("/control/cluster", timeout_s=timeout_s)
        return self.control().post(f"/control/cluster/{verb}", body, timeout_s=timeout_s)

    def status(self) -> dict[str, Any]:
        """{} when it doesn't answer."""
        if not self.running:
            return {}
        try:
            answer = self.ask("status", timeout_s=2)
            return answer.json() if answer.status == 200 else {}
        except (OSError, ValueError):
            return {}

    def leads(self) -> bool:
        return self.status().get("state") == "leader"

    def kv_state(self, timeout_s: float = 5) -> dict[str, Any]:
        """Hash of its rows, applied index and age; on the control socket, since a voter has no API."""
        return self.control().get("/kv/state", timeout_s=timeout_s).json()

    def wait_answers(self, timeout_s: float = 30) -> None:
        wait.until(f"{self.label} answers", lambda: "hash" in self.kv_state(), timeout_s)


