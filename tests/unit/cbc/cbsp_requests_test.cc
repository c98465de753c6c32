// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/cbsp_requests.h"

#include "cbc/wire/cbsp_codec.h"
#include "tests/support/cbc.h"
#include "tests/support/test.h"

namespace {

using namespace cbc;
using namespace std::chrono_literals;
using test::gsm_cell;

const base::Instant kNow = base::FakeClock{}.now();
const Place kA = gsm_cell(1, 100);
const Place kB = gsm_cell(1, 101);

WriteRequest write_of(uint16_t identifier, SerialNumber serial) {
    Content content = test::content_for(1, kNow);
    content.messages.front().identifier = MessageIdentifier{identifier};
    return {content.messages.front(), serial, std::nullopt, PlaceSet{kA, kB}, content.schedule, kNow};
}

void a_write_names_cells_schedule_and_text() {
    WriteRequest request = write_of(4370, SerialNumber{0x4011});
    request.replaces = SerialNumber{0x4010};
    request.schedule.category = Category::kHigh;
    const auto message = to_cbsp(request);
    CHECK_OK(message);
    const auto& write = std::get<cbsp::WriteReplace>(*message);
    CHECK(write.new_serial == SerialNumber{0x4011} && write.old_serial == SerialNumber{0x4010});
    CHECK_EQ(cbsp::references_in(write.cells).size(), size_t{2});
    const auto& content = std::get<cbsp::BroadcastContent>(write.content);
    CHECK(content.category == cbsp::Category::kHighPriority);
    CHECK_EQ(content.repetition_period.value(), uint16_t{32});  // 60 s in slots of 1.883 s
    CHECK_EQ(content.number_of_broadcasts, broadcasts_for(request.schedule, kNow));
    CHECK_EQ(content.pages.size(), size_t{1});
    CHECK(cbsp::decode(cbsp::encode(*message)));
}

void an_emergency_write_has_a_warning_type_instead_of_a_text() {
    const auto message = to_cbsp(write_of(4352, SerialNumber{0x7010}));
    CHECK_OK(message);
    const auto& content = std::get<cbsp::EmergencyContent>(std::get<cbsp::WriteReplace>(*message).content);
    CHECK(content.warning_type.emergency_user_alert && content.warning_type.popup);
    CHECK(content.warning_period.length() == 1h);  // the rest of the schedule
    const auto kill = to_cbsp(KillRequest{MessageIdentifier{4352}, SerialNumber{0x7010}, AllCells{}});
    CHECK(!std::get<cbsp::Kill>(*kill).channel.has_value());
    const auto other = to_cbsp(KillRequest{MessageIdentifier{4370}, SerialNumber{0x4010}, AllCells{}});
    CHECK(std::get<cbsp::Kill>(*other).channel == cbsp::ChannelIndicator::kBasic);
}

void a_peer_hears_its_own_channel_and_its_own_names_of_cells() {
    const CbspManner manner{.channel = cbsp::ChannelIndicator::kExtended, .cells = CellForm::kLacCi};
    const auto write = to_cbsp(write_of(4370, SerialNumber{0x4010}), manner);
    const auto& broadcast = std::get<cbsp::WriteReplace>(*write);
    CHECK(std::get<cbsp::BroadcastContent>(broadcast.content).channel == cbsp::ChannelIndicator::kExtended);
    CHECK(
        (broadcast.cells == cbsp::CellList{std::vector<cbsp::LacCi>{{Lac{1}, Ci{100}}, {Lac{1}, Ci{101}}}}));
    const CbspManner by_ci{.cells = CellForm::kCi};
    const auto kill = to_cbsp(KillRequest{MessageIdentifier{4370}, SerialNumber{7}, PlaceSet{kA}}, by_ci);
    CHECK((std::get<cbsp::Kill>(*kill).cells == cbsp::CellList{std::vector<Ci>{Ci{100}}}));
    const auto all = to_cbsp(KillRequest{MessageIdentifier{4370}, SerialNumber{7}, AllCells{}}, manner);
    CHECK(std::get<cbsp::Kill>(*all).cells == cbsp::CellList{cbsp::AllCells{}});
    CHECK(std::get<cbsp::Kill>(*all).channel == cbsp::ChannelIndicator::kExtended);
    const auto query = to_cbsp(StatusRequest{MessageIdentifier{4370}, SerialNumber{7}, PlaceSet{kA}}, manner);
    CHECK(std::get<cbsp::MessageStatusQuery>(*query).channel == cbsp::ChannelIndicator::kExtended);
    // An emergency message has no channel, whatever the peer's is.
    const auto emergency = to_cbsp(write_of(4352, SerialNumber{0x7010}), manner);
    CHECK(std::holds_alternative<cbsp::EmergencyContent>(std::get<cbsp::WriteReplace>(*emergency).content));
}

void areas_are_named_as_the_peer_knows_them() {
    const PlaceSet areas{Place::area_of(Technology::kGsm, kA.plmn, 23)};
    const KillRequest kill{MessageIdentifier{4370}, SerialNumber{7}, areas};
    const auto full = to_cbsp(kill);
    CHECK((std::get<cbsp::Kill>(*full).cells == cbsp::CellList{std::vector<cbsp::Lai>{{kA.plmn, Lac{23}}}}));
    const auto partial = to_cbsp(kill, {.cells = CellForm::kLacCi});
    CHECK(std::get<cbsp::Kill>(*partial).cells == cbsp::CellList{std::vector<Lac>{Lac{23}}});
}

struct BroadcastsRow {
    std::chrono::seconds left;
    std::chrono::seconds period;
    std::optional<uint16_t> wanted;
    uint16_t asked;
};

// 60 s are 32 slots, 60.256 s.
void as_many_broadcasts_are_asked_for_as_fit_before_the_end() {
    const std::vector<BroadcastsRow> rows{
        {1h, 60s, std::nullopt, 61}, {60s, 60s, std::nullopt, 2}, {61s, 60s, std::nullopt, 3},
        {0s, 60s, std::nullopt, 1},  {-5s, 60s, std::nullopt, 1}, {1h, 60s, 10, 10},
        {1h, 60s, 1000, 61},         {168h, 2s, std::nullopt, 0},  // more than CBSP can say: until killed
        {168h, 2s, 65535, 65535},
    };
    for (const BroadcastsRow& row : rows) {
        Schedule schedule;
        schedule.start = kNow;
        schedule.end = kNow + row.left;
        schedule.repetition_period = row.period;
        schedule.number_of_broadcasts = row.wanted;
        CHECK_EQ(broadcasts_for(schedule, kNow), row.asked);
    }
}

void a_mixed_answer_is_kept_cell_by_cell() {
    const cbsp::Cgi a{kA.plmn, Lac{1}, Ci{100}};
    const cbsp::Message message = cbsp::WriteReplaceFailure{
        MessageIdentifier{4370},
        SerialNumber{7},
        SerialNumber{6},
        {{cbsp::CellReference{Ci{101}}, cbsp::Cause::kCellMemoryExceeded}},
        cbsp::CompletedList{{cbsp::CellReference{a}, 9, cbsp::BroadcastsInfo::kValid}},
        cbsp::CellList{std::vector{a}},
        cbsp::ChannelIndicator::kBasic};
    const auto answer = answer_in(message);
    CHECK(answer && answer->kind == AnswerKind::kFailure);
    CHECK(answer->done.size() == 1 && answer->done.front().exact() == kA);
    CHECK(answer->failed.front().cause == cbsp_cause(0x07));
    CHECK(answer->failed.front().cell.matches(kB) && !answer->failed.front().cell.matches(kA));
    CHECK(answer->counts.empty());  // those of the message that went
    CHECK((reference_in(message) == MessageReference{MessageIdentifier{4370}, SerialNumber{7}}));
}

void counts_that_the_peer_does_not_know_are_none() {
    const auto answer = answer_in(cbsp::MessageStatusQueryComplete{
        MessageIdentifier{4370},
        SerialNumber{7},
        {{cbsp::CellReference{cbsp::Cgi{kA.plmn, Lac{1}, Ci{100}}}, 3, cbsp::BroadcastsInfo::kValid},
         {cbsp::CellReference{cbsp::Cgi{kB.plmn, Lac{1}, Ci{101}}}, 3, cbsp::BroadcastsInfo::kUnknown}},
        cbsp::ChannelIndicator::kBasic});
    CHECK_EQ(answer->counts.size(), size_t{2});
    CHECK(answer->counts[0].broadcasts == uint16_t{3});
    CHECK(!answer->counts[1].broadcasts.has_value());
}

void what_is_no_answer_is_none() {
    CHECK(!answer_in(cbsp::ResetComplete{cbsp::AllCells{}}));
    CHECK(!answer_in(cbsp::KeepAliveComplete{}));
    CHECK(!reference_in(cbsp::ErrorIndication{}));
}

}  // namespace

GROUP(cbsp_requests, CASE(a_write_names_cells_schedule_and_text),
      CASE(an_emergency_write_has_a_warning_type_instead_of_a_text),
      CASE(areas_are_named_as_the_peer_knows_them),
      CASE(a_peer_hears_its_own_channel_and_its_own_names_of_cells),
      CASE(as_many_broadcasts_are_asked_for_as_fit_before_the_end), CASE(a_mixed_answer_is_kept_cell_by_cell),
      CASE(counts_that_the_peer_does_not_know_are_none), CASE(what_is_no_answer_is_none))
