# SPDX-License-Identifier: AGPL-3.0-or-later
"""The wall clock of one process, which jumps when it is told to (libfaketime). Never the machine's own clock.

Monotonic time goes on as it is, as it does on a machine whose clock somebody sets.
"""
import glob
import pathlib

LIBRARIES = "/usr/lib/*/faketime/libfaketimeMT.so.1"


class Clock:
    def __init__(self, file: pathlib.Path) -> None:
        self._file = file
        self.set(0)

    def set(self, shift_s: int) -> None:
        """From now on the process's clock is so far from the machine's."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{shift_s:+d}\n")
        fresh.rename(self._file)

    def environment(self) -> dict[str, str]:
        """For the process to be started with."""
        found = glob.glob(LIBRARIES)
        if not found:
            raise RuntimeError("libfaketime is not installed (packaging/deps/test.txt)")
        return {"LD_PRELOAD": found[0], "FAKETIME_TIMESTAMP_FILE": str(self._file), "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_RESET": "1"}
