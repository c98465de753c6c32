# SPDX-License-Identifier: AGPL-3.0-or-later
"""The client's side of tests/store/kvd.cc: what was sent and answered, and what must then be found.

One connection sends numbered changes in order, and the store makes them in order. So after any crash the rows must be
those of a prefix of what was sent: all changes up to some number S and none after it, with S not below the last
acknowledged number, and each change whole (its three rows agree).
"""
import os
import random
import select
import time

KEYS = 200


class Session:
    """One life of a kvd: sends on one descriptor, reads lines from another."""

    def __init__(self, read_fd: int, write_fd: int):
        self.read_fd, self.write_fd = read_fd, write_fd
        self.buffer = b""
        self.is_open = True

    def send(self, text: str) -> None:
        data = text.encode()
        while data:
            try:
                data = data[os.write(self.write_fd, data):]
            except BlockingIOError:
                select.select([], [self.write_fd], [], 1)

    def lines(self, timeout_s: float) -> list[str]:
        """Whole lines that are there, or that come within the time; [] at the end or when none came."""
        if self.is_open and select.select([self.read_fd], [], [], timeout_s)[0]:
            try:
                chunk = os.read(self.read_fd, 1 << 16)
            except (BlockingIOError, ConnectionResetError):
                chunk = b""
            self.is_open = bool(chunk)
            self.buffer += chunk
        *whole, self.buffer = self.buffer.split(b"\n")
        return [line.decode(errors="replace").strip() for line in whole]

    def wait_for(self, word: str, limit_s: float) -> list[str]:
        """All lines up to one that begins with the word."""
        seen, end = [], time.monotonic() + limit_s
        while time.monotonic() < end and self.is_open:
            seen += self.lines(end - time.monotonic())
            if any(line.split(" ")[0] == word for line in seen):
                return seen
        raise TimeoutError(f"no {word!r} within {limit_s:.0f} s; got {seen[-3:]}")


class Model:
    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.sent: list[tuple[str, bool]] = []  # change N is sent[N - 1]: its key; is it a put?
        self.acknowledged = 0
        self.answered = 0
        self.strange: list[str] = []  # answers that are neither ok nor expected

    def next_request(self, bytes_max: int) -> str:
        key, is_put = f"k{self.random.randrange(KEYS)}", self.random.random() < 0.9
        self.sent.append((key, is_put))
        number = len(self.sent)
        if not is_put:
            return f"del {number} {key}\n"
        # Most are small; some fill several pages.
        size = self.random.randrange(bytes_max if self.random.random() < 0.1 else 100)
        return f"put {number} {key} {size}\n"

    def take(self, lines: list[str]) -> int:
        """Notes answers; how many there were."""
        count = 0
        for line in lines:
            words = line.split(" ")
            if words[0] == "ok" and len(words) == 3:
                number = int(words[1])
                if number <= self.acknowledged:
                    self.strange.append(f"answered twice or out of order: {line}")
                self.acknowledged = max(self.acknowledged, number)
                count += 1
            elif words[0] in ("refused", "unknown", "not-leader"):
                self.strange.append(line)
                count += 1
        self.answered += count
        return count

    def _at(self, last: int) -> dict[str, int]:
        rows: dict[str, int] = {}
        for number, (key, is_put) in enumerate(self.sent[:last], 1):
            if is_put:
                rows[key] = number
            else:
                rows.pop(key, None)
        return rows

    def problem_with(self, dump: list[str]) -> str | None:
        """What is wrong with what was found after a crash, or None. Forgets what was sent and did not happen."""
        found: dict[str, int] = {}
        for line in dump:
            words = line.split(" ")
            if words[0] != "row":
                continue
            if len(words) != 5 or len(set(words[2:])) != 1 or not words[2].isdigit():
                return f"half done or damaged: {line}"
            found[words[1]] = int(words[2])
        # Which S? Try from the last acknowledged number upwards: the rows of each are cheap to derive.
        rows = self._at(self.acknowledged)
        last = self.acknowledged
        while rows != found and last < len(self.sent):
            key, is_put = self.sent[last]
            last += 1
            if is_put:
                rows[key] = last
            else:
                rows.pop(key, None)
        if rows != found:
            return self._explain(found)
        # The numbers of what was lost are used up by changes that surely do nothing.
        self.sent = self.sent[:last]
        self.acknowledged = last
        return None

    def _explain(self, found: dict[str, int]) -> str:
        rows = self._at(self.acknowledged)
        lost = [key for key, number in rows.items() if found.get(key, 0) < number]
        return (f"no prefix of what was sent: acknowledged up to {self.acknowledged}, sent {len(self.sent)}; "
                f"older than acknowledged: {lost[:5]}")


def load(session: Session, model: Model, seconds: float, in_flight: int, bytes_max: int) -> int:
    """Keeps so many requests under way for a time; how many are unanswered at its end."""
    end, open_requests = time.monotonic() + seconds, 0
    while (left := end - time.monotonic()) > 0 and session.is_open:
        missing = in_flight - open_requests
        if missing > 0:
            session.send("".join(model.next_request(bytes_max) for _ in range(missing)))
            open_requests += missing
        open_requests -= model.take(session.lines(min(left, 0.2)))
    return open_requests
