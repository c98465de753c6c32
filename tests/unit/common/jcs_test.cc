// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/json/jcs.h"

#include <nlohmann/json.hpp>

#include "common/json/parse.h"
#include "tests/support/test.h"

namespace {

std::string canonical_of(std::string_view text) {
    const auto value = json::parse(text);
    CHECK_OK(value);
    const auto form = json::canonical(*value);
    CHECK_OK(form);
    return *form;
}

// RFC 8785 §3.2.3, the example of sorting.
void names_sort_by_utf16_code_units() {
    const std::string form = canonical_of(
        R"({"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
            "\u00f6": "Latin Small Letter O With Diaeresis"})");
    CHECK_EQ(form,
             "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
             "\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\","
             "\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\","
             "\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
}

// RFC 8785 §3.2.2.2 and the "string" and "literals" members of its §3.2.4 example.
void strings_take_the_shortest_escape() {
    CHECK_EQ(canonical_of(R"({"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"})"),
             "{\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    CHECK_EQ(canonical_of(R"("\b\t\n\f\r\u0000\u001f\u007f")"), "\"\\b\\t\\n\\f\\r\\u0000\\u001f\x7f\"");
    CHECK_EQ(canonical_of(R"({ "literals": [null, true, false] })"), R"({"literals":[null,true,false]})");
}

void integers_are_plain_and_bounded() {
    CHECK_EQ(canonical_of("[0, -0, 9007199254740991, -9007199254740991, 4370]"),
             "[0,0,9007199254740991,-9007199254740991,4370]");
    for (const char* text : {"9007199254740992", "-9007199254740992", "18446744073709551615", "1.5", "1e3"})
        CHECK(!json::canonical(*json::parse(text)));
}

void nesting_and_emptiness_are_kept() {
    CHECK_EQ(canonical_of(R"({"b": [ ], "a": { }, "": [{"d":1,"c":[[]]}]})"),
             R"({"":[{"c":[[]],"d":1}],"a":{},"b":[]})");
}

void text_that_is_not_utf8_is_refused() {
    CHECK(!json::canonical(nlohmann::json("\xff")));
    CHECK(!json::canonical(nlohmann::json("\xed\xa0\x80")));  // a surrogate
    CHECK(!json::canonical(nlohmann::json("\xc0\xaf")));      // overlong
    CHECK(!json::canonical(nlohmann::json({{"\xe2\x82", 1}})));
}

// FIPS 180-4's examples.
void sha256_is_lower_case_hexadecimal() {
    CHECK_EQ(json::sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK_EQ(json::sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

void the_digest_does_not_depend_on_spelling() {
    const auto one = json::digest(*json::parse(R"({"a":"\u00e9","b":1})"));
    const auto other = json::digest(*json::parse("{ \"b\": 1,\n \"a\": \"\xc3\xa9\" }"));
    CHECK_OK(one);
    CHECK_EQ(*one, *other);
    CHECK(*one != *json::digest(*json::parse(R"({"a":"\u00e9","b":2})")));
}

}  // namespace

GROUP(jcs, CASE(names_sort_by_utf16_code_units), CASE(strings_take_the_shortest_escape),
      CASE(integers_are_plain_and_bounded), CASE(nesting_and_emptiness_are_kept),
      CASE(text_that_is_not_utf8_is_refused), CASE(sha256_is_lower_case_hexadecimal),
      CASE(the_digest_does_not_depend_on_spelling))
