// SPDX-License-Identifier: AGPL-3.0-or-later
#include "packaging/farolctl/command_line.h"

int main(int argc, char** argv) { return ctl::run(argc, argv); }
