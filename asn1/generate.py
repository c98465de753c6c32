#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Has asn1c generate the descriptors and C structures of one module, under a prefix and with room for aligned PER.

    generate.py PREFIX DIRECTORY MODULE.asn CONTAINERS.asn

asn1c gives a type the name it has in its module, so two protocols with a TAI each cannot be linked together: every
type gets the prefix before asn1c reads it (TAI becomes SBCAP-TAI, in C SBCAP_TAI_t). Its descriptors lack the two
members for aligned PER that those of the installed headers have, after the two for unaligned PER; none of the four is
used, see asn1/aper.h.
"""
import pathlib
import re
import subprocess
import sys

DEFINED = re.compile(r"^([A-Z][A-Za-z0-9-]*)\s*::=", re.M)
WORD = re.compile(r"(?<![A-Za-z0-9-])[A-Z][A-Za-z0-9-]*(?![A-Za-z0-9-])")
PER_POINTERS = re.compile(r"^\t(\w+)_decode_uper,\n\t(\w+)_encode_uper,$", re.M)


def without_comments(text: str) -> str:
    return re.sub(r"--.*", "", text)


def main() -> int:
    prefix, directory, *sources = sys.argv[1:]
    out = pathlib.Path(directory)
    out.mkdir(parents=True, exist_ok=True)
    for old in [*out.glob("*.[cho]"), *out.glob("*.asn")]:
        old.unlink()
    texts = [without_comments(pathlib.Path(source).read_text(encoding="utf-8")) for source in sources]
    names = {name for text in texts for name in DEFINED.findall(text)}
    prefixed = []
    for source, text in zip(sources, texts):
        copy = out / pathlib.Path(source).name
        copy.write_text(WORD.sub(lambda m: f"{prefix}-{m[0]}" if m[0] in names else m[0], text), encoding="utf-8")
        prefixed.append(copy.name)
    ran = subprocess.run(["asn1c", "-gen-PER", "-fcompound-names", "-R", *prefixed], cwd=out, capture_output=True,
                         text=True, check=False)
    if ran.returncode != 0:
        print(ran.stdout + ran.stderr, file=sys.stderr)
        return 1
    for source in sorted(out.glob("*.c")):
        text = source.read_text(encoding="utf-8")
        text, found = PER_POINTERS.subn("\t0, 0, 0, 0,", text)
        if found != text.count("asn_TYPE_descriptor_t asn_DEF_") - text.count("extern asn_TYPE_descriptor_t asn_DEF_"):
            print(f"{source}: {found} descriptors changed; this asn1c writes them otherwise than 0.9.28",
                  file=sys.stderr)
            return 1
        source.write_text(text, encoding="utf-8")
    # One unit: the names in it are distinct, and a hundred small files would each read all headers.
    units = sorted(source.name for source in out.glob("*.c"))
    (out / f"{prefix.lower()}.c").write_text("".join(f'#include "{unit}"\n' for unit in units), encoding="utf-8")
    return 0


sys.exit(main())
