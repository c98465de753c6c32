// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/record.h"

#include <nlohmann/json.hpp>

#include "tests/support/test.h"

namespace {

using store::decode_record;
using store::encode_record;
using store::Json;
using store::RecordVersion;

base::Result<std::string> text_of(std::string_view bytes, RecordVersion newest = 2) {
    return decode_record<std::string>(bytes, newest, [](RecordVersion version, const Json& json) {
        return json.at(version == 1 ? "t" : "text").get<std::string>();
    });
}

void a_record_goes_both_ways_in_each_version() {
    CHECK_EQ(*text_of(encode_record(1, {{"t", "one"}})), "one");
    CHECK_EQ(*text_of(encode_record(2, {{"text", "ثلاثة"}})), "ثلاثة");
    CHECK_EQ(encode_record(2, {{"text", "x"}}), "\x02{\"text\":\"x\"}");
}

void what_is_not_a_record_is_corrupt() {
    const std::string good = encode_record(2, {{"text", "x"}});
    for (size_t length = 0; length < good.size(); ++length) {
        const auto cut = text_of(good.substr(0, length));
        CHECK(!cut);
        CHECK_EQ(cut.error().kind, base::ErrorKind::kCorrupt);
    }
    for (const std::string& wrong :
         {encode_record(3, {{"text", "x"}}), std::string(1, '\0') + "{}", encode_record(2, {{"text", 7}}),
          encode_record(2, {{"other", "x"}}), encode_record(2, Json::array())}) {
        const auto decoded = text_of(wrong);
        CHECK(!decoded);
        CHECK_EQ(decoded.error().kind, base::ErrorKind::kCorrupt);
    }
    CHECK(text_of(encode_record(3, {})).error().text.find("version 3") != std::string::npos);
}

void the_readers_own_error_comes_through() {
    const auto refused = decode_record<int>(
        encode_record(1, {}), 1,
        [](RecordVersion, const Json&) -> base::Result<int> { return base::conflict("mine"); });
    CHECK_EQ(refused.error().text, "mine");
}

}  // namespace

GROUP(record, CASE(a_record_goes_both_ways_in_each_version), CASE(what_is_not_a_record_is_corrupt),
      CASE(the_readers_own_error_comes_through))
