#!/usr/bin/python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Holds our aligned PER against Erlang's: `check_asn1_erlang.py PROGRAM DIRECTORY`, PROGRAM being asn1_roundtrip.

Erlang compiles the modules of asn1/ with its own compiler and encodes values of every type (vectors.erl); PROGRAM decodes
and encodes them and must give the same octets. DIRECTORY is for what is compiled.
"""
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
MODULES = HERE.parents[2] / "asn1"
# Erlang wants each module in a file of its name, and a set that lists them.
SETS = {
    "sbcap": {"Containers": "containers", "SBC-AP-IEs": "sbcap_ies", "SBC-AP": "sbcap"},
    "ngap": {"Containers": "containers", "NGAP-IEs": "ngap_ies", "NGAP": "ngap"},
    "sabp": {"Containers": "containers", "SABP-IEs": "sabp_ies", "SABP": "sabp"},
}


def compile_modules(out: pathlib.Path, *options: str) -> None:
    """One Erlang module of each set's name, compiled with those options besides."""
    for name, modules in SETS.items():
        for module, source in modules.items():
            shutil.copy(MODULES / f"{source}.asn", out / f"{module}.asn")
        (out / f"{name}.set.asn").write_text("".join(f"{module}.asn\n" for module in modules))
        subprocess.run(["erlc", "-bper", *options, f"{name}.set.asn"], cwd=out, check=True, timeout=120)


def main() -> int:
    program, out = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    compile_modules(out)
    subprocess.run(["erlc", HERE / "vectors.erl"], cwd=out, check=True, timeout=60)
    with open(out / "vectors.txt", "wb") as vectors:
        subprocess.run(["erl", "-noshell", "-eval", "vectors:main(), halt()."], cwd=out, stdout=vectors, check=True,
                       timeout=300)
    with open(out / "vectors.txt", "rb") as vectors:
        judged = subprocess.run([program], stdin=vectors, stdout=subprocess.PIPE, text=True, check=False)
    print(judged.stdout.strip())
    good = judged.returncode == 0
    print(f"{judged.stdout.split()[0] if good else 0} passed, {0 if good else 1} failed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
