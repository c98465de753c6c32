// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/base/uuid.h"

#include "tests/support/test.h"

namespace {

using base::Uuid;

void version_7_has_time_version_and_variant() {
    // The example of RFC 9562 appendix A.6.
    const std::array<uint8_t, 10> random{0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f};
    CHECK_EQ(Uuid::v7(0x017F22E279B0, random).text(), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

void text_goes_both_ways_in_either_case() {
    CHECK_EQ(Uuid::parse("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")->text(),
             "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    for (const char* wrong :
         {"", "017f22e2", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2+79b0-7cc3-98c4-dc0c0c07398f",
          "g17f22e2-79b0-7cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07 98f"})
        CHECK(!Uuid::parse(wrong));
}

void later_ones_sort_later_and_none_is_twice() {
    CHECK(base::new_uuid(1000) < base::new_uuid(1001));
    CHECK(base::new_uuid(1000) != base::new_uuid(1000));
}

}  // namespace

GROUP(uuid, CASE(version_7_has_time_version_and_variant), CASE(text_goes_both_ways_in_either_case),
      CASE(later_ones_sort_later_and_none_is_twice))
