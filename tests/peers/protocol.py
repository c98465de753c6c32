# SPDX-License-Identifier: AGPL-3.0-or-later
"""The messages of SBc-AP, NGAP and SABP by the names of the standards: what they consist of is read from asn1/*.asn.

    SBCAP.encode("Stop-Warning-Response", {"Message-Identifier": octets(4370), "Serial-Number": octets(0x4000), "Cause": 0})
    SBCAP.decode(octets).number("Cause")

A message that no correct peer sends: leave an element out, give Raw(octets) for its value, add `more` elements of any
number, order and criticality.
"""
import dataclasses
import functools
import pathlib
import re
from typing import Any

from . import codec, terms
from .terms import Bits

ASN1 = pathlib.Path(__file__).resolve().parents[2] / "asn1"
NAME = r"([A-Za-z][\w-]*)"
OUTCOMES = {"INITIATING MESSAGE": "initiatingMessage", "SUCCESSFUL OUTCOME": "successfulOutcome",
            "UNSUCCESSFUL OUTCOME": "unsuccessfulOutcome"}


@dataclasses.dataclass(frozen=True)
class Raw:
    """Octets in the place of a value, whatever they are."""
    octets: bytes


@dataclasses.dataclass(frozen=True)
class Element:
    """What a message may have: a protocol IE, or an extension of it."""
    name: str
    id: int
    criticality: str
    type: str
    mandatory: bool
    extension: bool


@dataclasses.dataclass(frozen=True)
class Field:
    """An element in a message: its value, or its octets as bytes where no element of that number is known."""
    id: int
    criticality: str
    value: Any
    name: str = ""
    extension: bool = False


@dataclasses.dataclass(frozen=True)
class Kind:
    """A message of a procedure."""
    name: str
    procedure: int
    outcome: str
    criticality: str
    elements: tuple[Element, ...]
    extensible: bool  # has a field for extensions


@dataclasses.dataclass(frozen=True)
class Message:
    name: str
    criticality: str
    fields: tuple[Field, ...]
    raw: bytes

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)

    def value(self, name: str) -> Any:
        """None: it has no such element."""
        found = self.field(name)
        return None if found is None else found.value

    def number(self, name: str) -> int | None:
        """Of an INTEGER, or of a string as a big-endian number."""
        value = self.value(name)
        if isinstance(value, bytes):
            return int.from_bytes(value, "big")
        return value.value if isinstance(value, Bits) else value

    def names(self) -> list[str]:
        return [one.name or str(one.id) for one in self.fields]

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {"message": self.name} | {one.name or str(one.id): terms.plain(one.value) for one in self.fields}


def octets(number: int, size: int = 2) -> bytes:
    return number.to_bytes(size, "big")


class Protocol:
    """One of the three. `module` is Erlang's, `source` the file with the information object classes."""

    def __init__(self, module: str, source: str, pdu: str) -> None:
        self.module, self.pdu = module, pdu
        self._source = ASN1 / source

    @functools.cached_property
    def kinds(self) -> dict[str, Kind]:
        return _read_kinds(re.sub(r"--[^\n]*", "", self._source.read_text()))

    @functools.cached_property
    def _by_place(self) -> dict[tuple[int, str], Kind]:
        return {(one.procedure, one.outcome): one for one in self.kinds.values()}

    def encode(self, name: str, values: dict[str, Any], more: list[Field] | None = None, first: list[Field] | None = None,
               criticality: str | None = None) -> bytes:
        """The elements in the order of the standard, then `more`; `first` before all of them."""
        kind = self.kinds[name]
        unknown = set(values) - {one.name for one in kind.elements}
        assert not unknown, f"{name} has no {', '.join(sorted(unknown))}"
        known = [Field(one.id, one.criticality, (one.type, values[one.name]), one.name, one.extension)
                 for one in kind.elements if one.name in values]
        fields = [*(first or []), *known, *(more or [])]
        told = {extension: [(one.id, one.criticality, _content(one.value)) for one in fields if one.extension == extension]
                for extension in (False, True)}
        extensions = (told[True] or "absent") if kind.extensible else "none"
        return codec.ask("message", self.module, kind.outcome, kind.procedure, criticality or kind.criticality, told[False],
                         extensions)

    def decode(self, raw: bytes) -> Message:
        """codec.Refused when Erlang takes it for no PDU of this protocol."""
        outcome, value = codec.decode(self.module, self.pdu, raw)
        kind = self._by_place.get((value["procedureCode"], outcome))
        if kind is None:
            raise codec.Refused(f"procedure {value['procedureCode']} has no {outcome}")
        known = {(one.id, one.extension): one.name for one in kind.elements}
        fields = []
        for container, key in (("protocolIEs", "value"), ("protocolExtensions", "extensionValue")):
            extension = container == "protocolExtensions"
            for one in value["value"].get(container, []):
                fields.append(Field(one["id"], one["criticality"], _closed(one[key]), known.get((one["id"], extension), ""),
                                    extension))
        return Message(kind.name, value["criticality"], tuple(fields), raw)

    def missing(self, message: Message) -> list[str]:
        """Mandatory elements that it should have and has not."""
        has = set(message.names())
        return [one.name for one in self.kinds[message.name].elements if one.mandatory and one.name not in has]


def _content(value: Any) -> Any:
    """As codec.erl wants it: octets, or (type, value)."""
    if isinstance(value, tuple) and isinstance(value[1], Raw):
        return value[1].octets
    return value.octets if isinstance(value, Raw) else value


def _closed(value: Any) -> Any:
    return value[1] if isinstance(value, tuple) and value[0] == "asn1_OPENTYPE" else value


def _read_kinds(text: str) -> dict[str, Kind]:
    ids = {name: int(number) for name, number in re.findall(rf"^id-{NAME}\s+ProtocolIE-ID\s*::=\s*(\d+)", text, re.M)}
    codes = {name: int(number) for name, number in re.findall(rf"^id-{NAME}\s+ProcedureCode\s*::=\s*(\d+)", text, re.M)}
    sets: dict[str, list[Element]] = {}
    item = re.compile(rf"ID\s+id-{NAME}\s+CRITICALITY\s+(\w+)\s+(TYPE|EXTENSION)\s+{NAME}\s+PRESENCE\s+(\w+)")
    for name, body in re.findall(rf"^{NAME}\s+PROTOCOL-(?:IES|EXTENSION)\s*::=\s*\{{(.*?)^\}}", text, re.M | re.S):
        sets[name] = [Element(one, ids[one], criticality, type_name, presence == "mandatory", what == "EXTENSION")
                      for one, criticality, what, type_name, presence in item.findall(body)]
    message = re.compile(rf"^{NAME}\s*::=\s*SEQUENCE\s*\{{\s*protocolIEs\s+ProtocolIE-Container\s*\{{\{{{NAME}\}}\}}"
                         rf"(?:,\s*protocolExtensions\s+ProtocolExtensionContainer\s*\{{\{{{NAME}\}}\}})?", re.M)
    bodies = {name: (ies, extensions) for name, ies, extensions in message.findall(text)}
    kinds = {}
    procedure = re.compile(rf"^[\w-]+\s+ELEMENTARY-PROCEDURE\s*::=\s*\{{\s*(INITIATING.*?)\}}", re.M | re.S)
    for body in procedure.findall(text):
        code = codes[re.search(rf"PROCEDURE\s+CODE\s+id-{NAME}", body)[1]]
        criticality = re.search(r"CRITICALITY\s+(\w+)", body)[1]
        for words, outcome in OUTCOMES.items():
            found = re.search(rf"(?<!UN){words}\s+{NAME}".replace(" ", r"\s+"), body)
            if found is None:
                continue
            ies, extensions = bodies[found[1]]
            kinds[found[1]] = Kind(found[1], code, outcome, criticality, (*sets[ies], *sets.get(extensions, [])),
                                   bool(extensions))
    return kinds


SBCAP = Protocol("sbcap", "sbcap.asn", "SBC-AP-PDU")
NGAP = Protocol("ngap", "ngap.asn", "NGAP-PDU")
SABP = Protocol("sabp", "sabp.asn", "SABP-PDU")
