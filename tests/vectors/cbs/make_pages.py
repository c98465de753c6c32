#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes pages.json: texts and their pages by an encoder that shares nothing with common/cbs.

A page is built as one string of 656 bits, most significant bit of the last octet first, and cut at the end.
TS 23.038 §6.1.2.2, §6.2.1; TS 23.041 §9.4.2.2.4.
"""
import json
import pathlib

HERE = pathlib.Path(__file__).parent
ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = {"\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E,
             "|": 0x40, "€": 0x65}
LANGUAGES = {"de": 0, "en": 1, "it": 2, "fr": 3, "es": 4, "nl": 5, "sv": 6, "da": 7, "pt": 8, "fi": 9, "no": 10,
             "el": 11, "tr": 12, "hu": 13, "pl": 14}
# Texts whose octets were seen on a wire: the page's first octets and its length octet.
OBSERVED = {"Emergency!!": "c576597e2ebbc7f950a8d168341a8d46a3", "Test": "d4f29cde68341a8d"}


def septets_of(text):
    for character in text:
        yield [0x1B, EXTENSION[character]] if character in EXTENSION else [ALPHABET.index(character)]


def gsm7_page(septets):
    used = -(-7 * len(septets) // 8)
    septets = septets + [0x0D] * (93 - len(septets))
    bits = "".join(format(septet, "07b") for septet in reversed(septets)).rjust(656, "0")
    return int(bits, 2).to_bytes(82, "little").hex(), used


def gsm7_pages(text, prefix):
    pages, current = [], []
    for code in septets_of(text):
        if len(current) + len(code) > 93 - len(prefix):
            pages.append(gsm7_page(prefix + current))
            current = []
        current = current + code
    pages.append(gsm7_page(prefix + current))
    return pages


def ucs2_pages(text, prefix):
    per_page = 41 - len(prefix) // 2
    pages = []
    for start in range(0, len(text), per_page):
        octets = prefix + text[start:start + per_page].encode("utf-16-be")
        pages.append(((octets + b"\x00\x0d" * 41)[:82].hex(), len(octets)))
    return pages


def case(name, text, language="", prefix=False):
    gsm7 = all(character in ALPHABET or character in EXTENSION for character in text)
    if gsm7 and prefix:
        coding = 0x10
        pages = gsm7_pages(text, [ALPHABET.index(language[0]), ALPHABET.index(language[1]), 0x0D])
    elif gsm7:
        coding, pages = LANGUAGES.get(language, 0x0F), gsm7_pages(text, [])
    elif prefix:
        letters = ord(language[0]) | ord(language[1]) << 7
        coding, pages = 0x11, ucs2_pages(text, letters.to_bytes(2, "little"))
    else:
        coding, pages = 0x48, ucs2_pages(text, b"")
    source = "own"
    if text in OBSERVED:
        assert pages[0][0].startswith(OBSERVED[text]) and pages[0][0].endswith("a3d100"), name
        source = "observed"
    return {"name": name, "source": source, "text": text, "language": language, "prefix": prefix, "coding": coding,
            "pages": [{"octets": octets, "used": used} for octets, used in pages]}


def cases():
    alphabet = ALPHABET.replace("\x1b", "").replace("\r", "")
    yield case("eleven characters", "Emergency!!")
    yield case("four characters", "Test")
    yield case("one character", "A", "en")
    for count in (7, 8, 92, 93, 94, 186, 187, 1395):
        yield case(f"{count} characters", ("The water rises. " * 90)[:count], "en")
    for count in (90, 91, 92, 93):
        yield case(f"an extension character after {count}", "x" * count + "€y", "de")
    yield case("only extension characters", "€" * 50)
    yield case("the whole alphabet", alphabet)
    yield case("the whole extension table", "".join(EXTENSION))
    for language in LANGUAGES:
        yield case(f"language {language}", "SOS 112", language)
    yield case("a language without its own code", "SOS 112", "cs")
    for count in (1, 40, 41, 42, 82, 615):
        yield case(f"{count} Arabic letters", ("تحذير فيضان. انتقلوا إلى مكان مرتفع. " * 20)[:count], "ar")
    yield case("Latin letters beside Cyrillic", "Pozor! Внимание! Achtung!", "ru")
    for count in (90, 91):
        yield case(f"language inside the text, {count} characters", ("Leave the coast now. " * 9)[:count], "en", True)
    for count in (40, 41):
        yield case(f"language inside UCS-2, {count}", ("Внимание! Наводнение. " * 9)[:count], "ru", True)


if __name__ == "__main__":
    rows = ",\n".join("  " + json.dumps(one, ensure_ascii=False) for one in cases())
    (HERE / "pages.json").write_text(f"[\n{rows}\n]\n", encoding="utf-8")
