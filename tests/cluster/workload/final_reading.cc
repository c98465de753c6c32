// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/workload/final_reading.h"

#include <algorithm>
#include <set>

namespace workload {
namespace {

using namespace std::chrono_literals;
using checker::Kind;

constexpr size_t kWorkers = 8;
constexpr int kAttempts = 40;
constexpr auto kPause = 250ms;

}  // namespace

FinalReading::FinalReading(Context& context, std::vector<Planned> objects, std::function<void()> done)
    : context_(context),
      objects_(std::move(objects)),
      done_(std::move(done)),
      began_(now_ns()),
      timers_(kWorkers + 1) {}

void FinalReading::run() {
    nlohmann::json names = nlohmann::json::array();
    for (const auto& node : context_.options.nodes) names.push_back(node.name);
    context_.recorder.write({{"e", "final"}, {"nodes", names}});
    ask_states();
}

void FinalReading::ask_states() {
    states_.clear();
    for (const auto& node : context_.options.nodes) {
        http::ClientRequest request;
        request.url = node.url + "/kv/state";
        request.server_role = context_.options.server_role;
        request.timeout = context_.options.timeout;
        context_.http.call(std::move(request),
                           [this, node](base::Result<http::Response> response) { on_state(node, response); });
    }
}

void FinalReading::on_state(const NodeAddress& node, const base::Result<http::Response>& response) {
    auto& state = states_[node.name];
    if (response && response->status == 200) state = nlohmann::json::parse(response->body, nullptr, false);
    if (!state.is_object() || !state.contains("hash")) state = nullptr;
    if (states_.size() == context_.options.nodes.size()) states_complete();
}

void FinalReading::states_complete() {
    std::set<std::string> hashes;
    bool is_complete = true;
    for (const auto& [node, state] : states_) {
        is_complete = is_complete && !state.is_null();
        if (!state.is_null()) hashes.insert(state["hash"].dump());
    }
    const bool is_late = now_ns() - began_ > std::chrono::nanoseconds(context_.options.settle).count();
    if (!is_late && (!is_complete || hashes.size() > 1)) {
        timers_[kWorkers] = context_.loop.after(kPause, [this] { ask_states(); });
        return;
    }
    for (const auto& [node, state] : states_) {
        if (state.is_null()) continue;
        context_.recorder.write({{"e", "state"},
                                 {"node", node},
                                 {"hash", state["hash"].dump()},
                                 {"applied", state.value("applied_index", uint64_t{0})}});
    }
    begin_reads();
}

void FinalReading::begin_reads() {
    for (const auto& node : context_.options.nodes)
        for (const auto& object : objects_) tasks_.push_back({node, object, 0, 0});
    busy_ = kWorkers;
    for (size_t worker = 0; worker < kWorkers; ++worker) next(worker);
}

void FinalReading::next(size_t worker) {
    if (tasks_.empty()) {
        if (--busy_ == 0) done_();
        return;
    }
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    task.id = context_.recorder.fresh();
    context_.record_invoke(task.id, -1 - static_cast<int64_t>(worker), task.node.name, task.planned);
    read(worker, std::move(task));
}

void FinalReading::read(size_t worker, Task task) {
    ++task.attempts;
    context_.send(task.planned, task.node, Read::kLocal, {}, [this, worker, task](Answer answer) {
        if (answer.kind == Answer::Kind::kOk) {
            context_.record_return(task.id, "ok", answer, task.attempts);
        } else if (task.attempts < kAttempts) {
            timers_[worker] = context_.loop.after(kPause, [this, worker, task] { read(worker, task); });
            return;
        } else {
            context_.record_return(task.id, "unknown", answer, task.attempts);
            context_.recorder.write(
                {{"e", "unread"},
                 {"what", std::string(to_string(task.planned.kind)) + " " + task.planned.key + " at " +
                              task.node.name + " (" + answer.reason + ")"}});
        }
        next(worker);
    });
}

std::vector<Planned> objects_of(const checker::History& history) {
    std::set<std::pair<Kind, std::string>> seen;
    std::vector<Planned> objects;
    for (const auto& one : history.operations) {
        const auto type = object_type(one.kind);
        const Kind read = type == "register"  ? Kind::kRegisterRead
                          : type == "counter" ? Kind::kCounterRead
                          : type == "bank"    ? Kind::kBankRead
                                              : Kind::kIdsRead;
        if (seen.emplace(read, one.key).second) objects.push_back({read, one.key, nlohmann::json::object()});
    }
    return objects;
}

}  // namespace workload
