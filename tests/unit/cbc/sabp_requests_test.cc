// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/sabp_requests.h"

#include "common/cbs/text.h"
#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;

const PlmnId kPlmn = *PlmnId::parse("001-01");
const sabp::ServiceArea kOne{kPlmn, 1, 512};
const sabp::ServiceArea kTwo{kPlmn, 1, 513};
const sabp::ServiceAreas kAll{kOne, kTwo};
const MessageIdentifier kPresidential{4370};
const SerialNumber kSerial{0x4010};

Place place(uint16_t sac) { return Place::service_area(kPlmn, Lac{1}, sac); }

WriteRequest write_request(PeerArea area = AllCells{}) {
    const base::Instant now{};
    const Content content = test::content_for(1, now);
    return {content.messages.front(), kSerial, std::nullopt, std::move(area), content.schedule, now};
}

sabp::WriteReplace written(const WriteRequest& request) {
    const auto message = to_sabp(request, kAll);
    CHECK_OK(message);
    return std::get<sabp::WriteReplace>(*message);
}

void a_write_names_service_areas_and_carries_the_text() {
    auto request = write_request();
    request.replaces = SerialNumber{0x4000};
    const auto write = written(request);
    CHECK(write.areas == kAll);
    CHECK(write.old_serial == SerialNumber{0x4000});
    CHECK_EQ(write.repetition_period, 60);
    CHECK_EQ(write.number_of_broadcasts, 61);  // an hour of minutes, both ends
    CHECK(!write.paging && !write.warning_type && write.security.empty());
    const auto pages = cbs::from_cb_data(write.content);
    CHECK_OK(pages);
    CHECK_EQ(cbs::decode(write.coding, *pages)->text, "Water is rising");
    CHECK(written(write_request(PlaceSet{place(513)})).areas == sabp::ServiceAreas{kTwo});
}

void without_a_service_area_nothing_can_be_asked() {
    CHECK(!to_sabp(write_request(), {}));
    CHECK(!to_sabp(KillRequest{kPresidential, kSerial, PlaceSet{test::gsm_cell(1, 2)}}, kAll));
}

void a_location_area_is_told_as_the_service_areas_in_it() {
    const sabp::ServiceAreas known{kOne, kTwo, {kPlmn, 2, 600}};
    const auto area = Place::area_of(Technology::kUmts, kPlmn, 1);
    const auto kill = to_sabp(KillRequest{kPresidential, kSerial, PlaceSet{area}}, known);
    CHECK(std::get<sabp::Kill>(*kill).areas == kAll);
}

void periods_are_those_that_sabp_can_say() {
    auto request = write_request();
    request.schedule.repetition_period = 0s;
    CHECK_EQ(written(request).repetition_period, 1);
    request.schedule.repetition_period = 5000s;
    CHECK_EQ(written(request).repetition_period, 4096);
}

void more_broadcasts_than_sixteen_bits_say_go_on_until_they_are_killed() {
    auto request = write_request();
    request.schedule.repetition_period = 1s;
    request.schedule.end = request.at + 100'000s;
    CHECK_EQ(written(request).number_of_broadcasts, 0);
    request.schedule.number_of_broadcasts = 3;
    CHECK_EQ(written(request).number_of_broadcasts, 3);
}

void an_etws_message_pages_the_phones() {
    auto request = write_request();
    request.message.identifier = cbs::kEtwsEarthquake;
    request.serial = SerialNumber{0x7000};
    const auto write = written(request);
    CHECK(write.paging);
    CHECK(write.warning_type == (cbs::WarningType{cbs::kWarningEarthquake, true, true}));
    CHECK(!write.content_not_valid && !write.content.empty() && write.security.empty());
    request.message.security.emplace().fill(0x5a);
    CHECK(written(request).security == base::Bytes(50, 0x5a));
}

void a_primary_notification_alone_has_a_page_that_is_not_looked_at() {
    auto request = write_request();
    request.message = {cbs::kEtwsTsunami, "", ""};
    const auto write = written(request);
    CHECK(write.paging && write.content_not_valid);
    CHECK_EQ(write.content.size(), 84U);
    CHECK(write.coding == cbs::kCodingGsm7);
}

void kills_and_questions() {
    const auto kill = to_sabp(KillRequest{kPresidential, kSerial, AllCells{}}, kAll);
    CHECK(std::get<sabp::Kill>(*kill) == (sabp::Kill{kPresidential, kSerial, kAll}));
    const auto query = to_sabp(StatusRequest{kPresidential, kSerial, PlaceSet{place(512)}}, kAll);
    CHECK(std::get<sabp::MessageStatusQuery>(*query) ==
          (sabp::MessageStatusQuery{kPresidential, kSerial, {kOne}}));
}

template <class M>
M answer_of(std::vector<sabp::Failed> failed) {
    M message;
    message.message_identifier = kPresidential;
    message.serial = kSerial;
    message.failed = std::move(failed);
    message.completed = {{kOne, 7, std::nullopt}, {kTwo, 0, sabp::CountNote::kUnknown}};
    return message;
}

void complete_means_every_area_that_was_asked() {
    const auto answer = answer_in(answer_of<sabp::WriteReplaceComplete>({}));
    CHECK(answer->kind == AnswerKind::kComplete);
    CHECK(answer->done == (std::vector{PlacePattern{}, exactly(place(512)), exactly(place(513))}));
    CHECK(answer->counts.empty());  // they are those of the message that went
}

void a_failure_names_both_and_causes_keep_their_meaning() {
    const auto answer =
        answer_in(answer_of<sabp::KillFailure>({{{kPlmn, 1, 514}, sabp::Cause::kValidMessageNotIdentified}}));
    CHECK(answer->kind == AnswerKind::kFailure);
    CHECK(answer->done.empty());
    CHECK_EQ(answer->counts.size(), size_t{2});
    CHECK(answer->counts[0].broadcasts == uint16_t{7});
    CHECK(!answer->counts[1].broadcasts);
    CHECK(answer->failed[0].cell == exactly(place(514)));
    CHECK(meaning_of(answer->failed[0].cause) == CauseMeaning::kNotIdentified);
}

void answers_say_which_request_they_are_to() {
    CHECK(reference_in(answer_of<sabp::WriteReplaceFailure>({})) ==
          (SabpReference{Procedure::kWriteReplace, {kPresidential, kSerial}}));
    CHECK(reference_in(answer_of<sabp::KillComplete>({}))->procedure == Procedure::kKill);
    CHECK(reference_in(answer_of<sabp::MessageStatusQueryComplete>({}))->procedure ==
          Procedure::kStatusQuery);
    CHECK(!reference_in(sabp::Reset{}));
    CHECK(!answer_in(sabp::LoadQueryComplete{}));
}

}  // namespace

GROUP(sabp_requests, CASE(a_write_names_service_areas_and_carries_the_text),
      CASE(without_a_service_area_nothing_can_be_asked),
      CASE(a_location_area_is_told_as_the_service_areas_in_it), CASE(periods_are_those_that_sabp_can_say),
      CASE(more_broadcasts_than_sixteen_bits_say_go_on_until_they_are_killed),
      CASE(an_etws_message_pages_the_phones),
      CASE(a_primary_notification_alone_has_a_page_that_is_not_looked_at), CASE(kills_and_questions),
      CASE(complete_means_every_area_that_was_asked),
      CASE(a_failure_names_both_and_causes_keep_their_meaning), CASE(answers_say_which_request_they_are_to))
