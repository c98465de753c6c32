// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/test_plan.h"

#include <algorithm>
#include <array>

namespace cbe {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::array<uint16_t, 4> kForTests{4380, 4381, 4382, 4398};
constexpr std::chrono::minutes kDay{24 * 60};

bool is_day_of(const Calendar& calendar, sys_days day) {
    switch (calendar.every) {
        case Every::kDay:
            return true;
        case Every::kWeek:
            return std::chrono::weekday{day}.iso_encoding() == calendar.day;
        case Every::kMonth:
            return static_cast<unsigned>(year_month_day{day}.day()) == calendar.day;
    }
    return false;
}

Refusal invalid(std::string field, const std::string& why) {
    return {RefusalCode::kInvalid, "Nothing was saved: " + why, {{std::move(field), why}}};
}

}  // namespace

bool may_be_scheduled(cbs::MessageIdentifier identifier) {
    return std::find(kForTests.begin(), kForTests.end(), identifier.value()) != kForTests.end();
}

std::string_view to_string(TestKind kind) { return kind == TestKind::kLink ? "link" : "alert"; }

std::optional<TestKind> test_kind_of(std::string_view word) {
    for (const TestKind kind : {TestKind::kLink, TestKind::kAlert})
        if (to_string(kind) == word) return kind;
    return {};
}

std::string_view to_string(Every every) {
    switch (every) {
        case Every::kDay:
            return "day";
        case Every::kWeek:
            return "week";
        case Every::kMonth:
            return "month";
    }
    return "unknown";
}

std::optional<Every> every_of(std::string_view word) {
    for (const Every every : {Every::kDay, Every::kWeek, Every::kMonth})
        if (to_string(every) == word) return every;
    return {};
}

base::Instant next_after(const Calendar& calendar, base::Instant after) {
    const sys_days first = std::chrono::floor<days>(after);
    // A month has its day 1 to 28 once: 31 days and today are enough for every calendar.
    for (int i = 0; i <= 32; ++i) {
        const sys_days day = first + days{i};
        const base::Instant at = day + calendar.at;
        if (is_day_of(calendar, day) && at > after) return at;
    }
    return base::Instant::max();
}

std::optional<Refusal> check_plan(const TestPlan& plan) {
    if (plan.name.empty()) return invalid("name", "a plan needs a name.");
    const Calendar& calendar = plan.calendar;
    const uint8_t last_day = calendar.every == Every::kWeek ? 7 : calendar.every == Every::kMonth ? 28 : 1;
    if (calendar.day < 1 || calendar.day > last_day)
        return invalid("calendar/day", "the day must be from 1 to " + std::to_string(last_day) + ".");
    if (calendar.at < std::chrono::minutes{0} || calendar.at >= kDay)
        return invalid("calendar/at", "the time must be a time of the day.");
    if (plan.kind == TestKind::kAlert && !may_be_scheduled(plan.draft.identifier))
        return invalid("message_identifier",
                       "message identifier " + std::to_string(plan.draft.identifier.value()) + " (" +
                           std::string(cbs::meaning(plan.draft.identifier)) +
                           ") is not for tests. Scheduled tests use 4380, 4381, 4382 or 4398 only.");
    return {};
}

}  // namespace cbe
