# SPDX-License-Identifier: AGPL-3.0-or-later
"""Networks, areas, cells and nodes as values of SBc-AP, NGAP and SABP. A PLMN is text as in Farol's API: "001-01"."""
from typing import Any

from .protocol import octets
from .terms import Bits

PLMN = "001-01"


def plmn(text: str = PLMN) -> bytes:
    """MCC2 MCC1, MNC3 MCC3, MNC2 MNC1 (TS 24.008 §10.5.1.3)."""
    mcc, mnc = text.split("-")
    third = mnc[2] if len(mnc) == 3 else "f"
    return bytes.fromhex(mcc[1] + mcc[0] + third + mcc[2] + mnc[1] + mnc[0])


def plmn_text(value: bytes) -> str:
    digits = value.hex()
    mcc, mnc = digits[1] + digits[0] + digits[3], digits[5] + digits[4]
    return f"{mcc}-{mnc}" + ("" if digits[2] == "f" else digits[2])


def plmn_json(text: str = PLMN) -> dict[str, str]:
    """PlmnId of TS 29.571."""
    mcc, mnc = text.split("-")
    return {"mcc": mcc, "mnc": mnc}


class Sbcap:
    """TS 29.168."""

    @staticmethod
    def tai(tac: int, network: str = PLMN) -> dict[str, Any]:
        return {"pLMNidentity": plmn(network), "tAC": octets(tac)}

    @staticmethod
    def tai5(tac: int, network: str = PLMN) -> dict[str, Any]:
        return {"pLMNidentity": plmn(network), "tAC-5GS": octets(tac, 3)}

    @staticmethod
    def ecgi(cell: int, network: str = PLMN) -> dict[str, Any]:
        return {"pLMNidentity": plmn(network), "cell-ID": Bits(cell, 28)}

    @staticmethod
    def ncgi(cell: int, network: str = PLMN) -> dict[str, Any]:
        return {"pLMNidentity": plmn(network), "nRCellIdentity": Bits(cell, 36)}

    @staticmethod
    def enb(number: int, network: str = PLMN) -> dict[str, Any]:
        """A macro eNB: its cells are number << 8 | 0..255."""
        return {"pLMNidentity": plmn(network), "eNB-ID": ("macroENB-ID", Bits(number, 20))}

    @classmethod
    def tai_items(cls, tacs: list[int], network: str = PLMN) -> list[dict[str, Any]]:
        return [{"tai": cls.tai(tac, network)} for tac in tacs]


class Ngap:
    """TS 38.413."""

    @staticmethod
    def tai(tac: int, network: str = PLMN) -> dict[str, Any]:
        return {"pLMNIdentity": plmn(network), "tAC": octets(tac, 3)}

    @staticmethod
    def ncgi(cell: int, network: str = PLMN) -> dict[str, Any]:
        return {"pLMNIdentity": plmn(network), "nRCellIdentity": Bits(cell, 36)}

    @staticmethod
    def ecgi(cell: int, network: str = PLMN) -> dict[str, Any]:
        return {"pLMNIdentity": plmn(network), "eUTRACellIdentity": Bits(cell, 28)}

    @staticmethod
    def gnb(number: int, size: int = 24, network: str = PLMN) -> tuple[str, Any]:
        return ("globalGNB-ID", {"pLMNIdentity": plmn(network), "gNB-ID": ("gNB-ID", Bits(number, size))})


class Sabp:
    """TS 25.419."""

    @staticmethod
    def area(lac: int, sac: int, network: str = PLMN) -> dict[str, bytes]:
        return {"pLMNidentity": plmn(network), "lac": octets(lac), "sac": octets(sac)}

    @staticmethod
    def sac(area: dict[str, bytes]) -> int:
        return int.from_bytes(area["sac"], "big")
