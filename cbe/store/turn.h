// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One request of a person on its way through a store transaction; what the functions of alert_changes.h and
// alert_followups.h are made of.
#pragma once

#include <optional>
#include <vector>

#include "cbe/store/alert_changes.h"
#include "cbe/store/alert_record.h"

namespace cbe {

class Turn {
 public:
    Turn(store::Transaction& txn, const Terms& terms, const Asking& asking)
        : txn_(txn), terms_(terms), asking_(asking) {}

    store::Transaction& txn() { return txn_; }
    const store::Transaction& txn() const { return txn_; }
    const Terms& terms() const { return terms_; }
    const Asking& asking() const { return asking_; }
    base::Instant now() const { return asking_.now; }
    const UserId& user() const { return person_.id; }
    Situation situation() const { return {person_, terms_.mode, asking_.now, aliases_}; }
    // Who asks becomes a contributor, and so does who answers for his API key.
    void take_part(Alert& alert) const;
    Decision decision(DecisionKind kind) const;

    // The answer of an earlier request with this key, or the refusal of its reuse; none: go on.
    std::optional<Answer> repeated();
    // Permissions are those of now, not those of sign-in.
    Verdict read_person();
    // A machine client has no codes; its certificate was checked when it connected.
    Verdict use_own_code(const AlertId& alert);

    // The alert as it was before: what is new in its history is told to the audit log by written().
    void found(const Alert& alert);
    std::vector<Person> approvers_of(const Alert& alert) const;
    Answer written(const Alert& alert);
    // Another alert that the same request has changed; `before` is how it was.
    void also_written(const Alert& before, const Alert& alert);

    static Refusal not_found();

 private:
    void audit_news(const Alert& alert, size_t history_before, Status status_before);

    store::Transaction& txn_;
    const Terms& terms_;
    const Asking& asking_;
    Person person_;
    std::vector<UserId> aliases_;  // other accounts of the same person
    Status status_before_ = Status::kDraft;
    size_t history_before_ = 0;
};

uint64_t next_number(store::Transaction& txn);
// A draft by who asks; it has no number yet, since a refusal must not use one up.
Alert new_alert(const Turn& turn, const AlertId& id, Draft draft);

// Runs `body` unless the request is a repeat or the asker is gone.
template <class Body>
Answer with_turn(store::Transaction& txn, const Terms& terms, const Asking& asking, Body body) {
    Turn turn(txn, terms, asking);
    if (auto before = turn.repeated()) return *before;
    if (auto no = turn.read_person()) return *no;
    return body(turn);
}

// The same with the alert, when it is there.
template <class Body>
Answer with_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& id,
                  Body body) {
    return with_turn(txn, terms, asking, [&](Turn& turn) -> Answer {
        auto alert = find_alert(txn, id);
        if (!alert) return Turn::not_found();
        turn.found(*alert);
        return body(turn, *alert);
    });
}

}  // namespace cbe
