// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/cbs/gsm7.h"

#include <algorithm>
#include <string_view>

namespace cbs {

namespace {

// TS 23.038 §6.2.1, table of the default alphabet, row by row of 16; 0x1b is the escape.
constexpr std::u32string_view kAlphabet =
    U"@£$¥èéùìòÇ\nØø\rÅå"
    U"Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    U" !\"#¤%&'()*+,-./"
    U"0123456789:;<=>?"
    U"¡ABCDEFGHIJKLMNO"
    U"PQRSTUVWXYZÄÖÑÜ§"
    U"¿abcdefghijklmno"
    U"pqrstuvwxyzäöñüà";
static_assert(kAlphabet.size() == 128);

struct Extension {
    uint8_t code;
    char32_t character;
};

// TS 23.038 §6.2.1.1, the extension table.
constexpr std::array kExtensions{
    Extension{0x0a, U'\f'}, Extension{0x14, U'^'}, Extension{0x28, U'{'}, Extension{0x29, U'}'},
    Extension{0x2f, U'\\'}, Extension{0x3c, U'['}, Extension{0x3d, U'~'}, Extension{0x3e, U']'},
    Extension{0x40, U'|'},  Extension{0x65, U'€'},
};

}  // namespace

std::optional<Gsm7Code> gsm7_of(char32_t character) {
    if (character == kSeptetEscape) return std::nullopt;  // the escape is not a character
    const size_t at = kAlphabet.find(character);
    if (at != std::u32string_view::npos) return Gsm7Code{{static_cast<uint8_t>(at), 0}, 1};
    const auto* extension = std::find_if(kExtensions.begin(), kExtensions.end(),
                                         [&](const Extension& one) { return one.character == character; });
    if (extension == kExtensions.end()) return std::nullopt;
    return Gsm7Code{{kSeptetEscape, extension->code}, 2};
}

std::vector<char32_t> characters_of(std::span<const uint8_t> septets) {
    std::vector<char32_t> out;
    out.reserve(septets.size());
    for (size_t i = 0; i < septets.size(); ++i) {
        const uint8_t septet = septets[i] & 0x7fU;
        if (septet != kSeptetEscape) {
            out.push_back(kAlphabet[septet]);
            continue;
        }
        if (++i == septets.size()) {
            out.push_back(U' ');
            break;
        }
        const uint8_t code = septets[i] & 0x7fU;
        const auto* extension = std::find_if(kExtensions.begin(), kExtensions.end(),
                                             [&](const Extension& one) { return one.code == code; });
        if (extension != kExtensions.end())
            out.push_back(extension->character);
        else
            out.push_back(code == kSeptetEscape ? U' ' : kAlphabet[code]);
    }
    return out;
}

base::Bytes pack_septets(std::span<const uint8_t> septets) {
    base::Bytes out((septets.size() * 7 + 7) / 8, 0);
    for (size_t i = 0; i < septets.size(); ++i) {
        const size_t bit = i * 7;
        const unsigned shifted = (septets[i] & 0x7fU) << bit % 8;
        out[bit / 8] = static_cast<uint8_t>(out[bit / 8] | (shifted & 0xffU));
        if (shifted > 0xffU) out[bit / 8 + 1] = static_cast<uint8_t>(shifted >> 8U);
    }
    return out;
}

std::vector<uint8_t> unpack_septets(base::ByteView octets, size_t count) {
    count = std::min(count, octets.size() * 8 / 7);
    std::vector<uint8_t> out;
    out.reserve(count);
    for (size_t i = 0; i < count; ++i) {
        const size_t bit = i * 7;
        unsigned pair = octets[bit / 8];
        if (bit / 8 + 1 < octets.size()) pair |= static_cast<unsigned>(octets[bit / 8 + 1]) << 8U;
        out.push_back(static_cast<uint8_t>(pair >> bit % 8 & 0x7fU));
    }
    return out;
}

}  // namespace cbs
