// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/cbs/characters.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "common/cbs/utf8.h"

namespace cbs {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

template <size_t N>
bool within(const std::array<Range, N>& ranges, char32_t character) {
    return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
        return character >= range.first && character <= range.last;
    });
}

// Unicode general categories Cc, Zl and Zp.
constexpr std::array kControls{Range{0x00, 0x1f}, Range{0x7f, 0x9f}, Range{0x2028, 0x2029}};

// The explicit embeddings and overrides of UAX #9 §2.1, §2.2 and their end. Marks and isolates are harmless.
constexpr std::array kDirections{Range{0x202a, 0x202e}};

// UTS #51: BMP characters with Emoji_Presentation=Yes, the selector that asks for emoji and the keycap.
constexpr std::array kBmpEmoji{
    Range{0x20e3, 0x20e3}, Range{0x231a, 0x231b}, Range{0x23e9, 0x23ec}, Range{0x23f0, 0x23f0},
    Range{0x23f3, 0x23f3}, Range{0x25fd, 0x25fe}, Range{0x2614, 0x2615}, Range{0x2648, 0x2653},
    Range{0x267f, 0x267f}, Range{0x2693, 0x2693}, Range{0x26a1, 0x26a1}, Range{0x26aa, 0x26ab},
    Range{0x26bd, 0x26be}, Range{0x26c4, 0x26c5}, Range{0x26ce, 0x26ce}, Range{0x26d4, 0x26d4},
    Range{0x26ea, 0x26ea}, Range{0x26f2, 0x26f3}, Range{0x26f5, 0x26f5}, Range{0x26fa, 0x26fa},
    Range{0x26fd, 0x26fd}, Range{0x2705, 0x2705}, Range{0x270a, 0x270b}, Range{0x2728, 0x2728},
    Range{0x274c, 0x274c}, Range{0x274e, 0x274e}, Range{0x2753, 0x2755}, Range{0x2757, 0x2757},
    Range{0x2795, 0x2797}, Range{0x27b0, 0x27b0}, Range{0x27bf, 0x27bf}, Range{0x2b1b, 0x2b1c},
    Range{0x2b50, 0x2b50}, Range{0x2b55, 0x2b55}, Range{0xfe0f, 0xfe0f},
};

// The blocks above the BMP that hold emoji, so that the sentence can call them by that name.
constexpr std::array kHighEmoji{Range{0x1f000, 0x1faff}, Range{0xe0000, 0xe007f}};

constexpr std::array kNoCharacters{Range{0xfdd0, 0xfdef}, Range{0xfffe, 0xffff}};

// Marks that nobody can see: shown by number only.
constexpr std::array kInvisible{Range{0x00, 0x20},      Range{0x7f, 0xa0},     Range{0xad, 0xad},
                                Range{0x61c, 0x61c},    Range{0x2000, 0x200f}, Range{0x2028, 0x202f},
                                Range{0x2060, 0x206f},  Range{0x3000, 0x3000}, Range{0xfdd0, 0xfdef},
                                Range{0xfe00, 0xfe0f},  Range{0xfeff, 0xfeff}, Range{0xfffe, 0xffff},
                                Range{0xe0000, 0xe01ef}};

struct Replacement {
    char32_t first;
    char32_t last;
    std::string_view with;
};

constexpr std::array kReplacements{
    Replacement{0x09, 0x09, " "},      Replacement{0x0d, 0x0d, "\n"},     Replacement{0x60, 0x60, "'"},
    Replacement{0xa0, 0xa0, " "},      Replacement{0xab, 0xab, "\""},     Replacement{0xad, 0xad, ""},
    Replacement{0xb4, 0xb4, "'"},      Replacement{0xb7, 0xb7, "."},      Replacement{0xbb, 0xbb, "\""},
    Replacement{0xd7, 0xd7, "x"},      Replacement{0x2bc, 0x2bc, "'"},    Replacement{0x2000, 0x200a, " "},
    Replacement{0x200b, 0x200f, ""},   Replacement{0x2010, 0x2015, "-"},  Replacement{0x2018, 0x201b, "'"},
    Replacement{0x201c, 0x201f, "\""}, Replacement{0x2022, 0x2022, "-"},  Replacement{0x2026, 0x2026, "..."},
    Replacement{0x2028, 0x2029, "\n"}, Replacement{0x202a, 0x202e, ""},   Replacement{0x202f, 0x202f, " "},
    Replacement{0x2032, 0x2032, "'"},  Replacement{0x2033, 0x2033, "\""}, Replacement{0x2060, 0x2060, ""},
    Replacement{0x2212, 0x2212, "-"},  Replacement{0x3000, 0x3000, " "},  Replacement{0xfe0f, 0xfe0f, ""},
    Replacement{0xfeff, 0xfeff, ""},
};

// Latin letters whose accent the GSM alphabet lacks. Letters that it has (à ä å é è ì ñ ò ö ø ù ü) need
// nothing.
struct Accented {
    std::u32string_view letters;
    std::string_view with;
};
constexpr std::array kAccented{
    Accented{U"ÀÁÂÃĀĂĄ", "A"}, Accented{U"áâãāăą", "a"}, Accented{U"ĆĈĊČ", "C"},    Accented{U"çćĉċč", "c"},
    Accented{U"ĎĐ", "D"},      Accented{U"ďđ", "d"},     Accented{U"ÈÊËĒĖĘĚ", "E"}, Accented{U"êëēėęě", "e"},
    Accented{U"ĞĢ", "G"},      Accented{U"ğģ", "g"},     Accented{U"ÌÍÎÏĪĮİ", "I"}, Accented{U"íîïīįı", "i"},
    Accented{U"Ķ", "K"},       Accented{U"ķ", "k"},      Accented{U"ĹĻĽŁ", "L"},    Accented{U"ĺļľł", "l"},
    Accented{U"ŃŅŇ", "N"},     Accented{U"ńņň", "n"},    Accented{U"ÒÓÔÕŌŐ", "O"},  Accented{U"óôõōő", "o"},
    Accented{U"ŔŘ", "R"},      Accented{U"ŕř", "r"},     Accented{U"ŚŞŠȘ", "S"},    Accented{U"śşšș", "s"},
    Accented{U"ŢŤȚ", "T"},     Accented{U"ţťț", "t"},    Accented{U"ÙÚÛŪŮŰŲ", "U"}, Accented{U"úûūůűų", "u"},
    Accented{U"ÝŸ", "Y"},      Accented{U"ýÿ", "y"},     Accented{U"ŹŻŽ", "Z"},     Accented{U"źżž", "z"},
};

}  // namespace

std::optional<Refusal> refusal_of(char32_t character) {
    if (character == U'\n' || character == U'\f') return std::nullopt;
    if (within(kControls, character)) return Refusal::kControl;
    if (within(kDirections, character)) return Refusal::kDirection;
    if (within(kBmpEmoji, character) || within(kHighEmoji, character)) return Refusal::kEmoji;
    if (character > 0xffff) return Refusal::kOutsideBmp;
    if (within(kNoCharacters, character)) return Refusal::kNoCharacter;
    return std::nullopt;
}

std::optional<std::string_view> simple_replacement(char32_t character, Accents accents) {
    for (const Replacement& one : kReplacements)
        if (character >= one.first && character <= one.last) return one.with;
    if (accents == Accents::kKeep) return std::nullopt;
    for (const Accented& one : kAccented)
        if (one.letters.find(character) != std::u32string_view::npos) return one.with;
    return std::nullopt;
}

std::string name_of(char32_t character) {
    std::array<char, 16> number{};
    std::snprintf(number.data(), number.size(), "U+%04X", static_cast<unsigned>(character));
    if (within(kInvisible, character)) return number.data();
    return std::string(number.data()) + " " + to_utf8(std::u32string_view(&character, 1));
}

}  // namespace cbs
