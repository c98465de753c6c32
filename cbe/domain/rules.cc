// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/domain/rules.h"

#include <algorithm>
#include <set>
#include <string>

namespace cbe {
namespace {

std::string names(const std::vector<Person>& people) {
    std::string out;
    for (const Person& person : people) out += (out.empty() ? "" : ", ") + person.name;
    return out;
}

Verdict allowed(const Situation& situation, Permission permission) {
    if (situation.who.permissions.has(permission)) return {};
    return Refusal{RefusalCode::kPermission,
                   "Nothing was changed: you do not have the permission " +
                       std::string(to_string(permission)) + ". Ask an administrator of your authority.",
                   {}};
}

Verdict same_mode(const Alert& alert, const Situation& situation) {
    if (alert.mode == situation.mode) return {};
    return Refusal{RefusalCode::kMode,
                   "Nothing was changed: this is a " + std::string(to_string(alert.mode)) +
                       " alert and the authority is now " + std::string(to_string(situation.mode)) +
                       ". Write it again as a new alert.",
                   {}};
}

Verdict wrong_status(const Alert& alert, const Situation& situation, std::string_view wanted) {
    return Refusal{
        RefusalCode::kStatus,
        "Nothing was changed: the alert is " + std::string(in_words(status_at(alert, situation.now))) +
            ", and only an alert that is " + std::string(wanted) + ". Reload the page to see it as it is.",
        {}};
}

Verdict permission_mode(const Alert& alert, const Situation& situation, Permission permission) {
    if (auto no = allowed(situation, permission)) return no;
    return same_mode(alert, situation);
}

// By any account of the same person (C-14).
bool took_part(const Alert& alert, const Situation& situation) {
    return alert.has_contributor(situation.who.id) ||
           std::any_of(situation.aliases.begin(), situation.aliases.end(),
                       [&](const UserId& alias) { return alert.has_contributor(alias); });
}

}  // namespace

Verdict may_create(const Situation& situation) { return allowed(situation, Permission::kCreate); }

Verdict may_edit(const Alert& alert, const Situation& situation) {
    if (auto no = permission_mode(alert, situation, Permission::kCreate)) return no;
    if (!is_editable(alert.status))
        return wrong_status(alert, situation, "a draft or returned can be edited");
    if (alert.status == Status::kReturned && alert.returned_by == situation.who.id)
        return Refusal{
            RefusalCode::kReturnedByYou,
            "You returned this alert, so you cannot change or submit it. Its authors do that; you can "
            "approve it when it comes back.",
            {}};
    return {};
}

Verdict may_submit(const Alert& alert, const Situation& situation) {
    if (auto no = permission_mode(alert, situation, Permission::kCreate)) return no;
    if (!is_editable(alert.status))
        return wrong_status(alert, situation, "a draft or returned can be submitted");
    return may_edit(alert, situation);
}

Verdict may_withdraw(const Alert& alert, const Situation& situation) {
    if (auto no = permission_mode(alert, situation, Permission::kCreate)) return no;
    if (alert.status != Status::kPendingApproval)
        return wrong_status(alert, situation, "waiting for approval can be withdrawn");
    if (!took_part(alert, situation))
        return Refusal{
            RefusalCode::kPermission,
            "Nothing was changed: only those who took part in writing an alert can withdraw it. Return it "
            "with a reason instead.",
            {}};
    return {};
}

Verdict may_return(const Alert& alert, const Situation& situation) {
    if (auto no = permission_mode(alert, situation, Permission::kApprove)) return no;
    if (alert.status != Status::kPendingApproval)
        return wrong_status(alert, situation, "waiting for approval can be returned");
    return {};
}

Verdict may_approve(const Alert& alert, const Situation& situation, const std::vector<Person>& approvers) {
    if (auto no = permission_mode(alert, situation, Permission::kApprove)) return no;
    if (alert.status != Status::kPendingApproval)
        return wrong_status(alert, situation, "waiting for approval can be approved");
    if (took_part(alert, situation)) {
        const std::string ask = names(approvers);
        return Refusal{
            RefusalCode::kContributor,
            "You took part in writing this alert, so you cannot approve it. " +
                (ask.empty() ? std::string("Nobody else can at the moment: call your duty officer.")
                             : "Ask one of: " + ask + "."),
            {}};
    }
    if (!alert.frozen || situation.now + kLeastTimeOnAir >= alert.frozen->end)
        return Refusal{
            RefusalCode::kTooLate,
            "Nothing was sent: the end of this alert was fixed when it was submitted" +
                (alert.frozen ? " (" + base::to_rfc3339(alert.frozen->end) + ")" : std::string()) +
                " and is past or less than a minute away. Ask its authors to withdraw it and submit it "
                "again; that gives it a new end.",
            {}};
    return {};
}

Verdict may_stop(const Alert& alert, const Situation& situation) {
    if (auto no = permission_mode(alert, situation, Permission::kStop)) return no;
    if (!is_live(status_at(alert, situation.now)))
        return wrong_status(alert, situation, "approved or live can be stopped");
    return {};
}

Verdict may_stop_again(const Alert& alert, const Situation& situation) {
    if (auto no = permission_mode(alert, situation, Permission::kStop)) return no;
    if (alert.status != Status::kCancelled || !alert.frozen || situation.now >= alert.frozen->end)
        return wrong_status(alert, situation, "stopped before its end can be told to stop again");
    return {};
}

Verdict may_restore(const Alert& alert, const Situation& situation) {
    if (auto no = permission_mode(alert, situation, Permission::kCreate)) return no;
    const bool discarded = alert.status == Status::kDiscarded && !alert.history.empty();
    if (!discarded || situation.now > alert.history.back().at + kUndo)
        return wrong_status(alert, situation, "discarded less than half a minute ago can be taken back");
    if (!took_part(alert, situation))
        return Refusal{RefusalCode::kPermission,
                       "Nothing was changed: only those who took part in writing an alert can take it back.",
                       {}};
    return {};
}

Verdict may_follow_up(const Alert& alert, const Situation& situation) {
    if (auto no = permission_mode(alert, situation, Permission::kCreate)) return no;
    if (!is_live(status_at(alert, situation.now)))
        return wrong_status(alert, situation, "approved or live can be updated");
    return {};
}

Verdict may_refer_to(const Alert& alert, const Situation& situation) {
    if (auto no = permission_mode(alert, situation, Permission::kCreate)) return no;
    if (!alert.approved_at || alert.status == Status::kFailed)
        return wrong_status(alert, situation, "live or was on the air can be called over or false");
    return {};
}

Verdict same_digest(const Alert& alert, std::string_view seen) {
    if (alert.frozen && alert.frozen->digest == seen) return {};
    return Refusal{RefusalCode::kDigestChanged,
                   "The alert changed while you were reading. Nothing was sent. See what changed.",
                   {}};
}

Verdict same_version(const Alert& alert, uint32_t seen) {
    if (alert.version == seen) return {};
    return Refusal{RefusalCode::kVersionConflict,
                   "Nothing was saved: somebody changed this alert meanwhile (it is at version " +
                       std::to_string(alert.version) + ", you had " + std::to_string(seen) +
                       "). Reload it, compare, and save again.",
                   {}};
}

Verdict long_enough(std::string_view reason, size_t least) {
    const auto characters = static_cast<size_t>(std::count_if(reason.begin(), reason.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // UTF-8: not a continuation octet
    }));
    if (characters >= least) return {};
    const std::string rule = "write a reason of at least " + std::to_string(least) + " characters";
    return Refusal{RefusalCode::kInvalid, "Nothing was changed: " + rule + ".", {{"reason", rule}}};
}

std::vector<Person> eligible_approvers(const Alert& alert, const std::vector<Person>& people) {
    std::set<std::string> identities;  // of those who took part
    for (const Person& person : people)
        if (!person.identity.empty() && alert.has_contributor(person.id)) identities.insert(person.identity);
    std::vector<Person> eligible;
    for (const Person& person : people)
        if (person.permissions.has(Permission::kApprove) && !alert.has_contributor(person.id) &&
            !identities.contains(person.identity))
            eligible.push_back(person);
    return eligible;
}

}  // namespace cbe
