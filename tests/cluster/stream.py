# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes without a pause through some nodes of a cluster, to see when they are acknowledged and when not.

    with Stream(cluster["n1"], cluster["n3"]) as stream:
        ...
    stream.first_after(killed)              seconds from then to the next acknowledged write
    stream.longest_gap()
    stream.missing(cluster["n3"])           acknowledged writes that this node does not show
"""
import dataclasses
import http.client
import json
import threading
import time

from farol import wait
from node import Node

PAUSE_S = 0.005
TIMEOUT_S = 5


@dataclasses.dataclass(frozen=True)
class Acknowledged:
    sent: float
    at: float
    key: str
    value: int


class Stream:
    """`pace_s`: between two writes of one node's connection."""

    def __init__(self, *nodes: Node, pace_s: float = PAUSE_S) -> None:
        self.acknowledged: list[Acknowledged] = []
        self.outcomes: dict[str, int] = {}  # how often each answer came: "200", "not-leader", "OSError"
        self._pace_s = pace_s
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._write, args=(node,)) for node in nodes]

    def __enter__(self) -> "Stream":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def wait_acknowledged(self, count: int = 1, timeout_s: float = 30) -> None:
        """So many more."""
        wanted = len(self.acknowledged) + count
        wait.until(f"{count} more writes are acknowledged; outcomes {self.outcomes}",
                   lambda: len(self.acknowledged) >= wanted, timeout_s)

    def first_after(self, moment: float, timeout_s: float = 60) -> float:
        """Of a write that was sent after it."""
        def first() -> Acknowledged | None:
            return next((one for one in list(self.acknowledged) if one.sent > moment), None)
        return wait.until("a write is acknowledged", first, timeout_s).at - moment

    def longest_gap(self) -> float:
        moments = sorted(one.at for one in self.acknowledged)
        return max((later - earlier for earlier, later in zip(moments, moments[1:])), default=float("inf"))

    def missing(self, node: Node, at_most: int = 200) -> list[str]:
        """The last ones are looked at, at most so many."""
        api = node.api()
        lost = []
        for one in self.acknowledged[-at_most:]:
            found = api.get(f"/kv/registers/{one.key}").json()
            if found.get("value") != one.value:
                lost.append(f"{one.key}: {found}, not {one.value}")
        return lost

    def _write(self, node: Node) -> None:
        connection = None
        number = 0
        while not self._ended.is_set():
            number += 1
            key = f"stream-{node.label}-{id(self) % 99991}-{number}"
            sent = time.monotonic()
            try:
                connection = connection or node.api().connection(TIMEOUT_S)
                connection.request("PUT", f"/kv/registers/{key}", body=json.dumps({"value": number}),
                                   headers={"Content-Type": "application/json"})
                answer = connection.getresponse()
                body = answer.read()
                self._note(sent, key, number, answer.status, body)
            except (OSError, http.client.HTTPException) as error:
                if connection is not None:
                    connection.close()
                connection = None
                self._count(type(error).__name__)
            self._ended.wait(self._pace_s)
        if connection is not None:
            connection.close()

    def _note(self, sent: float, key: str, number: int, status: int, body: bytes) -> None:
        if status == 200:
            with self._lock:
                self.acknowledged.append(Acknowledged(sent, time.monotonic(), key, number))
            self._count("200")
            return
        try:
            self._count(json.loads(body)["code"])
        except (ValueError, KeyError):
            self._count(str(status))

    def _count(self, outcome: str) -> None:
        with self._lock:
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
