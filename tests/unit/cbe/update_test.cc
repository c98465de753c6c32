// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/update.h"

#include <functional>

#include "tests/support/test.h"

namespace {

using namespace std::chrono_literals;
using cbe::AlertsAgain;
using cbe::Change;
using cbe::PeopleNeeded;

const cbe::Cell kHarbour = *cbe::parse_cell("gsm:001-01:1:6969");
const cbe::Cell kHill = *cbe::parse_cell("gsm:001-01:1:7000");

cbe::Draft before() {
    cbe::Draft draft;
    draft.channel = "level3";
    draft.messages = {{"en", "Flood."}};
    draft.area = cbe::chosen_cells({kHarbour});
    draft.duration = 1h;
    draft.broadcasts = uint16_t{30};
    return draft;
}

struct Row {
    std::function<void(cbe::Draft&)> edit;
    std::vector<Change> changes;
    PeopleNeeded needs;
    AlertsAgain again;
};

void a13_each_change_has_its_effect_on_phones_and_its_number_of_people() {
    const std::vector<Row> rows{
        {[](cbe::Draft& d) { d.messages[0].text = "Fire."; },
         {Change::kText},
         PeopleNeeded::kTwo,
         AlertsAgain::kEverybody},
        {[](cbe::Draft& d) {
             d.messages.push_back({"pt", "Cheia."});
         },
         {Change::kLanguage},
         PeopleNeeded::kTwo,
         AlertsAgain::kEverybody},
        {[](cbe::Draft& d) {
             d.area = cbe::chosen_cells({kHarbour, kHill});
         },
         {Change::kLarger},
         PeopleNeeded::kTwo,
         AlertsAgain::kNewcomers},
        {[](cbe::Draft& d) { d.area = cbe::AllCells{}; },
         {Change::kLarger},
         PeopleNeeded::kTwo,
         AlertsAgain::kNewcomers},
        {[](cbe::Draft& d) { d.area = cbe::chosen_cells({kHill}); },
         {Change::kLarger, Change::kSmaller},
         PeopleNeeded::kTwo,
         AlertsAgain::kNewcomers},
        {[](cbe::Draft& d) { d.area = cbe::chosen_cells({}); },
         {Change::kSmaller},
         PeopleNeeded::kOne,
         AlertsAgain::kNobody},
        {[](cbe::Draft& d) { d.duration = 2h; }, {Change::kLonger}, PeopleNeeded::kTwo, AlertsAgain::kNobody},
        {[](cbe::Draft& d) { d.duration = 30min; },
         {Change::kShorter},
         PeopleNeeded::kOne,
         AlertsAgain::kNobody},
        {[](cbe::Draft& d) { d.repetition_period = 120s; },
         {Change::kRarer},
         PeopleNeeded::kOne,
         AlertsAgain::kNobody},
        {[](cbe::Draft& d) { d.broadcasts = uint16_t{20}; },
         {Change::kRarer},
         PeopleNeeded::kOne,
         AlertsAgain::kNobody},
        {[](cbe::Draft& d) { d.broadcasts.reset(); },
         {Change::kOftener},
         PeopleNeeded::kTwo,
         AlertsAgain::kNobody},
        {[](cbe::Draft& d) { d.repetition_period = 30s; },
         {Change::kOftener},
         PeopleNeeded::kTwo,
         AlertsAgain::kNobody},
        {[](cbe::Draft& d) {
             d.duration = 30min;
             d.messages[0].text = "Fire.";
         },
         {Change::kText, Change::kShorter},
         PeopleNeeded::kTwo,
         AlertsAgain::kEverybody},
    };
    for (const Row& row : rows) {
        cbe::Draft after = before();
        row.edit(after);
        const auto changes = cbe::changes_between(before(), after);
        CHECK(changes == row.changes);
        CHECK(cbe::people_needed(changes) == row.needs);
        CHECK(cbe::alerts_again(changes) == row.again);
        const std::string words = cbe::in_words(changes);
        CHECK_EQ(words.find("will show it again") != std::string::npos, row.again == AlertsAgain::kEverybody);
    }
    CHECK(cbe::changes_between(before(), before()).empty());
}

void a_change_of_channel_is_no_update() {
    cbe::Draft after = before();
    CHECK(cbe::keeps_channel(before(), after));
    after.channel = "level2";
    CHECK(!cbe::keeps_channel(before(), after));
}

}  // namespace

GROUP(update, CASE(a13_each_change_has_its_effect_on_phones_and_its_number_of_people),
      CASE(a_change_of_channel_is_no_update))
