// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/lease.h"

#include "tests/support/test.h"

namespace {

using namespace cbc;
using Is = LeaseRow::Is;

bool fits(Is wanted, bool is) { return wanted == Is::kAny || (wanted == Is::kYes) == is; }

void every_situation_has_one_row_and_every_row_a_situation() {
    std::array<size_t, kLeaseRows.size()> used{};
    for (unsigned bits = 0; bits < 64; ++bits) {
        const auto bit = [&](unsigned at) { return (bits >> at & 1U) != 0; };
        size_t rows = 0;
        for (size_t i = 0; i < kLeaseRows.size(); ++i) {
            const LeaseRow& row = kLeaseRows[i];
            const bool fit = fits(row.link, bit(0)) && fits(row.heard, bit(1)) &&
                             fits(row.twin_link, bit(2)) && fits(row.twin_writes, bit(3)) &&
                             fits(row.we_write, bit(4)) && fits(row.preferred, bit(5));
            if (!fit) continue;
            ++rows;
            ++used[i];
            const LeaseChoice choice = lease_choice({bit(0), bit(4)}, bit(1), {bit(2), bit(3)},
                                                    bit(5) ? Preferred::kHere : Preferred::kTwin);
            CHECK_EQ(to_string(choice), to_string(row.choice));
        }
        CHECK_EQ(rows, 1U);
    }
    for (const size_t count : used) CHECK(count > 0);
}

void without_word_of_the_twin_whoever_has_a_link_writes() {
    CHECK(lease_choice({true, false}, false, {}, Preferred::kTwin) == LeaseChoice::kWrite);
    CHECK(lease_choice({false, false}, false, {}, Preferred::kHere) == LeaseChoice::kStandBy);
}

void who_writes_goes_on_even_if_the_other_one_is_preferred() {
    CHECK(lease_choice({true, true}, true, {true, false}, Preferred::kTwin) == LeaseChoice::kWrite);
    CHECK(lease_choice({true, false}, true, {true, true}, Preferred::kHere) == LeaseChoice::kStandBy);
}

void of_two_that_write_one_yields() {
    CHECK(lease_choice({true, true}, true, {true, true}, Preferred::kHere) == LeaseChoice::kWrite);
    CHECK(lease_choice({true, true}, true, {true, true}, Preferred::kTwin) == LeaseChoice::kYield);
}

}  // namespace

GROUP(lease, CASE(every_situation_has_one_row_and_every_row_a_situation),
      CASE(without_word_of_the_twin_whoever_has_a_link_writes),
      CASE(who_writes_goes_on_even_if_the_other_one_is_preferred), CASE(of_two_that_write_one_yields))
