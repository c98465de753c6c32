// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/checklist.h"

#include "tests/support/test.h"
#include "tests/unit/cbe/channels.h"

namespace {

using namespace std::chrono_literals;
using cbe::CheckItem;
using cbe::CheckState;
using cbe::RefusalCode;

cbe::Reference reference() {
    cbe::Reference made;
    made.channels = cbe::ChannelTable(
        {test::channel("level1", "Level 1", 4370, cbe::OptOut::kNo, cbe::ChannelKind::kLive, 22h),
         test::monthly_test(), test::channel("info", "EU-Info", 6400)});
    made.cells = *cbe::CellTable::parse(
        "technology,mcc,mnc,lac,ci,name,lat,lon\n"
        "gsm,001,01,1,6969,Harbour,41.15794,-8.62911\n");
    return made;
}

cbe::Draft good() {
    cbe::Draft draft = cbe::draft_for(reference().channels.all().front());
    draft.messages = {{"en", "Flood in the harbour. Go to high ground."}};
    return draft;
}

CheckState state_of(const cbe::Draft& draft, CheckItem item, const cbe::Reference& with = reference()) {
    for (const cbe::Check& check : cbe::check(draft, with, 1, cbe::CbcReach::kAnswers))
        if (check.item == item) return check.state;
    return CheckState::kWarning;
}

void a_good_draft_passes_every_item() {
    for (const cbe::Check& check : cbe::check(good(), reference(), 2, cbe::CbcReach::kAnswers)) {
        CHECK_EQ(check.state, CheckState::kOk);
        CHECK(!check.text.empty());
    }
    CHECK(!cbe::refusal_for(cbe::check(good(), reference(), 1, cbe::CbcReach::kSilent)));  // a warning only
}

void c54_texts_that_cannot_be_sent_are_refused_with_a_sentence() {
    cbe::Draft draft = good();
    draft.messages.front().text = "Flood \xF0\x9F\x98\x80";
    auto no = cbe::refusal_for(cbe::check(draft, reference(), 1, cbe::CbcReach::kAnswers));
    CHECK(no && no->code == RefusalCode::kText);
    CHECK(no->text.find("U+1F600") != std::string::npos);
    draft.messages.front().text = std::string(1395, 'x');
    CHECK_EQ(state_of(draft, CheckItem::kText), CheckState::kOk);
    draft.messages.front().text += 'x';
    no = cbe::refusal_for(cbe::check(draft, reference(), 1, cbe::CbcReach::kAnswers));
    CHECK(no && no->code == RefusalCode::kText);
    CHECK(no->text.find("1396 of 1395") != std::string::npos);
    draft.messages.clear();
    CHECK_EQ(state_of(draft, CheckItem::kText), CheckState::kProblem);
    draft.messages = {{"en", ""}};
    CHECK_EQ(state_of(draft, CheckItem::kText), CheckState::kProblem);
}

void c55_a_test_says_so_and_a_live_alert_that_speaks_of_one_is_warned_about() {
    cbe::Draft draft = good();
    draft.channel = "rmt";
    draft.identifier = cbs::MessageIdentifier{4380};
    draft.duration = 1h;
    CHECK_EQ(state_of(draft, CheckItem::kText), CheckState::kProblem);
    draft.messages.front().text = "This is a TEST.";
    CHECK_EQ(state_of(draft, CheckItem::kText), CheckState::kOk);
    draft.channel = "level1";
    CHECK_EQ(state_of(draft, CheckItem::kText), CheckState::kWarning);
}

void c56_a_channel_carries_as_many_languages_as_it_has_identifiers() {
    cbe::Draft draft = good();
    draft.messages.push_back({"fr", "Inondation au port."});
    CHECK_EQ(state_of(draft, CheckItem::kLanguage), CheckState::kOk);
    draft.messages.push_back({"es", "Inundacion en el puerto."});
    CHECK_EQ(state_of(draft, CheckItem::kLanguage), CheckState::kProblem);
    draft.messages = {{"en", "One"}, {"en", "Two"}};
    CHECK_EQ(state_of(draft, CheckItem::kLanguage), CheckState::kProblem);
    draft.channel = "info";
    draft.messages = {{"en", "One"}, {"fr", "Deux"}};
    CHECK_EQ(state_of(draft, CheckItem::kLanguage), CheckState::kProblem);
    CHECK_EQ(cbe::identifiers_for(cbs::MessageIdentifier{4370}, 2).back().value(), 4383);
}

void c60_durations_follow_the_kind_of_channel() {
    struct Row {
        const char* channel;
        std::chrono::seconds duration;
        CheckState state;
    };
    for (const Row& row :
         {Row{"level1", 5min, CheckState::kOk}, Row{"level1", 299s, CheckState::kProblem},
          Row{"level1", 22h + 30min, CheckState::kOk}, Row{"level1", 22h + 31min, CheckState::kProblem},
          Row{"rmt", 4h, CheckState::kOk}, Row{"rmt", 4h + 1s, CheckState::kProblem}}) {
        cbe::Draft draft = good();
        draft.channel = row.channel;
        draft.duration = row.duration;
        CHECK_EQ(state_of(draft, CheckItem::kDuration), row.state);
    }
    cbe::Draft draft = good();
    draft.duration = 5min;
    draft.repetition_period = 301s;
    CHECK_EQ(state_of(draft, CheckItem::kRepetition), CheckState::kProblem);
}

void c19_nobody_to_approve_blocks_with_its_own_code() {
    const auto no = cbe::refusal_for(cbe::check(good(), reference(), 0, cbe::CbcReach::kAnswers));
    CHECK(no && no->code == RefusalCode::kNoApprover);
    cbe::Draft draft = good();
    draft.duration = 1s;
    CHECK(cbe::refusal_for(cbe::check(draft, reference(), 0, cbe::CbcReach::kAnswers))->code ==
          RefusalCode::kNotComplete);
}

void a_channel_that_the_authority_may_not_use_is_a_problem() {
    cbe::Reference limited = reference();
    limited.allowed_channels = {"rmt"};
    CHECK_EQ(state_of(good(), CheckItem::kChannel, limited), CheckState::kProblem);
}

void unknown_channels_identifiers_and_cells_are_refused_when_saved() {
    cbe::Draft draft = good();
    CHECK(!cbe::check_fields(draft, reference()));
    draft.channel = "level9";
    CHECK(cbe::check_fields(draft, reference())->code == RefusalCode::kInvalid);
    draft = good();
    draft.identifier = cbs::MessageIdentifier{4380};
    CHECK(cbe::check_fields(draft, reference())->code == RefusalCode::kInvalid);
    draft = good();
    draft.area = cbe::chosen_cells({*cbe::parse_cell("gsm:001-01:1:6969")});
    CHECK(!cbe::check_fields(draft, reference()));
    draft.area = cbe::chosen_cells({*cbe::parse_cell("gsm:001-001:1:6969")});  // another network
    const auto no = cbe::check_fields(draft, reference());
    CHECK(no && no->code == RefusalCode::kUnknownCell);
    CHECK(no->text.find("gsm:001-001:1:6969") != std::string::npos);
}

}  // namespace

GROUP(checklist, CASE(a_good_draft_passes_every_item),
      CASE(c54_texts_that_cannot_be_sent_are_refused_with_a_sentence),
      CASE(c55_a_test_says_so_and_a_live_alert_that_speaks_of_one_is_warned_about),
      CASE(c56_a_channel_carries_as_many_languages_as_it_has_identifiers),
      CASE(c60_durations_follow_the_kind_of_channel), CASE(c19_nobody_to_approve_blocks_with_its_own_code),
      CASE(a_channel_that_the_authority_may_not_use_is_a_problem),
      CASE(unknown_channels_identifiers_and_cells_are_refused_when_saved))
