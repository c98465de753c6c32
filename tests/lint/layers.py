#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks that includes point one way only.

Each folder of common/ lists in .may_include which folders of common/ it may include (its own is always allowed;
"common/*" is all of them). The rooms of a daemon follow one rule, written here. Libraries with one home (libevent,
LMDB, OpenSSL, ...) may be included in that home alone.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
DAEMONS = ("cbc", "cbe", "ocsd", "provd", "crmd")
PURE = {"common/base", "common/time", "common/cbs", "common/geo"}
# Octets and values are JSON in some protocols.
PURE_OF = {"domain": PURE, "wire": PURE | {"common/json"}}
# room -> rooms of the same daemon that it may include besides itself
ROOMS = {
    "domain": set(),
    "wire": {"domain"},
    "net": {"domain", "wire"},
    "store": {"domain"},
    "api": {"domain", "store"},
    "twin": {"domain", "store", "api"},  # of cbcd
}
HOMES = {
    r"event2/": {"common/loop", "common/net", "common/http", "common/replica"},
    r"lmdb\.h": {"common/store"},
    r"openssl/": {"common/tls", "common/net", "common/http", "common/auth", "common/json", "common/replica"},
    r"sodium\.h": {"common/auth", "common/store"},
    r"yaml-cpp/": {"common/config"},
    r"curl/": {"common/http", "common/mail"},
    r"nghttp2/": {"common/http2"},
    r"boost/": {"common/http"},
    r"prometheus/": {"common/metrics"},
    r"systemd/": {"common/log", "common/frame"},
    r"netinet/sctp\.h|linux/sctp\.h|usrsctp\.h": {"common/net"},
    r"raft\.h|raft/|uv\.h": {"common/replica"},
    r"geos": {"common/geo"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]')


def may_include(folder: pathlib.Path) -> set[str]:
    listed = folder / ".may_include"
    if not listed.exists():
        return set()
    return {line.strip() for line in listed.read_text().splitlines() if line.strip() and not line.startswith("#")}


def check_common(folder: str, include: str, allowed: set[str]) -> str | None:
    target = "/".join(include.split("/")[:2])
    if not include.startswith("common/"):
        return f"common/ may not include {include.split('/')[0]}/"
    if target == folder or target in allowed or "common/*" in allowed:
        return None
    return f"{folder}/.may_include does not list {target}"


def check_daemon(daemon: str, room: str, include: str) -> str | None:
    parts = include.split("/")
    if parts[0] in DAEMONS and parts[0] != daemon:
        return f"no daemon includes another's headers ({parts[0]}/)"
    if room not in ROOMS:  # main.cc, daemon.cc, config.cc know everything of their daemon
        return None
    if parts[0] == "common":
        target = "/".join(parts[:2])
        if target not in PURE_OF.get(room, {target}):
            return f"{room}/ may include only {', '.join(sorted(PURE_OF[room]))} of common/, not {target}"
        return None
    if parts[0] == daemon and len(parts) > 2 and parts[1] != room and parts[1] not in ROOMS[room]:
        return f"{room}/ may not include {daemon}/{parts[1]}/"
    if parts[0] == daemon and len(parts) == 2 and parts[1] not in ("config.h",):
        return f"{room}/ may not include {include}: it points upwards"
    if parts[0] == daemon and len(parts) == 2 and room in ("domain", "wire"):
        return f"{room}/ may not include {include}"
    return None


def problems_of(path: pathlib.Path) -> list[str]:
    relative = path.relative_to(ROOT)
    folder = "/".join(relative.parts[:2])
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        include = match.group(1)
        for pattern, homes in HOMES.items():
            if re.match(pattern, include) and folder not in homes:
                found.append(f"{relative}:{number}: <{include}> belongs to {', '.join(sorted(homes))}")
        if not re.match(r"(common|cbc|cbe|ocsd|provd|crmd|packaging|tests|asn1)/", include):
            continue
        if include.startswith("tests/"):
            found.append(f"{relative}:{number}: product code may not include {include}")
            continue
        if relative.parts[0] == "common":
            why = check_common(folder, include, may_include(ROOT / folder))
        elif relative.parts[0] in DAEMONS:
            why = check_daemon(relative.parts[0], relative.parts[1] if len(relative.parts) > 2 else "", include)
        else:
            why = None
        if why:
            found.append(f"{relative}:{number}: {why}")
    return found


def main() -> int:
    found = []
    for top in ("common",) + DAEMONS + ("packaging",):
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in (".h", ".cc") and "node_modules" not in path.parts:
                found += problems_of(path)
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
