// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Tests that repeat by calendar. A plan can only ever ask for the identifiers that phones take for tests:
// 4380, 4381, 4382 and 4398 (TS 23.041 §9.4.1.2.2). Anything else is refused when a plan is made, and again
// by the scheduler when it is due, whatever a row of the store says.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cbe/domain/alert.h"
#include "cbe/domain/refusal.h"
#include "common/cbs/message_identifier.h"

namespace cbe {

bool may_be_scheduled(cbs::MessageIdentifier identifier);

// A link test asks each broadcast centre whether its network elements answer; no phone gets anything.
enum class TestKind { kLink, kAlert };
std::string_view to_string(TestKind kind);
std::optional<TestKind> test_kind_of(std::string_view word);

enum class Every { kDay, kWeek, kMonth };
std::string_view to_string(Every every);
std::optional<Every> every_of(std::string_view word);

// In UTC. kDay: at this time every day; kWeek: on `day` 1 (Monday) to 7; kMonth: on `day` 1 to 28.
struct Calendar {
    Every every = Every::kMonth;
    uint8_t day = 1;
    std::chrono::minutes at{0};  // after midnight
    friend bool operator==(const Calendar&, const Calendar&) = default;
};
// The first moment of the calendar that is later than `after`.
base::Instant next_after(const Calendar& calendar, base::Instant after);

struct TestPlan {
    base::Uuid id;
    std::string name;
    TestKind kind = TestKind::kLink;
    Calendar calendar;
    Draft draft;  // kAlert: what is to be written; kLink: not used
    UserId by;
    uint32_t version = 1;
    base::Instant made{};
    std::optional<base::Instant> last;  // when it was due last and done
    std::string result;                 // of that time, in words
};

// None: it can be kept, and run.
std::optional<Refusal> check_plan(const TestPlan& plan);

}  // namespace cbe
