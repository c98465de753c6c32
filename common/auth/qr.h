// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A text as a QR code, drawn as SVG: black on white, with the quiet zone of four modules (ISO/IEC 18004).
#pragma once

#include <string>

#include "common/base/result.h"

namespace auth {

// kLimit: longer than a code can hold at medium error correction (about 2,300 octets).
base::Result<std::string> qr_svg(const std::string& text);

}  // namespace auth
