// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/quota.h"

#include "tests/support/test.h"

namespace {

using store::Quota;
using store::Room;
using store::Space;

void the_smaller_of_quota_and_disk_decides() {
    const Quota quota{1000, 300, 50, {}};
    const struct {
        Space space;
        Room room;
    } rows[] = {
        // used, file, disk free
        {{0, 0, 5000}, Room::kPlenty},        {{700, 700, 5000}, Room::kPlenty},
        {{701, 701, 5000}, Room::kEssential}, {{950, 950, 5000}, Room::kEssential},
        {{951, 951, 5000}, Room::kNone},      {{2000, 2000, 5000}, Room::kNone},
        {{100, 100, 300}, Room::kPlenty},     {{100, 100, 299}, Room::kEssential},
        {{100, 100, 49}, Room::kNone},        {{100, 400, 0}, Room::kPlenty},  // pages to write again
        {{100, 149, 0}, Room::kNone},
    };
    for (const auto& row : rows) CHECK_EQ(quota.room(row.space), row.room);
}

void essential_tables_are_those_named_or_all() {
    const Quota named{1000, 300, 50, {"alert", "audit"}};
    CHECK(named.is_essential("audit"));
    CHECK(!named.is_essential("history"));
    CHECK(!named.is_essential("*"));
    const Quota all{1000, 300, 50, {"*"}};
    CHECK(all.is_essential("history"));
}

}  // namespace

GROUP(quota, CASE(the_smaller_of_quota_and_disk_decides), CASE(essential_tables_are_those_named_or_all))
