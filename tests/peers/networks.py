# SPDX-License-Identifier: AGPL-3.0-or-later
"""Radio networks behind an MME and an AMF: which cells a request is about, and how that is told back.

    LteNetwork({1: [0x0019b01, 0x0019b02], 2: [0x0019c01]})       tracking area code to cells
    NrNetwork({1: [0x10]})
"""
from typing import Any

from .places import Sbcap
from .protocol import Message

Areas = dict[int, list[int]]  # tracking area code (or emergency area) to cells


class Network:
    """Emergency areas are made of all cells in scope: this network has no map of them."""

    def __init__(self, areas: Areas) -> None:
        self.areas = areas

    def scope(self, tacs: list[int] | None) -> Areas:
        """None: everywhere."""
        return {tac: cells for tac, cells in self.areas.items() if tacs is None or tac in tacs}

    def unknown(self, tacs: list[int]) -> list[int]:
        return [one for one in tacs if one not in self.areas]

    @staticmethod
    def narrowed(areas: Areas, form: str | None, listed: list[Any]) -> dict[str, Any]:
        """By which of cells, tais, areas the answer is told, and its value; empty when there is no cell."""
        cells = [cell for inside in areas.values() for cell in inside]
        if form == "cells":
            chosen = [cell for cell in cells if cell in set(listed)]
            return {"cells": chosen} if chosen else {}
        if form == "areas":
            return {"areas": {area: cells for area in listed}} if cells else {}
        chosen_areas = {tac: inside for tac, inside in areas.items() if (form is None or tac in listed) and inside}
        return {"tais": chosen_areas} if chosen_areas else {}

    @staticmethod
    def counted(told: dict[str, Any], times: int) -> dict[str, Any]:
        """The same with how often each cell has broadcast it."""
        return {form: {key: dict.fromkeys(cells, times) for key, cells in value.items()} if isinstance(value, dict)
                else dict.fromkeys(value, times) for form, value in told.items()}


def _number(value: Any) -> int:
    return int.from_bytes(value, "big") if isinstance(value, bytes) else value.value


class LteNetwork(Network):
    FORMS = {"cell-ID-List": ("cells", "cell-ID"), "tracking-Area-List-for-Warning": ("tais", "tAC"),
             "emergency-Area-ID-List": ("areas", None)}

    def asked_tacs(self, request: Message) -> list[int] | None:
        listed = request.value("List-of-TAIs")
        return None if listed is None else [_number(one["tai"]["tAC"]) for one in listed]

    def unknown_items(self, request: Message) -> list[dict[str, Any]]:
        return Sbcap.tai_items(self.unknown(self.asked_tacs(request) or []))

    def told(self, request: Message) -> dict[str, Any]:
        return self.narrowed(self.scope(self.asked_tacs(request)), *_form(self.FORMS, request.value("Warning-Area-List")))


class NrNetwork(Network):
    FORMS = {"nR-CGIListForWarning": ("cells", "nRCellIdentity"), "tAIListForWarning": ("tais", "tAC"),
             "emergencyAreaIDList": ("areas", None)}

    def told(self, json: dict[str, Any], request: Message) -> dict[str, Any]:
        listed = json.get("taiList")
        tacs = None if listed is None else [int(one["tac"], 16) for one in listed]
        return self.narrowed(self.scope(tacs), *_form(self.FORMS, request.value("WarningAreaList")))


def _form(forms: dict[str, tuple[str, str | None]], area_list: Any) -> tuple[str | None, list[int]]:
    """A Warning-Area-List as (form, numbers); (None, []) when there is none."""
    if area_list is None:
        return None, []
    form, component = forms[area_list[0]]
    return form, [_number(one if component is None else one[component]) for one in area_list[1]]
