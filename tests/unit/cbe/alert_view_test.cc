// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/api/alert_view.h"

#include <nlohmann/json.hpp>

#include "cbe/store/alert_changes.h"
#include "cbe/store/alert_record.h"
#include "cbe/store/alert_results.h"
#include "tests/unit/cbe/desk.h"
#include "tests/unit/cbe/fake_store.h"

namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

// A training alert of Ana that waits for Bruno.
struct Shown {
    test::Desk desk;
    test::MemoryTransaction txn;
    const cbe::Person bruno{
        cbe::UserId{"u-bruno"}, "bruno", "Bruno", {cbe::Permission::kView, cbe::Permission::kApprove}};
    cbe::Alert alert;

    explicit Shown(const std::string& text = "Flood.") {
        for (const cbe::Person& one : {desk.ana, bruno}) test::put_person(txn, one);
        cbe::Asking asking{desk.ana, cbe::ActorKind::kOfficer, desk.clock.now(), 100, "key-0001", "", {}};
        cbe::DraftEdit edit;
        edit.messages = std::vector<cbe::Message>{{"en", text}};
        const auto made = cbe::create_and_submit(txn, *desk.context.terms, asking, base::new_uuid(1), edit);
        CHECK(made);
        alert = *made;
    }
    Json view(const cbe::Person& viewer) { return cbe::view_of(alert, viewer, txn, desk.context); }
    Json action(const cbe::Person& viewer, const std::string& name) {
        const Json actions = view(viewer).at("actions");
        for (const Json& one : actions)
            if (one.at("action") == name) return one;
        return {};
    }
};

void an_approver_sees_the_frozen_content_its_digest_and_when_it_ends() {
    Shown it;
    const Json view = it.view(it.bruno);
    CHECK_EQ(view.at("status").get<std::string>(), "pending_approval");
    CHECK_EQ(view.at("digest").get<std::string>(), it.alert.frozen->digest);
    CHECK_EQ(view.at("content").at("messages").at(0).at("text").get<std::string>(), "Flood.");
    CHECK_EQ(view.at("content").at("end").get<std::string>(), view.at("end").get<std::string>());
    CHECK_EQ(view.at("end").get<std::string>(), base::to_rfc3339(it.alert.frozen->end));
    CHECK_EQ(view.at("eligible_approvers").at(0).at("username").get<std::string>(), "bruno");
    CHECK_EQ(view.at("submitted_by").at("name").get<std::string>(), "Ana");
}

void what_one_may_do_is_said_with_the_reason_why_not() {
    Shown it;
    CHECK(it.action(it.bruno, "approve").at("allowed").get<bool>());
    const Json no = it.action(it.desk.ana, "approve");
    CHECK(!no.at("allowed").get<bool>());
    CHECK_EQ(no.at("code").get<std::string>(), "permission");
    CHECK(it.action(it.desk.ana, "withdraw").at("allowed").get<bool>());
    CHECK_EQ(it.action(it.bruno, "stop").at("code").get<std::string>(), "permission");
}

void an_approval_that_comes_too_late_names_the_end_that_was_fixed() {
    Shown it;
    it.desk.clock.advance(1h - 1min);
    const Json no = it.action(it.bruno, "approve");
    CHECK_EQ(no.at("code").get<std::string>(), "too-late");
    CHECK(no.at("reason").get<std::string>().find(base::to_rfc3339(it.alert.frozen->end)) !=
          std::string::npos);
}

void an_excerpt_is_cut_between_characters() {
    std::string text;
    for (int i = 0; i < 200; ++i) text += "\xC3\xA9";
    Shown it(text);
    const Json summary = cbe::summary_of(it.alert, it.txn, it.desk.context);
    CHECK_EQ(summary.at("excerpt").get<std::string>(), text.substr(0, 320));
}

void c3_training_is_never_on_air() {
    Shown it;
    it.alert.status = cbe::Status::kApproved;
    const Json view = it.view(it.bruno);
    CHECK_EQ(view.at("health").get<std::string>(), "training");
    CHECK(view.at("sending").empty());
}

void c71_cells_and_sendings_are_shown_as_the_centres_said() {
    Shown it;
    it.alert.status = cbe::Status::kApproved;
    it.alert.mode = cbe::Mode::kLive;
    cbe::put_alert(it.txn, it.alert);
    cbe::put_picture(it.txn, it.alert.id,
                     {"north",
                      "sending",
                      {},
                      {{*cbe::parse_cell("gsm:001-01:1:6969"), cbe::DeliveryState::kNoAnswer, "late",
                        it.desk.clock.now()}}},
                     it.desk.clock.now());
    cbe::put_result(it.txn, it.alert.id,
                    {"south", cbe::SendingWhat::kSend, cbe::SendingState::kRefused, "no such code"});
    const Json view = it.view(it.bruno);
    CHECK_EQ(view.at("counts").at("no_answer").get<int>(), 1);
    const Json cell = view.at("delivery").at("cells").at(0);
    CHECK_EQ(cell.at("name").get<std::string>(), "gsm:001-01:1:6969");  // not in the table: its identity
    CHECK_EQ(cell.at("cause").get<std::string>(), "late");
    CHECK_EQ(view.at("sending").at(0).at("text").get<std::string>(), "no such code");
}

void someone_who_is_gone_keeps_his_id() {
    Shown it;
    const Json user = cbe::json_of_user(cbe::UserId{"u-gone"}, it.txn, it.desk.context);
    CHECK_EQ(user.at("name").get<std::string>(), "u-gone");
    CHECK(cbe::json_of_user(cbe::UserId{}, it.txn, it.desk.context).is_null());
}

void c53_a_text_is_measured_with_what_is_refused_in_it() {
    const Json good = cbe::json_of("Flood.", "en");
    CHECK(good.at("sendable").get<bool>());
    CHECK_EQ(good.at("pages").get<int>(), 1);
    const Json emoji = cbe::json_of("Flood \xF0\x9F\x98\x80", "en");
    CHECK(!emoji.at("sendable").get<bool>());
    CHECK_EQ(emoji.at("refused").at(0).at("character").get<std::string>(), "\xF0\x9F\x98\x80");
    CHECK_EQ(emoji.at("refused").at(0).at("at").get<int>(), 6);
    CHECK_EQ(cbe::json_of(std::string(1400, 'x'), "en").at("over_by").get<int>(), 5);
}

void the_clock_is_well_or_not_or_not_known() {
    const auto shown = [](std::optional<bool> synchronised) {
        cbe::Network network;
        network.clock_synchronised = synchronised;
        return cbe::json_of(network).at("clock").at("synchronised");
    };
    CHECK(shown(true) == Json(true));
    CHECK(shown(false) == Json(false));
    CHECK(shown(std::nullopt).is_null());
}

}  // namespace

GROUP(alert_view, CASE(an_approver_sees_the_frozen_content_its_digest_and_when_it_ends),
      CASE(what_one_may_do_is_said_with_the_reason_why_not),
      CASE(an_approval_that_comes_too_late_names_the_end_that_was_fixed),
      CASE(an_excerpt_is_cut_between_characters), CASE(c3_training_is_never_on_air),
      CASE(c71_cells_and_sendings_are_shown_as_the_centres_said), CASE(someone_who_is_gone_keeps_his_id),
      CASE(c53_a_text_is_measured_with_what_is_refused_in_it), CASE(the_clock_is_well_or_not_or_not_known))
