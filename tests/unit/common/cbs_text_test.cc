// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/cbs/text.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "common/cbs/gsm7.h"
#include "common/cbs/utf8.h"
#include "tests/support/test.h"

namespace {

using Json = nlohmann::json;

Json vectors(const std::string& name) {
    std::ifstream file("tests/vectors/cbs/" + name);
    CHECK(file.good());
    return Json::parse(file);
}

cbs::TextOptions options_of(const Json& row) {
    cbs::TextOptions options{.language = row.value("language", "")};
    if (row.value("prefix", false)) options.prefix = cbs::LanguagePrefix::kOnEveryPage;
    if (row.value("accents", "") == "may_go") options.accents = cbs::Accents::kMayGo;
    return options;
}

std::string reason_word(cbs::Refusal reason) {
    switch (reason) {
        case cbs::Refusal::kControl:
            return "control";
        case cbs::Refusal::kDirection:
            return "direction";
        case cbs::Refusal::kEmoji:
            return "emoji";
        case cbs::Refusal::kOutsideBmp:
            return "outside_bmp";
        case cbs::Refusal::kNoCharacter:
            return "no_character";
    }
    return "";
}

Json replacement_json(const std::optional<std::string>& replacement) {
    return replacement ? Json(*replacement) : Json(nullptr);
}

Json to_json(const cbs::Measure& measure) {
    Json out{{"encoding", to_string(measure.encoding)},
             {"characters", measure.characters},
             {"limit", measure.limit},
             {"pages", measure.pages},
             {"forced_ucs2", Json::array()},
             {"refused", Json::array()}};
    for (const auto& one : measure.forced_ucs2)
        out["forced_ucs2"].push_back({{"character", cbs::to_utf8({&one.character, 1})},
                                      {"position", one.position},
                                      {"replacement", replacement_json(one.replacement)}});
    for (const auto& one : measure.refused)
        out["refused"].push_back({{"character", cbs::to_utf8({&one.character, 1})},
                                  {"position", one.position},
                                  {"reason", reason_word(one.reason)},
                                  {"replacement", replacement_json(one.replacement)}});
    return out;
}

void texts_become_the_pages_of_the_vectors_and_come_back() {
    const Json rows = vectors("pages.json");
    CHECK(rows.size() > 40);
    for (const Json& row : rows) {
        const std::string name = row["name"];
        const auto encoded = cbs::encode(row["text"].get<std::string>(), options_of(row));
        if (!encoded) test::fail_at(__FILE__, __LINE__, name + ": " + encoded.error().text);
        CHECK_EQ(name + ": coding " + std::to_string(encoded->coding.value()),
                 name + ": coding " + std::to_string(row["coding"].get<unsigned>()));
        CHECK_EQ(encoded->pages.size(), row["pages"].size());
        for (size_t i = 0; i < encoded->pages.size(); ++i) {
            CHECK_EQ(name + base::to_hex(encoded->pages[i].content),
                     name + row["pages"][i]["octets"].get<std::string>());
            CHECK_EQ(unsigned{encoded->pages[i].used}, row["pages"][i]["used"].get<unsigned>());
        }
        const auto decoded = cbs::decode(encoded->coding, encoded->pages);
        CHECK_OK(decoded);
        CHECK_EQ(decoded->text, row["text"].get<std::string>());
    }
}

void texts_take_what_the_vectors_say() {
    for (Json row : vectors("measure.json")) {
        const auto measured = cbs::measure(row["text"].get<std::string>(), options_of(row));
        CHECK_OK(measured);
        Json expected{{"forced_ucs2", row.value("forced_ucs2", Json::array())},
                      {"refused", row.value("refused", Json::array())}};
        for (const char* key : {"encoding", "characters", "limit", "pages"}) expected[key] = row[key];
        CHECK_EQ(row["name"].get<std::string>() + ": " + to_json(*measured).dump(),
                 row["name"].get<std::string>() + ": " + expected.dump());
    }
}

struct Boundary {
    const char* unit;
    size_t count;
    size_t characters;
    size_t pages;
};

void pages_end_where_they_must() {
    constexpr std::array kRows{
        Boundary{"a", 92, 92, 1},      Boundary{"a", 93, 93, 1},    Boundary{"a", 94, 94, 2},
        Boundary{"a", 186, 186, 2},    Boundary{"a", 187, 187, 3},  Boundary{"a", 1395, 1395, 15},
        Boundary{"a", 1396, 1396, 16}, Boundary{"€", 46, 92, 1},    Boundary{"€", 47, 95, 2},
        Boundary{"€", 92, 185, 2},     Boundary{"€", 93, 188, 3},   Boundary{"Ж", 41, 41, 1},
        Boundary{"Ж", 42, 42, 2},      Boundary{"Ж", 615, 615, 15}, Boundary{"Ж", 616, 616, 16},
    };
    for (const Boundary& row : kRows) {
        std::string text;
        for (size_t i = 0; i < row.count; ++i) text += row.unit;
        const auto measured = cbs::measure(text, {});
        CHECK_OK(measured);
        CHECK_EQ(measured->characters, row.characters);
        CHECK_EQ(measured->pages, row.pages);
        const auto encoded = cbs::encode(text, {});
        CHECK_EQ(static_cast<bool>(encoded), row.pages <= cbs::kMaxPages);
        if (!encoded) continue;
        CHECK_EQ(encoded->pages.size(), row.pages);
        const auto decoded = cbs::decode(encoded->coding, encoded->pages);
        CHECK_OK(decoded);
        CHECK_EQ(decoded->text, text);
    }
}

void an_extension_character_moves_to_the_next_page_whole() {
    const std::string text = std::string(92, 'x') + "€";
    const auto encoded = cbs::encode(text, {});
    CHECK_OK(encoded);
    CHECK_EQ(encoded->pages.size(), 2U);
    CHECK_EQ(unsigned{encoded->pages[0].used}, 81U);  // 92 septets
    CHECK_EQ(unsigned{encoded->pages[1].used}, 2U);
    const auto first = cbs::unpack_septets(encoded->pages[0].content, 93);
    CHECK_EQ(unsigned{first.back()}, unsigned{cbs::kSeptetCarriageReturn});
    CHECK_EQ(cbs::decode(encoded->coding, encoded->pages)->text, text);
}

void a_text_that_is_too_long_says_by_how_much() {
    const auto gsm7 = cbs::encode(std::string(1400, 'a'), {});
    CHECK(!gsm7);
    CHECK(gsm7.error().kind == base::ErrorKind::kLimit);
    CHECK_EQ(gsm7.error().text, "the text is too long by 5: it takes 1400 of 1395 places, 16 pages of 15");
    const auto prefixed =
        cbs::encode(std::string(1351, 'a'), {.language = "en", .prefix = cbs::LanguagePrefix::kOnEveryPage});
    CHECK(!prefixed);
    CHECK_EQ(prefixed.error().text,
             "the text is too long by 1: it takes 1351 of 1350 places, 16 pages of 15");
    CHECK(!cbs::measure(std::string(1396, 'a'), {})->sendable());
}

struct RefusedRow {
    const char* text;
    const char* sentence;
};

void what_may_not_be_sent_is_refused_with_a_sentence() {
    constexpr std::array kRows{
        RefusedRow{"", "the text is empty"},
        RefusedRow{
            "Fire \U0001f525",
            "character 6 (U+1F525 \U0001f525) is an emoji, which many phones cannot show; write it in words"},
        RefusedRow{"\u26a0\ufe0f flood",
                   "character 2 (U+FE0F) is an emoji, which many phones cannot show; write it in words"},
        RefusedRow{"a\rb", "character 2 (U+000D) is a control character and cannot be sent; remove it"},
        RefusedRow{"a\x7f", "character 2 (U+007F) is a control character and cannot be sent; remove it"},
        RefusedRow{
            "\u202dabc",
            "character 1 (U+202D) changes the direction of the text around it and is refused; remove it"},
        RefusedRow{
            "\U00010400",
            "character 1 (U+10400 \U00010400) cannot be sent by cell broadcast (it has no UCS-2 code); write "
            "it in another way"},
        RefusedRow{"a\ufffe", "character 2 (U+FFFE) is not a character of Unicode; remove it"},
        RefusedRow{"a\xff", "the text is not UTF-8: octet 2 is not a character"},
    };
    for (const RefusedRow& row : kRows) {
        const auto encoded = cbs::encode(row.text, {});
        CHECK(!encoded);
        CHECK_EQ(encoded.error().text, row.sentence);
    }
}

void every_embedding_and_override_is_refused_and_isolates_are_not() {
    for (const char32_t character : {0x202a, 0x202b, 0x202c, 0x202d, 0x202e})
        CHECK(cbs::refusal_of(character) == cbs::Refusal::kDirection);
    for (const char32_t character : {0x200e, 0x200f, 0x061c, 0x2066, 0x2067, 0x2068, 0x2069})
        CHECK(!cbs::refusal_of(character));
}

void the_language_prefix_needs_two_letters() {
    for (const char* language : {"", "e", "eng", "1x"}) {
        const auto encoded =
            cbs::encode("Go", {.language = language, .prefix = cbs::LanguagePrefix::kOnEveryPage});
        CHECK(!encoded);
        CHECK(encoded.error().text.find("a code of two letters") != std::string::npos);
    }
    const auto tagged = cbs::encode("Go", {.language = "PT-br", .prefix = cbs::LanguagePrefix::kOnEveryPage});
    CHECK_OK(tagged);
    CHECK_EQ(cbs::decode(tagged->coding, tagged->pages)->language.value_or(""), "pt");
}

void the_language_of_the_coding_is_told() {
    const auto encoded = cbs::encode("Hallo", {.language = "de"});
    CHECK_OK(encoded);
    CHECK_EQ(cbs::decode(encoded->coding, encoded->pages)->language.value_or(""), "de");
    CHECK(!cbs::decode(cbs::kCodingUcs2, {})->language);
}

void others_pages_are_read_with_care() {
    cbs::Page page;
    page.content = {0xd8, 0x3d, 0xdd, 0x25, 0xd8, 0x00, 0x00, 0x41};  // a pair, half a pair, A
    page.used = 200;                                                  // more than a page has
    page.content[80] = 0x00;
    page.content[81] = 0x0d;
    const auto read = cbs::decode(cbs::kCodingUcs2, std::array{page});
    CHECK_OK(read);
    CHECK(read->text.starts_with("\U0001f525\ufffdA"));
    for (const unsigned coding : {0x44U, 0x60U, 0x90U, 0xf4U}) {
        const auto other = cbs::decode(cbs::DataCoding{static_cast<uint8_t>(coding)}, std::array{page});
        CHECK(!other);
        CHECK(other.error().text.ends_with("is not plain text"));
    }
    for (const unsigned coding : {0x30U, 0x80U, 0xa0U, 0xe0U})  // reserved: read as 0x0f
        CHECK_OK(cbs::decode(cbs::DataCoding{static_cast<uint8_t>(coding)}, std::array{page}));
}

void tidying_says_what_it_changed() {
    const auto tidied = cbs::tidy("Flood  \r\n\n \n\nGo up. ");
    CHECK_EQ(tidied.text, "Flood\n\nGo up.");
    CHECK_EQ(tidied.carriage_returns_removed, 1U);
    CHECK_EQ(tidied.trailing_spaces_removed, 4U);
    CHECK_EQ(tidied.line_breaks_folded, 2U);
    CHECK(tidied.changed());
    CHECK(!cbs::tidy("  as it is\n\nhere").changed());
}

}  // namespace

GROUP(cbs_text, CASE(texts_become_the_pages_of_the_vectors_and_come_back),
      CASE(texts_take_what_the_vectors_say), CASE(pages_end_where_they_must),
      CASE(an_extension_character_moves_to_the_next_page_whole),
      CASE(a_text_that_is_too_long_says_by_how_much), CASE(what_may_not_be_sent_is_refused_with_a_sentence),
      CASE(every_embedding_and_override_is_refused_and_isolates_are_not),
      CASE(the_language_prefix_needs_two_letters), CASE(the_language_of_the_coding_is_told),
      CASE(others_pages_are_read_with_care), CASE(tidying_says_what_it_changed))
