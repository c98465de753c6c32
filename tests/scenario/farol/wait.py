# SPDX-License-Identifier: AGPL-3.0-or-later
"""Waiting for what must happen, with a deadline. Nothing in the tests sleeps for a fixed time."""
import time
from typing import Callable, TypeVar

Value = TypeVar("Value")
LOOK_AGAIN_S = 0.02


def until(what: str, look: Callable[[], Value], timeout_s: float = 30) -> Value:
    """Looks until the answer is true and returns it. An exception counts as "not yet"; the last one is told."""
    deadline = time.monotonic() + timeout_s
    trouble: Exception | None = None
    while True:
        try:
            answer = look()
            trouble = None
            if answer:
                return answer
        except (OSError, LookupError, ValueError) as error:
            trouble = error
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {timeout_s} s: {what}" + (f" ({trouble})" if trouble else ""))
        time.sleep(LOOK_AGAIN_S)
