// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The data coding scheme of a cell broadcast message (DCS): one octet for the alphabet and, perhaps, the
// language. TS 23.038 §5.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/base/strong.h"

namespace cbs {

using DataCoding = base::Strong<struct DataCodingTag, uint8_t>;

inline constexpr DataCoding kCodingGsm7{0x0f};
inline constexpr DataCoding kCodingGsm7WithLanguage{
    0x10};  // two letters and CR stand before the text of each page
inline constexpr DataCoding kCodingUcs2WithLanguage{
    0x11};  // two letters, packed into two octets, stand before it
inline constexpr DataCoding kCodingUcs2{0x48};

enum class Alphabet { kGsm7, kEightBit, kUcs2 };

// What the octets of a page are. Reserved codes are read as 0x0f, as TS 23.038 §5 wants. None for what we
// don't read: compressed text and pages with a user data header.
std::optional<Alphabet> alphabet_of(DataCoding coding);
// The language that a code of the first group names ("de"), or none.
std::optional<std::string_view> language_of(DataCoding coding);

// 0x00..0x0e for a language that has such a code, else 0x0f. "en", "en-GB" and "EN" are the same language.
DataCoding gsm7_coding(std::string_view language_tag);

}  // namespace cbs
