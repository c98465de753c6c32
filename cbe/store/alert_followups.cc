// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbe/store/alert_followups.h"

#include "cbe/domain/ready_made.h"
#include "cbe/store/chain.h"
#include "cbe/store/turn.h"

namespace cbe {
namespace {

// Runs `body` with the earlier alert. What comes back is a new record, so nothing of the earlier one's
// history is news.
template <class Body>
Answer beginning_with(store::Transaction& txn, const Terms& terms, const Asking& asking,
                      const AlertId& earlier, Body body) {
    return with_turn(txn, terms, asking, [&](Turn& turn) -> Answer {
        const auto found = find_alert(txn, earlier);
        if (!found) return Turn::not_found();
        return body(turn, *found);
    });
}

Answer numbered(Turn& turn, Alert alert) {
    alert.number = next_number(turn.txn());
    return turn.written(alert);
}

}  // namespace

Answer update_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& base,
                    const AlertId& id) {
    return beginning_with(txn, terms, asking, base, [&](Turn& turn, const Alert& found) -> Answer {
        if (auto no = may_follow_up(found, turn.situation())) return *no;
        const auto head = head_of(txn, found.chain, turn.now());
        if (!head || head->id != found.id)
            return Refusal{
                RefusalCode::kUpdateOutdated,
                "Nothing was changed: this alert has been replaced by an update. Open that one, and "
                "update it instead.",
                {}};
        Alert update = new_alert(turn, id, found.draft);
        update.draft.note.clear();
        update.chain = found.chain;
        update.revision = static_cast<uint16_t>(found.revision + 1);
        update.relation = Relation{RelationKind::kUpdate, found.id};
        for (const UserId& user : found.contributors) add_contributor(update, user);
        return numbered(turn, std::move(update));
    });
}

Answer follow_up(store::Transaction& txn, const Terms& terms, const Asking& asking, const FollowUp& follow_up,
                 const AlertId& id) {
    return beginning_with(txn, terms, asking, follow_up.about, [&](Turn& turn, const Alert& found) -> Answer {
        if (auto no = may_refer_to(found, turn.situation())) return *no;
        Alert alert = new_alert(turn, id, ready_made(follow_up.kind, found, *terms.reference));
        alert.relation = Relation{follow_up.kind, found.id};
        return numbered(turn, std::move(alert));
    });
}

Answer copy_alert(store::Transaction& txn, const Terms& terms, const Asking& asking, const AlertId& source,
                  const AlertId& id) {
    return beginning_with(txn, terms, asking, source, [&](Turn& turn, const Alert& found) -> Answer {
        if (auto no = may_create(turn.situation())) return *no;
        if (auto no = check_fields(found.draft, *terms.reference)) return *no;
        Alert copy = new_alert(turn, id, found.draft);
        copy.draft.note.clear();
        copy.relation = Relation{RelationKind::kCopy, found.id};
        for (const UserId& user : found.contributors) add_contributor(copy, user);
        return numbered(turn, std::move(copy));
    });
}

}  // namespace cbe
