#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks every file of the tree: the licence line, the length, one group of unit tests a file, and words that belong to one
workplace only.

    tests/lint/files.py           says what is wrong, one line each
    tests/lint/files.py --list    the files, separated by NUL
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINES_MAX = 600
COLUMNS_MAX = 130
SPDX = "SPDX-License-Identifier: AGPL-3.0-or-later"
SOURCES = {".cc", ".h", ".py", ".sh", ".mk", ".ts", ".tsx", ".mts", ".mjs", ".js", ".css", ".yaml", ".yml", ".service",
           ".socket", ".target", ".slice", ".html", ".conf", ".cfg"}
# Generated, data that others define, or a contract that is one document: no licence line needed, any length.
DATA = re.compile(r"(^|/)(package-lock\.json|LICENSE|openapi\.yaml)$|^tests/(vectors|config|fuzz/corpus)/|^asn1/.*/generated/"
                  r"|\.(png|woff2|pcap|bin)$")
# Names of build machines and their folders, and of package registries: a tree that mentions one works there only.
WORDS = re.compile(r"/wo" r"rk/|/ro" r"ot/\.|/home/[a-z]|registry\.npm" r"js\.org|deb\.deb" r"ian\.org|security\.deb" r"ian\.org"
                   r"|py" r"pi\.org|npm" r"mirror")
SKIPPED_FOLDERS = {".git", "node_modules", "build", "__pycache__"}


def files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [str(path) for path in found if not SKIPPED_FOLDERS & set(path.parts)]


def problems(name: str) -> list[str]:
    raw = (ROOT / name).read_bytes()
    if b"\0" in raw:
        return []
    text = raw.decode(errors="replace")
    lines = text.splitlines()
    found = [f"{name}:{number}: names a place that only one machine knows: {hit[0]}"
             for number, line in enumerate(lines, 1) if (hit := WORDS.search(line))]
    if DATA.search(name):
        return found
    is_source = pathlib.Path(name).suffix in SOURCES or text.startswith("#!") or name == "Makefile"
    if is_source and not any(SPDX in line for line in lines[:5]):
        found.append(f"{name}:1: does not begin with {SPDX}")
    if is_source and len(lines) > LINES_MAX:
        found.append(f"{name}: {len(lines)} lines; {LINES_MAX} is the most, split it by what it is about")
    if is_source and (name.endswith(".py") or text.startswith("#!")):
        found += [f"{name}:{number}: {len(line)} columns; {COLUMNS_MAX} is the most"
                  for number, line in enumerate(lines, 1) if len(line) > COLUMNS_MAX]
    groups = len(re.findall(r"^GROUP\(", text, re.M))
    if name.startswith("tests/unit/") and name.endswith("_test.cc") and groups != 1:
        found.append(f"{name}: {groups} GROUPs; one is run, that of the file's name")
    return found


def main() -> int:
    if "--list" in sys.argv:
        print("\0".join(files()), end="")
        return 0
    found = [problem for name in files() for problem in problems(name)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
