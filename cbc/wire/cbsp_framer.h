// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Cuts the octets of a TCP connection into CBSP messages, by the length in their header. See framer.h.
#pragma once

#include "cbc/wire/framer.h"

namespace cbc::cbsp {

// An answer can hold three lists of up to 64 KiB; nothing in the protocol is longer.
inline constexpr size_t kMaxMessageOctets = 256 * 1024;

class CbspFramer : public wire::Framer {
 public:
    explicit CbspFramer(size_t limit = kMaxMessageOctets);
};

}  // namespace cbc::cbsp
