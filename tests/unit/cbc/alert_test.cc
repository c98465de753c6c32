// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/domain/alert.h"

#include <functional>

#include "tests/support/cbc.h"
#include "tests/support/geo_places.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;
using test::gsm_cell;

const PlaceSet kArea{gsm_cell(1, 100), gsm_cell(1, 101)};

Content sample() { return test::content_for(1, base::FakeClock{}.now(), kArea); }

struct ExtentRow {
    const char* what;
    std::function<void(Content&)> change;
    Extent extent;
};

void only_what_takes_away_shrinks() {
    const std::vector<ExtentRow> rows{
        {"nothing", [](Content&) {}, Extent::kShrinks},
        {"fewer cells", [](Content& c) { c.area = PlaceSet{gsm_cell(1, 100)}; }, Extent::kShrinks},
        {"other cells", [](Content& c) { c.area = PlaceSet{gsm_cell(1, 102)}; }, Extent::kGrows},
        {"all cells", [](Content& c) { c.area = AllCells{}; }, Extent::kGrows},
        {"an earlier end", [](Content& c) { c.schedule.end -= 1s; }, Extent::kShrinks},
        {"a later end", [](Content& c) { c.schedule.end += 1s; }, Extent::kGrows},
        {"another start", [](Content& c) { c.schedule.start += 1s; }, Extent::kGrows},
        {"more seldom", [](Content& c) { c.schedule.repetition_period += 1s; }, Extent::kShrinks},
        {"more often", [](Content& c) { c.schedule.repetition_period -= 1s; }, Extent::kGrows},
        {"a number of broadcasts", [](Content& c) { c.schedule.number_of_broadcasts = 9; }, Extent::kShrinks},
        {"another category", [](Content& c) { c.schedule.category = Category::kHigh; }, Extent::kGrows},
        {"other words", [](Content& c) { c.messages.front().text += "!"; }, Extent::kGrows},
        {"another serial", [](Content& c) { c.serial = SerialNumber{0x4020}; }, Extent::kGrows},
        {"another mode", [](Content& c) { c.mode = Mode::kTraining; }, Extent::kGrows},
    };
    for (const ExtentRow& row : rows) {
        Content after = sample();
        row.change(after);
        if (extent_of(sample(), after) != row.extent) test::fail_at(__FILE__, __LINE__, row.what);
    }
}

const PlmnId kPlmn = *PlmnId::parse("001-01");

// What cannot be shown to be smaller counts as growing: it needs two people.
void an_area_shrinks_only_when_that_can_be_shown() {
    const geo::Shape large = geo::Circle{test::kLisbon, 9'000};
    const geo::Shape small = geo::Circle{test::kLisbon, 8'000};
    const Place area = Place::area_of(Technology::kGsm, kPlmn, 1);
    const Place tracking = Place::area_of(Technology::kLte, kPlmn, 1);
    const Place lte = Place::lte_cell(kPlmn, 1);
    struct Row {
        const char* what;
        Area before;
        Area after;
        Extent extent;
    };
    const std::vector<Row> rows{
        {"a smaller circle", ChosenArea{{}, {large}}, ChosenArea{{}, {small}}, Extent::kShrinks},
        {"a larger circle", ChosenArea{{}, {small}}, ChosenArea{{}, {large}}, Extent::kGrows},
        {"the same", ChosenArea{{lte}, {large}}, ChosenArea{{lte}, {large}}, Extent::kShrinks},
        {"one shape less", ChosenArea{{}, {large, test::rectangle(1, 1, 2, 2)}}, ChosenArea{{}, {large}},
         Extent::kShrinks},
        {"one shape more", ChosenArea{{}, {large}}, ChosenArea{{}, {large, test::rectangle(1, 1, 2, 2)}},
         Extent::kGrows},
        {"cells instead of a shape", ChosenArea{{}, {large}}, ChosenArea{{lte}}, Extent::kGrows},
        {"a shape instead of cells", ChosenArea{{lte}}, ChosenArea{{}, {small}}, Extent::kGrows},
        {"a shape instead of all", AllCells{}, ChosenArea{{}, {large}}, Extent::kShrinks},
        {"a cell of its location area", ChosenArea{{area}}, ChosenArea{{gsm_cell(1, 5)}}, Extent::kShrinks},
        {"a cell of another location area", ChosenArea{{area}}, ChosenArea{{gsm_cell(2, 5)}}, Extent::kGrows},
        {"a location area instead of its cell", ChosenArea{{gsm_cell(1, 5)}}, ChosenArea{{area}},
         Extent::kGrows},
        {"a cell that only the table knows in it", ChosenArea{{tracking}}, ChosenArea{{lte}}, Extent::kGrows},
        {"a shape that is none", ChosenArea{{}, {large}}, ChosenArea{{}, {geo::Polygon{}}}, Extent::kGrows},
    };
    for (const Row& row : rows) {
        Content before = sample();
        Content after = sample();
        before.area = row.before;
        after.area = row.after;
        if (extent_of(before, after) != row.extent) test::fail_at(__FILE__, __LINE__, row.what);
    }
}

void fewer_broadcasts_shrink_and_more_or_no_bound_grow() {
    Content before = sample();
    before.schedule.number_of_broadcasts = 9;
    Content after = before;
    after.schedule.number_of_broadcasts = 8;
    CHECK(extent_of(before, after) == Extent::kShrinks);
    CHECK(extent_of(after, before) == Extent::kGrows);
    after.schedule.number_of_broadcasts.reset();
    CHECK(extent_of(before, after) == Extent::kGrows);
}

void words_come_back_from_their_values() {
    for (const Mode mode : {Mode::kLive, Mode::kTraining}) CHECK(mode_of(to_string(mode)) == mode);
    for (const Category category : {Category::kNormal, Category::kHigh, Category::kBackground})
        CHECK(category_of(to_string(category)) == category);
    for (const DecisionAction action :
         {DecisionAction::kSubmit, DecisionAction::kApprove, DecisionAction::kShrink, DecisionAction::kStop})
        CHECK(action_of(to_string(action)) == action);
    CHECK(!mode_of("Live") && !category_of("") && !action_of("submit "));
}

void a_set_of_cells_is_sorted_and_has_each_once() {
    CHECK(make_place_set({gsm_cell(1, 101), gsm_cell(1, 100), gsm_cell(1, 101)}) == kArea);
}

}  // namespace

GROUP(alert, CASE(only_what_takes_away_shrinks), CASE(an_area_shrinks_only_when_that_can_be_shown),
      CASE(fewer_broadcasts_shrink_and_more_or_no_bound_grow), CASE(words_come_back_from_their_values),
      CASE(a_set_of_cells_is_sorted_and_has_each_once))
