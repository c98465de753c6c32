#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Shows in a trace of system calls that each batch was durable before it was answered.

kvd runs under strace; one request at a time first, then many at once. For every answer "ok N BATCH" that is written to
the client, the trace must show before it, for that batch and each batch before it and in this order:
    pages written to data.mdb,  fdatasync of it returning 0,  the meta page written through the O_DSYNC descriptor.
Behind a journal it is that the journal has the batch's entry, and was synced; the store's own meta page is not, which is
what the journal buys.

    tests/store/sync_order.py            environment: BUILD (default build), JOURNAL=1 as for kill_rounds.py
"""
import dataclasses
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import kill_rounds
import kv

CALLS = "openat,pwrite64,pwritev,fdatasync,fsync,msync,write,writev,close"
LINE = re.compile(r"^(\d+) +(?:(\w+)\((.*)|<\.\.\. (\w+) resumed>(.*))$")
RESULT = re.compile(r"\) += (-?\d+)")
ANSWER = re.compile(r"ok (\d+) (\d+)")


@dataclasses.dataclass
class Call:
    name: str
    text: str
    began: int  # line numbers: a call has its effect between them
    ended: int
    result: int | None


def calls_in(trace: list[str]) -> list[Call]:
    """Calls in the order in which they ended; those cut in two by another thread are put together."""
    open_calls: dict[str, Call] = {}
    calls = []
    for number, line in enumerate(trace):
        match = LINE.match(line)
        if not match:
            continue
        thread, name, text, resumed, rest = match.groups()
        if name:
            call = Call(name, text, number, number, None)
            if "<unfinished ...>" in text:
                open_calls[thread] = call
                continue
        else:
            call = open_calls.pop(thread)
            if call.name != resumed:
                raise ValueError(f"line {number}: {resumed} resumed, {call.name} was open")
            call.text, call.ended = call.text.replace("<unfinished ...>", "") + rest, number
            text = rest
        result = RESULT.findall(text)
        call.result = int(result[-1]) if result else None
        calls.append(call)
    return calls


def descriptor(call: Call) -> str:
    return call.text.split(",")[0].split(")")[0].strip()


@dataclasses.dataclass
class Commits:
    """Follows data.mdb: wrote -> synced -> meta page; counts what was completed in that order."""
    data: str | None = None
    meta: str | None = None
    wrote_at: int | None = None   # end of the last write of pages that is not synced yet
    synced_at: int | None = None
    ended: list[int] = dataclasses.field(default_factory=list)  # line of each complete commit
    wrong: list[str] = dataclasses.field(default_factory=list)

    def take(self, call: Call) -> None:
        if call.name == "openat" and '/data.mdb"' in call.text and (call.result or -1) >= 0:
            if "O_DSYNC" in call.text or "O_SYNC" in call.text:
                self.meta = str(call.result)
            else:
                self.data = str(call.result)
        elif call.name in ("pwrite64", "pwritev", "writev") and descriptor(call) == self.data and self.meta:
            self.wrote_at, self.synced_at = call.ended, None
        elif call.name in ("fdatasync", "fsync") and descriptor(call) == self.data:
            if call.result == 0 and self.wrote_at is not None and call.began > self.wrote_at:
                self.synced_at = call.ended
        elif call.name == "pwrite64" and descriptor(call) == self.meta:
            if self.synced_at is None or call.began < self.synced_at:
                self.wrong.append(f"line {call.began + 1}: meta page written before its pages were synced")
            elif (call.result or 0) > 0:
                self.ended.append(call.ended)
            self.wrote_at = self.synced_at = None

    def missing(self) -> list[str]:
        return [] if self.data and self.meta else ["data.mdb was not opened twice, once with O_DSYNC"]


@dataclasses.dataclass
class Appends:
    """Follows the journal: entry written -> synced; and no page of the store written through the O_DSYNC descriptor."""
    log: str | None = None
    meta: str | None = None
    wrote_at: int | None = None
    is_ready: bool = False
    ended: list[int] = dataclasses.field(default_factory=list)  # line of each entry that was synced
    wrong: list[str] = dataclasses.field(default_factory=list)

    def take(self, call: Call) -> None:
        if call.name == "openat" and (call.result or -1) >= 0:
            if "/journal-" in call.text and "O_APPEND" in call.text:
                self.log = str(call.result)
            elif '/data.mdb"' in call.text and "O_DSYNC" in call.text:
                self.meta = str(call.result)
        elif call.name == "write" and descriptor(call) == self.log:
            self.wrote_at = call.ended
        elif call.name == "fdatasync" and descriptor(call) == self.log:
            if call.result == 0 and self.wrote_at is not None and call.began > self.wrote_at:
                self.ended.append(call.ended)
                self.wrote_at = None
        elif call.name == "pwrite64" and descriptor(call) == self.meta and self.is_ready:
            self.wrong.append(f"line {call.began + 1}: a meta page was synced that the journal need not have")
        elif call.name == "write" and '"ready ' in call.text:
            self.is_ready = True

    def missing(self) -> list[str]:
        return [] if self.log and self.meta else ["no journal was opened"]


def judge(trace: list[str], commits: Commits | Appends) -> tuple[int, list[str]]:
    """How many answers were seen after their batch was durable, and what was wrong."""
    good, first = 0, None
    for call in calls_in(trace):
        commits.take(call)
        if call.name != "write" or descriptor(call) != "1":
            continue
        done = sum(1 for line in commits.ended if line < call.began)
        if first is None and '"ready ' in call.text:
            first = done  # commits before batch 1: the store's first rows
        for number, batch in ANSWER.findall(call.text):
            if first is None or done < first + int(batch):
                commits.wrong.append(f"line {call.began + 1}: answer {number} of batch {batch} after "
                                     f"{done - (first or 0)} durable batches")
            else:
                good += 1
    return good, commits.wrong + commits.missing()


def record(folder: pathlib.Path) -> tuple[list[str], int]:
    trace = folder / "trace"
    kvd = subprocess.Popen(["strace", "-f", "-s", "65536", "-e", f"trace={CALLS}", "-o", trace,
                            kill_rounds.kvd_binary(), *kill_rounds.arguments(str(folder / "state"))],
                           stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    session, model = kv.Session(kvd.stdout.fileno(), kvd.stdin.fileno()), kv.Model(1)
    session.wait_for("ready", 30)
    for in_flight, count in ((1, 50), (64, 1000)):
        target = model.answered + count
        while model.answered < target and session.is_open:
            if model.answered == len(model.sent):
                session.send("".join(model.next_request(20_000) for _ in range(in_flight)))
            model.take(session.lines(20))
    kvd.stdin.close()
    while session.is_open:
        session.lines(20)
    kvd.wait(timeout=30)
    if model.strange:
        raise RuntimeError(model.strange[0])
    return trace.read_text(errors="replace").splitlines(), model.answered


# Traces that must be refused, or this script proves nothing.
OPENS = ['1 openat(AT_FDCWD, "/s/data.mdb", O_RDWR|O_CREAT, 0600) = 5',
         '1 openat(AT_FDCWD, "/s/data.mdb", O_WRONLY|O_DSYNC|O_CLOEXEC) = 6', '1 write(1, "ready 0\\n", 8) = 8']
PAGES, SYNC, META = '2 pwrite64(5, "x", 4096, 0) = 4096', "2 fdatasync(5) = 0", '2 pwrite64(6, "m", 112, 0) = 112'
REPLY = '1 write(1, "ok 1 1\\n", 7) = 7'
JUDGED = [
    ("pages, sync, meta, answer", [PAGES, SYNC, META, REPLY], True),
    ("no sync", [PAGES, META, REPLY], False),
    ("sync that failed", [PAGES, "2 fdatasync(5) = -1 EIO (Input/output error)", META, REPLY], False),
    ("sync before the pages", [SYNC, PAGES, META, REPLY], False),
    ("answer before the meta page", [PAGES, SYNC, REPLY, META], False),
    ("answer while the meta page is being written",
     [PAGES, SYNC, '2 pwrite64(6, "m", 112, 0 <unfinished ...>', REPLY, "2 <... pwrite64 resumed>) = 112"], False),
    ("sync that ends after the meta page began",
     [PAGES, "2 fdatasync(5 <unfinished ...>", '3 pwrite64(6, "m", 112, 0) = 112', "2 <... fdatasync resumed>) = 0",
      REPLY], False),
    ("answer of a batch that is not yet there", [PAGES, SYNC, META, '1 write(1, "ok 2 2\\n", 7) = 7'], False),
]
JOURNAL = '1 openat(AT_FDCWD, "/s-journal/journal-01", O_WRONLY|O_CREAT|O_TRUNC|O_APPEND|O_CLOEXEC, 0600) = 7'
ENTRY, LOG_SYNC = '3 write(7, "e", 100) = 100', "3 fdatasync(7) = 0"
JUDGED_LOG = [
    ("entry, sync, answer", [ENTRY, LOG_SYNC, PAGES, SYNC, REPLY], True),
    ("no sync of the journal", [ENTRY, PAGES, SYNC, REPLY], False),
    ("sync of the journal before its entry", [LOG_SYNC, ENTRY, REPLY], False),
    ("answer of a batch that is not yet in the journal", [ENTRY, LOG_SYNC, '1 write(1, "ok 2 2\\n", 7) = 7'], False),
    ("a meta page that is synced", [ENTRY, LOG_SYNC, PAGES, SYNC, META, REPLY], False),
]


def main() -> int:
    passed, failed = 0, 0
    is_log = bool(os.environ.get("JOURNAL"))
    for name, lines, is_good in JUDGED_LOG if is_log else JUDGED:
        good, wrong = judge([JOURNAL] * is_log + OPENS + lines, Appends() if is_log else Commits())
        if (good == 1 and not wrong) == is_good:
            passed += 1
        else:
            failed += 1
            print(f"the judge is wrong about: {name}: {good} {wrong}")
    with tempfile.TemporaryDirectory(prefix="farol-trace-") as folder:
        trace, answered = record(pathlib.Path(folder))
    good, wrong = judge(trace, Appends() if is_log else Commits())
    for line in wrong[:10]:
        print(line)
    print(f"{good} of {answered} answers came after their batch was durable ({len(trace)} calls traced)")
    is_good = not wrong and good == answered and answered > 1000
    passed, failed = passed + is_good, failed + (not is_good)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
