// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/cbs/utf8.h"

#include <cstdint>

namespace cbs {

namespace {

constexpr char32_t kReplacement = 0xfffd;

bool is_scalar(char32_t character) {
    return character <= 0x10ffff && !(character >= 0xd800 && character <= 0xdfff);
}

struct Lead {
    size_t following;
    char32_t bits;
    char32_t least;  // what a sequence of this length must at least stand for
};

Lead lead_of(uint8_t octet) {
    if (octet < 0x80) return {0, octet, 0};
    if (octet >= 0xc2 && octet <= 0xdf) return {1, octet & 0x1fU, 0x80};
    if (octet >= 0xe0 && octet <= 0xef) return {2, octet & 0x0fU, 0x800};
    if (octet >= 0xf0 && octet <= 0xf4) return {3, octet & 0x07U, 0x10000};
    return {4, 0, 0};
}

}  // namespace

base::Result<std::u32string> from_utf8(std::string_view text) {
    const auto wrong = [](size_t at) {
        return base::invalid("the text is not UTF-8: octet " + std::to_string(at + 1) +
                             " is not a character");
    };
    std::u32string out;
    out.reserve(text.size());
    for (size_t at = 0; at < text.size();) {
        const Lead lead = lead_of(static_cast<uint8_t>(text[at]));
        if (lead.following > 3 || text.size() - at <= lead.following) return wrong(at);
        char32_t character = lead.bits;
        for (size_t i = 1; i <= lead.following; ++i) {
            const auto octet = static_cast<uint8_t>(text[at + i]);
            if ((octet & 0xc0U) != 0x80) return wrong(at);
            character = character << 6U | (octet & 0x3fU);
        }
        if (character < lead.least || !is_scalar(character)) return wrong(at);
        out.push_back(character);
        at += 1 + lead.following;
    }
    return out;
}

std::string to_utf8(std::u32string_view characters) {
    std::string out;
    const auto put = [&out](char32_t octet) {
        out.push_back(static_cast<char>(static_cast<uint8_t>(octet)));
    };
    for (char32_t character : characters) {
        if (!is_scalar(character)) character = kReplacement;
        if (character < 0x80) {
            put(character);
        } else if (character < 0x800) {
            put(0xc0U | character >> 6U);
            put(0x80U | (character & 0x3fU));
        } else if (character < 0x10000) {
            put(0xe0U | character >> 12U);
            put(0x80U | (character >> 6U & 0x3fU));
            put(0x80U | (character & 0x3fU));
        } else {
            put(0xf0U | character >> 18U);
            put(0x80U | (character >> 12U & 0x3fU));
            put(0x80U | (character >> 6U & 0x3fU));
            put(0x80U | (character & 0x3fU));
        }
    }
    return out;
}

}  // namespace cbs
