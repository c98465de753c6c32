// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/base/result.h"

#include <memory>
#include <string>

#include "common/base/guarded.h"
#include "common/base/strong.h"
#include "tests/support/test.h"

namespace {

using SerialNumber = base::Strong<struct SerialNumberTag, uint16_t>;
using MessageId = base::Strong<struct MessageIdTag, uint16_t>;
static_assert(!std::is_convertible_v<SerialNumber, MessageId>);
static_assert(!std::is_convertible_v<uint16_t, SerialNumber>);

base::Result<int> half(int n) {
    if (n % 2 != 0) return base::invalid(std::to_string(n) + " is odd");
    return n / 2;
}

void a_result_holds_a_value_or_an_error() {
    CHECK_EQ(*half(4), 2);
    CHECK(half(3).error().kind == base::ErrorKind::kInvalid);
    CHECK_EQ(half(3).error().within("halving").text, "halving: 3 is odd");
    CHECK_EQ(half(3).value_or(7), 7);
}

void a_value_that_only_moves_can_be_taken_out() {
    base::Result<std::unique_ptr<int>> result{std::make_unique<int>(5)};
    const std::unique_ptr<int> taken = *std::move(result);
    CHECK_EQ(*taken, 5);
}

void a_void_result_is_good_by_default() {
    CHECK(base::Result<void>{});
    CHECK(!base::Result<void>{base::refused("no")});
}

void io_errors_carry_the_systems_words() {
    CHECK_EQ(base::io_error("open /x", ENOENT).text, "open /x: No such file or directory");
}

void strong_values_compare_and_hash_like_what_they_hold() {
    CHECK(SerialNumber{3} < SerialNumber{4});
    CHECK_EQ(std::hash<SerialNumber>{}(SerialNumber{9}), std::hash<uint16_t>{}(9));
}

void guarded_data_is_reached_through_its_lock() {
    base::Guarded<std::string> guarded{"a"};
    guarded.with([](std::string& text) { text += "b"; });
    CHECK_EQ(guarded.with([](std::string& text) { return text; }), "ab");
}

}  // namespace

GROUP(result, CASE(a_result_holds_a_value_or_an_error), CASE(a_value_that_only_moves_can_be_taken_out),
      CASE(a_void_result_is_good_by_default), CASE(io_errors_carry_the_systems_words),
      CASE(strong_values_compare_and_hash_like_what_they_hold),
      CASE(guarded_data_is_reached_through_its_lock))
