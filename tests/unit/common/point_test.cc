// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/geo/point.h"

#include "tests/support/test.h"

namespace {

using geo::parse_degrees;

void decimal_degrees_are_read_exactly() {
    CHECK_EQ(*parse_degrees("38.7223", geo::kLatitudeMost), 387'223'000);
    CHECK_EQ(*parse_degrees("-9.1393001", geo::kLongitudeMost), -91'393'001);
    CHECK_EQ(*parse_degrees("-0.0000001", geo::kLongitudeMost), -1);
    CHECK_EQ(*parse_degrees("180", geo::kLongitudeMost), 1'800'000'000);
    CHECK_EQ(*parse_degrees("-180.0", geo::kLongitudeMost), -1'800'000'000);
    CHECK_EQ(*parse_degrees("1.12345679999", geo::kLatitudeMost), 11'234'567);
}

void what_is_not_decimal_degrees_is_refused() {
    for (const char* text : {"", "-", ".", ".5", "+1", "1e3", "0x1", "38,7", "38.7N", " 1", "1 ", "--1",
                             "1.-2", "1234", "1.1234567890123", "nan"})
        CHECK(!parse_degrees(text, geo::kLatitudeMost));
    CHECK(!parse_degrees("90.0000001", geo::kLatitudeMost));
    CHECK(!parse_degrees("-180.1", geo::kLongitudeMost));
}

void points_are_shown_as_people_write_them() {
    CHECK_EQ(geo::text_of({387'223'000, -91'393'000}), "38.7223, -9.1393");
    CHECK_EQ(geo::text_of({-1, 1'800'000'000}), "-0.0000001, 180.0");
    CHECK_EQ(geo::text_of({INT32_MIN, 0}), "-214.7483648, 0.0");
}

void a_point_off_the_globe_is_known() {
    CHECK(geo::on_globe({geo::kLatitudeMost, -geo::kLongitudeMost}));
    CHECK(!geo::on_globe({geo::kLatitudeMost + 1, 0}));
    CHECK(!geo::on_globe({0, INT32_MIN}));
}

}  // namespace

GROUP(point, CASE(decimal_degrees_are_read_exactly), CASE(what_is_not_decimal_degrees_is_refused),
      CASE(points_are_shown_as_people_write_them), CASE(a_point_off_the_globe_is_known))
