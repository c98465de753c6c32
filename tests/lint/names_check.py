#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names that operators build on: every event in the code has a row in doc/log-events.md, every metric one in
doc/metrics.md, and no row is about something that is gone."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("common", "cbc", "cbe", "ocsd", "provd", "crmd", "packaging")
LEVEL_CALL = re.compile(r'\.(?:error|warning|notice|info|debug)\(\s*"([a-z0-9_]+(?:\.[a-z0-9_]+)+)"')
WRITE_CALL = re.compile(r'(?:\.write|\bemit)\([^;{]*')  # the level is computed: every dotted name before the fields
DOTTED = re.compile(r'"([a-z0-9_]+(?:\.[a-z0-9_]+)+)"')
METRIC = re.compile(r'"((?:farol|process)_[a-z0-9_]+)"')
ROW = re.compile(r"^\| `([a-z0-9_.]+)`", re.MULTILINE)


def sources() -> list[pathlib.Path]:
    found = (path for top in FOLDERS for path in (ROOT / top).rglob("*.cc"))
    return sorted(path for path in found if "node_modules" not in path.parts)


def in_code() -> tuple[dict[str, pathlib.Path], dict[str, pathlib.Path]]:
    events: dict[str, pathlib.Path] = {}
    metrics: dict[str, pathlib.Path] = {}
    for path in sources():
        text = path.read_text(encoding="utf-8")
        names = LEVEL_CALL.findall(text)
        for call in WRITE_CALL.findall(text):
            names += DOTTED.findall(call)
        events.update((name, path) for name in names)
        metrics.update((name, path) for name in METRIC.findall(text))
    return events, metrics


def compare(document: str, names: dict[str, pathlib.Path]) -> list[str]:
    listed = set(ROW.findall((ROOT / document).read_text(encoding="utf-8")))
    missing = [f"{path.relative_to(ROOT)}: {name} has no row in {document}" for name, path in sorted(names.items())
               if name not in listed]
    return missing + [f"{document}: {name} is in no code" for name in sorted(listed - set(names))]


def main() -> int:
    events, metrics = in_code()
    found = compare("doc/log-events.md", events) + compare("doc/metrics.md", metrics)
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
