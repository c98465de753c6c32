# SPDX-License-Identifier: AGPL-3.0-or-later
"""A peer that gets messages and answers them: as usual, or as scripted. What goes over which wire is its sub-class's affair."""
import dataclasses
import queue
import threading
from typing import Any, Callable

from . import codec
from .memory import Answer, Memory, Script
from .protocol import Field, Message, Protocol


@dataclasses.dataclass
class Usual:
    """What a good peer answers. `effect` is what it then keeps or forgets, told the values that it really answers; `after` is
    what it does when that is sent."""
    name: str
    values: dict[str, Any]
    effect: Callable[[dict[str, Any]], None] = lambda _values: None
    after: Callable[[dict[str, Any]], None] = lambda _values: None


class Peer:
    """Answers on a thread of its own, so that whoever reads from the wire goes on reading."""

    def __init__(self, name: str, protocol: Protocol) -> None:
        codec.start()
        self.name, self.protocol = name, protocol
        self.script: Script[Answer] = Script()
        self.received: Memory[Message] = Memory(name, lambda one: one.name)
        self.refused: list[tuple[bytes, str]] = []  # what is no message, or no whole one, and why
        self._work: queue.Queue[bytes | None] = queue.Queue()
        self._worker = threading.Thread(target=self._answer_all, daemon=True)
        self._worker.start()

    # For sub-classes

    def send_raw(self, wire: bytes) -> None:
        raise NotImplementedError

    def usual(self, request: Message) -> Usual | None:
        """None: it is not answered."""
        raise NotImplementedError

    def hear(self, wire: bytes) -> None:
        self._work.put(wire)

    # For tests

    def wait_for(self, name: str, number: int = 1, timeout_s: float = 20) -> Message:
        """The number-th message of that name since the beginning."""
        return self.received.wait(name, lambda one: one.name == name, number, timeout_s)

    def count(self, name: str) -> int:
        return len(self.received.all(lambda one: one.name == name))

    def send(self, message: str, values: dict[str, Any], more: list[Field] | None = None, without: tuple[str, ...] = (),
             **how: Any) -> None:
        """`without` leaves elements out; the rest is Protocol.encode's."""
        told = {name: one for name, one in values.items() if name not in without and one is not None}
        self.send_raw(self.protocol.encode(message, told, more, **how))

    def close(self) -> None:
        self._work.put(None)
        if self._worker is not threading.current_thread():
            self._worker.join(10)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _answer_all(self) -> None:
        while (wire := self._work.get()) is not None:
            try:
                message = self.protocol.decode(wire)
                if missing := self.protocol.missing(message):
                    raise codec.Refused(f"{message.name} without {', '.join(missing)}")
            except codec.Refused as refusal:
                self.refused.append((wire, str(refusal)))
                self.received.touch()
                continue
            self._answer(message)

    def _answer(self, request: Message) -> None:
        """Kept, remembered, sent, in this order: a test finds the one when it has waited for the other."""
        usual = self.usual(request)
        if usual is None:
            return self.received.add(request)
        answer = self.script.take(request.name) or Answer()
        values = usual.values | answer.values
        if answer.silent or answer.octets is not None or answer.delay_s:
            self.received.add(request)
            self._later(usual, answer, values)
        else:
            usual.effect(values)
            self.received.add(request)
            self._send_answer(usual, answer, values)

    def _later(self, usual: Usual, answer: Answer, values: dict[str, Any]) -> None:
        """Nothing at all, octets, or the answer after its time."""
        def give() -> None:
            if answer.octets is not None:
                return self._try(lambda: self.send_raw(answer.octets))
            usual.effect(values)
            self._send_answer(usual, answer, values)
        if answer.silent:
            return
        if not answer.delay_s:
            return give()
        timer = threading.Timer(answer.delay_s, give)
        timer.daemon = True
        timer.start()

    def _send_answer(self, usual: Usual, answer: Answer, values: dict[str, Any]) -> None:
        def send() -> None:
            self.send(answer.name or usual.name, values, answer.more)
            usual.after(values)
        self._try(send)

    @staticmethod
    def _try(send: Callable[[], None]) -> None:
        try:
            send()
        except OSError:
            pass  # the connection has ended meanwhile
