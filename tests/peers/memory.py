# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every simulated peer has: it remembers what came, and a test waits for it; what it answers is scripted."""
import collections
import dataclasses
import threading
from typing import Any, Callable, Generic, TypeVar

Item = TypeVar("Item")
PATIENCE_S = 20


class Memory(Generic[Item]):
    """Everything that came, in order. `add` from any thread; tests wait."""

    def __init__(self, what: str, describe: Callable[[Item], str]) -> None:
        self._what, self._describe = what, describe
        self._items: list[Item] = []
        self.changed = threading.Condition()

    def add(self, item: Item) -> None:
        with self.changed:
            self._items.append(item)
            self.changed.notify_all()

    def touch(self) -> None:
        """Something else that tests wait for has changed."""
        with self.changed:
            self.changed.notify_all()

    def all(self, chosen: Callable[[Item], bool] = lambda _: True) -> list[Item]:
        with self.changed:
            return [one for one in self._items if chosen(one)]

    def forget(self) -> None:
        with self.changed:
            self._items.clear()

    def wait(self, described: str, chosen: Callable[[Item], bool], number: int = 1, timeout_s: float = PATIENCE_S) -> Item:
        """The number-th that is so, since the beginning or forget()."""
        def found() -> list[Item]:
            same = [one for one in self._items if chosen(one)]
            return same[number - 1:number]
        with self.changed:
            same = self.changed.wait_for(found, timeout_s)
            came = [self._describe(one) for one in self._items[-12:]]
        if not same:
            raise TimeoutError(f"{self._what}: {described} number {number} did not come within {timeout_s} s; came {came}")
        return same[0]

    def wait_until(self, described: str, so: Callable[[], bool], timeout_s: float = PATIENCE_S) -> None:
        with self.changed:
            if not self.changed.wait_for(so, timeout_s):
                raise TimeoutError(f"{self._what}: not within {timeout_s} s: {described}")


@dataclasses.dataclass
class Answer:
    """How one request is answered, where that is not the usual: what is set here counts.

    silent: not at all. octets: these instead of an answer. delay_s: later. values: elements of the answer over the usual ones,
    None to leave one out. more: further elements (protocol.Field), known to nobody perhaps.
    """
    silent: bool = False
    octets: bytes | None = None
    delay_s: float = 0
    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    more: list[Any] = dataclasses.field(default_factory=list)
    name: str | None = None  # of another message than the usual one


class Script(Generic[Item]):
    """Answers to come, by the name of the request: `next` ones are used up in order, then the `always` one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: dict[str, collections.deque[Item]] = collections.defaultdict(collections.deque)
        self._always: dict[str, Item] = {}

    def next(self, request: str, *answers: Item) -> None:
        with self._lock:
            self._next[request].extend(answers)

    def always(self, request: str, answer: Item | None) -> None:
        """None: as usual again."""
        with self._lock:
            self._always.pop(request, None)
            if answer is not None:
                self._always[request] = answer

    def take(self, request: str) -> Item | None:
        """None: as usual."""
        with self._lock:
            return self._next[request].popleft() if self._next[request] else self._always.get(request)
