// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/sctp_association.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "common/net/socket_error.h"

namespace net {
namespace {

constexpr size_t kReadOctets = 64 * 1024;
// For one association before others get their turn.
constexpr int kReadsAtOnce = 32;
// Shorter messages never come in parts (libusrsctp: from a sixteenth of its receive buffer).
constexpr size_t kNeverCut = 4096;

}  // namespace

SctpOnSocket::SctpOnSocket(loop::Loop& loop, SctpSocketPtr socket, Origin origin, std::string remote,
                           const SctpSettings& settings)
    : loop_(loop),
      socket_(std::move(socket)),
      origin_(origin),
      remote_(std::move(remote)),
      settings_(settings),
      buffer_(kReadOctets) {}

void SctpOnSocket::start(Events events) {
    events_ = std::make_shared<const Events>(std::move(events));
    if (origin_ == Origin::kConnects) {
        deadline_ = loop_.after(settings_.init_timeout, [this] { end(CloseReason::kTimedOut); });
        const int failed = socket_->connect();
        if (failed != 0 && failed != EINPROGRESS) {
            detail_ = std::strerror(failed);
            return end_later(reason_of(failed));
        }
    }
    socket_->watch([this] { ready(); });
    want();
    socket_->look_again();  // an accepted one may hold messages that no event will announce any more
}

Sent SctpOnSocket::send(const SctpMessage& message) {
    if (!up_ || ended_ || ending_ != Ending::kNo) return Sent::kClosed;
    if (message.octets.empty() || message.octets.size() > largest_) return Sent::kClosed;
    if (waiting_.empty()) {
        const SctpTaken taken = socket_->send(message);
        if (taken == SctpTaken::kYes) {
            ++figures_.messages_out;
            figures_.octets_out += message.octets.size();
            return Sent::kQueued;
        }
        if (taken == SctpTaken::kNo) {
            detail_ = std::strerror(errno);
            end_later(reason_of(errno));
            return Sent::kClosed;
        }
    }
    if (unsent_ + message.octets.size() > settings_.unsent_octets) {
        end_later(CloseReason::kSendQueueFull);
        return Sent::kClosed;
    }
    unsent_ += message.octets.size();
    waiting_.push_back({message.stream, message.ppid, {message.octets.begin(), message.octets.end()}});
    if (waiting_.size() == 1) arm_send_deadline();
    want();
    return Sent::kQueued;
}

void SctpOnSocket::shut_down() {
    if (ended_ || ending_ != Ending::kNo) return;
    if (!up_) return end_later(CloseReason::kShutDown);
    ending_ = Ending::kWanted;
    deadline_ = loop_.after(settings_.send_timeout, [this] {
        detail_ = "the shutdown was not answered";
        end(CloseReason::kTimedOut);
    });
    if (waiting_.empty()) begin_shutdown();
}

void SctpOnSocket::begin_shutdown() {
    ending_ = Ending::kBegun;
    socket_->shut_down();
    socket_->look_again();  // with nothing under way it may be over already
}

void SctpOnSocket::read(Reading reading) {
    reading_ = reading;
    if (!socket_ || ended_) return;
    want();
    if (reading == Reading::kOn) socket_->look_again();
}

void SctpOnSocket::want() { socket_->want(reading_, !waiting_.empty()); }

std::vector<SctpPath> SctpOnSocket::paths() const {
    return socket_ && up_ ? socket_->paths() : std::vector<SctpPath>{};
}

SctpFigures SctpOnSocket::figures() const {
    SctpFigures figures = figures_;
    if (socket_) figures.retransmissions = socket_->retransmissions();
    return figures;
}

void SctpOnSocket::ready() {
    if (ended_) return;
    const std::weak_ptr<const char> alive = alive_;
    if (origin_ == Origin::kAccepted && !up_) {
        if (came_up(false) == Step::kOver) return;
    }
    for (int reads = 0; reading_ == Reading::kOn; ++reads) {
        if (reads == kReadsAtOnce) {
            socket_->look_again();
            break;
        }
        const SctpIncoming incoming = socket_->receive(buffer_);
        if (give_finished(incoming) == Step::kOver || alive.expired() || ended_) return;
        if (incoming.kind == SctpIncoming::Kind::kNothing) break;
        if (take(incoming) == Step::kOver || alive.expired() || ended_) return;
    }
    write_waiting();
}

SctpOnSocket::Step SctpOnSocket::take(const SctpIncoming& incoming) {
    using Kind = SctpIncoming::Kind;
    switch (incoming.kind) {
        case Kind::kNothing:
        case Kind::kOther:
        case Kind::kClosing:  // the back end answers it; kEnded follows
            return Step::kGoOn;
        case Kind::kPart:
            return take_part(incoming);
        case Kind::kUp:
            return up_ ? Step::kGoOn : came_up(false);
        case Kind::kRestarted:
            message_.clear();
            return came_up(true);
        case Kind::kPath:
            return path_changed(incoming);
        case Kind::kBroken:
            message_.clear();
            return Step::kGoOn;
        case Kind::kEnded:
            end(ending_ == Ending::kBegun ? CloseReason::kShutDown : CloseReason::kPeerClosed);
            return Step::kOver;
        case Kind::kNotUp:
            fail(CloseReason::kRefused, socket_->pending_error());
            return Step::kOver;
        case Kind::kLost:
            fail(CloseReason::kReset, socket_->pending_error());
            return Step::kOver;
        case Kind::kFailed:
            fail(CloseReason::kError, incoming.error);
            return Step::kOver;
    }
    return Step::kGoOn;
}

SctpOnSocket::Step SctpOnSocket::take_part(const SctpIncoming& incoming) {
    if (incoming.octets > settings_.message_octets - message_.size()) {
        detail_ =
            "the peer sent a message of more than " + std::to_string(settings_.message_octets) + " octets";
        end(CloseReason::kError);
        return Step::kOver;
    }
    const auto part = base::ByteView(buffer_).first(incoming.octets);
    if (!incoming.last || !message_.empty()) message_.insert(message_.end(), part.begin(), part.end());
    if (!incoming.last) return Step::kGoOn;
    if (message_.size() <= kNeverCut && part.size() <= kNeverCut && reading_ == Reading::kOn) {
        const base::Bytes whole = std::exchange(message_, {});
        give({incoming.stream, incoming.ppid, whole.empty() ? part : base::ByteView(whole)});
        return Step::kGoOn;
    }
    if (message_.empty()) message_.assign(part.begin(), part.end());
    finished_ = Finished{incoming.stream, incoming.ppid};
    return Step::kGoOn;
}

// libusrsctp calls what has come of a message its end when the peer aborts; that it was cut short is what it
// says next. So a long one waits for what follows it, be that nothing.
SctpOnSocket::Step SctpOnSocket::give_finished(const SctpIncoming& next) {
    using Kind = SctpIncoming::Kind;
    if (!finished_) return Step::kGoOn;
    const Finished what = *std::exchange(finished_, std::nullopt);
    const base::Bytes whole = std::exchange(message_, {});
    if (next.kind == Kind::kBroken || next.kind == Kind::kLost || next.kind == Kind::kFailed)
        return Step::kGoOn;
    const std::weak_ptr<const char> alive = alive_;
    give({what.stream, what.ppid, whole});
    return alive.expired() ? Step::kOver : Step::kGoOn;
}

void SctpOnSocket::give(const SctpMessage& message) {
    ++figures_.messages_in;
    figures_.octets_in += message.octets.size();
    const auto events = events_;
    if (events->on_message) events->on_message(message);
}

SctpOnSocket::Step SctpOnSocket::came_up(bool restarted) {
    const std::weak_ptr<const char> alive = alive_;
    if (ending_ == Ending::kNo) deadline_.reset();
    up_ = true;
    largest_ = std::min(settings_.message_octets, socket_->largest());
    SctpUp up = socket_->addresses();
    up.restarted = restarted;
    known_ = socket_->paths();
    const auto events = events_;
    if (events->on_up) events->on_up(up);
    return alive.expired() || ended_ ? Step::kOver : Step::kGoOn;
}

// Told for each path whose state differs from what was told last; a new primary makes that two.
SctpOnSocket::Step SctpOnSocket::path_changed(const SctpIncoming& incoming) {
    if (!up_) return Step::kGoOn;
    const std::weak_ptr<const char> alive = alive_;
    std::vector<SctpPath> now = socket_->paths();
    std::vector<SctpPath> changed;
    for (const SctpPath& path : now) {
        const auto before = std::find_if(known_.begin(), known_.end(),
                                         [&](const SctpPath& one) { return one.host == path.host; });
        if (before == known_.end() || before->state != path.state || before->primary != path.primary)
            changed.push_back(path);
    }
    if (incoming.removed) {
        SctpPath gone;
        gone.host = incoming.host;
        gone.state = SctpPathState::kRemoved;
        changed.push_back(gone);
    }
    known_ = std::move(now);
    const auto events = events_;
    for (const SctpPath& path : changed) {
        if (events->on_path) events->on_path(path);
        if (alive.expired() || ended_) return Step::kOver;
    }
    return Step::kGoOn;
}

void SctpOnSocket::write_waiting() {
    if (waiting_.empty()) return;
    bool progress = false;
    while (!waiting_.empty()) {
        const Waiting& first = waiting_.front();
        const SctpTaken taken = socket_->send({first.stream, first.ppid, first.octets});
        if (taken == SctpTaken::kNo) return fail(CloseReason::kError, errno);
        if (taken == SctpTaken::kLater) break;
        progress = true;
        ++figures_.messages_out;
        figures_.octets_out += first.octets.size();
        unsent_ -= first.octets.size();
        waiting_.pop_front();
    }
    if (progress) arm_send_deadline();
    want();
    if (!waiting_.empty()) return;
    if (ending_ == Ending::kWanted) return begin_shutdown();
    const auto events = events_;
    if (events->on_drained) events->on_drained();
}

void SctpOnSocket::arm_send_deadline() {
    send_deadline_.reset();
    if (waiting_.empty() || settings_.send_timeout.count() == 0) return;
    send_deadline_ = loop_.after(settings_.send_timeout, [this] {
        detail_ = "the peer takes nothing";
        end(CloseReason::kTimedOut);
    });
}

void SctpOnSocket::fail(CloseReason otherwise, int error_number) {
    if (error_number == 0) return end(otherwise);
    if (error_number ==
        ECONNABORTED) {  // by our own side; what libusrsctp says of a peer that is silent, too
        detail_ = "the association was given up here";
        return end(CloseReason::kTimedOut);
    }
    if (reason_of(error_number) == CloseReason::kError) detail_ = std::strerror(error_number);
    end(reason_of(error_number));
}

// The owner may destroy the association in on_closed: nothing of it is touched afterwards.
void SctpOnSocket::end(CloseReason reason) {
    ended_ = reason;
    if (socket_) figures_.retransmissions = socket_->retransmissions();
    deadline_.reset();
    send_deadline_.reset();
    // A peer that ends in order is owed what was sent to it (RFC 9260 section 9.2).
    if (socket_ && reason == CloseReason::kPeerClosed) socket_->part_in_order();
    socket_.reset();
    waiting_.clear();
    unsent_ = 0;
    const auto events = std::exchange(events_, std::make_shared<const Events>());
    if (events->on_closed) events->on_closed(reason);
}

void SctpOnSocket::end_later(CloseReason reason) {
    if (ended_) return;
    ended_ = reason;
    deadline_ = loop_.after(std::chrono::microseconds{0}, [this, reason] { end(reason); });
}

}  // namespace net
