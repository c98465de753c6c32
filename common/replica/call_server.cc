// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/replica/call_server.h"

#include <utility>

namespace replica {
namespace {

using base::ErrorKind;

constexpr size_t kCallsMax = 1024;
constexpr size_t kOctetsMax = 16 * kCallOctetsMax;
constexpr size_t kUnsentOctets = 4 * kCallOctetsMax;  // nothing more is read above it

}  // namespace

// Answers once. The handler may keep its answer longer than the connection lives.
class CallServer::Ticket {
 public:
    Ticket(std::weak_ptr<CallServer*> server, uint32_t id) : server_(std::move(server)), id_(id) {}
    ~Ticket() { answer(base::Error{ErrorKind::kTimeout, "the call was dropped; it may have happened"}); }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

    void answer(base::Result<base::Bytes> result) {
        const auto server = std::exchange(server_, {}).lock();
        if (server) (*server)->answer(id_, std::move(result));
    }

 private:
    std::weak_ptr<CallServer*> server_;
    uint32_t id_;
};

CallServer::CallServer(Owner owner, Connection connection)
    : owner_(std::move(owner)),
      node_(std::move(connection.node)),
      vintage_(connection.vintage),
      frames_(std::make_unique<FrameStream>(std::move(connection.stream), kFrameOctetsMax)),
      early_(std::move(connection.early)),
      self_(std::make_shared<CallServer*>(this)) {}

void CallServer::start() {
    const base::Bytes early = std::move(early_);
    frames_->start({.on_frame = [this](Frame frame) { received(std::move(frame)); },
                    .on_closed = [this](const std::string& why) { owner_.on_closed(why); },
                    .on_drained = [this] { frames_->stream().read(net::Reading::kOn); }},
                   early);
}

CallServer::~CallServer() = default;

void CallServer::retire() {
    if (retired_) return;
    frames_->send(Retire{});
    retired_ = owner_.context.loop.after(owner_.context.drain_within,
                                         [this] { owner_.on_closed("its certificate was replaced"); });
}

void CallServer::received(Frame frame) {
    if (auto* request = std::get_if<Request>(&frame)) return take(std::move(*request));
    const auto* cancel = std::get_if<Cancel>(&frame);
    if (cancel == nullptr) return owner_.on_closed("it sent a frame that has no place here");
    const auto at = calls_.find(cancel->id);
    if (at == calls_.end()) return;  // answered meanwhile
    octets_ -= at->second;
    calls_.erase(at);
}

void CallServer::take(Request request) {
    if (calls_.contains(request.id)) return owner_.on_closed("it used the number of a call twice");
    const auto service = owner_.services.find(request.kind);
    if (service == owner_.services.end())
        return refuse(request.id, ErrorKind::kNotFound, "calls of " + request.kind + " are not taken here");
    if (!service->second.strangers && !owner_.is_known(node_))
        return refuse(request.id, ErrorKind::kRefused, "node " + node_ + " is not known here");
    if (calls_.size() >= kCallsMax || octets_ + request.octets.size() > kOctetsMax)
        return refuse(request.id, ErrorKind::kUnavailable, "too many calls at once");
    calls_[request.id] = request.octets.size();
    octets_ += request.octets.size();
    auto ticket = std::make_shared<Ticket>(self_, request.id);
    service->second.handler(node_, std::move(request.octets), [ticket](base::Result<base::Bytes> result) {
        ticket->answer(std::move(result));
    });
}

void CallServer::refuse(uint32_t id, ErrorKind kind, std::string why) {
    send(Failure{id, kind, std::move(why)});
}

void CallServer::answer(uint32_t id, base::Result<base::Bytes> result) {
    const auto at = calls_.find(id);
    if (at == calls_.end()) return;  // nobody waits any more
    octets_ -= at->second;
    calls_.erase(at);
    if (!result) return refuse(id, result.error().kind, result.error().text);
    if (result->size() > kCallOctetsMax)
        return refuse(id, ErrorKind::kLimit,
                      "the answer of " + std::to_string(result->size()) + " octets is too large");
    send(Reply{id, *std::move(result)});
}

void CallServer::send(const Frame& frame) {
    frames_->send(frame);
    if (frames_->stream().unsent() > kUnsentOctets) frames_->stream().read(net::Reading::kPaused);
}

}  // namespace replica
