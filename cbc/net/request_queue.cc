// SPDX-License-Identifier: AGPL-3.0-or-later
#include "cbc/net/request_queue.h"

#include <algorithm>
#include <utility>

namespace cbc {
namespace {

constexpr uint32_t kStatusTimeoutsMax = 2;
constexpr std::chrono::microseconds kSoon{0};

// Least first: stopping never waits behind writing, nor writing behind asking how it goes.
int urgency_of(const PeerRequest& request) {
    if (std::holds_alternative<KillRequest>(request)) return 0;
    return std::holds_alternative<WriteRequest>(request) ? 1 : 2;
}

}  // namespace

MessageReference reference_of(const PeerRequest& request) {
    if (const auto* write = std::get_if<WriteRequest>(&request))
        return {write->message.identifier, write->serial};
    if (const auto* kill = std::get_if<KillRequest>(&request)) return {kill->identifier, kill->serial};
    const auto& status = std::get<StatusRequest>(request);
    return {status.identifier, status.serial};
}

Procedure procedure_of(const PeerRequest& request) {
    if (std::holds_alternative<KillRequest>(request)) return Procedure::kKill;
    return std::holds_alternative<WriteRequest>(request) ? Procedure::kWriteReplace : Procedure::kStatusQuery;
}

std::optional<uint16_t> broadcasts_within(const Schedule& schedule, base::Instant at,
                                          std::chrono::milliseconds period) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(schedule.end - at);
    const int64_t fit = std::max<int64_t>(1, (left.count() + period.count() - 1) / period.count() + 1);
    const int64_t wanted =
        schedule.number_of_broadcasts ? std::min<int64_t>(*schedule.number_of_broadcasts, fit) : fit;
    return wanted > UINT16_MAX ? std::nullopt : std::optional{static_cast<uint16_t>(wanted)};
}

PeerAnswer all_refused(Cause cause) {
    return {.kind = AnswerKind::kFailure, .done = {}, .failed = {{PlacePattern{}, cause}}, .counts = {}};
}

RequestQueue::RequestQueue(Parts parts, logs::Log log, Calls calls)
    : parts_(parts), log_(std::move(log)), calls_(std::move(calls)) {}

void RequestQueue::open() { open_ = true; }

void RequestQueue::close() {
    open_ = false;
    queue_.clear();
    out_.reset();
    status_timeouts_ = 0;
    unanswered_.clear();
    news_.clear();
    soon_.reset();
}

void RequestQueue::send(const DeliveryKey& key, PeerRequest request) {
    if (!open_) return;
    if (queue_.size() >= parts_.tuning.queue_limit) {
        log_.error("peer.queue.full", {{"limit", parts_.tuning.queue_limit}});
        open_ = false;
        return tell_later([this] { calls_.overflowed(); });
    }
    const auto place = std::find_if(queue_.begin(), queue_.end(), [&](const Waiting& waiting) {
        return urgency_of(waiting.request) > urgency_of(request);
    });
    queue_.insert(place, {key, std::move(request)});
    send_next();
}

void RequestQueue::send_next() {
    while (open_ && !out_ && !queue_.empty()) {
        Waiting next = std::move(queue_.front());
        queue_.pop_front();
        put_out(std::move(next));
    }
}

void RequestQueue::put_out(Waiting next) {
    const Procedure procedure = procedure_of(next.request);
    if (procedure == Procedure::kStatusQuery && status_timeouts_ >= kStatusTimeoutsMax)
        return tell_later([this, key = next.key] { parts_.owner.timed_out(key); });
    const auto& tuning = parts_.tuning;
    const bool query = procedure == Procedure::kStatusQuery;
    const auto [identifier, serial] = reference_of(next.request);
    out_ = Outstanding{
        next.key, std::move(next.request), parts_.clock.ticks(),
        parts_.timers.after(query ? tuning.status_timeout : tuning.request_timeout, [this] { timed_out(); })};
    log_.debug("peer.request.sent", {{"procedure", to_string(procedure)},
                                     {"message_id", identifier.value()},
                                     {"serial", serial.value()}});
    const auto written = calls_.write(out_->request);
    if (written && unanswered_.erase({out_->key, procedure}) > 0) parts_.metrics.retried(procedure);
    if (written) return;
    log_.error("peer.request.unencodable", {{"reason", written.error().text}});
    out_.reset();
    tell_later([this, key = next.key] { parts_.owner.answered(key, all_refused(kCauseCannotEncode)); });
}

void RequestQueue::timed_out() {
    const Outstanding gone = std::move(*out_);
    out_.reset();
    const Procedure procedure = procedure_of(gone.request);
    const auto [identifier, serial] = reference_of(gone.request);
    log_.warning("peer.request.timeout", {{"procedure", to_string(procedure)},
                                          {"message_id", identifier.value()},
                                          {"serial", serial.value()}});
    parts_.metrics.requested(procedure, RequestResult::kTimeout, since(gone.sent));
    if (unanswered_.size() < parts_.tuning.queue_limit) unanswered_.emplace(gone.key, procedure);
    if (procedure == Procedure::kStatusQuery) ++status_timeouts_;
    parts_.owner.timed_out(gone.key);
    send_next();
}

bool RequestQueue::asked(Procedure procedure, const MessageReference& reference) const {
    return out_ && procedure_of(out_->request) == procedure && reference_of(out_->request) == reference;
}

void RequestQueue::finish(const PeerAnswer& answer, RequestResult result) {
    const Outstanding done = std::move(*out_);
    out_.reset();
    const Procedure procedure = procedure_of(done.request);
    if (procedure == Procedure::kStatusQuery) status_timeouts_ = 0;
    parts_.metrics.requested(procedure, result, since(done.sent));
    parts_.owner.answered(done.key, answer);
    send_next();
}

void RequestQueue::tell_later(std::function<void()> news) {
    news_.push_back(std::move(news));
    if (soon_ != nullptr) return;
    soon_ = parts_.timers.after(kSoon, [this] {
        const auto spent = std::move(soon_);
        while (!news_.empty()) {  // one of them may close the queue
            const auto one = std::move(news_.front());
            news_.pop_front();
            one();
        }
    });
}

}  // namespace cbc
