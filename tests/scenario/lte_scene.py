# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the LTE cases share: one cbcd and one MME for all cases of a class.

A case is judged by what the MME was asked (Erlang's codec reads it) and by what GET /alerts/{id} says of each cell; what the MME
got in all cases is shown to tshark at the end of the class.
"""
import pathlib
import sys
from typing import Any

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[1]))
from farol import wait  # noqa: E402
from farol.radio import cb_pages, decode_text  # noqa: E402
from peers.memory import Script  # noqa: E402
from peers.mmesim import STOP, WRITE, key_of  # noqa: E402
from peers.places import plmn_text  # noqa: E402
from peers.protocol import Message  # noqa: E402
from shared_cbcd import SharedCase  # noqa: E402
from test_mme import MmeCase, lte  # noqa: E402

HARBOUR, MARKET, HILL, ISLAND = 0x0019b01, 0x0019b02, 0x0019c01, 0x0019d01
EVERYWHERE = (HARBOUR, MARKET, HILL, ISLAND)
EMERGENCY_AREA = 42  # market and hill
# A street of three sites along 38.7 north, 868 m apart; the island is eleven kilometres away.
TABLE = """technology,mcc,mnc,tac,cell,name,lat,lon,range_m,emergency_area
lte,001,01,1,0x0019b01,Harbour,38.70,-9.10,400,
lte,001,01,1,0x0019b02,Market,38.70,-9.11,400,42
lte,001,01,2,0x0019c01,Hill,38.70,-9.12,400,42
lte,001,01,3,0x0019d01,Island,38.80,-9.10,400,
"""
MAIN, SECOND_LANGUAGE, ETWS_EARTHQUAKE = 4370, 4383, 4352


class Host(MmeCase):
    """Holds what a class shares; no case of its own."""
    table = TABLE
    tuning = {"attempts": 2, "retry_pause": "2s"}

    def setUp(self) -> None:
        super().setUp()
        self.cbc.config["cbes"]["national"]["identifiers"] = ["4352-4395"]
        self.cbc.config["cbes"]["coast"] = {"certificate": "farol://test/cbe/coast", "codes": "301-400", "identifiers": ["4370"]}
        self.cbc.write_config()
        self.cbc.reload()
        self.coast = self.site.authority.issue("cbe", node="coast")
        self.came: list[Message] = []
        self.up()

    def all_came(self) -> list[Message]:
        self.keep()
        return self.came

    def keep(self) -> None:
        self.came += self.mme.received.all()
        self.mme.received.forget()


class LteCase(SharedCase):
    host_class = Host
    shared = (*SharedCase.shared, "coast", "mme")

    def setUp(self) -> None:
        super().setUp()
        self.host.keep()
        self.mme.script = Script()

    def leave_nothing(self) -> None:
        self.mme.script = Script()
        super().leave_nothing()
        wait.until("nothing is held", lambda: not self.mme.held)

    # What a CBE does

    def at_cells(self, *cells: int, **more: Any) -> dict:
        return self.fresh(area=cells_area(*cells), **more)

    def at_places(self, **lists: Any) -> dict:
        return self.fresh(area={"kind": "places"} | lists)

    # What the MME was asked

    def asked(self) -> list[tuple[str, int]]:
        """Since the case began: "write" or "stop" and the update number."""
        words = {WRITE: "write", STOP: "stop"}
        return [(words[one.name], key_of(one)[1] & 0xF) for one in self.mme.received.all() if one.name in words]

    def nothing_more(self, asked: list[tuple[str, int]]) -> None:
        """A later alert has gone through, and the MME was asked for nothing else meanwhile."""
        other = self.start(self.at_cells(ISLAND))
        self.end(other)
        self.assertEqual(self.asked(), [*asked, ("write", 0), ("stop", 0)])


def cells_area(*cells: int) -> dict:
    return {"kind": "cells", "cells": [lte(one) for one in cells]}


def text(words: str, identifier: int = MAIN, language: str = "en") -> dict:
    return {"message_identifier": identifier, "language": language, "text": words}


def where(message: Message) -> tuple[list[int] | None, str | None, list[int]]:
    """Tracking areas, the form of the Warning-Area-List, and its numbers."""
    tais = message.value("List-of-TAIs")
    tacs = None if tais is None else sorted(int.from_bytes(one["tai"]["tAC"], "big") for one in tais)
    form, listed = message.value("Warning-Area-List") or (None, [])
    return tacs, form, sorted(map(_number, listed))


def _number(entry: Any) -> int:
    if isinstance(entry, bytes):
        return int.from_bytes(entry, "big")
    assert plmn_text(entry["pLMNidentity"]) == "001-01", entry
    return entry["cell-ID"].value if "cell-ID" in entry else int.from_bytes(entry["tAC"], "big")


def pages_of(message: Message) -> list[bytes]:
    return cb_pages(message.value("Warning-Message-Content"))


def words_of(message: Message) -> str:
    return decode_text(message.number("Data-Coding-Scheme"), pages_of(message))
