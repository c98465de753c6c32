# SPDX-License-Identifier: AGPL-3.0-or-later
"""A machine in QEMU, without KVM: Debian's cloud kernel, an initial file system (image.py), and a serial line to talk over."""
import contextlib
import os
import pathlib
import socket
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# An emulated machine without KVM sometimes hangs before its kernel does anything. Such a boot has touched no drive and
# proves nothing either way, so it is tried again; one whose kernel came up is judged by what it does.
UP_LIMIT_S = 40
BOOTS = 4
# One processor, and a place for a second that stays empty: where there can be only one, QEMU before 8.1 leaves out the
# guest's memory barriers, though its own threads read and write the same memory. The guest then misses that the drive waits
# for its doorbell, now and then, and all that it asks of the drive from there on stays unread.
PROCESSORS = "1,maxcpus=2"


def files() -> pathlib.Path:
    """The folder with kernel, modules and busybox; fetched once."""
    folder = ROOT / os.environ.get("BUILD", "build") / "guest"
    subprocess.run([HERE / "kernel", folder], check=True)
    return folder


class Machine:
    def __init__(self, folder: pathlib.Path, devices: list[str]):
        """`folder` has the file system as `image` and takes the console's output and the line."""
        self.console = folder / "console"
        line = folder / "line"
        line.unlink(missing_ok=True)
        self.console.unlink(missing_ok=True)
        self.qemu = subprocess.Popen(
            ["qemu-system-x86_64", "-M", "q35", "-accel", "tcg", "-m", "256", "-smp", PROCESSORS, "-nodefaults",
             "-no-user-config", "-no-reboot", "-display", "none", "-kernel", files() / "vmlinuz", "-initrd", folder / "image",
             "-append", "console=ttyS0 quiet panic=-1", "-serial", f"file:{self.console}",
             "-chardev", f"socket,id=line,path={line},server=on,wait=off", "-serial", "chardev:line", *devices],
            stdin=subprocess.DEVNULL)
        self.socket = self._connect(line)

    def _connect(self, line: pathlib.Path) -> socket.socket:
        end = time.monotonic() + 20
        while True:
            with contextlib.suppress(FileNotFoundError, ConnectionRefusedError):
                connection = socket.socket(socket.AF_UNIX)
                connection.connect(str(line))
                return connection
            if self.qemu.poll() is not None or time.monotonic() > end:
                raise RuntimeError("QEMU does not start")
            time.sleep(0.05)

    def comes_up(self) -> bool:
        """Process 1 of the guest has begun, and done nothing yet."""
        end = time.monotonic() + UP_LIMIT_S
        while time.monotonic() < end and self.qemu.poll() is None:
            if "the guest is up" in self.said():
                return True
            time.sleep(0.05)
        return False

    def said(self) -> str:
        return self.console.read_text(errors="replace") if self.console.exists() else ""

    def cut_power(self) -> None:
        self.qemu.kill()
        self.qemu.wait()

    def close(self) -> None:
        self.cut_power()
        self.socket.close()


def boot(folder: pathlib.Path, devices: list[str]) -> Machine:
    for number in range(1, BOOTS + 1):
        machine = Machine(folder, devices)
        if machine.comes_up():
            return machine
        machine.close()
        print(f"boot {number} hung before its kernel came up, {UP_LIMIT_S} s", flush=True)
    raise RuntimeError(f"the emulated machine hung in each of {BOOTS} boots")
