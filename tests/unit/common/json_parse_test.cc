// SPDX-License-Identifier: AGPL-3.0-or-later
#include <nlohmann/json.hpp>

#include "common/json/parse.h"
#include "tests/support/test.h"

namespace {

bool mentions(const base::Error& error, std::string_view what) {
    return error.text.find(what) != std::string::npos;
}

void values_of_every_kind_are_read() {
    const auto value = json::parse(R"({"a":[1,-2,2.5,"x",true,null,{}],"b":{"c":[]}})");
    CHECK_OK(value);
    CHECK_EQ(value->dump(), R"({"a":[1,-2,2.5,"x",true,null,{}],"b":{"c":[]}})");
    CHECK_EQ(json::parse("7")->dump(), "7");
}

void broken_text_is_refused_with_line_and_column() {
    const auto broken = json::parse("{\n  \"a\": 1,\n  \"b\": ]\n}");
    CHECK(!broken);
    CHECK(broken.error().kind == base::ErrorKind::kInvalid);
    CHECK(mentions(broken.error(), "line 3, column 8"));
    for (const char* text : {"", "{", "[1,]", "{\"a\":1}x", "\"\\ud800\"", "\"\xff\"", "nul", "01", "1e999"})
        CHECK(!json::parse(text));
}

void a_member_that_appears_twice_is_refused() {
    const auto twice = json::parse(R"({"x":{"text":"a","text":"b"}})");
    CHECK(!twice);
    CHECK(mentions(twice.error(), "\"text\" appears twice"));
    CHECK_OK(json::parse(R"([{"text":"a"},{"text":"b"}])"));
}

void depth_is_bounded() {
    CHECK_OK(json::parse("[[[]]]", {.depth = 3}));
    const auto deep = json::parse(R"([{"a":[[]]}])", {.depth = 3});
    CHECK(!deep);
    CHECK(deep.error().kind == base::ErrorKind::kLimit);
    CHECK(!json::parse(std::string(1'000'000, '[')));
}

void the_number_of_values_is_bounded() {
    CHECK_OK(json::parse("[1,2,3]", {.values = 4}));
    CHECK(json::parse("[1,2,3]", {.values = 3}).error().kind == base::ErrorKind::kLimit);
    CHECK(json::parse("[[],[],[]]", {.values = 3}).error().kind == base::ErrorKind::kLimit);
}

void our_own_text_is_written_even_when_it_is_not_utf8() {
    CHECK_EQ(json::dump(nlohmann::json("a\xff")), "\"a\xef\xbf\xbd\"");
}

}  // namespace

GROUP(json_parse, CASE(values_of_every_kind_are_read), CASE(broken_text_is_refused_with_line_and_column),
      CASE(a_member_that_appears_twice_is_refused), CASE(depth_is_bounded),
      CASE(the_number_of_values_is_bounded), CASE(our_own_text_is_written_even_when_it_is_not_utf8))
