// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/frame/version.h"

#include "version.inc"  // made by common/module.mk: kVersion, kCommit, kDate

namespace frame {

Version version() { return {kVersion, kCommit, kDate}; }

std::string version_line(std::string_view binary) {
    return std::string(binary) + " " + std::string(kVersion) + " (" + std::string(kCommit) + ")";
}

}  // namespace frame
