// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One client: one operation after another, at whichever node.
//
// A change of unknown outcome is repeated with its idempotency key (then it is one operation with a longer
// time), or left as it is, and the client goes on under another process number: the old process may still
// have it under way. A refusal after an attempt of unknown outcome leaves it unknown: the first attempt may
// yet arrive.
#pragma once

#include "tests/cluster/workload/context.h"

namespace workload {

class Client {
 public:
    // `on_idle`: it stands still because the context is stopping, or `first` is done (of the client that
    // begins with one).
    Client(Context& context, size_t index, std::function<void()> on_idle);

    void run();
    // Repeats this one until it is acknowledged, then is idle.
    void run_first(Planned planned);

 private:
    void begin(Planned planned);
    void attempt();
    void on_answer(Answer answer);
    void repeat_later();
    void finish(std::string_view outcome, const Answer& answer);
    void next_later(std::chrono::microseconds delay);

    Context& context_;  // outlives the client
    const size_t index_;
    const std::function<void()> on_idle_;
    loop::HandlePtr timer_;
    int64_t process_;
    size_t node_ = 0;
    int64_t next_at_ns_ = 0;  // when a rate is kept

    // The operation under way.
    Planned planned_;
    uint64_t id_ = 0;
    int64_t invoked_ = 0;
    int attempts_ = 0;
    bool may_have_happened_ = false;
    bool repeats_ = false;
    bool must_succeed_ = false;
};

}  // namespace workload
