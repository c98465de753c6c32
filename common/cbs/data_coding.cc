// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/cbs/data_coding.h"

#include <algorithm>
#include <array>
#include <string>

namespace cbs {

namespace {

struct Language {
    uint8_t coding;
    std::string_view code;  // ISO 639-1
};

// TS 23.038 §5, coding groups 0000 and 0010.
constexpr std::array kLanguages{
    Language{0x00, "de"}, Language{0x01, "en"}, Language{0x02, "it"}, Language{0x03, "fr"},
    Language{0x04, "es"}, Language{0x05, "nl"}, Language{0x06, "sv"}, Language{0x07, "da"},
    Language{0x08, "pt"}, Language{0x09, "fi"}, Language{0x0a, "no"}, Language{0x0b, "el"},
    Language{0x0c, "tr"}, Language{0x0d, "hu"}, Language{0x0e, "pl"}, Language{0x20, "cs"},
    Language{0x21, "he"}, Language{0x22, "ar"}, Language{0x23, "ru"}, Language{0x24, "is"},
};
constexpr uint8_t kLastOfFirstGroup = 0x0e;

constexpr unsigned kGroupGeneral = 0x4;  // 0100 and 0101: general data coding, not compressed
constexpr unsigned kGroupGeneralClass = 0x5;
constexpr unsigned kGroupCompressed = 0x6;  // 0110 and 0111: the same, compressed
constexpr unsigned kGroupCompressedClass = 0x7;
constexpr unsigned kGroupUserDataHeader = 0x9;
constexpr unsigned kGroupDataOrClass = 0xf;

Alphabet general_alphabet(uint8_t value) {
    switch (value >> 2U & 0x3U) {
        case 1:
            return Alphabet::kEightBit;
        case 2:
            return Alphabet::kUcs2;
        default:
            return Alphabet::kGsm7;
    }
}

std::string primary_subtag(std::string_view tag) {
    std::string out(tag.substr(0, tag.find('-')));
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

}  // namespace

std::optional<Alphabet> alphabet_of(DataCoding coding) {
    if (coding == kCodingUcs2WithLanguage) return Alphabet::kUcs2;
    switch (coding.value() >> 4U) {
        case kGroupGeneral:
        case kGroupGeneralClass:
            return general_alphabet(coding.value());
        case kGroupCompressed:
        case kGroupCompressedClass:
        case kGroupUserDataHeader:
            return std::nullopt;
        case kGroupDataOrClass:
            return (coding.value() & 0x4U) != 0 ? Alphabet::kEightBit : Alphabet::kGsm7;
        default:
            return Alphabet::kGsm7;
    }
}

std::optional<std::string_view> language_of(DataCoding coding) {
    for (const Language& language : kLanguages)
        if (language.coding == coding.value()) return language.code;
    return std::nullopt;
}

DataCoding gsm7_coding(std::string_view language_tag) {
    std::string code = primary_subtag(language_tag);
    if (code == "nb" || code == "nn") code = "no";  // Bokmål and Nynorsk are written forms of Norwegian
    for (const Language& language : kLanguages)
        if (language.coding <= kLastOfFirstGroup && language.code == code) return DataCoding{language.coding};
    return kCodingGsm7;
}

}  // namespace cbs
