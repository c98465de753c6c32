// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/json/utf8.h"

#include <algorithm>
#include <cstdint>

namespace json {
namespace {

struct Lead {
    size_t length;      // octets of the whole character; 0: not a leading octet
    uint32_t bits;      // its share of the code point
    uint32_t smallest;  // below this the form is overlong
};

Lead lead_of(uint8_t octet) {
    if (octet < 0x80) return {1, octet, 0};
    if ((octet & 0xe0U) == 0xc0) return {2, octet & 0x1fU, 0x80};
    if ((octet & 0xf0U) == 0xe0) return {3, octet & 0x0fU, 0x800};
    if ((octet & 0xf8U) == 0xf0) return {4, octet & 0x07U, 0x10000};
    return {0, 0, 0};
}

bool continues(char c) { return (static_cast<uint8_t>(c) & 0xc0U) == 0x80; }

}  // namespace

std::optional<std::u16string> to_utf16(std::string_view text) {
    std::u16string out;
    out.reserve(text.size());
    for (size_t at = 0; at < text.size();) {
        const Lead lead = lead_of(static_cast<uint8_t>(text[at]));
        if (lead.length == 0 || lead.length > text.size() - at) return std::nullopt;
        uint32_t point = lead.bits;
        for (size_t i = 1; i < lead.length; ++i) {
            if (!continues(text[at + i])) return std::nullopt;
            point = (point << 6U) | (static_cast<uint8_t>(text[at + i]) & 0x3fU);
        }
        const bool surrogate = point >= 0xd800 && point <= 0xdfff;
        if (point < lead.smallest || point > 0x10ffff || surrogate) return std::nullopt;
        if (point < 0x10000) {
            out += static_cast<char16_t>(point);
        } else {
            out += static_cast<char16_t>(0xd800 + ((point - 0x10000) >> 10U));
            out += static_cast<char16_t>(0xdc00 + ((point - 0x10000) & 0x3ffU));
        }
        at += lead.length;
    }
    return out;
}

size_t code_points(std::string_view text) {
    return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

}  // namespace json
