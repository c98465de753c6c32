// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/alert_changes.h"

#include <nlohmann/json.hpp>

#include "cbe/store/idempotency.h"
#include "cbe/store/people.h"
#include "common/json/jcs.h"
#include "common/store/effect.h"
#include "tests/support/test.h"
#include "tests/unit/cbe/office.h"

namespace {

using namespace std::chrono_literals;
using cbe::Permission;
using cbe::RefusalCode;
using cbe::Status;
using test::kAna;
using test::kBruno;
using test::kCarla;
using test::kNow;
using test::Office;
using test::person;
using test::refused;

void the_whole_way_from_draft_to_stopped() {
    Office office;
    const cbe::Alert alert = office.approved();
    CHECK_EQ(alert.status, Status::kApproved);
    CHECK_EQ(alert.number, 1U);
    CHECK_EQ(alert.frozen->serial.value(), 0x4000);
    CHECK_EQ(alert.decisions.size(), 2U);
    CHECK_EQ(office.txn.count(store::kOutboxTable), 2U);  // both centres
    const auto stopped =
        cbe::stop_alert(office.txn, office.terms, office.by(kCarla), alert.id, "false alarm");
    CHECK(stopped);
    CHECK_EQ(stopped->status, Status::kCancelled);
    CHECK_EQ(office.txn.count(store::kOutboxTable), 2U);  // the sends are gone, the stops are there
    CHECK_EQ(stopped->history.size(), 4U);
    CHECK_EQ(stopped->history.back().reason, "false alarm");
}

void c12_what_is_sent_is_the_digested_content_with_both_decisions() {
    Office office;
    const cbe::Alert alert = office.approved();
    std::string row;
    office.txn.scan(store::kOutboxTable, "", "", [&](std::string_view key, std::string_view value) {
        row = store::decode_effect(key, value)->payload;
        return false;
    });
    const auto body = nlohmann::json::parse(row);
    CHECK_EQ(body.at("alert_id").get<std::string>(), alert.id.text());
    CHECK_EQ(body.at("revision").get<int>(), 1);
    CHECK_EQ(*json::digest(body.at("content")), body.at("digest").get<std::string>());
    CHECK_EQ(body.at("content").at("serial_number").get<int>(), 0x4000);
    CHECK_EQ(body.at("content").at("messages").at(0).at("text").get<std::string>(), "Flood.");
    CHECK_EQ(body.at("decisions").at(0).at("action").get<std::string>(), "submit");
    CHECK_EQ(body.at("decisions").at(1).at("action").get<std::string>(), "approve");
    CHECK(body.at("decisions").at(0).at("user") != body.at("decisions").at(1).at("user"));
}

void c10_an_author_never_approves_his_own_whatever_he_does() {
    Office office;
    cbe::Alert alert = office.draft(kCarla);
    auto submitted = cbe::submit_alert(office.txn, office.terms, office.by(kCarla), alert.id, alert.version);
    CHECK(submitted);
    const size_t before = office.txn.writes();
    CHECK(refused(
        cbe::approve_alert(office.txn, office.terms, office.by(kCarla), alert.id, submitted->frozen->digest),
        RefusalCode::kContributor));
    CHECK_EQ(office.txn.writes(), before);  // not even the code was used
    // Withdrawn, edited and submitted by somebody else: she has still taken part.
    auto withdrawn = cbe::withdraw_alert(office.txn, office.terms, office.by(kCarla), alert.id);
    CHECK(withdrawn);
    auto again = cbe::submit_alert(office.txn, office.terms, office.by(kAna), alert.id, withdrawn->version);
    CHECK(again);
    CHECK(refused(
        cbe::approve_alert(office.txn, office.terms, office.by(kCarla), alert.id, again->frozen->digest),
        RefusalCode::kContributor));
    CHECK(cbe::approve_alert(office.txn, office.terms, office.by(kBruno), alert.id, again->frozen->digest));
}

void c13_codes_are_checked_last_and_once() {
    Office office;
    const cbe::Alert alert = office.waiting();
    cbe::Asking asking = office.by(kBruno);
    asking.step.reset();
    const auto wrong = cbe::approve_alert(office.txn, office.terms, asking, alert.id, alert.frozen->digest);
    CHECK(refused(wrong, RefusalCode::kTotpWrong));
    CHECK(cbe::is_written(wrong.error()));
    CHECK_EQ(auth::find_user(office.txn, auth::UserId{kBruno.id.value()})->second.codes.tries.wrong, 1U);
    asking = office.by(kBruno);
    CHECK(cbe::approve_alert(office.txn, office.terms, asking, alert.id, alert.frozen->digest));
    asking.idempotency_key = "another-key";  // the same code again, for a stop
    CHECK(refused(cbe::stop_alert(office.txn, office.terms, asking, alert.id, "reason"),
                  RefusalCode::kTotpReplayed));
}

void c13_five_wrong_codes_lock_decisions_but_not_other_officers() {
    Office office;
    const cbe::Alert alert = office.waiting();
    for (int i = 0; i < 5; ++i) {
        cbe::Asking asking = office.by(kBruno);
        asking.step.reset();
        CHECK(!cbe::approve_alert(office.txn, office.terms, asking, alert.id, alert.frozen->digest));
    }
    CHECK(refused(
        cbe::approve_alert(office.txn, office.terms, office.by(kBruno), alert.id, alert.frozen->digest),
        RefusalCode::kLocked));
    CHECK(cbe::approve_alert(office.txn, office.terms, office.by(kCarla), alert.id, alert.frozen->digest));
}

void c12_a_changed_digest_sends_nothing() {
    Office office;
    const cbe::Alert seen = office.waiting();
    auto withdrawn = cbe::withdraw_alert(office.txn, office.terms, office.by(kAna), seen.id);
    auto saved = cbe::save_alert(office.txn, office.terms, office.by(kAna), seen.id, withdrawn->version,
                                 Office::text("Fire."));
    CHECK(saved);
    auto again = cbe::submit_alert(office.txn, office.terms, office.by(kAna), seen.id, saved->version);
    CHECK(again && again->frozen->digest != seen.frozen->digest);
    CHECK(
        refused(cbe::approve_alert(office.txn, office.terms, office.by(kBruno), seen.id, seen.frozen->digest),
                RefusalCode::kDigestChanged));
    CHECK_EQ(office.txn.count(store::kOutboxTable), 0U);
}

std::vector<audit::Entry> audited(const Office& office) {
    std::vector<audit::Entry> all;
    CHECK(audit::read(office.txn, 0, [&](const audit::Record& record) {
        all.push_back(record.entry);
        return true;
    }));
    return all;
}

void c81_every_decision_is_audited_with_digest_and_request_and_a_repeat_is_not() {
    Office office;
    const cbe::Alert alert = office.waiting();
    const cbe::Asking asking = office.by(kBruno);
    for (int i = 0; i < 2; ++i)
        CHECK(cbe::approve_alert(office.txn, office.terms, asking, alert.id, alert.frozen->digest));
    CHECK(cbe::stop_alert(office.txn, office.terms, office.by(kCarla), alert.id, "false alarm"));
    const auto all = audited(office);
    CHECK_EQ(all.size(), 4U);
    const std::vector<std::string> actions{"alert.create", "alert.submit", "alert.approve", "alert.stop"};
    const std::vector<std::string> actors{"ana", "ana", "bruno", "carla"};
    for (size_t i = 0; i < all.size(); ++i) {
        CHECK_EQ(all[i].action, actions[i]);
        CHECK_EQ(all[i].actor, actors[i]);
        CHECK_EQ(all[i].object, "alert/" + alert.id.text());
        CHECK_EQ(all[i].request_id, "request-7");
    }
    CHECK_EQ(all[2].before, "pending_approval");
    const auto approved = nlohmann::json::parse(all[2].after);
    CHECK_EQ(approved.at("digest").get<std::string>(), alert.frozen->digest);
    CHECK_EQ(approved.at("status").get<std::string>(), "approved");
    CHECK_EQ(approved.at("call").get<std::string>(), "POST /somewhere");
    CHECK_EQ(approved.at("address").get<std::string>(), "192.0.2.7:1");
    CHECK_EQ(nlohmann::json::parse(all[3].after).at("reason").get<std::string>(), "false alarm");
}

void c81_wrong_codes_and_the_lock_are_audited() {
    Office office;
    const cbe::Alert alert = office.waiting();
    for (int i = 0; i < 6; ++i) {
        cbe::Asking asking = office.by(kBruno);
        asking.step.reset();
        CHECK(!cbe::approve_alert(office.txn, office.terms, asking, alert.id, alert.frozen->digest));
    }
    std::string actions;
    for (const audit::Entry& entry : audited(office))
        if (entry.actor == "bruno") {
            actions += entry.action + " ";
            CHECK_EQ(entry.object, "alert/" + alert.id.text());
        }
    CHECK_EQ(actions,
             "code.refuse code.refuse code.refuse code.refuse code.refuse decisions.lock code.refuse ");
    CHECK_EQ(cbe::locked_people(office.txn, kNow + 15min - 1s).size(), 1U);
    CHECK_EQ(cbe::locked_people(office.txn, kNow + 15min).size(), 0U);
}

void s15_the_same_key_does_nothing_twice_and_another_request_with_it_is_refused() {
    Office office;
    const cbe::Alert alert = office.waiting();
    const cbe::Asking asking = office.by(kBruno);
    CHECK(cbe::approve_alert(office.txn, office.terms, asking, alert.id, alert.frozen->digest));
    const size_t writes = office.txn.writes();
    const auto repeat = cbe::approve_alert(office.txn, office.terms, asking, alert.id, alert.frozen->digest);
    CHECK(repeat && repeat->status == Status::kApproved);
    CHECK_EQ(office.txn.writes(), writes);
    cbe::Asking other = asking;
    other.request_hash = "another";
    CHECK(refused(cbe::stop_alert(office.txn, office.terms, other, alert.id, "reason"),
                  RefusalCode::kIdempotencyKeyReused));
    CHECK_EQ(cbe::forget_done(office.txn, kNow + 24h, 100), 0U);
    CHECK(cbe::forget_done(office.txn, kNow + 24h + 1s, 100) > 0);
}

void s12_late_saves_are_refused_and_who_saves_takes_part() {
    Office office;
    const cbe::Alert alert = office.draft();
    auto saved =
        cbe::save_alert(office.txn, office.terms, office.by(kCarla), alert.id, 1, Office::text("Fire."));
    CHECK(saved && saved->has_contributor(kCarla.id));
    CHECK(refused(
        cbe::save_alert(office.txn, office.terms, office.by(kAna), alert.id, 1, Office::text("Storm.")),
        RefusalCode::kVersionConflict));
}

void returning_gives_the_serial_number_back_and_binds_the_returner() {
    Office office;
    const cbe::Alert alert = office.waiting();
    CHECK(refused(cbe::return_alert(office.txn, office.terms, office.by(kCarla), alert.id, "too short"),
                  RefusalCode::kInvalid));
    auto returned =
        cbe::return_alert(office.txn, office.terms, office.by(kCarla), alert.id, "name the place, please");
    CHECK(returned && returned->status == Status::kReturned && !returned->frozen);
    CHECK_EQ(office.txn.count(cbe::tables::kCodes), 0U);
    CHECK(refused(cbe::save_alert(office.txn, office.terms, office.by(kCarla), alert.id, returned->version,
                                  Office::text("x")),
                  RefusalCode::kReturnedByYou));
    auto again = cbe::submit_alert(office.txn, office.terms, office.by(kAna), alert.id, returned->version);
    CHECK(again && !again->returned_by);
    CHECK_EQ(again->frozen->serial.value(), 0x4010);  // the next code, not the one just given back
}

void codes_run_out_with_a_sentence() {
    Office office;
    office.terms.codes = {0, 3, 2, 3};
    office.waiting();
    office.waiting();
    const cbe::Alert third = office.draft();
    CHECK(refused(cbe::submit_alert(office.txn, office.terms, office.by(kAna), third.id, 1),
                  RefusalCode::kCodesExhausted));
    office.now = kNow + 1h + 24h;
    CHECK(cbe::submit_alert(office.txn, office.terms, office.by(kAna), third.id, 1));
}

void permissions_are_those_of_now() {
    Office office;
    const cbe::Alert alert = office.waiting();
    test::put_person(office.txn, person("bruno", {Permission::kView}));
    CHECK(refused(
        cbe::approve_alert(office.txn, office.terms, office.by(kBruno), alert.id, alert.frozen->digest),
        RefusalCode::kPermission));
}

void a_machine_client_submits_without_a_code_and_never_more() {
    Office office;
    cbe::Asking machine{person("crm", {Permission::kView, Permission::kCreate}),
                        cbe::ActorKind::kMachine,
                        kNow,
                        {},
                        "",
                        "",
                        {}};
    const auto made =
        cbe::create_and_submit(office.txn, office.terms, machine, base::new_uuid(1), Office::text("Flood."));
    CHECK(made && made->status == Status::kPendingApproval && made->number == 1);
    CHECK_EQ(made->decisions.front().totp_step, 0);
    const auto changed =
        cbe::edit_and_submit(office.txn, office.terms, machine, made->id, Office::text("Fire."));
    CHECK(changed && changed->status == Status::kPendingApproval);
    CHECK(changed->frozen->digest != made->frozen->digest);
    CHECK_EQ(office.txn.count(cbe::tables::kCodes), 1U);
    CHECK(refused(cbe::approve_alert(office.txn, office.terms, machine, made->id, changed->frozen->digest),
                  RefusalCode::kPermission));
    const auto gone = cbe::discard_alert(office.txn, office.terms, machine, made->id);
    CHECK(gone && gone->status == Status::kDiscarded);
    CHECK_EQ(office.txn.count(cbe::tables::kCodes), 0U);
    // An officer's PUT uses his code once, and only when nothing else refuses it.
    cbe::Asking ana = office.by(kAna);
    CHECK(!cbe::create_and_submit(office.txn, office.terms, ana, base::new_uuid(2), Office::text("")));
    CHECK(cbe::create_and_submit(office.txn, office.terms, ana, base::new_uuid(3), Office::text("Flood.")));
}

cbe::CbcDelivery picture(cbe::DeliveryState state, const char* word) {
    return {"north", word, {}, {{*cbe::parse_cell("gsm:001-01:1:6969"), state, "", kNow}}};
}

void the_first_confirmation_makes_it_broadcasting_and_the_end_completes_it() {
    Office office;
    const cbe::Alert alert = office.approved();
    cbe::put_picture(office.txn, alert.id, picture(cbe::DeliveryState::kAccepted, "broadcasting"), kNow + 1s);
    CHECK_EQ(cbe::find_alert(office.txn, alert.id)->status, Status::kApproved);
    for (int i = 0; i < 2; ++i)
        cbe::put_picture(office.txn, alert.id, picture(cbe::DeliveryState::kBroadcasting, "broadcasting"),
                         kNow + 2s);
    auto live = *cbe::find_alert(office.txn, alert.id);
    CHECK_EQ(live.status, Status::kBroadcasting);
    CHECK(live.on_air_at == kNow + 2s);
    CHECK_EQ(live.history.size(), 4U);
    CHECK_EQ(cbe::end_what_is_over(office.txn, kNow + 1h - 1s), 0U);
    CHECK_EQ(cbe::end_what_is_over(office.txn, kNow + 1h), 1U);
    CHECK_EQ(cbe::find_alert(office.txn, alert.id)->status, Status::kCompleted);
    CHECK_EQ(cbe::live_alerts(office.txn).size(), 1U);
    CHECK_EQ(cbe::end_what_is_over(office.txn, kNow + 1h + 10min), 0U);
    CHECK_EQ(cbe::live_alerts(office.txn).size(), 0U);
}

void never_confirmed_is_failed_and_a_late_confirmation_does_not_revive_it() {
    Office office;
    const cbe::Alert alert = office.approved();
    cbe::put_picture(office.txn, alert.id, picture(cbe::DeliveryState::kBroadcasting, "broadcasting"),
                     kNow + 1h);
    CHECK_EQ(cbe::end_what_is_over(office.txn, kNow + 1h), 1U);
    CHECK_EQ(cbe::find_alert(office.txn, alert.id)->status, Status::kFailed);
}

void a_stopped_alert_is_watched_until_the_stop_is_confirmed() {
    Office office;
    const cbe::Alert alert = office.approved();
    cbe::put_picture(office.txn, alert.id, picture(cbe::DeliveryState::kBroadcasting, "broadcasting"), kNow);
    CHECK(cbe::stop_alert(office.txn, office.terms, office.by(kBruno), alert.id, "over"));
    for (const char* cbc : {"north", "south"})
        cbe::put_result(office.txn, alert.id, {cbc, cbe::SendingWhat::kStop, cbe::SendingState::kTaken, ""});
    cbe::end_what_is_over(office.txn, kNow);
    CHECK_EQ(cbe::live_alerts(office.txn).size(), 1U);
    cbe::put_picture(office.txn, alert.id, picture(cbe::DeliveryState::kStopped, "stopped"), kNow);
    cbe::end_what_is_over(office.txn, kNow);
    CHECK_EQ(cbe::live_alerts(office.txn).size(), 0U);
}

void records_go_to_bytes_and_back() {
    Office office;
    cbe::DraftEdit edit = Office::text("Flood \xC3\xA9 \xD9\x85");
    edit.area = cbe::chosen_cells({*cbe::parse_cell("gsm:001-01:1:6969")});
    edit.broadcasts = std::optional<uint16_t>{999};
    const auto made = cbe::create_alert(office.txn, office.terms, office.by(kAna), base::new_uuid(5), edit);
    CHECK(made);
    const auto read = cbe::find_alert(office.txn, made->id);
    CHECK(read.has_value());
    CHECK(read->draft.messages == made->draft.messages);
    CHECK(read->draft.area == made->draft.area);
    CHECK_EQ(*read->draft.broadcasts, 60);  // one hour, every minute: more would overrun the end
    CHECK_EQ(cbe::find_alert(office.txn, 1)->id.text(), made->id.text());
    CHECK(!cbe::decode_alert("\x01{}"));
    CHECK(!cbe::decode_alert(""));
    const std::string good = cbe::encode(*made);
    for (size_t cut = 0; cut < good.size(); ++cut) CHECK(!cbe::decode_alert(good.substr(0, cut)));
}

}  // namespace

GROUP(alert_changes, CASE(the_whole_way_from_draft_to_stopped),
      CASE(c12_what_is_sent_is_the_digested_content_with_both_decisions),
      CASE(c10_an_author_never_approves_his_own_whatever_he_does), CASE(c13_codes_are_checked_last_and_once),
      CASE(c13_five_wrong_codes_lock_decisions_but_not_other_officers),
      CASE(c12_a_changed_digest_sends_nothing),
      CASE(s15_the_same_key_does_nothing_twice_and_another_request_with_it_is_refused),
      CASE(c81_every_decision_is_audited_with_digest_and_request_and_a_repeat_is_not),
      CASE(c81_wrong_codes_and_the_lock_are_audited),
      CASE(s12_late_saves_are_refused_and_who_saves_takes_part),
      CASE(returning_gives_the_serial_number_back_and_binds_the_returner),
      CASE(codes_run_out_with_a_sentence), CASE(permissions_are_those_of_now),
      CASE(a_machine_client_submits_without_a_code_and_never_more),
      CASE(the_first_confirmation_makes_it_broadcasting_and_the_end_completes_it),
      CASE(never_confirmed_is_failed_and_a_late_confirmation_does_not_revive_it),
      CASE(a_stopped_alert_is_watched_until_the_stop_is_confirmed), CASE(records_go_to_bytes_and_back))
