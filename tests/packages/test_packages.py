#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The packages of `make deb` under a real systemd: installed, started, killed, hung, upgraded, removed, purged.

    tests/packages/test_packages.py BUILD

Boots a small Debian root with systemd as PID 1 in namespaces (machine), whose script (run.sh) says what it found; each
of its checks is a test here. The root is made by mmdebstrap once and kept in BUILD/debian-root. Skips, with the reason,
where namespaces are refused.
"""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SKIP_CODE = 77
BOOT_LIMIT_S = 240
SMALL = [f"--dpkgopt=path-exclude=/usr/share/{one}/*" for one in ("doc", "man", "info", "locale", "lintian")]
BASE = {"systemd", "systemd-sysv", "dbus", "iproute2", "openssl"}


def depends_of(package: pathlib.Path) -> set[str]:
    """Packages from Debian that one of ours needs, first of each alternative."""
    line = subprocess.run(["dpkg-deb", "-f", package, "Depends"], capture_output=True, text=True, check=True).stdout
    names = {re.split(r"[ (|]", one.strip())[0] for one in line.split(",") if one.strip()}
    return {name for name in names if not name.startswith("farol-")}


def debian_sources() -> list[str]:
    """Where this machine has Debian from; mmdebstrap knows Debian's own mirror otherwise."""
    candidates = [pathlib.Path("/etc/apt/sources.list.d/debian.sources"), pathlib.Path("/etc/apt/sources.list")]
    return [str(one) for one in candidates if one.exists() and "bookworm" in one.read_text()][:1]


def debian_root(build: pathlib.Path, wanted: set[str]) -> pathlib.Path:
    key = hashlib.sha256(" ".join(sorted(wanted)).encode()).hexdigest()[:16]
    root = build / "debian-root" / key
    if (root / "made").exists():
        return root
    shutil.rmtree(root.parent, ignore_errors=True)
    root.parent.mkdir(parents=True)
    subprocess.run(["mmdebstrap", "--quiet", "--mode=root", "--variant=essential", f"--include={','.join(sorted(wanted))}",
                    *SMALL, "bookworm", root, *debian_sources()], check=True)
    (root / "made").touch()
    return root


def run_machine(build: pathlib.Path) -> dict[str, str]:
    """What the machine's checks said, by name."""
    packages = sorted((build / "deb").glob("farol-*.deb"))
    packages = [one for one in packages if "-dbgsym" not in one.name]
    daemons = [match[1] for one in packages if (match := re.match(r"farol-(cbc|cbe|ocsd|provd|crmd)_", one.name))]
    if missing := sorted({"cbc", "cbe", "ocsd", "provd", "crmd"} - set(daemons)):
        sys.exit(f"{build}/deb has no package of {', '.join(missing)}: `make deb` makes them")
    root = debian_root(build, BASE.union(*map(depends_of, packages)))
    with tempfile.TemporaryDirectory() as folder:
        shared = pathlib.Path(folder)
        for package in packages:
            shutil.copy(package, shared)
        shutil.copy(HERE / "run.sh", shared)
        (shared / "daemons").write_text(" ".join(daemons) + "\n")
        done = subprocess.run([HERE / "machine", root, shared, str(BOOT_LIMIT_S)], stdout=subprocess.PIPE, text=True, check=False)
        log = (shared / "log").read_text(errors="replace") if (shared / "log").exists() else ""
    print(done.stdout + log, flush=True)
    if done.returncode == SKIP_CODE:
        sys.exit(SKIP_CODE)
    return dict(re.findall(r"^CHECK ([^:]+): (.*)$", log, re.M))


class Check(unittest.TestCase):
    """One check that the machine's script made."""

    def __init__(self, name: str, said: str) -> None:
        super().__init__("judge")
        self.name, self.said = name, said

    def judge(self) -> None:
        self.assertEqual(self.said.strip(), "ok")

    def __str__(self) -> str:
        return self.name


def suite(found: dict[str, str]) -> unittest.TestSuite:
    found.setdefault("end", "the machine's script did not come to its end")
    return unittest.TestSuite(Check(name, said) for name, said in found.items())


def main() -> int:
    build = pathlib.Path(sys.argv[1]).resolve()
    if os.geteuid() != 0:
        print("SKIP: installing packages into a booted root needs root")
        return SKIP_CODE
    result = unittest.TextTestRunner(verbosity=2).run(suite(run_machine(build)))
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
