#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# Compiles several source files of one folder as one, which takes a third of the time that they take one by one:
#
#   united.sh OUT.o FILE.cc... -- COMPILER FLAGS...
#
# Files that cannot stand in one translation unit (two helpers of one name) are tried again as two halves, and joined:
# slower, and said so, but never wrong. The same way the compiler's word about a faulty file is about that file alone.
set -eu
out=$1
shift
files=()
while [ "$1" != -- ]; do
    files+=("$1")
    shift
done
shift
base=${out%.o}
rm -f "$base".[0-9]*.[do]

if [ ${#files[@]} -eq 1 ]; then
    "$@" -c -o "$out" "${files[0]}"
    exit
fi

# A unit test's helpers and names stay its own: it gets a namespace around it, once all that it includes has been included.
{
    grep -H '^#include' "${files[@]}" | sed -n 's/^[^:]*_test\.cc://p' | awk '!seen[$0]++'
    for file in "${files[@]}"; do
        case $file in
        *_test.cc) printf 'namespace united_%s {\n#include "%s"\n}\n' "$(basename "$file" .cc)" "$file" ;;
        *) printf '#include "%s"\n' "$file" ;;
        esac
    done
} > "$base.cc"

# What is of this file alone seems to come from a header now.
if "$@" -Wno-subobject-linkage -c -o "$out" "$base.cc" 2> "$base.err"; then
    rm -f "$base.err"
    exit
fi
half=$((${#files[@]} / 2))
bash "${BASH_SOURCE[0]}" "$base.0.o" "${files[@]:0:half}" -- "$@" -MF "$base.0.d" -MT "$out"
bash "${BASH_SOURCE[0]}" "$base.1.o" "${files[@]:half}" -- "$@" -MF "$base.1.d" -MT "$out"
ld -r -o "$out" "$base.0.o" "$base.1.o"
rm -f "$base".[0-9].o
echo "  CXX ${files[0]%/*}: ${#files[@]} files in two halves, because together: $(grep -m 1 'error:' "$base.err")"
