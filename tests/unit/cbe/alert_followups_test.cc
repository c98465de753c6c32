// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/alert_followups.h"

#include <nlohmann/json.hpp>

#include "common/store/effect.h"
#include "tests/unit/cbe/office.h"

namespace {

using namespace std::chrono_literals;
using cbe::RefusalCode;
using cbe::Status;
using test::kAna;
using test::kBruno;
using test::kCarla;
using test::kNow;
using test::Office;
using test::refused;

cbe::Alert updated(Office& office, const cbe::Alert& base, const cbe::DraftEdit& edit,
                   const cbe::Person& who = kAna) {
    auto draft = cbe::update_alert(office.txn, office.terms, office.by(who), base.id, office.fresh_id());
    CHECK(draft);
    auto saved = cbe::save_alert(office.txn, office.terms, office.by(who), draft->id, draft->version, edit);
    CHECK(saved);
    return *saved;
}

cbe::Answer submit(Office& office, const cbe::Alert& alert, const cbe::Person& who = kAna) {
    return cbe::submit_alert(office.txn, office.terms, office.by(who), alert.id, alert.version);
}

cbe::Answer approve(Office& office, const cbe::Alert& alert, const cbe::Person& who = kBruno) {
    return cbe::approve_alert(office.txn, office.terms, office.by(who), alert.id, alert.frozen->digest);
}

cbe::DraftEdit shorter() {
    cbe::DraftEdit edit;
    edit.duration = 30min;
    return edit;
}

// What is to be sent to "north", of the newest revision.
nlohmann::json sent(const Office& office) {
    nlohmann::json last;
    office.txn.scan(store::kOutboxTable, "", "", [&](std::string_view key, std::string_view value) {
        const auto effect = store::decode_effect(key, value);
        if (effect && effect->id.kind == cbe::kSendEffect) {
            auto body = nlohmann::json::parse(effect->payload);
            if (last.is_null() || body.at("revision") > last.at("revision")) last = std::move(body);
        }
        return true;
    });
    return last;
}

void a13_new_text_is_a_revision_with_the_next_update_number_that_two_people_decide() {
    Office office;
    const cbe::Alert first = office.live();
    const cbe::Alert draft = updated(office, first, Office::text("Flood. Go to the hill."));
    CHECK(draft.chain == first.id && draft.is_update());
    auto waiting = submit(office, draft);
    CHECK(waiting && waiting->status == Status::kPendingApproval);
    CHECK_EQ(waiting->frozen->serial.value(), first.frozen->serial.value() + 1U);
    CHECK(waiting->frozen->start == first.frozen->start && waiting->frozen->end == first.frozen->end);
    CHECK_EQ(office.read(first.id).status, Status::kBroadcasting);  // nothing has changed on the air
    auto approved = approve(office, *waiting);
    CHECK(approved && approved->status == Status::kApproved);
    const auto body = sent(office);
    CHECK_EQ(body.at("alert_id").get<std::string>(), first.id.text());
    CHECK_EQ(body.at("revision").get<int>(), 2);
    CHECK_EQ(body.at("digest").get<std::string>(), approved->frozen->digest);
    CHECK_EQ(office.read(first.id).status, Status::kBroadcasting);
    CHECK_EQ(office.on_air(*approved).status, Status::kBroadcasting);
    const cbe::Alert replaced = office.read(first.id);
    CHECK_EQ(replaced.status, Status::kSuperseded);
    CHECK(replaced.superseded_by == approved->id);
}

void a13_longer_keeps_the_serial_number_and_holds_its_code_longer() {
    Office office;
    office.terms.codes = {0, 2, 2, 2};  // two codes
    const cbe::Alert first = office.live();
    cbe::DraftEdit longer;
    longer.duration = 3h;
    auto waiting = submit(office, updated(office, first, longer));
    CHECK(waiting);
    CHECK_EQ(waiting->frozen->serial.value(), first.frozen->serial.value());
    CHECK(waiting->frozen->end == first.frozen->start + 3h);
    CHECK(approve(office, *waiting));
    CHECK(submit(office, office.draft()));  // the other code
    office.now = kNow + 1h + 24h + 1s;      // the first end and a day: still held
    CHECK(submit(office, office.draft()));  // what ended is free, so this is the second code again
    CHECK(refused(submit(office, office.draft()), RefusalCode::kCodesExhausted));
}

void a13_shorter_needs_one_person_who_may_stop_and_his_code() {
    Office office;
    const cbe::Alert first = office.live();
    cbe::Alert draft = updated(office, first, shorter(), kCarla);
    cbe::Asking wrong = office.by(kCarla);
    wrong.step.reset();
    CHECK(refused(cbe::submit_alert(office.txn, office.terms, wrong, draft.id, draft.version),
                  RefusalCode::kTotpWrong));
    auto alone = submit(office, draft, kCarla);
    CHECK(alone && alone->status == Status::kApproved);
    CHECK_EQ(sent(office).at("decisions").size(), 1U);
    CHECK_EQ(sent(office).at("decisions").at(0).at("action").get<std::string>(), "shrink");
    CHECK_EQ(alone->frozen->serial.value(), first.frozen->serial.value());
    // Ana may not stop: the same wish waits for a second person.
    Office other;
    auto waits = submit(other, updated(other, other.live(), shorter()));
    CHECK(waits && waits->status == Status::kPendingApproval);
}

void a13_one_person_is_not_enough_while_a_centre_has_not_what_is_made_smaller() {
    Office office;
    const cbe::Alert first = office.approved();  // nobody has taken it
    auto waits = submit(office, updated(office, first, shorter(), kCarla), kCarla);
    CHECK(waits && waits->status == Status::kPendingApproval);
    CHECK(approve(office, *waits));
    CHECK_EQ(office.txn.count(store::kOutboxTable), 2U);  // the first one's sends are given up
    CHECK_EQ(sent(office).at("revision").get<int>(), 2);
}

void c10_contributors_are_kept_over_revisions() {
    Office office;
    cbe::Alert first = office.draft(kCarla);
    auto waiting = submit(office, first, kCarla);
    auto approved = approve(office, *waiting);
    CHECK(approved);
    auto update = submit(office, updated(office, office.on_air(*approved), Office::text("Fire.")));
    CHECK(update && update->has_contributor(kCarla.id));
    CHECK(refused(approve(office, *update, kCarla), RefusalCode::kContributor));
    CHECK(approve(office, *update));
}

void c10_a_copy_keeps_the_contributors() {
    Office office;
    const cbe::Alert draft = office.draft(kCarla);
    auto copy = cbe::copy_alert(office.txn, office.terms, office.by(kAna), draft.id, office.fresh_id());
    CHECK(copy && copy->has_contributor(kCarla.id) && copy->number == 2);
    auto waiting = submit(office, *copy);
    CHECK(refused(approve(office, *waiting, kCarla), RefusalCode::kContributor));
}

void c12_an_update_is_approved_for_the_digest_that_was_seen() {
    Office office;
    auto waiting = submit(office, updated(office, office.live(), Office::text("Fire.")));
    CHECK(refused(
        cbe::approve_alert(office.txn, office.terms, office.by(kBruno), waiting->id, std::string(64, '0')),
        RefusalCode::kDigestChanged));
}

void of_two_updates_the_first_approved_counts() {
    Office office;
    const cbe::Alert first = office.live();
    auto one = submit(office, updated(office, first, Office::text("Fire.")));
    auto two = submit(office, updated(office, first, Office::text("Storm.")));
    CHECK(one && two);
    CHECK(approve(office, *two));
    CHECK(refused(approve(office, *one), RefusalCode::kUpdateOutdated));
    CHECK(refused(cbe::update_alert(office.txn, office.terms, office.by(kAna), first.id, office.fresh_id()),
                  RefusalCode::kUpdateOutdated));
}

void an_update_without_a_difference_or_on_another_channel_is_refused() {
    Office office;
    const cbe::Alert first = office.live();
    CHECK(refused(submit(office, updated(office, first, {})), RefusalCode::kInvalid));
    cbe::DraftEdit channel;
    channel.channel = "level4";
    CHECK(refused(submit(office, updated(office, first, channel)), RefusalCode::kInvalid));
    office.now = kNow + 40min;
    CHECK(
        refused(submit(office, updated(office, first, shorter())), RefusalCode::kInvalid));  // ended by then
}

void an_update_of_what_is_over_is_refused() {
    Office office;
    const cbe::Alert first = office.live();
    auto waiting = submit(office, updated(office, first, Office::text("Fire.")));
    CHECK(cbe::stop_alert(office.txn, office.terms, office.by(kBruno), first.id, "over"));
    CHECK(refused(approve(office, *waiting), RefusalCode::kStatus));
}

void c20_a_stop_ends_every_revision_and_can_be_told_again() {
    Office office;
    const cbe::Alert first = office.live();
    auto waiting = submit(office, updated(office, first, Office::text("Fire.")));
    auto second = approve(office, *waiting);
    CHECK(second);
    auto stopped = cbe::stop_alert(office.txn, office.terms, office.by(kBruno), first.id, "over");
    CHECK(stopped && stopped->status == Status::kCancelled);
    CHECK_EQ(office.read(second->id).status, Status::kCancelled);
    CHECK_EQ(office.txn.count(store::kOutboxTable), 2U);  // one stop for each centre, and no send
    for (const char* cbc : {"north", "south"})
        cbe::put_result(office.txn, second->id,
                        {cbc, cbe::SendingWhat::kStop, cbe::SendingState::kTaken, ""});
    CHECK(cbe::stop_again(office.txn, office.terms, office.by(kCarla), second->id));
    CHECK(cbe::sendings_of(office.txn, second->id).at(1).state == cbe::SendingState::kWaiting);
    CHECK(refused(cbe::stop_again(office.txn, office.terms, office.by(kAna), second->id),
                  RefusalCode::kPermission));
}

void a13_the_all_clear_is_ready_made_and_stops_the_first_once_it_is_on_the_air() {
    Office office;
    const cbe::Alert first = office.live();
    auto draft = cbe::follow_up(office.txn, office.terms, office.by(kAna),
                                {cbe::RelationKind::kAllClear, first.id}, office.fresh_id());
    CHECK(draft);
    CHECK_EQ(draft->draft.channel, "level4");
    CHECK(draft->draft.area == first.draft.area);
    CHECK(draft->draft.messages.at(0).text.starts_with("ALL CLEAR."));
    auto approved = approve(office, *submit(office, *draft));
    CHECK(approved);
    CHECK_EQ(office.read(first.id).status, Status::kBroadcasting);
    office.on_air(*approved);
    const cbe::Alert ended = office.read(first.id);
    CHECK_EQ(ended.status, Status::kCancelled);
    CHECK(ended.decisions.back().kind == cbe::DecisionKind::kStop);
    CHECK(ended.decisions.back().user == kBruno.id);
    CHECK_EQ(ended.history.back().reason, "all_clear");
}

void a13_the_false_alarm_takes_channel_and_area_of_the_wrong_alert() {
    Office office;
    const cbe::Alert first = office.live();
    auto draft = cbe::follow_up(office.txn, office.terms, office.by(kBruno),
                                {cbe::RelationKind::kFalseAlarm, first.id}, office.fresh_id());
    CHECK(refused(draft, RefusalCode::kPermission));  // he may not write
    draft = cbe::follow_up(office.txn, office.terms, office.by(kCarla),
                           {cbe::RelationKind::kFalseAlarm, first.id}, office.fresh_id());
    CHECK(draft);
    CHECK_EQ(draft->draft.channel, first.draft.channel);
    CHECK(draft->draft.area == first.draft.area);
    CHECK(draft->draft.messages.at(0).text.starts_with("FALSE ALARM."));
    CHECK(!draft->has_contributor(kAna.id));  // the words are not hers
}

void c17_in_training_an_update_takes_over_at_once_and_nothing_is_sent() {
    Office office;
    office.terms.mode = cbe::Mode::kTraining;
    office.terms.cbcs.clear();
    const cbe::Alert first = office.approved();
    auto second = approve(office, *submit(office, updated(office, first, Office::text("Fire."))));
    CHECK(second);
    CHECK_EQ(office.read(first.id).status, Status::kSuperseded);
    CHECK_EQ(office.txn.count(store::kOutboxTable), 0U);
}

void rejecting_is_final_and_wants_a_reason_of_ten_characters() {
    Office office;
    const cbe::Alert alert = office.waiting();
    CHECK(refused(cbe::reject_alert(office.txn, office.terms, office.by(kBruno), alert.id, "too short"),
                  RefusalCode::kInvalid));
    auto rejected =
        cbe::reject_alert(office.txn, office.terms, office.by(kBruno), alert.id, "not our region");
    CHECK(rejected && rejected->status == Status::kRejected && !rejected->frozen);
    CHECK_EQ(office.txn.count(cbe::tables::kCodes), 0U);
    CHECK(refused(submit(office, *rejected), RefusalCode::kStatus));
}

void a_discard_can_be_taken_back_for_half_a_minute() {
    Office office;
    const cbe::Alert draft = office.draft();
    CHECK(cbe::discard_alert(office.txn, office.terms, office.by(kAna), draft.id));
    office.now = kNow + 30s;
    CHECK(refused(cbe::restore_alert(office.txn, office.terms, office.by(kCarla), draft.id),
                  RefusalCode::kPermission));
    auto back = cbe::restore_alert(office.txn, office.terms, office.by(kAna), draft.id);
    CHECK(back && back->status == Status::kDraft);
    CHECK(cbe::discard_alert(office.txn, office.terms, office.by(kAna), draft.id));
    office.now = kNow + 61s;
    CHECK(refused(cbe::restore_alert(office.txn, office.terms, office.by(kAna), draft.id),
                  RefusalCode::kStatus));
}

void what_was_returned_comes_back_as_returned() {
    Office office;
    const cbe::Alert alert = office.waiting();
    CHECK(cbe::return_alert(office.txn, office.terms, office.by(kCarla), alert.id, "name the place, please"));
    CHECK(cbe::discard_alert(office.txn, office.terms, office.by(kAna), alert.id));
    auto back = cbe::restore_alert(office.txn, office.terms, office.by(kAna), alert.id);
    CHECK(back && back->status == Status::kReturned);
    CHECK(refused(submit(office, *back, kCarla), RefusalCode::kReturnedByYou));
}

}  // namespace

GROUP(alert_followups, CASE(a13_new_text_is_a_revision_with_the_next_update_number_that_two_people_decide),
      CASE(a13_longer_keeps_the_serial_number_and_holds_its_code_longer),
      CASE(a13_shorter_needs_one_person_who_may_stop_and_his_code),
      CASE(a13_one_person_is_not_enough_while_a_centre_has_not_what_is_made_smaller),
      CASE(c10_contributors_are_kept_over_revisions), CASE(c10_a_copy_keeps_the_contributors),
      CASE(c12_an_update_is_approved_for_the_digest_that_was_seen),
      CASE(of_two_updates_the_first_approved_counts),
      CASE(an_update_without_a_difference_or_on_another_channel_is_refused),
      CASE(an_update_of_what_is_over_is_refused), CASE(c20_a_stop_ends_every_revision_and_can_be_told_again),
      CASE(a13_the_all_clear_is_ready_made_and_stops_the_first_once_it_is_on_the_air),
      CASE(a13_the_false_alarm_takes_channel_and_area_of_the_wrong_alert),
      CASE(c17_in_training_an_update_takes_over_at_once_and_nothing_is_sent),
      CASE(rejecting_is_final_and_wants_a_reason_of_ten_characters),
      CASE(a_discard_can_be_taken_back_for_half_a_minute), CASE(what_was_returned_comes_back_as_returned))
