// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A store that behaves as a replicated one does on a bad day, for tests: every daemon has to handle all four
// outcomes from the first day, and this is how that is shown.
//
// A change is handed on 0 to 50 ms late, never before one that was submitted earlier. In 100, one is answered
// kNotLeader (and not made), five kUnknown; half of those are made all the same, after the answer. The draws
// come from a seed, so a failure can be repeated.
#pragma once

#include <deque>
#include <random>

#include "common/loop/loop.h"
#include "common/store/store.h"

namespace store {

struct DelayingConfig {
    uint64_t seed;
    std::chrono::microseconds delay_max{50'000};
    unsigned unknown_permille = 50;
    unsigned not_leader_permille = 10;
};

class DelayingStore final : public Store {
 public:
    // inner and timers outlive the store.
    DelayingStore(Store& inner, loop::Timers& timers, const DelayingConfig& config);
    // Hands on what it still holds.
    ~DelayingStore() override;
    DelayingStore(const DelayingStore&) = delete;
    DelayingStore& operator=(const DelayingStore&) = delete;

    void submit(Change change, OnDone on_done, Urgency urgency = Urgency::kUrgent) override;
    std::unique_ptr<Reader> read() const override { return inner_.read(); }
    void on_applied(std::string_view table, Applied applied) override {
        inner_.on_applied(table, std::move(applied));
    }
    void on_reset(std::function<void()> reset) override { inner_.on_reset(std::move(reset)); }
    bool leads() const override { return inner_.leads(); }
    void on_leads(std::function<void(bool)> changed) override { inner_.on_leads(std::move(changed)); }
    uint64_t applied_index() const override { return inner_.applied_index(); }

 private:
    enum class Fate { kMade, kUnknownAndMade, kUnknownAndLost, kNotLeader };
    struct Held {
        uint64_t number;
        Fate fate;
        Change change;
        OnDone on_done;
        Urgency urgency;
        loop::HandlePtr timer;
    };
    Fate draw_fate();
    void release_up_to(uint64_t number);
    void hand_on(Held held);

    Store& inner_;
    loop::Timers& timers_;
    const DelayingConfig config_;
    std::mt19937_64 random_;
    std::deque<Held> held_;
    uint64_t next_number_ = 0;
};

}  // namespace store
