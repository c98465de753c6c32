// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Performs the effects that changes have put into the table `outbox`, at least once each.
//
//                   ┌───────── back-off is over ──────────┐
//                   ▼                                     │
//     row put ─▶ queued ─▶ performing ─▶ settling ─▶ waiting (failed: try again)
//                   ▲           │            │
//                   └─ settled too often in vain          └─▶ row erased (done, given up, or cancelled)
//
// The result is another change, run in the transaction that erases the row; so a result is never half
// recorded. A crash between the effect and that change makes the effect happen again: the performer passes
// EffectId::idempotency_key() on, and the other side does a repeat only once.
//
// An effect that failed too often, or for good, is given up: its `gave_up` change runs, the row goes, and
// `alarm` is called. Of a replicated store only the node that leads performs: one that stops leading forgets
// what is under way (its result will be ignored), and one that begins to takes up the rows that are there. So
// an effect may be performed by both. Lives on the loop's thread.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "common/log/log.h"
#include "common/loop/loop.h"
#include "common/store/effect.h"
#include "common/store/store.h"

namespace store {

struct Performed {
    enum class How {
        kDone,      // `change` records the result
        kTryAgain,  // after a back-off, within the limit
        kGiveUp,    // trying again cannot help
    };
    How how;
    std::string why;     // unless kDone
    Change change = {};  // kDone only; may be empty
};

struct OutboxPolicy {
    unsigned attempts_max = 10;
    std::chrono::milliseconds first_back_off{1'000};  // doubled at each failure
    std::chrono::milliseconds back_off_max{60'000};
    size_t in_flight_max = 64;  // performing or settling; the others wait their turn
};

class Outbox {
 public:
    using OnPerformed = std::function<void(Performed)>;
    struct Performer {
        // Starts the effect; calls the function once, now or later, on the loop's thread.
        std::function<void(const Effect&, OnPerformed)> perform;
        // What to record when it is given up; may be empty.
        std::function<base::Result<void>(Transaction&, const Effect&, const std::string& why)> gave_up;
    };
    using Alarm = std::function<void(const Effect&, const std::string& why)>;

    struct Setup {
        Store& store;          // outlive the outbox;
        loop::Timers& timers;  // so does the store's loop
        logs::Log log;
        OutboxPolicy policy = {};
        Alarm alarm = {};
    };
    explicit Outbox(Setup setup);
    // Results of effects under way are ignored from now on; their rows are performed again after the next
    // start.
    ~Outbox();
    Outbox(const Outbox&) = delete;
    Outbox& operator=(const Outbox&) = delete;

    // Before start(). One performer for each kind.
    void add(std::string_view kind, Performer performer);
    // Takes up the rows that are there, and from now on those that changes put, while this node leads.
    void start();

    size_t size() const { return entries_.size(); }

 private:
    enum class Phase { kQueued, kPerforming, kSettling, kWaiting };
    struct Entry {
        Effect effect;
        Phase phase = Phase::kQueued;
        uint64_t turn = 0;  // a callback of an earlier turn is stale
        unsigned settle_attempts = 0;
        loop::HandlePtr timer = nullptr;
    };
    struct Alive {  // callbacks that outlive the outbox find it gone
        Outbox* outbox;
    };

    void take_up_all();
    void drop_all();
    void row_applied(std::string_view row_key, const std::optional<std::string>& row);
    void take_up(const std::string& row_key, Effect effect);
    void enqueue(const std::string& row_key, Entry& entry);
    void fill();
    void perform(const std::string& row_key);
    void performed(const std::string& row_key, uint64_t turn, const Performed& result);
    void settle(const std::string& row_key, const Performed& result);
    void settled(const std::string& row_key, uint64_t turn, const Performed& result, const Done& done);
    void wait(const std::string& row_key, std::chrono::milliseconds delay, std::function<void()> then);
    Entry* find(const std::string& row_key, uint64_t turn);
    std::chrono::milliseconds back_off(unsigned failures) const;
    bool is_last_attempt(const Effect& effect) const {
        return effect.attempts + 1 >= setup_.policy.attempts_max;
    }
    Change settling_change(const Effect& effect, const Performed& result) const;
    void raise_alarm(const Effect& effect, const std::string& why);

    Setup setup_;
    std::map<std::string, Performer, std::less<>> performers_;
    std::map<std::string, Entry, std::less<>> entries_;  // by row key
    std::deque<std::string> queue_;
    size_t in_flight_ = 0;
    uint64_t next_turn_ = 1;
    std::shared_ptr<Alive> alive_;
};

}  // namespace store
