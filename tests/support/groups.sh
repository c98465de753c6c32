#!/bin/bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# Prints the table of test groups of one folder: each x_test.cc defines the group x by GROUP(x, ...).
set -eu
echo '#include "tests/support/test.h"'
names=$(find "$1" -maxdepth 1 -name '*_test.cc' -printf '%f\n' | sort | sed 's/_test\.cc$//')
for name in $names; do echo "extern \"C\" const test::Group test_group_$name;"; done
echo 'const test::Group* const test::kGroups[] = {'
for name in $names; do echo "    &test_group_$name,"; done
echo '    nullptr};'
