// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/store/delaying_store.h"

namespace store {

DelayingStore::DelayingStore(Store& inner, loop::Timers& timers, const DelayingConfig& config)
    : inner_(inner), timers_(timers), config_(config), random_(config.seed) {}

DelayingStore::~DelayingStore() { release_up_to(next_number_); }

DelayingStore::Fate DelayingStore::draw_fate() {
    const unsigned permille = static_cast<unsigned>(random_() % 1000);
    if (permille < config_.not_leader_permille) return Fate::kNotLeader;
    if (permille >= config_.not_leader_permille + config_.unknown_permille) return Fate::kMade;
    return random_() % 2 == 0 ? Fate::kUnknownAndMade : Fate::kUnknownAndLost;
}

void DelayingStore::submit(Change change, OnDone on_done, Urgency urgency) {
    const uint64_t number = next_number_++;
    const auto span = static_cast<uint64_t>(config_.delay_max.count()) + 1;
    const std::chrono::microseconds delay{random_() % span};
    // Whichever timer fires first takes all earlier ones with it: that keeps the order.
    auto timer = timers_.after(delay, [this, number] { release_up_to(number); });
    held_.push_back({number, draw_fate(), std::move(change), std::move(on_done), urgency, std::move(timer)});
}

void DelayingStore::release_up_to(uint64_t number) {
    while (!held_.empty() && held_.front().number <= number) {
        Held first = std::move(held_.front());
        held_.pop_front();
        hand_on(std::move(first));
    }
}

void DelayingStore::hand_on(Held held) {
    const auto answer = [&](Outcome outcome, const char* why) {
        if (held.on_done) held.on_done({outcome, {base::ErrorKind::kUnavailable, why}});
    };
    switch (held.fate) {
        case Fate::kMade:
            inner_.submit(std::move(held.change), std::move(held.on_done), held.urgency);
            return;
        case Fate::kUnknownAndMade:
            inner_.submit(std::move(held.change), {}, held.urgency);
            answer(Outcome::kUnknown, "the leadership was lost on the way");
            return;
        case Fate::kUnknownAndLost:
            answer(Outcome::kUnknown, "the leadership was lost on the way");
            return;
        case Fate::kNotLeader:
            answer(Outcome::kNotLeader, "another node owns the writes");
            return;
    }
}

}  // namespace store
