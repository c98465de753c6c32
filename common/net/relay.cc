// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/relay.h"

#include <utility>

namespace net {
namespace {

// For the last octets of an end whose other end has closed.
constexpr std::chrono::milliseconds kLastOctets{1'000};

}  // namespace

Relay::Relay(loop::Loop& loop, StreamPtr one, StreamPtr other, OnEnded on_ended)
    : loop_(loop), ends_{std::move(one), std::move(other)}, on_ended_(std::move(on_ended)) {}

void Relay::start(base::ByteView early) {
    listen(0);
    listen(1);
    if (!early.empty()) pass(0, early);
}

void Relay::listen(size_t which) {
    ends_.at(which)->start({.on_open = nullptr,
                            .on_octets = [this, which](base::ByteView octets) { pass(which, octets); },
                            .on_closed = [this, which](CloseReason reason) { closed(which, reason); },
                            .on_drained = [this, which] { drained(which); }});
}

void Relay::pass(size_t from, base::ByteView octets) {
    Stream& to = *ends_.at(1 - from);
    (void)to.send(octets);  // kClosed: its on_closed follows or has come
    if (to.unsent() > kRelayUnsent) ends_.at(from)->read(Reading::kPaused);
}

void Relay::drained(size_t which) {
    if (closing_) return finish();
    ends_.at(1 - which)->read(Reading::kOn);
}

void Relay::closed(size_t which, CloseReason reason) {
    if (closing_) return finish();
    closing_ = true;
    first_ = which;
    why_ = describe(reason, ends_.at(which)->detail());
    if (ends_.at(1 - which)->unsent() == 0) return finish();
    deadline_ = loop_.after(kLastOctets, [this] { finish(); });
}

void Relay::finish() {
    deadline_.reset();
    ends_ = {};
    const auto on_ended = std::exchange(on_ended_, nullptr);
    if (on_ended) on_ended(first_, why_);
}

}  // namespace net
