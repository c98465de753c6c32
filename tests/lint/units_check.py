#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks the systemd units as they are installed: no unknown setting, no missing program, and exposure below the limits."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNITS = ROOT / "packaging/systemd"
DAEMONS = {"cbc": "cbcd", "cbe": "cbed", "ocsd": "ocsd", "provd": "provd", "crmd": "crmd"}
# systemd-analyze security, in tenths: daemons with libraries that need netlink or start playbooks; those browsers reach.
EXPOSURE_MAX = {"cbc": 12, "ocsd": 12, "provd": 12, "cbe": 13, "crmd": 13, "alarm@": 10}


def stage(root: pathlib.Path) -> pathlib.Path:
    """The tree as installed, with stand-ins for the programs: this looks at units, not at what they start."""
    units = root / "lib/systemd/system"
    shutil.copytree(UNITS, units)
    for program in ("usr/bin/kill", "usr/bin/systemd-cat", *(f"usr/sbin/{one}" for one in DAEMONS.values())):
        path = root / program
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
    (root / "usr/lib").mkdir(parents=True, exist_ok=True)
    (root / "usr/lib/systemd").symlink_to("../../lib/systemd")
    return units


def complaints(command: list[str]) -> str:
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    # verify exits 0 on some mistakes and only prints them: silence is wanted, not just the exit code.
    if done.returncode != 0 and not done.stderr:
        return f"exit code {done.returncode}"
    return done.stderr.strip()


def main() -> int:
    found = []
    with tempfile.TemporaryDirectory() as folder:
        units = stage(pathlib.Path(folder))
        for unit in sorted(path.name for path in units.iterdir() if path.is_file() and path.suffix != ".conf"):
            said = complaints(["systemd-analyze", f"--root={folder}", "verify", "--man=no", "--recursive-errors=no", unit])
            if said:
                found.append(f"{unit}: {said}")
        for name, limit in EXPOSURE_MAX.items():
            said = complaints(["systemd-analyze", "security", f"--root={folder}", "--offline=true", "--no-pager",
                               f"--threshold={limit}", f"farol-{name}.service"])
            if said:
                found.append(f"farol-{name}.service: more exposed than {limit / 10}: {said}")
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
