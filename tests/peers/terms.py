# SPDX-License-Identifier: AGPL-3.0-or-later
"""Values of ASN.1 as Erlang's compiler has them, in Python, and Erlang's external term format in which they travel.

    INTEGER          int
    ENUMERATED       str            (an atom, as are the names of CHOICEs and components)
    OCTET STRING     bytes
    BIT STRING       bytes when it has whole octets, else Bits(value, size)
    SEQUENCE         dict           (components that are absent are not in it)
    SEQUENCE OF      list
    CHOICE           (name, value)
"""
import struct
from typing import Any, NamedTuple

VERSION = 131
SMALL_INTEGER, INTEGER, SMALL_BIG, ATOM, SMALL_ATOM, ATOM_UTF8, SMALL_ATOM_UTF8 = 97, 98, 110, 100, 115, 118, 119
SMALL_TUPLE, NIL, STRING, LIST, BINARY, BIT_BINARY, MAP = 104, 106, 107, 108, 109, 77, 116


class Bits(NamedTuple):
    """A bit string whose first bit is the most significant one of the number."""
    value: int
    size: int


def to_octets(term: Any) -> bytes:
    out = bytearray([VERSION])
    _write(out, term)
    return bytes(out)


def _write(out: bytearray, term: Any) -> None:
    if isinstance(term, Bits):
        _write_bits(out, term)
    elif isinstance(term, bool) or term is None:
        raise TypeError(f"{term!r} is no value of ASN.1 here; ENUMERATED {{true}} is the str 'true'")
    elif isinstance(term, int):
        _write_number(out, term)
    elif isinstance(term, str):
        name = term.encode()
        out += bytes([SMALL_ATOM_UTF8, len(name)]) + name
    elif isinstance(term, (bytes, bytearray)):
        out += struct.pack(">BI", BINARY, len(term)) + term
    elif isinstance(term, tuple):
        out += bytes([SMALL_TUPLE, len(term)])
        for one in term:
            _write(out, one)
    elif isinstance(term, list):
        if term:
            out += struct.pack(">BI", LIST, len(term))
            for one in term:
                _write(out, one)
        out.append(NIL)
    elif isinstance(term, dict):
        out += struct.pack(">BI", MAP, len(term))
        for key, value in term.items():
            _write(out, key)
            _write(out, value)
    else:
        raise TypeError(f"{type(term).__name__} is no value of ASN.1")


def _write_number(out: bytearray, number: int) -> None:
    if 0 <= number < 256:
        out += bytes([SMALL_INTEGER, number])
    elif -(1 << 31) <= number < 1 << 31:
        out += struct.pack(">Bi", INTEGER, number)
    else:
        size = (abs(number).bit_length() + 7) // 8
        out += bytes([SMALL_BIG, size, number < 0]) + abs(number).to_bytes(size, "little")


def _write_bits(out: bytearray, bits: Bits) -> None:
    size = (bits.size + 7) // 8
    octets = (bits.value << (size * 8 - bits.size)).to_bytes(size, "big")
    if bits.size % 8 == 0:
        out += struct.pack(">BI", BINARY, size) + octets
    else:
        out += struct.pack(">BIB", BIT_BINARY, size, bits.size % 8) + octets


def from_octets(octets: bytes) -> Any:
    assert octets[0] == VERSION, f"not a term: {octets[:8].hex()}"
    term, end = _read(octets, 1)
    assert end == len(octets), "a term and more"
    return term


def _read(octets: bytes, at: int) -> tuple[Any, int]:
    tag, at = octets[at], at + 1
    if tag == SMALL_INTEGER:
        return octets[at], at + 1
    if tag == INTEGER:
        return struct.unpack_from(">i", octets, at)[0], at + 4
    if tag == SMALL_BIG:
        end = at + 2 + octets[at]
        number = int.from_bytes(octets[at + 2:end], "little")
        return -number if octets[at + 1] else number, end
    if tag in (ATOM, ATOM_UTF8, SMALL_ATOM, SMALL_ATOM_UTF8):
        wide = tag in (ATOM, ATOM_UTF8)
        start = at + (2 if wide else 1)
        end = start + (struct.unpack_from(">H", octets, at)[0] if wide else octets[at])
        return octets[start:end].decode(), end
    if tag == BINARY:
        end = at + 4 + struct.unpack_from(">I", octets, at)[0]
        return octets[at + 4:end], end
    if tag == BIT_BINARY:
        size, last = struct.unpack_from(">IB", octets, at)
        end = at + 5 + size
        unused = 8 - last
        return Bits(int.from_bytes(octets[at + 5:end], "big") >> unused, size * 8 - unused), end
    return _read_compound(tag, octets, at)


def _read_compound(tag: int, octets: bytes, at: int) -> tuple[Any, int]:
    if tag == NIL:
        return [], at
    if tag == STRING:  # a list of small numbers
        end = at + 2 + struct.unpack_from(">H", octets, at)[0]
        return list(octets[at + 2:end]), end
    if tag == SMALL_TUPLE:
        parts, at = _read_several(octets, at + 1, octets[at])
        return tuple(parts), at
    count = struct.unpack_from(">I", octets, at)[0]
    if tag == LIST:
        parts, at = _read_several(octets, at + 4, count)
        assert octets[at] == NIL, "an improper list"
        return parts, at + 1
    if tag == MAP:
        parts, at = _read_several(octets, at + 4, 2 * count)
        return dict(zip(parts[::2], parts[1::2])), at
    raise ValueError(f"term tag {tag} is not read here")


def _read_several(octets: bytes, at: int, count: int) -> tuple[list[Any], int]:
    parts = []
    for _ in range(count):
        part, at = _read(octets, at)
        parts.append(part)
    return parts, at


def plain(value: Any) -> Any:
    """The same for JSON: octets in hexadecimal, bits as "000a101/28", a CHOICE as {name: value}."""
    if isinstance(value, Bits):
        return f"{value.value:0{(value.size + 3) // 4}x}/{value.size}"
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, tuple):
        return {value[0]: plain(value[1])}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return value
