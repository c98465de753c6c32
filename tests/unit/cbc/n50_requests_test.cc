// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/n50_requests.h"

#include "cbc/wire/ngap_codec.h"
#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;

const PlmnId kTest = *PlmnId::parse("001", "01");
const base::Instant kNow{std::chrono::seconds{1'700'000'000}};

Place nr(uint64_t cell) { return Place::nr_cell(kTest, cell); }
Place lte(uint32_t cell) { return Place::lte_cell(kTest, cell); }
Place tac(Technology technology, uint32_t code) { return Place::area_of(technology, kTest, code); }

// NR cells are in the area that their last digit names; nobody knows of others.
std::optional<uint32_t> area_of(const Place& cell) {
    if (cell.technology != Technology::kNr) return std::nullopt;
    return static_cast<uint32_t>(cell.cell % 16);
}

WriteRequest write_in(PeerArea area, MessageIdentifier identifier = MessageIdentifier{4370}) {
    const Content content = test::content_for(1, kNow);
    Message message = content.messages.front();
    message.identifier = identifier;
    return {message, SerialNumber{0x4010}, std::nullopt, std::move(area), content.schedule, kNow};
}

std::vector<N50Transfer> transfers_of(const PeerRequest& request) {
    auto transfers = to_n50(request, {"omc", "nf"}, area_of);
    CHECK_OK(transfers);
    for (const N50Transfer& one : *transfers) CHECK_OK(ngap::encode(one.message));
    return *transfers;
}

const ngap::WriteReplaceWarningRequest& written(const N50Transfer& transfer) {
    return std::get<ngap::WriteReplaceWarningRequest>(transfer.message);
}

void everywhere_is_one_transfer_without_lists() {
    const auto transfers = transfers_of(write_in(AllCells{}));
    CHECK_EQ(transfers.size(), 1U);
    const auto& [request, message, places, areas] = transfers[0];
    CHECK(request.tais.empty() && request.nodes.empty() && !request.rat);
    CHECK_EQ(request.ngap_procedure, 51);
    CHECK(request.send_ran_response);
    CHECK_EQ(request.omc_id + request.nf_id, "omcnf");
    CHECK(!written(transfers[0]).area);
    CHECK(written(transfers[0]).concurrent);
    CHECK_EQ(written(transfers[0]).repetition_period, 60U);
    CHECK_EQ(written(transfers[0]).number_of_broadcasts, 61);  // an hour, and the one at its end
    CHECK_EQ(written(transfers[0]).contents[0], 1);            // page
}

void cells_are_sent_with_their_tracking_areas() {
    const auto transfers = transfers_of(write_in(PlaceSet{nr(0x11), nr(0x21), nr(0x32)}));
    CHECK_EQ(transfers.size(), 1U);
    CHECK(transfers[0].request.rat == n50::Rat::kNr);
    CHECK(transfers[0].request.tais == std::vector<Tai5gs>({{kTest, 1}, {kTest, 2}}));
    CHECK(std::get<std::vector<Ncgi>>(*written(transfers[0]).area) ==
          std::vector<Ncgi>({{kTest, 0x11}, {kTest, 0x21}, {kTest, 0x32}}));
}

void cells_whose_area_nobody_knows_are_sent_to_all_nodes() {
    const auto transfers = transfers_of(write_in(PlaceSet{lte(1)}));
    CHECK(transfers[0].request.tais.empty());
    CHECK(transfers[0].request.rat == n50::Rat::kEutra);
    CHECK(std::get<std::vector<Ecgi>>(*written(transfers[0]).area) == std::vector<Ecgi>({{kTest, 1}}));
}

void places_of_several_kinds_are_several_transfers() {
    const auto transfers = transfers_of(
        KillRequest{MessageIdentifier{4370}, SerialNumber{0x4010},
                    make_place_set({nr(1), lte(1), tac(Technology::kNr, 7), tac(Technology::kLte, 8),
                                    Place::emergency_area(Technology::kNr, kTest, 0x010203)})});
    CHECK_EQ(transfers.size(), 5U);
    size_t areas = 0;
    for (const N50Transfer& one : transfers) {
        CHECK_EQ(one.request.ngap_procedure, 32);
        const auto& area = *std::get<ngap::PwsCancelRequest>(one.message).area;
        if (const auto* listed = std::get_if<std::vector<Tai5gs>>(&area)) {
            ++areas;
            CHECK(one.request.tais == *listed);
        }
        if (const auto* emergency = std::get_if<std::vector<EmergencyArea>>(&area)) {
            CHECK((*emergency)[0].octets == (std::array<uint8_t, 3>{1, 2, 3}));
            CHECK(one.request.tais.empty());
        }
    }
    CHECK_EQ(areas, 2U);
}

void a_restarted_node_is_addressed_alone() {
    WriteRequest write = write_in(PlaceSet{nr(0x11)});
    write.restarted = RadioNode{RadioNode::Kind::kGnb, kTest, 5, 24};
    const auto transfers = transfers_of(write);
    CHECK(transfers[0].request.nodes == std::vector<RanNode>({GnbId{kTest, 5, 24}}));
    CHECK(transfers[0].request.tais.empty());
    const RadioNode enb{RadioNode::Kind::kNgEnb, kTest, 9, 20};
    CHECK(radio_node_of(ran_node_of(enb)) == enb);
    CHECK(radio_node_of(ran_node_of(*write.restarted)) == *write.restarted);
}

void etws_has_its_type_and_replaces_what_is_there() {
    const auto transfers = transfers_of(write_in(AllCells{}, cbs::kEtwsTsunami));
    const auto& write = written(transfers[0]);
    CHECK_EQ(write.warning_type->value, cbs::kWarningTsunami);
    CHECK(!write.concurrent);
    CHECK(!write.contents.empty() && write.coding && write.security.empty());
}

void an_etws_primary_notification_alone_has_no_text() {
    auto request = write_in(AllCells{}, cbs::kEtwsTsunami);
    request.message.text.clear();
    request.message.security.emplace().fill(0x5a);
    request.schedule.repetition_period = std::chrono::seconds{1};
    request.schedule.end = request.at + std::chrono::hours{24};
    const auto transfers = transfers_of(request);
    const auto& write = written(transfers[0]);
    CHECK(write.contents.empty() && !write.coding && write.warning_type);
    CHECK(write.security == base::Bytes(50, 0x5a));
    CHECK_EQ(write.number_of_broadcasts, uint16_t{UINT16_MAX});  // 0 would be no broadcast
}

void areas_that_the_amf_does_not_know_fail() {
    const auto cells = transfers_of(write_in(PlaceSet{nr(0x11), nr(0x21), nr(0x32)}));
    const auto failed = unknown_in(cells[0], {.unknown_tais = {{kTest, 1}}});
    CHECK_EQ(failed.size(), 2U);
    CHECK(failed[0].cell == exactly(nr(0x11)));
    CHECK(meaning_of(failed[0].cause) == CauseMeaning::kPlaceUnknown);
    const auto area = transfers_of(write_in(PlaceSet{tac(Technology::kNr, 7)}));
    CHECK_EQ(unknown_in(area[0], {.unknown_tais = {{kTest, 7}, {kTest, 9}}}).size(), 1U);
    CHECK(unknown_in(area[0], {}).empty());
}

void refusals_have_the_cause_of_the_warning_or_of_http() {
    CHECK(cause_of(403, {}) == n50_cause(403));
    CHECK(cause_of(403, {.namf_cause = 3}) == sbcap_cause(3));
    CHECK(!to_n50(StatusRequest{MessageIdentifier{1}, SerialNumber{1}, AllCells{}}, {}, area_of));
}

}  // namespace

GROUP(n50_requests, CASE(everywhere_is_one_transfer_without_lists),
      CASE(cells_are_sent_with_their_tracking_areas),
      CASE(cells_whose_area_nobody_knows_are_sent_to_all_nodes),
      CASE(places_of_several_kinds_are_several_transfers), CASE(a_restarted_node_is_addressed_alone),
      CASE(etws_has_its_type_and_replaces_what_is_there),
      CASE(an_etws_primary_notification_alone_has_no_text), CASE(areas_that_the_amf_does_not_know_fail),
      CASE(refusals_have_the_cause_of_the_warning_or_of_http))
