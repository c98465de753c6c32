// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/outbox.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace store {
namespace {

// How often the recording of a result is tried before the effect is performed once more.
constexpr unsigned kSettleAttemptsMax = 10;

// The store could not take the change, for reasons that pass; all else is the change's own no.
bool may_pass(const Done& done) {
    if (done.outcome != Outcome::kRefused) return true;
    switch (done.error.kind) {
        case base::ErrorKind::kLimit:
        case base::ErrorKind::kUnavailable:
        case base::ErrorKind::kTimeout:
        case base::ErrorKind::kIo:
            return true;
        case base::ErrorKind::kInvalid:
        case base::ErrorKind::kNotFound:
        case base::ErrorKind::kConflict:
        case base::ErrorKind::kRefused:
        case base::ErrorKind::kCorrupt:
            return false;
    }
    return false;
}

}  // namespace

Outbox::Outbox(Setup setup) : setup_(std::move(setup)), alive_(std::make_shared<Alive>(Alive{this})) {}
Outbox::~Outbox() = default;

void Outbox::add(std::string_view kind, Performer performer) {
    assert(performer.perform && !performers_.contains(kind));
    performers_.emplace(kind, std::move(performer));
}

void Outbox::start() {
    const auto weak = std::weak_ptr(alive_);
    setup_.store.on_applied(kOutboxTable,
                            [weak](std::string_view key, const std::optional<std::string>& row) {
                                const auto alive = weak.lock();
                                if (alive && alive->outbox->setup_.store.leads())
                                    alive->outbox->row_applied(std::string(key), row);
                            });
    const auto begin_anew = [weak] {
        const auto alive = weak.lock();
        if (!alive) return;
        alive->outbox->drop_all();
        if (alive->outbox->setup_.store.leads()) alive->outbox->take_up_all();
    };
    setup_.store.on_leads([begin_anew](bool) { begin_anew(); });
    setup_.store.on_reset(begin_anew);
    begin_anew();
}

void Outbox::take_up_all() {
    setup_.store.read()->scan(kOutboxTable, {}, {}, [&](std::string_view key, std::string_view row) {
        row_applied(key, std::string(row));
        return true;
    });
}

void Outbox::drop_all() {
    entries_.clear();
    queue_.clear();
    in_flight_ = 0;
}

void Outbox::row_applied(std::string_view row_key, const std::optional<std::string>& row) {
    const auto found = entries_.find(row_key);
    // Our own change, most likely; settled() looks at the row again in any case.
    if (found != entries_.end() && found->second.phase == Phase::kSettling) return;
    if (!row) {
        if (found == entries_.end()) return;
        if (found->second.phase == Phase::kPerforming) --in_flight_;
        entries_.erase(found);
        fill();
        return;
    }
    auto effect = decode_effect(row_key, *row);
    if (!effect) {
        setup_.log.error("outbox.row.unreadable", {{"error", effect.error().text}});
        return;
    }
    // Seen already, when all rows were taken up.
    if (found != entries_.end() && found->second.effect.generation == effect->generation &&
        found->second.effect.attempts == effect->attempts)
        return;
    take_up(std::string(row_key), std::move(*effect));
}

void Outbox::take_up(const std::string& row_key, Effect effect) {
    Entry& entry = entries_[row_key];
    if (entry.turn != 0 && entry.phase == Phase::kPerforming) --in_flight_;
    const unsigned failures = effect.attempts;
    entry = {std::move(effect), Phase::kQueued, next_turn_++};
    if (failures == 0) {
        enqueue(row_key, entry);
        return;
    }
    entry.phase = Phase::kWaiting;
    const uint64_t turn = entry.turn;
    wait(row_key, back_off(failures), [this, row_key, turn] {
        if (Entry* same = find(row_key, turn)) enqueue(row_key, *same);
    });
}

void Outbox::enqueue(const std::string& row_key, Entry& entry) {
    entry.phase = Phase::kQueued;
    queue_.push_back(row_key);
    fill();
}

void Outbox::fill() {
    while (in_flight_ < setup_.policy.in_flight_max && !queue_.empty()) {
        const std::string row_key = std::move(queue_.front());
        queue_.pop_front();
        const auto found = entries_.find(row_key);
        // Erased or taken up again meanwhile: then another place in the queue counts, or none.
        if (found != entries_.end() && found->second.phase == Phase::kQueued) perform(row_key);
    }
}

void Outbox::perform(const std::string& row_key) {
    Entry& entry = entries_.find(row_key)->second;
    entry.phase = Phase::kPerforming;
    entry.timer = nullptr;
    ++in_flight_;
    const uint64_t turn = entry.turn;
    const auto performer = performers_.find(entry.effect.id.kind);
    if (performer == performers_.end()) {
        performed(row_key, turn, {Performed::How::kTryAgain, "no performer of kind " + entry.effect.id.kind});
        return;
    }
    const Effect effect = entry.effect;  // the entry may go while it is performed
    performer->second.perform(effect, [weak = std::weak_ptr(alive_), row_key, turn](Performed result) {
        if (const auto alive = weak.lock()) alive->outbox->performed(row_key, turn, result);
    });
}

Outbox::Entry* Outbox::find(const std::string& row_key, uint64_t turn) {
    const auto found = entries_.find(row_key);
    return found != entries_.end() && found->second.turn == turn ? &found->second : nullptr;
}

void Outbox::performed(const std::string& row_key, uint64_t turn, const Performed& result) {
    Entry* entry = find(row_key, turn);
    if (entry == nullptr || entry->phase != Phase::kPerforming) return;
    entry->phase = Phase::kSettling;
    settle(row_key, result);
}

Change Outbox::settling_change(const Effect& effect, const Performed& result) const {
    const bool is_last = result.how == Performed::How::kTryAgain && is_last_attempt(effect);
    const auto how = is_last ? Performed::How::kGiveUp : result.how;
    const auto performer = performers_.find(effect.id.kind);
    const auto gave_up = performer == performers_.end() ? nullptr : performer->second.gave_up;
    return [effect, result, how, gave_up](Transaction& txn) -> base::Result<void> {
        const std::string row_key = effect.id.row_key();
        const auto row = txn.get(kOutboxTable, row_key);
        if (!row) return {};  // recorded already (the answer was lost), or cancelled
        const auto now = decode_effect(row_key, *row);
        if (!now || now->generation != effect.generation) return {};
        base::Result<void> recorded;
        switch (how) {
            case Performed::How::kTryAgain: {
                Effect failed = effect;
                failed.attempts = now->attempts + 1;
                txn.put(kOutboxTable, row_key, encode_effect(failed));
                return {};
            }
            case Performed::How::kDone:
                if (result.change) recorded = result.change(txn);
                break;
            case Performed::How::kGiveUp:
                if (gave_up) recorded = gave_up(txn, effect, result.why);
                break;
        }
        if (recorded) txn.erase(kOutboxTable, row_key);
        return recorded;
    };
}

void Outbox::settle(const std::string& row_key, const Performed& result) {
    const Entry& entry = entries_.find(row_key)->second;
    const uint64_t turn = entry.turn;
    setup_.store.submit(settling_change(entry.effect, result),
                        [weak = std::weak_ptr(alive_), row_key, turn, result](const Done& done) {
                            if (const auto alive = weak.lock())
                                alive->outbox->settled(row_key, turn, result, done);
                        });
}

void Outbox::settled(const std::string& row_key, uint64_t turn, const Performed& result, const Done& done) {
    Entry* entry = find(row_key, turn);
    if (entry == nullptr) return;
    if (done.outcome == Outcome::kOk) {
        const Effect effect = std::move(entry->effect);
        --in_flight_;
        entries_.erase(row_key);
        const bool is_last = result.how == Performed::How::kTryAgain && is_last_attempt(effect);
        if (is_last || result.how == Performed::How::kGiveUp) raise_alarm(effect, result.why);
        // The row of a failed attempt, or one that was put meanwhile.
        row_applied(row_key, setup_.store.read()->get(kOutboxTable, row_key));
        fill();
        return;
    }
    if (++entry->settle_attempts >= kSettleAttemptsMax) {
        raise_alarm(entry->effect, "its result could not be recorded: " + done.error.text);
        --in_flight_;
        entry->phase = Phase::kWaiting;
        entry->settle_attempts = 0;
        wait(row_key, setup_.policy.back_off_max, [this, row_key, turn] {
            if (Entry* same = find(row_key, turn)) enqueue(row_key, *same);
        });
        fill();
        return;
    }
    Performed next = result;
    if (!may_pass(done)) next = {Performed::How::kTryAgain, "its result was refused: " + done.error.text};
    wait(row_key, back_off(entry->settle_attempts), [this, row_key, turn, next] {
        if (find(row_key, turn) != nullptr) settle(row_key, next);
    });
}

void Outbox::wait(const std::string& row_key, std::chrono::milliseconds delay, std::function<void()> then) {
    entries_.find(row_key)->second.timer = setup_.timers.after(delay, std::move(then));
}

std::chrono::milliseconds Outbox::back_off(unsigned failures) const {
    auto delay = setup_.policy.first_back_off;
    for (unsigned i = 1; i < failures && delay < setup_.policy.back_off_max; ++i) delay *= 2;
    return std::min(delay, setup_.policy.back_off_max);
}

void Outbox::raise_alarm(const Effect& effect, const std::string& why) {
    setup_.log.error("outbox.effect.failed", {{"kind", effect.id.kind},
                                              {"effect", effect.id.idempotency_key()},
                                              {"attempts", effect.attempts + 1},
                                              {"error", why}});
    if (setup_.alarm) setup_.alarm(effect, why);
}

}  // namespace store
