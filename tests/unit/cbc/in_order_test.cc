// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/api/in_order.h"

#include <string>

#include "tests/support/test.h"

namespace {

using cbc::InOrder;

struct Bench {
    InOrder order;
    std::string done;

    void ready(const InOrder::PlacePtr& place, const char* what) {
        order.ready(place, [this, what] { done += what; });
    }
};

void what_is_ready_first_waits_for_what_came_before() {
    Bench bench;
    const auto first = bench.order.enter();
    const auto second = bench.order.enter();
    const auto third = bench.order.enter();
    bench.ready(second, "2");
    CHECK_EQ(bench.done, std::string(""));
    bench.ready(first, "1");
    CHECK_EQ(bench.done, std::string("12"));
    CHECK(!bench.order.empty());
    bench.ready(third, "3");
    CHECK_EQ(bench.done, std::string("123"));
    CHECK(bench.order.empty());
}

void what_enters_while_another_finishes_comes_after_it() {
    Bench bench;
    const auto first = bench.order.enter();
    bench.order.ready(first, [&] {
        bench.done += "1";
        bench.ready(bench.order.enter(), "2");
    });
    CHECK_EQ(bench.done, std::string("12"));
}

}  // namespace

GROUP(in_order, CASE(what_is_ready_first_waits_for_what_came_before),
      CASE(what_enters_while_another_finishes_comes_after_it))
