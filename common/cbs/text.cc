// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/cbs/text.h"

#include <algorithm>
#include <array>

#include "common/cbs/gsm7.h"
#include "common/cbs/utf8.h"

namespace cbs {

namespace {

constexpr size_t kGsm7PerPage = 93;  // 651 of 656 bits
constexpr size_t kUcs2PerPage = 41;
constexpr size_t kGsm7PrefixSeptets = 3;  // two letters and CR
constexpr size_t kUcs2PrefixOctets = 2;   // two letters as 14 bits and two zero bits
constexpr char16_t kUcs2CarriageReturn = 0x000d;

// The places that the text of one page has, beside the prefix.
size_t places_per_page(Encoding encoding, LanguagePrefix prefix) {
    const bool prefixed = prefix == LanguagePrefix::kOnEveryPage;
    switch (encoding) {
        case Encoding::kGsm7:
            return kGsm7PerPage - (prefixed ? kGsm7PrefixSeptets : 0);
        case Encoding::kUcs2:
            return kUcs2PerPage - (prefixed ? kUcs2PrefixOctets / 2 : 0);
    }
    return 0;
}

// Cuts codes of one or two places into pages; a code of two never lies across a page end.
template <class Unit>
std::vector<std::vector<Unit>> paginate(const std::vector<std::vector<Unit>>& codes, size_t per_page) {
    std::vector<std::vector<Unit>> pages;
    for (const auto& code : codes) {
        if (pages.empty() || pages.back().size() + code.size() > per_page) pages.emplace_back();
        pages.back().insert(pages.back().end(), code.begin(), code.end());
    }
    return pages;
}

std::vector<std::vector<uint8_t>> gsm7_codes(std::u32string_view characters) {
    std::vector<std::vector<uint8_t>> codes;
    codes.reserve(characters.size());
    for (const char32_t character : characters) {
        const auto code = gsm7_of(character);
        if (code) codes.emplace_back(code->septets.begin(), code->septets.begin() + code->count);
    }
    return codes;
}

std::string sentence_for(const std::string& name, size_t position, Refusal reason) {
    const std::string where = "character " + std::to_string(position + 1) + " (" + name + ") ";
    switch (reason) {
        case Refusal::kControl:
            return where + "is a control character and cannot be sent; remove it";
        case Refusal::kDirection:
            return where + "changes the direction of the text around it and is refused; remove it";
        case Refusal::kEmoji:
            return where + "is an emoji, which many phones cannot show; write it in words";
        case Refusal::kOutsideBmp:
            return where + "cannot be sent by cell broadcast (it has no UCS-2 code); write it in another way";
        case Refusal::kNoCharacter:
            return where + "is not a character of Unicode; remove it";
    }
    return where;
}

std::optional<std::string> replacement_for(char32_t character, Accents accents) {
    const auto simple = simple_replacement(character, accents);
    if (!simple) return std::nullopt;
    return std::string(*simple);
}

void note_characters(std::u32string_view characters, const TextOptions& options, Measure& out) {
    for (size_t i = 0; i < characters.size(); ++i) {
        const char32_t character = characters[i];
        if (const auto reason = refusal_of(character)) {
            out.refused.push_back({character, i, *reason, sentence_for(name_of(character), i, *reason),
                                   replacement_for(character, options.accents)});
        } else if (!gsm7_of(character)) {
            out.forced_ucs2.push_back({character, i, replacement_for(character, options.accents)});
        }
    }
}

// Places from the first page to the end of the text, with those that a page leaves empty.
void count_pages(std::u32string_view characters, Measure& out) {
    size_t on_page = 0;
    for (const char32_t character : characters) {
        const auto code = out.encoding == Encoding::kGsm7 ? gsm7_of(character) : std::nullopt;
        const size_t places = code ? code->count : 1;
        if (out.pages == 0 || on_page + places > out.per_page) {
            ++out.pages;
            on_page = 0;
        }
        on_page += places;
    }
    if (out.pages > 0) out.characters = (out.pages - 1) * out.per_page + on_page;
}

Measure measure_characters(std::u32string_view characters, const TextOptions& options) {
    Measure out;
    note_characters(characters, options, out);
    out.encoding = options.encoding.value_or(out.forced_ucs2.empty() ? Encoding::kGsm7 : Encoding::kUcs2);
    out.per_page = places_per_page(out.encoding, options.prefix);
    out.limit = out.per_page * kMaxPages;
    count_pages(characters, out);
    return out;
}

// Two ISO 639-1 letters, or none: the prefix has no room for another kind of name.
base::Result<std::array<uint8_t, 2>> prefix_letters(std::string_view language) {
    const std::string_view primary = language.substr(0, language.find('-'));
    const bool letters = primary.size() == 2 && std::all_of(primary.begin(), primary.end(), [](char c) {
                             return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
                         });
    if (!letters)
        return base::invalid("language \"" + std::string(language) +
                             "\": the language prefix takes a code of two letters, such as en");
    std::array<uint8_t, 2> out{};
    for (size_t i = 0; i < 2; ++i) out[i] = static_cast<uint8_t>(primary[i] | 0x20);
    return out;
}

Page gsm7_page(std::vector<uint8_t> septets) {
    Page page;
    page.used = static_cast<uint8_t>((septets.size() * 7 + 7) / 8);
    septets.resize(kGsm7PerPage, kSeptetCarriageReturn);
    const auto octets = pack_septets(septets);
    std::copy(octets.begin(), octets.end(), page.content.begin());
    return page;
}

Page ucs2_page(base::ByteView prefix, const std::vector<char16_t>& units) {
    Page page;
    size_t at = static_cast<size_t>(std::copy(prefix.begin(), prefix.end(), page.content.begin()) -
                                    page.content.begin());
    page.used = static_cast<uint8_t>(at + units.size() * 2);
    for (size_t i = 0; at + 1 < kPageOctets; ++i, at += 2) {
        const char16_t unit = i < units.size() ? units[i] : kUcs2CarriageReturn;
        page.content[at] = static_cast<uint8_t>(unit >> 8U);
        page.content[at + 1] = static_cast<uint8_t>(unit & 0xffU);
    }
    return page;
}

base::Result<EncodedText> encode_gsm7(std::u32string_view characters, const TextOptions& options) {
    EncodedText out{gsm7_coding(options.language), {}};
    std::vector<uint8_t> prefix;
    if (options.prefix == LanguagePrefix::kOnEveryPage) {
        const auto letters = prefix_letters(options.language);
        if (!letters) return letters.error();
        out.coding = kCodingGsm7WithLanguage;  // a to z have the same codes in ASCII and in the GSM alphabet
        prefix = {(*letters)[0], (*letters)[1], kSeptetCarriageReturn};
    }
    for (const auto& septets : paginate(gsm7_codes(characters), kGsm7PerPage - prefix.size())) {
        std::vector<uint8_t> all = prefix;
        all.insert(all.end(), septets.begin(), septets.end());
        out.pages.push_back(gsm7_page(std::move(all)));
    }
    return out;
}

base::Result<EncodedText> encode_ucs2(std::u32string_view characters, const TextOptions& options) {
    EncodedText out{kCodingUcs2, {}};
    base::Bytes prefix;
    if (options.prefix == LanguagePrefix::kOnEveryPage) {
        const auto letters = prefix_letters(options.language);
        if (!letters) return letters.error();
        out.coding = kCodingUcs2WithLanguage;
        prefix = pack_septets(*letters);
    }
    std::vector<std::vector<char16_t>> codes;
    codes.reserve(characters.size());
    for (const char32_t character : characters) codes.push_back({static_cast<char16_t>(character)});
    for (const auto& units : paginate(codes, places_per_page(Encoding::kUcs2, options.prefix)))
        out.pages.push_back(ucs2_page(prefix, units));
    return out;
}

// UTF-16 to characters: pairs outside the BMP are joined (others may send them), half ones become U+FFFD.
std::u32string join_surrogates(const std::vector<char16_t>& units) {
    std::u32string out;
    for (size_t i = 0; i < units.size(); ++i) {
        const char32_t unit = units[i];
        const bool high = unit >= 0xd800 && unit <= 0xdbff;
        if (high && i + 1 < units.size() && units[i + 1] >= 0xdc00 && units[i + 1] <= 0xdfff)
            out.push_back(0x10000 + ((unit - 0xd800) << 10U) + (units[++i] - 0xdc00U));
        else
            out.push_back(unit);  // to_utf8 writes a lone surrogate as U+FFFD
    }
    return out;
}

size_t used_octets(const Page& page) { return std::min<size_t>(page.used, kPageOctets); }

DecodedText decode_gsm7(DataCoding coding, std::span<const Page> pages) {
    DecodedText out;
    std::u32string text;
    if (const auto language = language_of(coding)) out.language = std::string(*language);
    for (const Page& page : pages) {
        const base::ByteView octets{page.content.data(), used_octets(page)};
        auto septets = unpack_septets(octets, kGsm7PerPage);
        if (coding == kCodingGsm7WithLanguage && septets.size() >= kGsm7PrefixSeptets) {
            const auto letters = characters_of(std::span(septets).first(2));
            out.language = to_utf8({letters.data(), letters.size()});
            septets.erase(septets.begin(), septets.begin() + kGsm7PrefixSeptets);
        }
        while (!septets.empty() && septets.back() == kSeptetCarriageReturn) septets.pop_back();
        for (const char32_t character : characters_of(septets)) text.push_back(character);
    }
    out.text = to_utf8(text);
    return out;
}

DecodedText decode_ucs2(DataCoding coding, std::span<const Page> pages) {
    DecodedText out;
    std::vector<char16_t> text;
    for (const Page& page : pages) {
        base::ByteView octets{page.content.data(), used_octets(page)};
        if (coding == kCodingUcs2WithLanguage && octets.size() >= kUcs2PrefixOctets) {
            const auto letters = characters_of(unpack_septets(octets.first(kUcs2PrefixOctets), 2));
            out.language = to_utf8({letters.data(), letters.size()});
            octets = octets.subspan(kUcs2PrefixOctets);
        }
        std::vector<char16_t> units;
        for (size_t i = 0; i + 1 < octets.size(); i += 2)
            units.push_back(static_cast<char16_t>(octets[i] << 8U | octets[i + 1]));
        while (!units.empty() && units.back() == kUcs2CarriageReturn) units.pop_back();
        text.insert(text.end(), units.begin(), units.end());
    }
    out.text = to_utf8(join_surrogates(text));
    return out;
}

}  // namespace

std::string_view to_string(Encoding encoding) {
    switch (encoding) {
        case Encoding::kGsm7:
            return "gsm7";
        case Encoding::kUcs2:
            return "ucs2";
    }
    return "";
}

base::Result<Measure> measure(std::string_view text, const TextOptions& options) {
    const auto characters = from_utf8(text);
    if (!characters) return characters.error();
    return measure_characters(*characters, options);
}

base::Result<EncodedText> encode(std::string_view text, const TextOptions& options) {
    const auto characters = from_utf8(text);
    if (!characters) return characters.error();
    if (characters->empty()) return base::invalid("the text is empty");
    const Measure measured = measure_characters(*characters, options);
    if (!measured.refused.empty()) return base::invalid(measured.refused.front().sentence);
    if (measured.pages > kMaxPages)
        return base::Error{base::ErrorKind::kLimit,
                           "the text is too long by " + std::to_string(measured.characters - measured.limit) +
                               ": it takes " + std::to_string(measured.characters) + " of " +
                               std::to_string(measured.limit) + " places, " + std::to_string(measured.pages) +
                               " pages of 15"};
    if (measured.encoding == Encoding::kGsm7 && !measured.forced_ucs2.empty()) {
        const Occurrence& first = measured.forced_ucs2.front();
        return base::invalid("character " + std::to_string(first.position + 1) + " (" +
                             name_of(first.character) + ") is not in the GSM alphabet");
    }
    switch (measured.encoding) {
        case Encoding::kGsm7:
            return encode_gsm7(*characters, options);
        case Encoding::kUcs2:
            return encode_ucs2(*characters, options);
    }
    return base::invalid("the text has no encoding");
}

base::Result<DecodedText> decode(DataCoding coding, std::span<const Page> pages) {
    const auto alphabet = alphabet_of(coding);
    if (alphabet == Alphabet::kGsm7) return decode_gsm7(coding, pages);
    if (alphabet == Alphabet::kUcs2) return decode_ucs2(coding, pages);
    return base::invalid("data coding scheme " + base::to_hex(std::array<uint8_t, 1>{coding.value()}) +
                         " is not plain text");
}

Tidied tidy(std::string_view text) {
    Tidied out;
    size_t breaks = 0;  // in a row, at the end of out.text
    const auto trim = [&out] {
        while (!out.text.empty() && out.text.back() == ' ') {
            out.text.pop_back();
            ++out.trailing_spaces_removed;
        }
    };
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
            ++out.carriage_returns_removed;
            continue;
        }
        if (text[i] != '\n') {
            if (text[i] != ' ') breaks = 0;
            out.text.push_back(text[i]);
            continue;
        }
        trim();
        if (++breaks > 2)
            ++out.line_breaks_folded;
        else
            out.text.push_back('\n');
    }
    trim();
    return out;
}

}  // namespace cbs
