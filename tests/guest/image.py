# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes an initial file system (cpio, "newc" form) with some programs, the libraries that they need, busybox as its shell,
and kernel modules in /modules."""
import os
import pathlib
import re
import stat
import subprocess
import tempfile

# Process 1. The second serial line is the client's; the first is for the kernel and for what goes wrong.
PREAMBLE = """#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t proc proc /proc
echo "the guest is up" > /dev/ttyS0
exec >/dev/ttyS0 2>&1
/bin/busybox stty -F /dev/ttyS1 raw -echo 115200
"""


def libraries_of(program: pathlib.Path) -> list[str]:
    listing = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    return re.findall(r"(/\S+) \(0x", listing)


def stripped(program: pathlib.Path) -> bytes:
    """Without what a debugger reads: the guest's memory holds all of it twice while it boots."""
    with tempfile.NamedTemporaryFile() as scratch:
        subprocess.run(["strip", "--strip-debug", "-o", scratch.name, program], check=True)
        return pathlib.Path(scratch.name).read_bytes()


def entry(number: int, name: str, mode: int, data: bytes) -> bytes:
    def padded(part: bytes) -> bytes:
        return part + b"\0" * (-len(part) % 4)
    path = name.encode() + b"\0"
    # inode, mode, uid, gid, links, time, size, device (2), device it stands for (2), length of the name, check sum
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(path), 0)
    header = b"070701" + b"".join(b"%08X" % field for field in fields)
    return padded(header + path) + padded(data)


def write_image(image: pathlib.Path, init: str, programs: list[pathlib.Path], guest_files: pathlib.Path,
                modules: tuple[str, ...] = (), more: dict[str, bytes] | None = None) -> None:
    """`init` follows the preamble in the script of process 1. `modules` are loaded before it, in their order. `more`: files by
    their paths."""
    loading = "".join(f"/bin/busybox insmod /modules/{name}.ko || exit 1\n" for name in modules)
    files = {"init": (PREAMBLE + loading + init).encode(), "bin/busybox": (guest_files / "busybox").read_bytes()}
    for program in programs:
        files[f"bin/{program.name}"] = stripped(program)
        for library in libraries_of(program):
            files[library.lstrip("/")] = pathlib.Path(library).read_bytes()
    for name in modules:
        files[f"modules/{name}.ko"] = (guest_files / "modules" / f"{name}.ko").read_bytes()
    files |= {path.lstrip("/"): octets for path, octets in (more or {}).items()}
    folders = {"dev", "proc", "state", "sys"}
    for name in files:
        folders.update(str(parent) for parent in pathlib.PurePath(name).parents if str(parent) != ".")
    out = [entry(number, name, stat.S_IFDIR | 0o755, b"") for number, name in enumerate(sorted(folders), 1)]
    out += [entry(number, name, stat.S_IFREG | 0o755, files[name]) for number, name in enumerate(files, len(out) + 1)]
    out.append(entry(0, "TRAILER!!!", 0, b""))
    scratch = image.with_suffix(f".{os.getpid()}")
    scratch.write_bytes(b"".join(out))
    scratch.rename(image)
