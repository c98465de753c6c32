// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Small histories whose verdict a person can see.
#include "tests/cluster/checker/search.h"

#include <algorithm>

#include "tests/support/test.h"
#include "tests/unit/checker/made.h"

namespace checker {
namespace {

constexpr auto kGood = Verdict::kLinearizable;
constexpr auto kBad = Verdict::kViolation;
constexpr int64_t kUnknown = Made::kUnknown;

void register_read_after_write_must_see_it() {
    Made good;
    good.read(0, 5, {});
    good.write(10, 20, 1);
    good.read(30, 40, 1);
    CHECK_EQ(good.verdict(), kGood);

    Made stale;
    stale.write(10, 20, 1);
    stale.write(30, 40, 2);
    stale.read(50, 60, 1);
    const Finding finding = stale.find();
    CHECK_EQ(finding.verdict, kBad);
    CHECK_EQ(finding.culprit->invoked, 50);
}

void register_lost_write_is_found() {
    Made history;
    history.write(10, 20, 1);
    history.write(30, 40, 2);
    history.write(50, 60, 3);  // acknowledged and lost
    history.cas(70, 80, 2, 4);
    CHECK_EQ(history.verdict(), kBad);
}

void register_overlapping_writes_may_come_in_either_order() {
    for (const int64_t seen : {1, 2}) {
        Made history;
        history.write(10, 30, 1);
        history.write(20, 40, 2);
        history.read(50, 60, seen);
        CHECK_EQ(history.verdict(), kGood);
    }
    Made both;
    both.write(10, 30, 1);
    both.write(20, 40, 2);
    both.read(50, 60, 1);
    both.read(70, 80, 2);
    CHECK_EQ(both.verdict(), kBad);
}

void register_new_value_once_read_stays() {
    Made history;
    history.write(0, 5, 1);
    history.write(10, 100, 2);
    history.read(20, 30, 2);
    history.read(40, 50, 1);
    CHECK_EQ(history.verdict(), kBad);
}

void register_write_of_unknown_outcome_may_come_late_or_never() {
    Made never;
    never.write(0, 5, 1);
    never.write(10, kUnknown, 2);
    never.read(20, 30, 1);
    CHECK_EQ(never.verdict(), kGood);

    Made late = never;
    late.read(1000, 1010, 2);
    CHECK_EQ(late.verdict(), kGood);

    Made twice = late;
    twice.write(1020, 1030, 3);
    twice.read(1040, 1050, 2);  // it can happen once only
    CHECK_EQ(twice.verdict(), kBad);

    Made early;
    early.write(0, 5, 1);
    early.read(10, 20, 2);
    early.write(30, kUnknown, 2);
    CHECK_EQ(early.verdict(), kBad);
}

void register_unknown_changes_may_build_on_each_other() {
    Made history;
    history.write(0, 5, 1);
    history.cas(10, kUnknown, 2, 3);
    history.write(20, kUnknown, 2);
    history.read(30, 40, 3);
    CHECK_EQ(history.verdict(), kGood);

    Made broken;
    broken.write(0, 5, 1);
    broken.cas(10, kUnknown, 2, 3);
    broken.read(30, 40, 3);
    CHECK_EQ(broken.verdict(), kBad);
}

void register_cas_refused_must_have_a_cause() {
    Made wrong;
    wrong.write(0, 5, 1);
    wrong.cas_refused(10, 20, 1, 2);
    CHECK_EQ(wrong.verdict(), kBad);

    Made right;
    right.write(0, 5, 1);
    right.write(8, kUnknown, 9);
    right.cas_refused(10, 20, 1, 2);
    CHECK_EQ(right.verdict(), kGood);
    right.read(30, 40, 1);  // but then the 9 must have been there, and nobody put the 1 back
    CHECK_EQ(right.verdict(), kBad);
}

void register_cas_from_nothing() {
    Made history;
    history.cas(0, 5, {}, 1);
    history.cas_refused(10, 20, {}, 2);
    CHECK_EQ(history.verdict(), kGood);
    history.cas(30, 40, {}, 3);
    CHECK_EQ(history.verdict(), kBad);
}

void counter_double_apply_is_found() {
    Made good;
    good.count(0, 10, 5, 5);
    good.count(20, 30, 7, 12);
    good.count_read(40, 50, 12);
    CHECK_EQ(good.verdict(), kGood);

    Made twice;
    twice.count(0, 10, 5, 5);
    twice.count(20, 30, 7, 12);
    twice.count_read(40, 50, 19);
    CHECK_EQ(twice.verdict(), kBad);
}

void counter_unknown_adds_explain_a_sum_once_each() {
    Made history;
    for (const int64_t by : {3, 5, 9, 11}) history.count(0, kUnknown, by);
    history.count(10, 20, 100, 114);
    CHECK_EQ(history.verdict(), kGood);  // 3 + 11
    history.count_read(30, 40, 123);     // + 9
    CHECK_EQ(history.verdict(), kGood);
    history.count_read(50, 60, 126);  // no 3 is left
    CHECK_EQ(history.verdict(), kBad);
}

void counter_lost_add_is_found() {
    Made history;
    history.count(0, 10, 5, 5);
    history.count(20, 30, 7, 12);
    history.count_read(40, 50, 5);
    CHECK_EQ(history.verdict(), kBad);
}

void counter_many_equal_unknown_adds_are_no_burden() {
    Made history;
    for (int64_t i = 0; i < 200; ++i) history.count(i, kUnknown, 1);
    history.count_read(1000, 1010, 100);
    history.count_read(1020, 1030, 200);
    CHECK_EQ(history.verdict(), kGood);
    history.count_read(1040, 1050, 201);
    CHECK_EQ(history.verdict(), kBad);
}

Made bank() {
    Made history;
    history.bank(0, 1, {{"x", 10}, {"y", 10}, {"z", 10}});
    return history;
}

void bank_read_sees_whole_transfers() {
    Made good = bank();
    good.transfer(10, 20, "x", "y", 4);
    good.transfer(15, 30, "y", "z", 12);
    good.bank_read(16, 25, {{"x", 6}, {"y", 14}, {"z", 10}});
    good.bank_read(40, 50, {{"x", 6}, {"y", 2}, {"z", 22}});
    CHECK_EQ(good.verdict(), kGood);

    Made stale = bank();
    stale.transfer(10, 20, "x", "y", 4);
    stale.bank_read(30, 40, {{"x", 10}, {"y", 10}, {"z", 10}});
    CHECK_EQ(stale.verdict(), kBad);

    Made twice = bank();
    twice.transfer(10, 20, "x", "y", 4);
    twice.bank_read(30, 40, {{"x", 2}, {"y", 18}, {"z", 10}});
    CHECK_EQ(twice.verdict(), kBad);
}

void bank_transfer_needs_its_money() {
    Made order = bank();
    order.transfer(10, 30, "x", "y", 20);  // only after the other one
    order.transfer(10, 40, "z", "x", 10);
    CHECK_EQ(order.verdict(), kGood);

    Made refused = bank();
    refused.transfer_refused(10, 20, "x", "y", 11);
    CHECK_EQ(refused.verdict(), kGood);
    refused.transfer_refused(30, 40, "x", "y", 10);
    CHECK_EQ(refused.verdict(), kBad);
}

void bank_unknown_transfer_may_have_happened() {
    Made history = bank();
    history.transfer(10, kUnknown, "x", "y", 3);
    history.transfer(10, kUnknown, "y", "z", 5);
    history.transfer(10, kUnknown, "z", "x", 7);
    history.bank_read(20, 30, {{"x", 17}, {"y", 5}, {"z", 8}});
    CHECK_EQ(history.verdict(), kGood);
    history.bank_read(40, 50, {{"x", 14}, {"y", 8}, {"z", 8}});
    CHECK_EQ(history.verdict(), kGood);
    history.bank_read(60, 70, {{"x", 17}, {"y", 5}, {"z", 8}});
    CHECK_EQ(history.verdict(), kBad);
}

void what_takes_too_long_is_undecided() {
    Made history;
    for (int64_t i = 0; i < 40; ++i) history.count(0, kUnknown, 1000 + i * i);
    history.count_read(10, 20, 20'000 + 1);
    Limits limits;
    limits.steps = 1000;
    CHECK_EQ(history.find(limits).verdict, Verdict::kUndecided);
}

void too_many_open_operations_are_undecided() {
    Made history;
    for (int64_t i = 0; i < 600; ++i) history.write(i, kUnknown, i);
    history.read(1000, 1010, {});
    CHECK_EQ(history.verdict(), Verdict::kUndecided);
}

void long_history_takes_no_time() {
    Made history;
    int64_t value = 0;
    for (int64_t i = 0; i < 20'000; ++i) {  // three clients that overlap, and now and then an unknown write
        history.write(i * 10, i * 10 + 15, ++value);
        if (i % 400 == 0) history.write(i * 10 + 1, kUnknown, -value);
        history.read(i * 10 + 2, i * 10 + 9, i % 2 == 0 ? value : value - 1);
    }
    const Finding finding = history.find();
    CHECK_EQ(finding.verdict, kGood);
    CHECK(finding.steps < 2'000'000);
}

}  // namespace
}  // namespace checker

using namespace checker;
GROUP(search, CASE(register_read_after_write_must_see_it), CASE(register_lost_write_is_found),
      CASE(register_overlapping_writes_may_come_in_either_order), CASE(register_new_value_once_read_stays),
      CASE(register_write_of_unknown_outcome_may_come_late_or_never),
      CASE(register_unknown_changes_may_build_on_each_other), CASE(register_cas_refused_must_have_a_cause),
      CASE(register_cas_from_nothing), CASE(counter_double_apply_is_found),
      CASE(counter_unknown_adds_explain_a_sum_once_each), CASE(counter_lost_add_is_found),
      CASE(counter_many_equal_unknown_adds_are_no_burden), CASE(bank_read_sees_whole_transfers),
      CASE(bank_transfer_needs_its_money), CASE(bank_unknown_transfer_may_have_happened),
      CASE(what_takes_too_long_is_undecided), CASE(too_many_open_operations_are_undecided),
      CASE(long_history_takes_no_time))
