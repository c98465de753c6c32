// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/workload/context.h"

#include <algorithm>

namespace workload {

void Context::send(const Planned& planned, const NodeAddress& node, Read read,
                   const std::string& idempotency_key, std::function<void(Answer)> done) {
    auto request = request_of(planned, node.url, read, idempotency_key);
    request.server_role = options.server_role;
    request.timeout = options.timeout;
    http.call(std::move(request), [planned, done = std::move(done)](base::Result<http::Response> response) {
        done(answer_of(planned, response));
    });
}

void Context::record_invoke(uint64_t id, int64_t process, const std::string& node, const Planned& planned) {
    nlohmann::json line{{"e", "invoke"},  {"id", id},     {"process", process},
                        {"at", now_ns()}, {"node", node}, {"op", checker::to_string(planned.kind)}};
    if (!planned.key.empty()) line["key"] = planned.key;
    if (!planned.args.empty()) line["args"] = planned.args;
    recorder.write(line);
}

void Context::record_return(uint64_t id, std::string_view outcome, const Answer& answer, int attempts) {
    const int64_t now = now_ns();
    nlohmann::json line{{"e", "return"}, {"id", id}, {"at", now}, {"outcome", outcome}};
    if (outcome == "ok") {
        line["result"] = answer.result;
        if (counts.last_acknowledged != 0 && !is_stopping)
            counts.longest_gap_ns = std::max(counts.longest_gap_ns, now - counts.last_acknowledged);
        counts.last_acknowledged = now;
    } else {
        line["reason"] = answer.reason;
        ++counts.reasons[answer.reason];
    }
    if (attempts > 1) line["attempts"] = attempts;
    recorder.write(line);
    ++counts.operations;
    ++counts.outcomes[std::string(outcome)];
}

}  // namespace workload
