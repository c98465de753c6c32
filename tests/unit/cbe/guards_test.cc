// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/guards.h"

#include "tests/unit/cbe/office.h"

namespace {

using namespace std::chrono_literals;
using test::kNow;
using test::Office;

void c25_sameness_is_the_share_of_common_pairs_of_characters() {
    CHECK_EQ(cbe::sameness("Flood.", "Flood."), 1.0);
    CHECK_EQ(cbe::sameness("night", "nacht"), 0.25);  // "ht" of four and four
    CHECK_EQ(cbe::sameness("", "Flood."), 0.0);
    CHECK(cbe::sameness("Flood in the harbour until 22:00. Go uphill.",
                        "Flood in the harbour until 23:00. Go uphill.") > cbe::kSameText);
    CHECK(cbe::sameness("Flood in the harbour.", "Fire in the old town.") < cbe::kSameText);
    // Languages without spaces are compared like any other; nothing is cut inside of a character.
    CHECK(cbe::sameness("洪水警报，请立即前往高处避难", "洪水警报，请马上前往高处避难") > 0.6);
    CHECK_EQ(cbe::sameness("洪水", "洪火"), 0.0);
}

void c25_the_same_words_on_the_same_channel_for_the_same_place_are_a_duplicate() {
    Office office;
    const cbe::Alert live = office.live();
    cbe::Alert draft = office.draft();
    CHECK(cbe::is_duplicate(draft, live, kNow));
    CHECK(!cbe::is_duplicate(live, live, kNow));
    cbe::Alert other = draft;
    other.draft.channel = "level4";
    CHECK(!cbe::is_duplicate(other, live, kNow));
    other = draft;
    other.chain = live.chain;  // an update of it
    CHECK(!cbe::is_duplicate(other, live, kNow));
    other = draft;
    other.draft.messages[0].text = "Something else altogether";
    CHECK(!cbe::is_duplicate(other, live, kNow));
    // An hour of its own and an hour after that.
    CHECK(cbe::is_duplicate(draft, live, kNow + 2h - 1s));
    CHECK(!cbe::is_duplicate(draft, live, kNow + 2h));
}

void c25_areas_overlap_when_they_share_a_cell() {
    const auto harbour = cbe::chosen_cells({Office::harbour()});
    const auto hill = cbe::chosen_cells({Office::hill()});
    CHECK(!cbe::overlap(harbour, hill));
    CHECK(cbe::overlap(harbour, cbe::chosen_cells({Office::hill(), Office::harbour()})));
    CHECK(cbe::overlap(cbe::AllCells{}, hill));
}

void c24_live_approvals_of_the_last_ten_minutes_are_counted() {
    Office office;
    std::vector<cbe::Alert> alerts{office.approved(), office.approved(), office.draft()};
    CHECK_EQ(cbe::approved_lately(alerts, kNow), 2U);
    CHECK_EQ(cbe::approved_lately(alerts, kNow + 10min), 0U);
    alerts[0].mode = cbe::Mode::kTraining;
    CHECK_EQ(cbe::approved_lately(alerts, kNow), 1U);
}

}  // namespace

GROUP(guards, CASE(c25_sameness_is_the_share_of_common_pairs_of_characters),
      CASE(c25_the_same_words_on_the_same_channel_for_the_same_place_are_a_duplicate),
      CASE(c25_areas_overlap_when_they_share_a_cell),
      CASE(c24_live_approvals_of_the_last_ten_minutes_are_counted))
