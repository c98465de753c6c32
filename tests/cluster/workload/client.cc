// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/cluster/workload/client.h"

#include <algorithm>

namespace workload {
namespace {

using namespace std::chrono_literals;

constexpr int64_t kRepeatForNs = 15'000'000'000;
constexpr double kStaysAtNode = 0.9;

}  // namespace

Client::Client(Context& context, size_t index, std::function<void()> on_idle)
    : context_(context),
      index_(index),
      on_idle_(std::move(on_idle)),
      process_(static_cast<int64_t>(index)),
      node_(index % context.options.nodes.size()) {}

void Client::run() {
    if (context_.is_stopping) return on_idle_();
    if (!context_.mix.chance(kStaysAtNode)) node_ = context_.mix.below(context_.options.nodes.size());
    must_succeed_ = false;
    begin(context_.mix.next());
}

void Client::run_first(Planned planned) {
    must_succeed_ = true;
    begin(std::move(planned));
}

void Client::begin(Planned planned) {
    planned_ = std::move(planned);
    id_ = context_.recorder.fresh();
    attempts_ = 0;
    may_have_happened_ = false;
    repeats_ =
        must_succeed_ || (!checker::is_read(planned_.kind) && context_.mix.chance(context_.options.repeat));
    invoked_ = now_ns();
    context_.record_invoke(id_, process_, context_.options.nodes[node_].name, planned_);
    attempt();
}

void Client::attempt() {
    ++attempts_;
    const std::string key = "w" + std::to_string(context_.options.mix.seed) + "-" + std::to_string(id_);
    context_.send(planned_, context_.options.nodes[node_], context_.options.read, key,
                  [this](Answer answer) { on_answer(std::move(answer)); });
}

void Client::on_answer(Answer answer) {
    switch (answer.kind) {
        case Answer::Kind::kOk:
            return finish("ok", answer);
        case Answer::Kind::kRefused:
            if (must_succeed_) return repeat_later();
            if (may_have_happened_) return finish("unknown", answer);
            return finish("refused", answer);
        case Answer::Kind::kNotLeader:
            if (must_succeed_ || (may_have_happened_ && repeats_)) return repeat_later();
            return finish(may_have_happened_ ? "unknown" : "not_leader", answer);
        case Answer::Kind::kUnknown:
        case Answer::Kind::kTimeout:
        case Answer::Kind::kStrange:
            may_have_happened_ = true;
            if (repeats_ && (must_succeed_ || now_ns() - invoked_ < kRepeatForNs)) return repeat_later();
            return finish(answer.kind == Answer::Kind::kTimeout ? "timeout" : "unknown", answer);
    }
}

void Client::repeat_later() {
    if (now_ns() - invoked_ >= kRepeatForNs && !must_succeed_) return finish("unknown", {});
    ++context_.counts.repeats;
    node_ = context_.mix.below(context_.options.nodes.size());
    timer_ =
        context_.loop.after(20ms + std::chrono::milliseconds(context_.mix.below(180)), [this] { attempt(); });
}

void Client::finish(std::string_view outcome, const Answer& answer) {
    context_.record_return(id_, outcome, answer, attempts_);
    context_.mix.learned(planned_, answer);
    const bool is_open = outcome == "unknown" || outcome == "timeout";
    if (is_open) process_ += static_cast<int64_t>(context_.options.clients);
    if (must_succeed_) return on_idle_();
    if (is_open || outcome == "not_leader") {
        node_ = context_.mix.below(context_.options.nodes.size());
        return next_later(20ms + std::chrono::milliseconds(context_.mix.below(100)));
    }
    if (context_.options.rate <= 0) return next_later(0ms);
    const double gap_ns = 1e9 * static_cast<double>(context_.options.clients) / context_.options.rate;
    const int64_t now = now_ns();
    next_at_ns_ = std::max(next_at_ns_ + static_cast<int64_t>(gap_ns), now - static_cast<int64_t>(gap_ns));
    next_later(std::chrono::microseconds(std::max<int64_t>(0, next_at_ns_ - now) / 1000));
}

void Client::next_later(std::chrono::microseconds delay) {
    timer_ = context_.loop.after(delay, [this] { run(); });
}

}  // namespace workload
