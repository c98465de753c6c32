// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The GSM 7 bit default alphabet with its extension table, and septets packed into octets. TS 23.038 §6.2.1.
//
// A character of the extension table is two septets, escape (0x1b) and its code, which belong together.
// Septet i of a packed run lies in bits 7i..7i+6, least significant bit first.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/base/bytes.h"

namespace cbs {

inline constexpr uint8_t kSeptetEscape = 0x1b;
inline constexpr uint8_t kSeptetCarriageReturn = 0x0d;

// One character: one septet, or escape and a second one.
struct Gsm7Code {
    std::array<uint8_t, 2> septets;
    uint8_t count;
};

std::optional<Gsm7Code> gsm7_of(char32_t character);

// What a receiver shows for these septets. An escape before a code that the extension table does not have
// shows that code of the default alphabet; an escape at the end shows a space. TS 23.038 §6.2.1, notes.
std::vector<char32_t> characters_of(std::span<const uint8_t> septets);

// ceil(7n/8) octets; the bits left over are zero.
base::Bytes pack_septets(std::span<const uint8_t> septets);
// The first `count` septets. REQUIRES 7 * count <= 8 * octets.size(); fewer come back if not.
std::vector<uint8_t> unpack_septets(base::ByteView octets, size_t count);

}  // namespace cbs
