// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/cbs/gsm7.h"

#include <numeric>

#include "common/cbs/utf8.h"
#include "tests/support/test.h"

namespace {

std::vector<uint8_t> septets_of(std::u32string_view characters) {
    std::vector<uint8_t> out;
    for (const char32_t character : characters) {
        const auto code = cbs::gsm7_of(character);
        CHECK(code.has_value());
        out.insert(out.end(), code->septets.begin(), code->septets.begin() + code->count);
    }
    return out;
}

void every_code_of_the_alphabet_comes_back() {
    for (unsigned code = 0; code < 128; ++code) {
        if (code == cbs::kSeptetEscape) continue;
        const std::vector<uint8_t> septet{static_cast<uint8_t>(code)};
        const auto characters = cbs::characters_of(septet);
        CHECK_EQ(characters.size(), 1U);
        CHECK(septets_of({characters.data(), 1}) == septet);
    }
}

void every_character_of_the_extension_table_is_escape_and_a_code() {
    for (const char32_t character : U"^{}\\[]~|€\f") {
        if (character == U'\0') continue;
        const auto code = cbs::gsm7_of(character);
        CHECK(code.has_value());
        CHECK_EQ(unsigned{code->count}, 2U);
        CHECK_EQ(unsigned{code->septets[0]}, unsigned{cbs::kSeptetEscape});
        CHECK_EQ(cbs::characters_of(code->septets).at(0), character);
    }
}

void what_the_alphabet_does_not_have_has_no_code() {
    for (const char32_t character : {U'\x1b', U'\t', U'`', U'ç', U'á', U'–', U'Б', U'😀', U'\0'})
        CHECK(!cbs::gsm7_of(character));
}

// TS 23.038 §6.2.1: a receiver that doesn't know the code shows the default alphabet's character.
void an_unknown_escape_shows_the_plain_character() {
    const std::vector<uint8_t> unknown{0x1b, 0x41};
    CHECK(cbs::characters_of(unknown) == std::vector<char32_t>{U'A'});
    const std::vector<uint8_t> twice{0x1b, 0x1b, 0x41};
    CHECK((cbs::characters_of(twice) == std::vector<char32_t>{U' ', U'A'}));
    const std::vector<uint8_t> cut{0x41, 0x1b};
    CHECK((cbs::characters_of(cut) == std::vector<char32_t>{U'A', U' '}));
}

void septets_are_packed_least_significant_bit_first() {
    CHECK_EQ(base::to_hex(cbs::pack_septets(septets_of(U"Test"))), "d4f29c0e");
    CHECK_EQ(base::to_hex(cbs::pack_septets(septets_of(U"Emergency!!"))), "c576597e2ebbc7f95008");
    CHECK(cbs::pack_septets({}).empty());
}

void packing_and_unpacking_agree_at_every_length() {
    for (size_t count = 0; count <= 93; ++count) {
        std::vector<uint8_t> septets(count);
        std::iota(septets.begin(), septets.end(), uint8_t{17});
        const auto packed = cbs::pack_septets(septets);
        CHECK_EQ(packed.size(), (count * 7 + 7) / 8);
        CHECK(cbs::unpack_septets(packed, count) == septets);
    }
}

void unpacking_never_reads_past_the_octets() {
    const base::Bytes octets{0xff, 0xff};
    CHECK_EQ(cbs::unpack_septets(octets, 93).size(), 2U);
    CHECK(cbs::unpack_septets({}, 5).empty());
}

void utf8_is_read_strictly() {
    const std::string good = "a\u00e9\u20ac\U0001f525";
    const auto characters = cbs::from_utf8(good);
    CHECK_OK(characters);
    CHECK(*characters == U"a\u00e9\u20ac\U0001f525");
    CHECK_EQ(cbs::to_utf8(*characters), good);
    for (const char* bad : {"\x80", "a\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                            "\xff", "\xe2\x82", "\xf0\x9f\x94", "\xc3("})
        CHECK(!cbs::from_utf8(bad));
    CHECK_EQ(cbs::from_utf8("ab\xff").error().text, "the text is not UTF-8: octet 3 is not a character");
}

void what_is_not_a_scalar_value_is_written_as_the_replacement_character() {
    const char32_t lone = 0xd800;
    CHECK_EQ(cbs::to_utf8({&lone, 1}), "\xef\xbf\xbd");
}

}  // namespace

GROUP(cbs_gsm7, CASE(every_code_of_the_alphabet_comes_back),
      CASE(every_character_of_the_extension_table_is_escape_and_a_code),
      CASE(what_the_alphabet_does_not_have_has_no_code), CASE(an_unknown_escape_shows_the_plain_character),
      CASE(septets_are_packed_least_significant_bit_first), CASE(packing_and_unpacking_agree_at_every_length),
      CASE(unpacking_never_reads_past_the_octets), CASE(utf8_is_read_strictly),
      CASE(what_is_not_a_scalar_value_is_written_as_the_replacement_character))
