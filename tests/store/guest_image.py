# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes an initial file system (cpio, "newc" form) with kvd, the libraries it needs, and busybox as its shell."""
import os
import pathlib
import re
import stat
import subprocess

# Process 1 mounts the state and becomes kvd. The second serial line is the client's; the first is for the kernel.
INIT = """#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t proc proc /proc
echo "the guest is up" > /dev/ttyS0
exec >/dev/ttyS0 2>&1
/bin/busybox mount -t ext4 /dev/nvme0n1 /state || exit 1
/bin/busybox stty -F /dev/ttyS1 raw -echo 115200
exec /bin/kvd ARGUMENTS 0<>/dev/ttyS1 1>&0
"""


def libraries_of(program: pathlib.Path) -> list[str]:
    listing = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    return re.findall(r"(/\S+) \(0x", listing)


def entry(number: int, name: str, mode: int, data: bytes) -> bytes:
    def padded(part: bytes) -> bytes:
        return part + b"\0" * (-len(part) % 4)
    path = name.encode() + b"\0"
    # inode, mode, uid, gid, links, time, size, device (2), device it stands for (2), length of the name, check sum
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(path), 0)
    header = b"070701" + b"".join(b"%08X" % field for field in fields)
    return padded(header + path) + padded(data)


def write_image(image: pathlib.Path, kvd: pathlib.Path, arguments: list[str], busybox: pathlib.Path) -> None:
    init = INIT.replace("ARGUMENTS", " ".join(arguments)).encode()
    files = {"init": init, "bin/kvd": kvd.read_bytes(), "bin/busybox": busybox.read_bytes()}
    for library in libraries_of(kvd):
        files[library.lstrip("/")] = pathlib.Path(library).read_bytes()
    folders = {"dev", "proc", "state"}
    for name in files:
        folders.update(str(parent) for parent in pathlib.PurePath(name).parents if str(parent) != ".")
    out = [entry(number, name, stat.S_IFDIR | 0o755, b"") for number, name in enumerate(sorted(folders), 1)]
    out += [entry(number, name, stat.S_IFREG | 0o755, files[name]) for number, name in enumerate(files, len(out) + 1)]
    out.append(entry(0, "TRAILER!!!", 0, b""))
    scratch = image.with_suffix(f".{os.getpid()}")
    scratch.write_bytes(b"".join(out))
    scratch.rename(image)
