// SPDX-License-Identifier: AGPL-3.0-or-later
#include <nlohmann/json.hpp>

#include "common/json/object.h"
#include "common/json/parse.h"
#include "tests/support/test.h"

namespace {

void members_are_read_by_type() {
    const auto value = *json::parse(R"({"name":"ana","code":7,"on":true,"mode":"live","tags":["a","b"],
                                        "area":{"kind":"all"},"cells":[{"ci":1},{"ci":2}]})");
    json::Problems problems;
    json::Object body(value, problems);
    CHECK_EQ(body.string("name", {.max = 64}), "ana");
    CHECK_EQ(body.integer("code", {.min = 0, .max = 65535}), 7);
    CHECK(body.boolean("on"));
    CHECK_EQ(body.one_of("mode", {"training", "live"}), 1U);
    CHECK_EQ(body.strings("tags", {.max = 2}, {.max = 1}).size(), 2U);
    CHECK_EQ(body.object("area").string("kind", {}), "all");
    int64_t sum = 0;
    body.objects("cells", {.max = 10}, [&](json::Object& cell) { sum += cell.integer("ci", {}); });
    CHECK_EQ(sum, 3);
    CHECK(!body.optional_string("note", {}));
    body.no_others();
    CHECK_EQ(problems.text(), "");
}

void every_mistake_is_reported_with_its_pointer() {
    const auto value = *json::parse(R"({"name":"","code":65536,"on":1,"mode":"loud","when":2.5,
                                        "cells":[{"ci":"x"},3]})");
    json::Problems problems;
    json::Object body(value, problems);
    body.string("name", {.max = 64});
    body.integer("code", {.min = 0, .max = 65535});
    body.boolean("on");
    body.one_of("mode", {"training", "live"});
    body.integer("when", {});
    body.objects("cells", {.max = 10}, [](json::Object& cell) { cell.integer("ci", {.min = 1}); });
    body.string("digest", {});
    CHECK_EQ(problems.text(),
             "/name must not be empty; /code must be an integer from 0 to 65535; /on must be true or false; "
             "/mode must be one of \"training\", \"live\"; /when must be an integer from 0 up; "
             "/cells/0/ci must be an integer from 1 up; /cells/1 must be an object; /digest is missing");
}

void unknown_members_name_what_was_meant() {
    const auto value = *json::parse(R"({"langauge":"en","a/b":1})");
    json::Problems problems;
    json::Object body(value, problems);
    body.optional_string("language", {});
    body.no_others();
    CHECK_EQ(problems.text(), "/a~1b is not known; /langauge is not known; \"language\" was meant?");
}

void a_wrong_shape_is_reported_once() {
    const auto value = *json::parse(R"({"area":[]})");
    json::Problems problems;
    json::Object body(value, problems);
    auto area = body.object("area");
    area.string("kind", {});
    area.no_others();
    CHECK_EQ(problems.text(), "/area must be an object");
    json::Problems others;
    json::Object(*json::parse("[1]"), others).string("a", {});
    CHECK_EQ(others.text(), "the body must be an object");
}

void lengths_count_characters_not_octets() {
    const auto value = *json::parse("{\"a\":\"\xc3\xa9\xc3\xa9\",\"b\":\"\xc3\xa9\xc3\xa9\xc3\xa9\"}");
    json::Problems problems;
    json::Object body(value, problems);
    CHECK_EQ(body.string("a", {.max = 2}).size(), 4U);
    body.string("b", {.max = 2});
    CHECK_EQ(problems.text(), "/b is longer than 2 characters (3)");
}

void null_counts_as_missing() {
    const auto value = *json::parse(R"({"n":null})");
    json::Problems problems;
    json::Object body(value, problems);
    CHECK(!body.optional_integer("n", {}));
    body.integer("n", {});
    CHECK_EQ(problems.text(), "/n is missing");
}

}  // namespace

GROUP(json_object, CASE(members_are_read_by_type), CASE(every_mistake_is_reported_with_its_pointer),
      CASE(unknown_members_name_what_was_meant), CASE(a_wrong_shape_is_reported_once),
      CASE(lengths_count_characters_not_octets), CASE(null_counts_as_missing))
