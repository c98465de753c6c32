# SPDX-License-Identifier: AGPL-3.0-or-later
"""Area lists of NGAP's public warning messages: each is a CHOICE of NR or E-UTRA, of cells, tracking areas or emergency areas."""
from typing import Any

from .places import Ngap
from .protocol import octets

Counts = dict[int, int]


def cells_of(nr: bool, name: str, cells: list[int]) -> tuple[str, list[dict[str, Any]]]:
    return f"{'nR' if nr else 'eUTRA'}-{name}", [_cell(nr, one) for one in cells]


def completed(nr: bool, cells: list[int] | None = None, tais: dict[int, list[int]] | None = None,
              areas: dict[int, list[int]] | None = None) -> tuple[str, list[dict[str, Any]]]:
    """Of one of the three."""
    def items(inside: list[int]) -> list[dict[str, Any]]:
        return [{_cgi(nr): _cell(nr, one)} for one in inside]
    return _choice(nr, "Broadcast", "completed", items, cells, tais, areas)


def cancelled(nr: bool, cells: Counts | None = None, tais: dict[int, Counts] | None = None,
              areas: dict[int, Counts] | None = None) -> tuple[str, list[dict[str, Any]]]:
    def items(inside: Counts) -> list[dict[str, Any]]:
        return [{_cgi(nr): _cell(nr, one), "numberOfBroadcasts": times} for one, times in inside.items()]
    return _choice(nr, "Cancelled", "cancelled", items, cells, tais, areas)


def _cgi(nr: bool) -> str:
    return "nR-CGI" if nr else "eUTRA-CGI"


def _cell(nr: bool, cell: int) -> dict[str, Any]:
    return Ngap.ncgi(cell) if nr else Ngap.ecgi(cell)


def _choice(nr: bool, what: str, beginning: str, items: Any, cells: Any, tais: Any, areas: Any) -> tuple[str, Any]:
    assert sum(one is not None for one in (cells, tais, areas)) == 1, "cells, or tracking areas, or emergency areas"
    kind = "NR" if nr else "EUTRA"
    if cells is not None:
        return f"cellID{what}{kind}", items(cells)
    if tais is not None:
        return f"tAI{what}{kind}", [{"tAI": Ngap.tai(tac), f"{beginning}CellsInTAI-{kind}": items(inside)}
                                    for tac, inside in tais.items()]
    return f"emergencyAreaID{what}{kind}", [{"emergencyAreaID": octets(area, 3), f"{beginning}CellsInEAI-{kind}": items(inside)}
                                            for area, inside in areas.items()]
