// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The text of a warning and the pages that carry it: counting, coding and reading back. TS 23.041 §9.4.2.2.4,
// TS 23.038 §5, §6.
//
// GSM 7 bit where every character has a code in it, else UCS-2. A page holds 93 septets or 41 UCS-2
// characters; each page is packed on its own and filled with CR, so a text may not end in CR. A character of
// the extension table is two septets and stays on one page, so a page may end one septet early. A text takes
// 1 to 15 pages.
//
// Pure functions; linked into cbed (which counts and shows) and into cbcd (which sends), so that both agree.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/cbs/characters.h"
#include "common/cbs/data_coding.h"
#include "common/cbs/page.h"

namespace cbs {

// Whether the language stands inside the text too (DCS 0x10, 0x11): 90 and 40 characters a page are left
// then.
enum class LanguagePrefix { kNone, kOnEveryPage };

enum class Encoding { kGsm7, kUcs2 };
std::string_view to_string(Encoding encoding);  // "gsm7", "ucs2"

struct TextOptions {
    std::string language;  // BCP 47 tag, "en" or "pt-BR"; may be empty
    LanguagePrefix prefix = LanguagePrefix::kNone;
    Accents accents = Accents::kKeep;
    // None: GSM 7 bit where it has all characters. GSM 7 bit by order refuses what it has no code for.
    std::optional<Encoding> encoding{};
};

struct Occurrence {
    char32_t character;
    size_t position;                         // counted in characters from 0
    std::optional<std::string> replacement;  // in the GSM alphabet; an empty one: leave it out
};

struct RefusedCharacter {
    char32_t character;
    size_t position;
    Refusal reason;
    std::string sentence;  // names the character, its position and what to do
    std::optional<std::string> replacement;
};

// What a text takes. `characters` counts places: two for the extension table, one more where a page ends
// early.
struct Measure {
    Encoding encoding = Encoding::kGsm7;
    size_t characters = 0;
    size_t per_page = 0;
    size_t limit = 0;  // in 15 pages
    size_t pages = 0;  // beyond 15 when the text is too long
    std::vector<Occurrence> forced_ucs2;
    std::vector<RefusedCharacter> refused;

    bool sendable() const { return refused.empty() && pages >= 1 && pages <= kMaxPages; }
};

// Only a text that is not UTF-8 is an error; everything else is told in the Measure.
base::Result<Measure> measure(std::string_view text, const TextOptions& options);

struct EncodedText {
    DataCoding coding;
    std::vector<Page> pages;
    friend bool operator==(const EncodedText&, const EncodedText&) = default;
};

// Fails with a sentence for an empty text, a refused character, or more than 15 pages (and by how much).
base::Result<EncodedText> encode(std::string_view text, const TextOptions& options);

struct DecodedText {
    std::string text;
    std::optional<std::string> language;  // from the coding or from the prefix
};

// What a phone shows: pages in order, without their padding and prefixes. Fails for codings that are not
// text.
base::Result<DecodedText> decode(DataCoding coding, std::span<const Page> pages);

// The text as it will be taken, with what was changed: CR LF becomes LF, spaces at line ends go, more than
// two line breaks in a row become two.
struct Tidied {
    std::string text;
    size_t carriage_returns_removed = 0;
    size_t trailing_spaces_removed = 0;
    size_t line_breaks_folded = 0;

    bool changed() const {
        return carriage_returns_removed + trailing_spaces_removed + line_breaks_folded > 0;
    }
};
Tidied tidy(std::string_view text);

}  // namespace cbs
