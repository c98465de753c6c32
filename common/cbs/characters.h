// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which characters a warning may not hold, and which have a simple look-alike in the GSM alphabet.
// Nothing is ever replaced here: the officer sees the proposal and decides.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cbs {

enum class Refusal {
    kControl,      // would change how a phone or a page shows the rest; line feed and form feed are allowed
    kDirection,    // bidirectional embeddings and overrides, which can make a text read as another one
    kEmoji,        // phones of different age show them differently or not at all
    kOutsideBmp,   // UCS-2 has no code for it
    kNoCharacter,  // U+FFFE and its like
};

// None: the character may be in a warning.
std::optional<Refusal> refusal_of(char32_t character);

// Whether letters may lose their accents in a proposal; the language's users decide, by configuration.
enum class Accents { kKeep, kMayGo };

// What can stand in its place, in the GSM alphabet; empty: it can be left out; none: there is nothing.
std::optional<std::string_view> simple_replacement(char32_t character, Accents accents);

// "U+1F600 😀"; characters that cannot be seen are shown by number only.
std::string name_of(char32_t character);

}  // namespace cbs
