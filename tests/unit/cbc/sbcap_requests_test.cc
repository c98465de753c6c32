// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/sbcap_requests.h"

#include "cbc/wire/sbcap_codec.h"
#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;

const PlmnId kPlmn = *PlmnId::parse("001-01");
const base::Instant kNow = base::FakeClock{}.now();

const Network& nothing_known() {
    static const Network network{CellTable{}, {{PeerName{"mme-1"}, Protocol::kSbcap}}};
    return network;
}

WriteRequest write_to(PeerArea area) {
    const Content content = test::content_for(1, kNow);
    return {content.messages.front(), SerialNumber{0x4010}, std::nullopt,
            std::move(area),          content.schedule,     kNow};
}

sbcap::WriteReplaceWarningRequest written(const WriteRequest& request,
                                          const Network& network = nothing_known()) {
    const auto message = to_sbcap(request, network);
    CHECK_OK(message);
    CHECK_OK(sbcap::encode(*message));
    return std::get<sbcap::WriteReplaceWarningRequest>(*message);
}

void the_whole_network_is_named_by_naming_nothing() {
    const auto write = written(write_to(AllCells{}));
    CHECK(write.tais.empty() && !write.area && write.nr == sbcap::Request5gs{});
    CHECK(write.concurrent && write.send_indication && !write.warning_type && !write.enb);
    CHECK_EQ(write.contents.size(), size_t{84});
    CHECK_EQ(write.repetition_period, 60U);
    CHECK_EQ(write.number_of_broadcasts, uint16_t{61});  // an hour
    const auto stop =
        to_sbcap(KillRequest{MessageIdentifier{4370}, SerialNumber{1}, AllCells{}}, nothing_known());
    CHECK_OK(stop);
    CHECK(std::get<sbcap::StopWarningRequest>(*stop).send_indication);
    CHECK(!std::get<sbcap::StopWarningRequest>(*stop).stop_all);
    CHECK(!to_sbcap(StatusRequest{MessageIdentifier{4370}, SerialNumber{1}, AllCells{}}, nothing_known()));
}

void areas_are_named_in_each_form() {
    const auto areas = written(write_to(
        PlaceSet{Place::area_of(Technology::kLte, kPlmn, 1), Place::area_of(Technology::kLte, kPlmn, 7)}));
    CHECK(areas.tais == (std::vector<Tai>{{kPlmn, 1}, {kPlmn, 7}}));
    CHECK(std::get<std::vector<Tai>>(*areas.area) == areas.tais);
    const auto emergency =
        written(write_to(PlaceSet{Place::emergency_area(Technology::kLte, kPlmn, 0x01022a)}));
    CHECK(emergency.tais.empty());
    CHECK((std::get<std::vector<EmergencyArea>>(*emergency.area) ==
           std::vector{EmergencyArea{{0x01, 0x02, 0x2a}}}));
    // A cell whose tracking area nobody knows is named alone.
    const auto cell = written(write_to(PlaceSet{Place::lte_cell(kPlmn, 0xa101)}));
    CHECK(cell.tais.empty() && (std::get<std::vector<Ecgi>>(*cell.area) == std::vector{Ecgi{kPlmn, 0xa101}}));
    const auto nr = written(write_to(PlaceSet{Place::nr_cell(kPlmn, 0x10)}));
    CHECK(nr.nr.rat_selector && !nr.area);
    CHECK((std::get<std::vector<Ncgi>>(*nr.nr.area) == std::vector{Ncgi{kPlmn, 0x10}}));
    const auto nr_areas = written(write_to(PlaceSet{Place::area_of(Technology::kNr, kPlmn, 0x10000)}));
    CHECK((nr_areas.nr.tais == std::vector{Tai5gs{kPlmn, 0x10000}}));
    CHECK(std::holds_alternative<Tai5gs>(*nr_areas.nr.area));
    CHECK(!to_sbcap(write_to(PlaceSet{test::gsm_cell(1, 1)}), nothing_known()));
    CHECK(
        !to_sbcap(write_to(PlaceSet{Place::lte_cell(kPlmn, 1), Place::nr_cell(kPlmn, 1)}), nothing_known()));
}

// Cells 257 and 258 in tracking area 7, 513 in 8; one of NR in 9.
Network some_cells() {
    auto table = CellTable::parse(
        "technology,mcc,mnc,tac,cell,name,lat,lon\nlte,001,01,7,257,A,0,0\nlte,001,01,7,258,B,0,0\n"
        "lte,001,01,8,513,C,0,0\nnr,001,01,9,4096,D,0,0\n");
    CHECK(table);
    return Network{std::move(*table), {{PeerName{"mme-1"}, Protocol::kSbcap}}};
}

void cells_are_named_with_their_tracking_areas() {
    const Network network = some_cells();
    const PlaceSet cells{Place::lte_cell(kPlmn, 257), Place::lte_cell(kPlmn, 258),
                         Place::lte_cell(kPlmn, 513)};
    const auto write = written(write_to(cells), network);
    CHECK(write.tais == (std::vector<Tai>{{kPlmn, 7}, {kPlmn, 8}}));
    CHECK_EQ(std::get<std::vector<Ecgi>>(*write.area).size(), size_t{3});
    const auto nr = written(write_to(PlaceSet{Place::nr_cell(kPlmn, 4096)}), network);
    CHECK((nr.nr.tais == std::vector{Tai5gs{kPlmn, 9}}));
    sbcap::WriteReplaceWarningResponse response;
    response.unknown_tais = {{kPlmn, 8}};
    const PeerAnswer some = answer_in(response, write_to(cells), network);
    CHECK_EQ(some.done.size(), size_t{2});
    CHECK(some.failed.size() == 1 && some.failed.front().cell == exactly(cells[2]));
}

void an_enb_where_nothing_was_left_is_all_of_its_cells() {
    sbcap::StopWarningIndication stopped{MessageIdentifier{4370}, SerialNumber{1}, {}, {}, {}, {}};
    stopped.empty = {{kPlmn, 1, 20}};
    stopped.empty_nr = {GnbId{kPlmn, 1, 24}};
    const Report report = report_in(stopped, some_cells());
    CHECK_EQ(report.cells.size(), size_t{3});  // 257, 258 and the one of NR
    CHECK(report.cells.front().cell == exactly(Place::lte_cell(kPlmn, 257)));
    CHECK(!report.cells.front().broadcasts);
}

void a_restarted_node_is_copied() {
    auto request = write_to(PlaceSet{Place::lte_cell(kPlmn, 0xa101)});
    request.restarted = RadioNode{RadioNode::Kind::kEnb, kPlmn, 0xa1, 20};
    CHECK((written(request).enb == EnbId{kPlmn, 0xa1, 20}));
    request.restarted = RadioNode{RadioNode::Kind::kGnb, kPlmn, 0xa1, 24};
    CHECK((written(request).nr.node == RanNode{GnbId{kPlmn, 0xa1, 24}}));
    request.restarted = RadioNode{RadioNode::Kind::kNgEnb, kPlmn, 0xa1, 20};
    CHECK((written(request).nr.node == RanNode{NgEnbId{kPlmn, 0xa1, 20}}));
}

void periods_and_broadcasts_are_what_an_enb_understands() {
    auto request = write_to(AllCells{});
    const auto asked = [&](std::chrono::seconds period, std::chrono::seconds length) {
        request.schedule.repetition_period = period;
        request.schedule.end = kNow + length;
        const auto write = written(request);
        return std::pair{write.repetition_period, write.number_of_broadcasts};
    };
    CHECK((asked(0s, 1h) == std::pair{0U, uint16_t{1}}));             // once
    CHECK((asked(1s, 24h) == std::pair{1U, uint16_t{0}}));            // until stopped
    CHECK((asked(86'400s, 48h) == std::pair{86'400U, uint16_t{3}}));  // in the extended element
    request.schedule.number_of_broadcasts = 2;
    CHECK((asked(60s, 1h) == std::pair{60U, uint16_t{2}}));
}

void etws_has_a_warning_type_and_without_a_text_no_content() {
    auto request = write_to(AllCells{});
    request.message.identifier = cbs::kEtwsTsunami;
    request.serial = SerialNumber{0x7010};  // emergency user alert, popup
    request.schedule.repetition_period = 1s;
    request.schedule.end = kNow + 24h;
    const auto both = written(request);
    CHECK((both.warning_type == cbs::WarningType{1, true, true}));
    CHECK(!both.contents.empty() && both.coding && !both.concurrent);
    CHECK_EQ(both.number_of_broadcasts, uint16_t{UINT16_MAX});  // 0 would be no broadcast
    request.message.text.clear();
    const auto primary = written(request);
    CHECK(primary.contents.empty() && !primary.coding && primary.warning_type);
    CHECK(primary.security.empty());
    request.message.security.emplace().fill(0x5a);
    CHECK(written(request).security == base::Bytes(50, 0x5a));
}

void an_answer_is_about_all_that_was_asked() {
    sbcap::WriteReplaceWarningResponse response;
    const Place area = Place::area_of(Technology::kLte, kPlmn, 7);
    const Place other = Place::area_of(Technology::kLte, kPlmn, 8);
    const PeerRequest request = write_to(PlaceSet{area, other});
    CHECK(answer_in(response, request, nothing_known()).kind == AnswerKind::kComplete);
    response.unknown_tais = {{kPlmn, 8}, {kPlmn, 9}};
    const PeerAnswer some = answer_in(response, request, nothing_known());
    CHECK(some.kind == AnswerKind::kFailure && some.done == std::vector{exactly(area)});
    CHECK_EQ(some.failed.size(), size_t{1});
    CHECK(some.failed.front().cell == exactly(other) && some.failed.front().cause == sbcap_cause(4));
    response.cause = static_cast<sbcap::Cause>(77);
    const PeerAnswer refused = answer_in(response, request, nothing_known());
    CHECK(refused.done.empty() && refused.failed.front().cell.everything());
    CHECK(refused.failed.front().cause == sbcap_cause(77));
}

void reports_name_cells_in_all_forms() {
    sbcap::WriteReplaceWarningIndication scheduled{MessageIdentifier{4370}, SerialNumber{1}, {}, {}};
    CHECK(report_in(scheduled).cells.empty());
    auto& lte = scheduled.scheduled.emplace();
    lte.cells = {{{kPlmn, 1}, {}}};
    lte.by_tracking_area = {{{kPlmn, 7}, {{{kPlmn, 2}, {}}}}};
    lte.by_emergency_area = {{EmergencyArea{{0, 0, 1}}, {{{kPlmn, 3}, {}}}}};
    scheduled.scheduled_nr.emplace().by_tracking_area = {{{kPlmn, 7}, {{{kPlmn, 4}, {}}}}};
    const Report on = report_in(scheduled);
    CHECK_EQ(on.cells.size(), size_t{4});
    CHECK(on.kind == ReportKind::kScheduled && on.cells.back().cell == exactly(Place::nr_cell(kPlmn, 4)));
    sbcap::StopWarningIndication cancelled{MessageIdentifier{4370}, SerialNumber{1}, {}, {}, {}, {}};
    cancelled.cancelled.emplace().cells = {{{kPlmn, 1}, uint16_t{5}}};
    const Report off = report_in(cancelled, nothing_known());
    CHECK(off.kind == ReportKind::kCancelled && off.cells.front().broadcasts == uint16_t{5});
}

void a_restart_names_what_it_is_about_by_node() {
    sbcap::PwsRestartIndication restart{{{kPlmn, 1}}, {kPlmn, 0xa1, 20}};
    CHECK_EQ(restarted_in(restart).front().places.size(), size_t{1});  // peers are known that name no area
    restart.tais = {{kPlmn, 7}};
    restart.emergency_areas = {EmergencyArea{{0, 0, 1}}};
    restart.cells_nr = {{kPlmn, 2}};
    restart.gnb = GnbId{kPlmn, 5, 22};
    const auto parts = restarted_in(restart);
    CHECK_EQ(parts.size(), size_t{2});
    CHECK_EQ(parts[0].places.size(), size_t{3});
    CHECK_EQ(parts[1].places.size(), size_t{2});
    CHECK((parts[1].node == RadioNode{RadioNode::Kind::kGnb, kPlmn, 5, 22}));
    CHECK(parts[0].places[2].matches(Place::emergency_area(Technology::kLte, kPlmn, 1)));
}

}  // namespace

GROUP(sbcap_requests, CASE(the_whole_network_is_named_by_naming_nothing), CASE(areas_are_named_in_each_form),
      CASE(cells_are_named_with_their_tracking_areas),
      CASE(an_enb_where_nothing_was_left_is_all_of_its_cells), CASE(a_restarted_node_is_copied),
      CASE(periods_and_broadcasts_are_what_an_enb_understands),
      CASE(etws_has_a_warning_type_and_without_a_text_no_content),
      CASE(an_answer_is_about_all_that_was_asked), CASE(reports_name_cells_in_all_forms),
      CASE(a_restart_names_what_it_is_about_by_node))
