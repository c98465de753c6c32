// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/store/warning_store.h"

#include "tests/support/cbc.h"
#include "tests/support/store.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;
using test::gsm_cell;
using test::StoreBench;

const base::Instant kNow = base::FakeClock{}.now();

AlertRevision sample(uint16_t number) {
    Content content = test::content_for(7, kNow, PlaceSet{gsm_cell(1, 100), gsm_cell(2, 200)});
    content.messages.push_back({MessageIdentifier{4383}, "ar", "\xD8\xAA\xD8\xAD"});
    content.schedule.number_of_broadcasts = 12;
    content.schedule.category = Category::kBackground;
    AlertRevision revision = test::revision_of(1, number, content);
    revision.decisions = {{DecisionAction::kSubmit, "ana", kNow, 55},
                          {DecisionAction::kApprove, "bruno", kNow, 56}};
    revision.received = kNow;
    return revision;
}

Tombstone stop_of(const char* who) {
    return {test::alert_id(1), CbeName{who}, Digest{"d"}, {{DecisionAction::kStop, "ana", kNow, 57}}, kNow};
}

std::vector<StoredAlert> load(StoreBench& bench) {
    auto alerts = load_alerts(*bench.store().read());
    CHECK_OK(alerts);
    return std::move(*alerts);
}

void what_only_some_messages_have_comes_back_too() {
    StoreBench bench;
    AlertRevision revision = sample(3);
    Message& etws = revision.content.messages.emplace_back(Message{cbs::kEtwsTest, "", ""});
    etws.security.emplace().fill(0x5a);
    etws.warning_type = cbs::WarningType{.value = 5, .emergency_user_alert = true, .popup = false};
    etws.coded = *cbs::encode("Flood", {.language = "en"});
    revision.content.schedule.slots = 5;
    CHECK_OK(bench.commit(put_alert(revision)));
    DeliveryRecord record;
    record.plans[Revision{3}] = {revision.content.serial, revision.content.schedule, true};
    record.plans[Revision{3}].schedule.slots.reset();  // a peer's record does not need them
    const DeliveryKey key{test::alert_id(1), PeerName{"mme-1"}, cbs::kEtwsTest};
    CHECK_OK(bench.commit(put_delivery(key, record)));
    const auto alerts = load(bench);
    CHECK(alerts.at(0).revision == revision);
    CHECK(alerts.at(0).deliveries.at(key) == record);
}

void everything_comes_back_as_it_was() {
    StoreBench bench;
    CHECK_OK(bench.commit(put_alert(sample(3))));
    CHECK_OK(bench.commit(put_stop(stop_of("national"))));
    DeliveryRecord record;
    CellRecord cell;
    cell.state = DeliveryState::kBroadcasting;
    cell.since = kNow;
    cell.holds = Holds::kYes;
    cell.written = Revision{3};
    cell.broadcasts = 8;
    record.cells[gsm_cell(1, 100)] = cell;
    cell.state = DeliveryState::kRefused;
    cell.cause = kCauseReportedDown;
    cell.holds = Holds::kMaybe;
    cell.hold = Hold::kUntilRetry;
    record.rest = cell;
    record.plans[Revision{3}] = {sample(3).content.serial, sample(3).content.schedule};
    const DeliveryKey key{test::alert_id(1), PeerName{"bsc-1"}, MessageIdentifier{4370}};
    CHECK_OK(bench.commit(put_delivery(key, record)));
    bench.reopen();
    const auto alerts = load(bench);
    CHECK_EQ(alerts.size(), size_t{1});
    CHECK(alerts[0].revision == sample(3));
    CHECK(alerts[0].stop == stop_of("national"));
    CHECK_EQ(alerts[0].deliveries.size(), size_t{1});
    CHECK(alerts[0].deliveries.at(key) == record);
}

void a_lower_revision_or_other_content_is_refused_inside_the_transaction() {
    StoreBench bench;
    CHECK_OK(bench.commit(put_alert(sample(2))));
    AlertRevision other = sample(2);
    other.content.messages.front().text = "Other words";
    other.digest = Digest{std::string(64, 'e')};
    CHECK(refusal_of(bench.submit(put_alert(other)).error) == Refusal::kRevisionConflict);
    CHECK(refusal_of(bench.submit(put_alert(sample(1))).error) == Refusal::kRevisionOutdated);
    CHECK(!refusal_of(base::refused("a higher revision came meanwhile")));
    CHECK_OK(bench.commit(put_alert(sample(2))));  // a repeat, after an unknown outcome
    CHECK_OK(bench.commit(put_alert(sample(3))));
    CHECK(load(bench)[0].revision == sample(3));
}

void nothing_replaces_what_was_stopped_and_the_first_stop_stays() {
    StoreBench bench;
    CHECK_OK(bench.commit(put_alert(sample(1))));
    CHECK_OK(bench.commit(put_stop(stop_of("national"))));
    CHECK(refusal_of(bench.submit(put_alert(sample(2))).error) == Refusal::kAlertStopped);
    CHECK_OK(bench.commit(put_stop(stop_of("harbour"))));
    CHECK(load(bench)[0].stop == stop_of("national"));
    CHECK(load(bench)[0].revision == sample(1));
}

void what_comes_from_the_twin_never_takes_anything_back() {
    StoreBench bench;
    CHECK_OK(bench.commit(put_of_twin(sample(2), std::nullopt)));
    CHECK(refusal_of(bench.submit(put_of_twin(sample(1), std::nullopt)).error) == Refusal::kRevisionOutdated);
    CHECK(load(bench)[0].revision == sample(2));
    CHECK_OK(bench.commit(put_of_twin(sample(1), stop_of("national"))));
    CHECK(refusal_of(bench.submit(put_of_twin(sample(3), std::nullopt)).error) == Refusal::kAlertStopped);
    CHECK_OK(bench.commit(put_of_twin(sample(3), stop_of("harbour"))));
    CHECK(load(bench)[0].revision == sample(2));
    CHECK(load(bench)[0].stop == stop_of("national"));
    CHECK(stored_stop(*bench.store().read(), test::alert_id(1)) == stop_of("national"));
    CHECK(!stored_stop(*bench.store().read(), test::alert_id(2)));
}

void an_alert_and_its_stop_come_together() {
    StoreBench bench;
    CHECK_OK(bench.commit(put_of_twin(sample(1), stop_of("national"))));
    CHECK(load(bench)[0].revision == sample(1));
    CHECK(load(bench)[0].stop == stop_of("national"));
}

void what_is_forgotten_leaves_nothing_and_takes_nobody_elses() {
    StoreBench bench;
    CHECK_OK(bench.commit(put_alert(sample(1))));
    AlertRevision other = sample(1);
    other.id = test::alert_id(2);
    CHECK_OK(bench.commit(put_alert(other)));
    for (const uint8_t id : {uint8_t{1}, uint8_t{2}})
        CHECK_OK(
            bench.commit(put_delivery({test::alert_id(id), PeerName{"bsc-1"}, MessageIdentifier{4370}}, {})));
    CHECK_OK(bench.commit(put_stop(stop_of("national"))));
    CHECK_OK(bench.commit(forget_alert(test::alert_id(1))));
    const auto alerts = load(bench);
    CHECK_EQ(alerts.size(), size_t{1});
    CHECK(alerts[0].revision.id == test::alert_id(2) && !alerts[0].stop);
    CHECK_EQ(alerts[0].deliveries.size(), size_t{1});
    CHECK_OK(bench.commit(put_alert(sample(1))));  // nothing of the old one is left in its way
    CHECK(load(bench)[0].deliveries.empty());
}

void a_damaged_record_is_an_error_and_no_alert_is_skipped() {
    StoreBench bench;
    CHECK_OK(bench.commit(put_alert(sample(1))));
    CHECK_OK(bench.commit(test::put_row(std::string(kAlertTable), "zzzzzzzzzzzzzzzz", "damaged")));
    const auto alerts = load_alerts(*bench.store().read());
    CHECK(!alerts);
    CHECK(alerts.error().text.find("read an alert") != std::string::npos);
    CHECK(!decode_alert(""));
    CHECK(!decode_stop("{}"));
}

void an_area_of_fifty_thousand_cells_fits_one_record() {
    StoreBench bench;
    std::vector<Place> cells;
    for (uint32_t i = 0; i < 50'000; ++i)
        cells.push_back(gsm_cell(static_cast<uint16_t>(i / 1000), static_cast<uint16_t>(i)));
    AlertRevision large = sample(1);
    large.content.area = make_place_set(std::move(cells));
    CHECK_OK(bench.commit(put_alert(large)));
    CHECK(load(bench)[0].revision == large);
}

// Of all kinds of reasons and areas.
Targets chosen(uint32_t count) {
    Targets targets;
    const PlmnId plmn = *PlmnId::parse("001-01");
    targets.cells.push_back({gsm_cell(1, 100), ChosenBy::kCell, 1});
    targets.cells.push_back({Place::lte_cell(plmn, 5), ChosenBy::kEmergencyArea, std::nullopt});
    for (uint32_t i = 0; i < count; ++i)
        targets.cells.push_back(
            {Place::nr_cell(plmn, i * 3), i % 2 == 0 ? ChosenBy::kShape : ChosenBy::kArea, i / 200});
    targets.areas = {Place::area_of(Technology::kNr, plmn, 1)};
    targets.unknown = {Place::lte_cell(plmn, 99)};
    return targets;
}

void the_cells_of_a_revision_come_back_with_it_and_go_with_it() {
    StoreBench bench;
    auto changes = put_alert(sample(1), encode_targets(chosen(10)));
    CHECK_EQ(changes.size(), size_t{1});
    CHECK_OK(bench.commit(changes[0]));
    CHECK(load(bench)[0].targets == chosen(10));
    CHECK_OK(bench.commit(put_alert(sample(2), encode_targets(chosen(20))).back()));
    bench.reopen();
    CHECK(load(bench)[0].targets == chosen(20));
    CHECK(!*load_targets(*bench.store().read(), test::alert_id(1), Revision{1}));
    CHECK_OK(bench.commit(put_alert(sample(3))));  // stored without
    CHECK(!load(bench)[0].targets);
    CHECK_OK(bench.commit(put_targets(test::alert_id(1), Revision{3}, encode_targets(chosen(1))).front()));
    CHECK(load(bench)[0].targets == chosen(1));
    CHECK_OK(bench.commit(forget_alert(test::alert_id(1))));
    size_t left = 0;
    bench.store().read()->scan(kTargetsTable, {}, {}, [&](auto, auto) { return ++left > 0; });
    CHECK_EQ(left, size_t{0});
}

void an_alert_without_all_of_its_cells_is_refused() {
    StoreBench bench;
    auto changes = put_alert(sample(1), encode_targets(chosen(100'000)));
    CHECK(changes.size() > 2);
    CHECK(!bench.commit(changes.back()));
    for (size_t i = 1; i < changes.size() - 1; ++i) CHECK_OK(bench.commit(changes[i]));
    CHECK(!bench.commit(changes.back()));
    CHECK(load(bench).empty());
    CHECK_OK(bench.commit(changes.front()));
    CHECK_OK(bench.commit(changes.back()));
    CHECK(load(bench)[0].targets == chosen(100'000));
}

void damaged_cells_are_an_error() {
    StoreBench bench;
    CHECK_OK(bench.commit(put_alert(sample(1), {"damaged"}).back()));
    CHECK(!load_alerts(*bench.store().read()));
}

}  // namespace

GROUP(warning_store, CASE(everything_comes_back_as_it_was), CASE(what_only_some_messages_have_comes_back_too),
      CASE(a_lower_revision_or_other_content_is_refused_inside_the_transaction),
      CASE(nothing_replaces_what_was_stopped_and_the_first_stop_stays),
      CASE(what_comes_from_the_twin_never_takes_anything_back), CASE(an_alert_and_its_stop_come_together),
      CASE(what_is_forgotten_leaves_nothing_and_takes_nobody_elses),
      CASE(a_damaged_record_is_an_error_and_no_alert_is_skipped),
      CASE(an_area_of_fifty_thousand_cells_fits_one_record),
      CASE(the_cells_of_a_revision_come_back_with_it_and_go_with_it),
      CASE(an_alert_without_all_of_its_cells_is_refused), CASE(damaged_cells_are_an_error))
