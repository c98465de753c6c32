// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/checker/ids.h"

#include "tests/support/test.h"
#include "tests/unit/checker/made.h"

namespace checker {
namespace {

size_t faults(const Made& made) { return check_ids(made.operations(), 0).size(); }

void ids_given_once_and_read_later_are_good() {
    Made made;
    made.id(0, 10, 1);
    made.id(5, 20, 2);
    made.ids_read(6, 15, {1});
    made.ids_read(30, 40, {1, 2});
    CHECK_EQ(faults(made), 0U);
}

void id_given_twice_is_found() {
    Made made;
    made.id(0, 10, 1);
    made.id(20, 30, 1);
    CHECK_EQ(faults(made), 1U);
}

void id_missing_in_a_later_reading_is_found() {
    Made made;
    made.id(0, 10, 1);
    made.id(12, 20, 2);
    made.ids_read(30, 40, {1});
    CHECK_EQ(faults(made), 1U);
}

void id_that_disappears_is_found() {
    Made made;
    made.id(0, 100, 1);
    made.id(0, 100, 2);
    made.ids_read(10, 20, {1});
    made.ids_read(30, 40, {2, 3});
    CHECK(faults(made) > 0);
}

void reading_that_goes_back_is_found() {
    Made made;
    made.id(0, 100, 1);
    made.ids_read(10, 20, {1});
    made.ids_read(30, 40, {});
    CHECK(faults(made) > 0);
}

void id_read_before_it_was_asked_for_is_found() {
    Made made;
    made.ids_read(0, 10, {1});
    made.id(20, 30, 1);
    CHECK_EQ(faults(made), 1U);
}

void strange_id_needs_a_request_of_unknown_outcome() {
    Made made;
    made.id(0, 10, 1);
    made.ids_read(20, 30, {1, 2});
    CHECK_EQ(faults(made), 1U);
    made.id(15, Made::kUnknown);
    CHECK_EQ(faults(made), 0U);
    made.ids_read(40, 50, {1, 2, 3});  // one request, two ids
    CHECK_EQ(faults(made), 1U);
}

}  // namespace
}  // namespace checker

using namespace checker;
GROUP(ids, CASE(ids_given_once_and_read_later_are_good), CASE(id_given_twice_is_found),
      CASE(id_missing_in_a_later_reading_is_found), CASE(id_that_disappears_is_found),
      CASE(reading_that_goes_back_is_found), CASE(id_read_before_it_was_asked_for_is_found),
      CASE(strange_id_needs_a_request_of_unknown_outcome))
