// SPDX-License-Identifier: AGPL-3.0-or-later
//
// After everything: waits until all nodes say that they hold the same, then reads every object of the history
// from every node's own copy. The reads are operations like others, so the checker sees whatever was
// acknowledged and is missing.
#pragma once

#include <deque>

#include "tests/cluster/workload/context.h"

namespace workload {

class FinalReading {
 public:
    // `objects`: one read for each object that the history is about.
    FinalReading(Context& context, std::vector<Planned> objects, std::function<void()> done);
    void run();

 private:
    struct Task {
        NodeAddress node;
        Planned planned;
        uint64_t id = 0;  // 0: not begun
        int attempts = 0;
    };
    void ask_states();
    void on_state(const NodeAddress& node, const base::Result<http::Response>& response);
    void states_complete();
    void begin_reads();
    void next(size_t worker);
    void read(size_t worker, Task task);

    Context& context_;  // outlives this
    const std::vector<Planned> objects_;
    const std::function<void()> done_;
    const int64_t began_;
    std::map<std::string, nlohmann::json> states_;  // null: no answer
    std::deque<Task> tasks_;
    size_t busy_ = 0;
    std::vector<loop::HandlePtr> timers_;  // one a worker, and one for the states
};

// The reads that a history's objects ask for.
std::vector<Planned> objects_of(const checker::History& history);

}  // namespace workload
