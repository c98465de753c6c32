// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/call_link.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/base/uuid.h"

namespace replica {
namespace {

using base::Error;
using base::ErrorKind;

constexpr net::BackoffPolicy kBackoff{std::chrono::milliseconds{100}, std::chrono::milliseconds{2'000}};
constexpr size_t kCallsMax = 1024;                        // under way, to one node
constexpr size_t kWaitingOctetsMax = 8 * kCallOctetsMax;  // not yet sent
constexpr size_t kUnsentOctetsMax = 8 * kCallOctetsMax;   // sent, not yet taken by the system

Error not_sent(const std::string& why) { return {ErrorKind::kUnavailable, why}; }
Error maybe_done(const std::string& why) { return {ErrorKind::kTimeout, why + "; it may have happened"}; }

}  // namespace

CallLink::CallLink(LinkContext& context, net::Endpoint endpoint, NodeName node, Life life)
    : context_(context),
      endpoint_(std::move(endpoint)),
      node_(std::move(node)),
      life_(life),
      backoff_(kBackoff) {
    connect();
}

CallLink::~CallLink() {
    dial_.reset();
    retry_.reset();
    current_ = nullptr;
    carriers_.clear();
    // An answer may make another call: it finds nothing to go over.
    last_error_ = "the connection to " + name() + " was given up";
    while (!calls_.empty()) {
        const bool sent = std::exchange(calls_.begin()->second.carrier, nullptr) != nullptr;
        finish(calls_.begin(), sent ? maybe_done(last_error_) : not_sent(last_error_));
    }
}

const Vintage* CallLink::vintage() const { return current_ != nullptr ? &current_->vintage : nullptr; }

void CallLink::connect() {
    retry_.reset();
    dial_ = std::make_unique<Dial>(context_, Dial::Target{endpoint_, node_, Purpose::kCalls},
                                   [this](base::Result<Connection> result) { connected(std::move(result)); });
}

void CallLink::connected(base::Result<Connection> result) {
    const auto spent = std::move(dial_);  // goes when we are done with what it said
    if (result) return adopt(*std::move(result));
    const std::string why = result.error().text;
    if (life_ == Life::kLasting && why != last_error_ && current_ == nullptr)
        context_.log.warning("links.unreachable",
                             {{"peer", name()}, {"address", endpoint_.text()}, {"why", why}});
    last_error_ = why;
    retry();
    if (current_ == nullptr)
        fail_if([](const Call& call) { return call.carrier == nullptr; }, not_sent(name() + ": " + why));
}

void CallLink::adopt(Connection connection) {
    backoff_.reset();
    last_error_.clear();
    ++connects_;
    node_ = connection.node;
    auto made = std::make_unique<Carrier>();
    Carrier* carrier = made.get();
    carrier->vintage = connection.vintage;
    carrier->frames = std::make_unique<FrameStream>(std::move(connection.stream), kFrameOctetsMax);
    Carrier* old = std::exchange(current_, carrier);
    carriers_.push_back(std::move(made));
    if (life_ == Life::kLasting && old == nullptr)
        context_.log.notice("links.up", {{"peer", name()}, {"address", endpoint_.text()}});
    for (auto& [id, call] : calls_)
        if (call.carrier == nullptr) send(id, call);
    if (old != nullptr) {
        old->retired = context_.loop.after(context_.drain_within,
                                           [this, old] { lost(old, "its certificate was replaced"); });
        if (old->calls == 0) drop(old);
    }
    carrier->frames->start({.on_frame = [this, carrier](Frame frame) { received(carrier, std::move(frame)); },
                            .on_closed = [this, carrier](const std::string& why) { lost(carrier, why); }},
                           connection.early);
}

void CallLink::retry() {
    if (life_ == Life::kOneCall) return;
    retry_ = context_.loop.after(backoff_.next(base::random_number()), [this] { connect(); });
}

bool CallLink::remake() {
    if (current_ == nullptr || dial_ != nullptr || retry_ != nullptr) return false;
    connect();
    return true;
}

bool CallLink::end_at(base::Ticks now) {
    if (current_ == nullptr || current_->vintage.ends > now) return false;
    lost(current_, "its certificate has ended");
    return true;
}

void CallLink::drop(Carrier* carrier) {
    carriers_.remove_if([carrier](const auto& one) { return one.get() == carrier; });
}

void CallLink::lost(Carrier* carrier, const std::string& why) {
    if (carrier == current_) {
        current_ = nullptr;
        last_error_ = why;
        if (life_ == Life::kLasting)
            context_.log.warning("links.down",
                                 {{"peer", name()}, {"address", endpoint_.text()}, {"why", why}});
        if (dial_ == nullptr && retry_ == nullptr) retry();
    }
    const std::weak_ptr<const char> alive = alive_;
    fail_if([carrier](const Call& call) { return call.carrier == carrier; },
            maybe_done(name() + ": connection lost: " + why));
    if (!alive.expired()) drop(carrier);
}

// Answers may make new calls or end this link; those made meanwhile are not meant.
void CallLink::fail_if(const std::function<bool(const Call&)>& meant, const Error& error) {
    std::vector<uint32_t> ids;
    for (const auto& [id, call] : calls_)
        if (meant(call)) ids.push_back(id);
    const std::weak_ptr<const char> alive = alive_;
    for (const uint32_t id : ids) {
        if (alive.expired()) return;
        const auto at = calls_.find(id);
        if (at != calls_.end()) finish(at, error);
    }
}

void CallLink::finish_later(Calls::Answer answer, Error error) {
    context_.loop.post([answer = std::move(answer), error = std::move(error)] { answer(error); });
}

uint32_t CallLink::new_id() {
    do ++last_id_;
    while (calls_.contains(last_id_));
    return last_id_;
}

void CallLink::call(std::string_view kind, base::Bytes request, std::chrono::milliseconds deadline,
                    Calls::Answer answer) {
    if (kind.size() > kKindOctetsMax || request.size() > kCallOctetsMax)
        return finish_later(std::move(answer), {ErrorKind::kLimit, "a call of " + std::string(kind) + ", " +
                                                                       std::to_string(request.size()) +
                                                                       " octets, is too large"});
    if (current_ == nullptr && dial_ == nullptr)
        return finish_later(std::move(answer), not_sent(name() + ": " + last_error_));
    const size_t unsent = current_ != nullptr ? current_->frames->stream().unsent() : 0;
    if (calls_.size() >= kCallsMax || waiting_octets_ + request.size() > kWaitingOctetsMax ||
        unsent + request.size() > kUnsentOctetsMax)
        return finish_later(std::move(answer), not_sent(name() + ": too many calls at once"));
    const uint32_t id = new_id();
    Call& one = calls_[id];
    one.kind = kind;
    one.request = std::move(request);
    one.answer = std::move(answer);
    one.deadline = context_.loop.after(deadline, [this, id] { deadline_passed(id); });
    waiting_octets_ += one.request.size();
    if (current_ != nullptr) send(id, one);
}

void CallLink::send(uint32_t id, Call& call) {
    waiting_octets_ -= call.request.size();
    call.carrier = current_;
    ++current_->calls;
    current_->frames->send(Request{id, call.kind, std::exchange(call.request, {})});
}

void CallLink::deadline_passed(uint32_t id) {
    const auto at = calls_.find(id);
    const Call& call = at->second;
    if (call.carrier == nullptr) return finish(at, not_sent(name() + ": no connection in time"));
    call.carrier->frames->send(Cancel{id});
    finish(at, maybe_done(name() + ": no answer to " + call.kind + " in time"));
}

void CallLink::finish(CallMap::iterator at, base::Result<base::Bytes> result) {
    const Call call = std::move(at->second);
    calls_.erase(at);
    waiting_octets_ -= call.request.size();
    Carrier* carrier = call.carrier;
    if (carrier != nullptr && --carrier->calls == 0 && carrier->retired && carrier != current_)
        carrier->retired =
            context_.loop.after(std::chrono::microseconds{0}, [this, carrier] { drop(carrier); });
    call.answer(std::move(result));
}

void CallLink::received(Carrier* carrier, Frame frame) {
    if (std::holds_alternative<Retire>(frame)) {
        if (carrier == current_) remake();
        return;
    }
    auto* reply = std::get_if<Reply>(&frame);
    auto* failure = std::get_if<Failure>(&frame);
    if (reply == nullptr && failure == nullptr)
        return lost(carrier, "it sent a frame that has no place here");
    const auto at = calls_.find(reply != nullptr ? reply->id : failure->id);
    if (at == calls_.end() || at->second.carrier != carrier) return;  // we gave it up before
    if (reply != nullptr) return finish(at, std::move(reply->octets));
    finish(at, Error{failure->kind, std::move(failure->why)});
}

}  // namespace replica
