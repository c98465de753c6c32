// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/test_plan.h"

#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using cbe::Calendar;
using cbe::Every;

base::Instant at(const char* text) { return *base::parse_rfc3339(text); }

void of_all_identifiers_only_those_for_tests_can_be_scheduled() {
    size_t allowed = 0;
    for (unsigned number = 0; number <= 0xFFFF; ++number) {
        cbe::TestPlan plan;
        plan.name = "monthly";
        plan.kind = cbe::TestKind::kAlert;
        plan.draft.identifier = cbs::MessageIdentifier{static_cast<uint16_t>(number)};
        const bool ours = number == 4380 || number == 4381 || number == 4382 || number == 4398;
        CHECK_EQ(!cbe::check_plan(plan), ours);
        allowed += ours ? 1U : 0U;
    }
    CHECK_EQ(allowed, 4U);
}

void a_calendar_goes_to_its_next_day_and_time() {
    struct Row {
        Calendar calendar;
        const char* after;
        const char* next;
    };
    for (const Row& row : {
             Row{{Every::kDay, 1, 600min}, "2026-11-21T09:59:59Z", "2026-11-21T10:00:00Z"},
             Row{{Every::kDay, 1, 600min}, "2026-11-21T10:00:00Z", "2026-11-22T10:00:00Z"},
             Row{{Every::kWeek, 1, 600min}, "2026-11-21T10:00:00Z", "2026-11-23T10:00:00Z"},
             Row{{Every::kWeek, 7, 0min}, "2026-11-22T00:00:00Z", "2026-11-29T00:00:00Z"},
             Row{{Every::kMonth, 1, 690min}, "2026-12-01T11:30:00Z", "2027-01-01T11:30:00Z"},
             Row{{Every::kMonth, 28, 0min}, "2027-01-28T00:00:00Z", "2027-02-28T00:00:00Z"},
         })
        CHECK_EQ(base::to_rfc3339(cbe::next_after(row.calendar, at(row.after))),
                 base::to_rfc3339(at(row.next)));
}

void a_plan_needs_a_name_and_a_real_day() {
    cbe::TestPlan plan;
    CHECK(cbe::check_plan(plan)->fields.at(0).field == "name");
    plan.name = "links";
    CHECK(!cbe::check_plan(plan));
    plan.calendar = {Every::kMonth, 29, 0min};
    CHECK(cbe::check_plan(plan).has_value());
    plan.calendar = {Every::kWeek, 8, 0min};
    CHECK(cbe::check_plan(plan).has_value());
    plan.calendar = {Every::kDay, 1, 24h};
    CHECK(cbe::check_plan(plan).has_value());
}

void words_go_both_ways() {
    for (const char* word : {"day", "week", "month"}) CHECK_EQ(cbe::to_string(*cbe::every_of(word)), word);
    for (const char* word : {"link", "alert"}) CHECK_EQ(cbe::to_string(*cbe::test_kind_of(word)), word);
    CHECK(!cbe::every_of("year") && !cbe::test_kind_of("real"));
}

}  // namespace

GROUP(test_plan, CASE(of_all_identifiers_only_those_for_tests_can_be_scheduled),
      CASE(a_calendar_goes_to_its_next_day_and_time), CASE(a_plan_needs_a_name_and_a_real_day),
      CASE(words_go_both_ways))
