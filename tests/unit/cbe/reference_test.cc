// SPDX-License-Identifier: AGPL-3.0-or-later
#include <set>

#include "cbe/domain/cell.h"
#include "cbe/domain/code_pool.h"
#include "cbe/domain/delivery.h"
#include "cbe/domain/person.h"
#include "tests/support/test.h"

namespace {

using cbe::DeliveryState;
using cbe::Health;
using cbe::Mode;
using cbe::Status;

void cells_go_to_text_and_back() {
    const auto cell = cbe::parse_cell("gsm:001-01:1:6969");
    CHECK_OK(cell);
    CHECK_EQ(cell->text(), "gsm:001-01:1:6969");
    for (const char* right : {"umts:001-01:2:512", "lte:001-01:0019b01", "nr:001-001:00000001f"}) {
        const auto other = cbe::parse_cell(right);
        CHECK_OK(other);
        CHECK_EQ(other->text(), right);
    }
    for (const char* wrong :
         {"", "gsm:001-01:1", "lte:001-01:1:2", "lte:001-01:10000000", "nr:001-01:1000000000",
          "lte:001-01:-1", "lte:001-01:x", "wifi:001-01:1", "gsm:01-01:1:2", "gsm:001-1:1:2",
          "gsm:001-01:65536:2", "gsm:001-01:1:-2", "gsm:001-01:x:2", "gsm:00a-01:1:2", "gsm:00101:1:2"})
        CHECK(!cbe::parse_cell(wrong));
}

void the_cell_file_is_read_and_every_mistake_names_its_line() {
    const std::string header = "technology,mcc,mnc,lac,ci,name,lat,lon\n";
    const auto table = cbe::CellTable::parse(header +
                                             "# a comment\r\ngsm,001,01,1,6969,Harbour,41.15794,-8.62911\r\n"
                                             "lte,001,01,,105217,Beach,,\ngsm,001,01,1,6970,Hill,,\n");
    CHECK_OK(table);
    CHECK_EQ(table->sites().size(), 3U);
    CHECK(table->find(*cbe::parse_cell("lte:001-01:0019b01")) != nullptr);
    const cbe::Site* harbour = table->find(*cbe::parse_cell("gsm:001-01:1:6969"));
    CHECK(harbour != nullptr);
    CHECK_EQ(*harbour->latitude_e7, 411579400);
    CHECK_EQ(*harbour->longitude_e7, -86291100);
    CHECK(!table->sites().back().latitude_e7);
    struct Row {
        std::string csv;
        const char* says;
    };
    for (const Row& row :
         {Row{"", "empty"}, Row{"tech,mcc\n", "line 1 must be"},
          Row{header + "gsm,001,01,1\n", "line 2: has 4"},
          Row{header + "gsm,001,01,x,1,n,,\n", "line 2: lac"},
          Row{header + "gsm,001,01,1,1,n,91,0\n", "line 2: lat"},
          Row{header + "gsm,001,01,1,1,n,,\ngsm,001,01,1,1,m,,\n", "line 3: cell gsm:001-01:1:1 stands"}}) {
        const auto wrong = cbe::CellTable::parse(row.csv);
        CHECK(!wrong);
        CHECK(wrong.error().text.find(row.says) != std::string::npos);
    }
}

void codes_go_round_leave_out_the_reserve_and_end() {
    const cbe::CodeRange range{0, 255, 192, 255};
    std::set<cbe::MessageCode> held;
    const auto is_held = [&](cbe::MessageCode code) { return held.contains(code); };
    cbe::MessageCode last = 190;
    CHECK_EQ(*cbe::free_code(range, last, is_held), 191);
    CHECK_EQ(*cbe::free_code(range, 191, is_held), 0);
    CHECK_EQ(*cbe::free_code(range, 900, is_held), 0);
    for (int i = 0; i < 192; ++i) {
        const auto code = cbe::free_code(range, last, is_held);
        CHECK(code && *code < 192 && !held.contains(*code));
        held.insert(*code);
        last = *code;
    }
    CHECK(!cbe::free_code(range, last, is_held));
    held.erase(7);
    CHECK_EQ(*cbe::free_code(range, last, is_held), 7);
    CHECK_EQ(cbe::first_serial(7).value(), 0x4070);  // scope 01, code 7, update 0
}

cbe::CbcDelivery delivery(const char* state, std::vector<DeliveryState> cells) {
    cbe::CbcDelivery made{"demo", state, {}, {}};
    uint16_t ci = 0;
    for (const DeliveryState cell : cells)
        made.cells.push_back({cbe::Cell{cbe::Technology::kGsm, "001", "01", 1, ++ci}, cell, "", {}});
    return made;
}

void health_is_what_the_cells_say() {
    struct Row {
        Status status;
        cbe::CbcDelivery delivery;
        Health health;
    };
    using S = DeliveryState;
    for (const Row& row : {
             Row{Status::kPendingApproval, delivery("", {}), Health::kNone},
             Row{Status::kApproved, delivery("", {}), Health::kNotOnAir},
             Row{Status::kApproved, delivery("sending", {S::kAccepted, S::kSent}), Health::kNotOnAir},
             Row{Status::kBroadcasting, delivery("broadcasting", {S::kBroadcasting, S::kSent}),
                 Health::kPartlyConfirmed},
             Row{Status::kBroadcasting, delivery("broadcasting", {S::kBroadcasting, S::kUnknownCell}),
                 Health::kAllConfirmed},
             Row{Status::kBroadcasting, delivery("broadcasting", {S::kBroadcasting, S::kRefused}),
                 Health::kDeliveryProblem},
             Row{Status::kApproved, delivery("sending", {S::kNotConnected}), Health::kDeliveryProblem},
             Row{Status::kApproved, delivery("sending", {S::kNoAnswer}), Health::kDeliveryProblem},
             Row{Status::kCancelled, delivery("stopping", {S::kStopSent}), Health::kStopNotConfirmed},
             Row{Status::kCancelled, delivery("stopped", {S::kStopped}), Health::kNone},
             Row{Status::kCompleted, delivery("ended", {S::kStopped}), Health::kNone},
         })
        CHECK_EQ(cbe::health_of(Mode::kLive, row.status, {row.delivery}), row.health);
    CHECK_EQ(cbe::health_of(Mode::kTraining, Status::kApproved, {}), Health::kTraining);
}

void c72_counts_are_per_cell_over_all_centres() {
    const auto counts =
        cbe::count_cells({delivery("sending", {DeliveryState::kSent, DeliveryState::kBroadcasting}),
                          delivery("sending", {DeliveryState::kBroadcasting})});
    CHECK_EQ(counts.size(), 2U);
    CHECK_EQ(counts.at(DeliveryState::kBroadcasting), 2U);
    CHECK(cbe::any_confirmed(delivery("", {DeliveryState::kBroadcasting})));
    CHECK(!cbe::any_confirmed(delivery("", {DeliveryState::kAccepted})));
}

void words_of_states_and_permissions_go_both_ways() {
    for (const DeliveryState state : cbe::kAllDeliveryStates)
        CHECK(cbe::delivery_state_of(cbe::to_string(state)) == state);
    for (const cbe::Permission permission : cbe::kAllPermissions)
        CHECK(cbe::permission_of(cbe::to_string(permission)) == permission);
    CHECK(!cbe::permission_of("admin"));
}

}  // namespace

GROUP(reference, CASE(cells_go_to_text_and_back),
      CASE(the_cell_file_is_read_and_every_mistake_names_its_line),
      CASE(codes_go_round_leave_out_the_reserve_and_end), CASE(health_is_what_the_cells_say),
      CASE(c72_counts_are_per_cell_over_all_centres), CASE(words_of_states_and_permissions_go_both_ways))
