// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Two streams joined: what one brings the other sends, in both directions, until either ends.
//
// Back pressure instead of a growing buffer: while one end has more than `kRelayUnsent` octets unsent, the
// other is not read. When one end closes (or closes only its sending side), the other may still take what it
// has, for a moment, and is then closed too.
#pragma once

#include <array>
#include <functional>
#include <string>

#include "common/loop/loop.h"
#include "common/net/stream.h"

namespace net {

// Above it nothing more is read for that end. A stream of a relay takes this much and one read (64 KiB) more.
inline constexpr size_t kRelayUnsent = 256 * 1024;
inline constexpr size_t kRelayUnsentMax = kRelayUnsent + 256 * 1024;  // for TcpLimits::unsent_octets

class Relay {
 public:
    // Which end closed first, 0 or 1, and why.
    using OnEnded = std::function<void(size_t which, const std::string& why)>;
    // Both streams are open. May destroy the relay.
    Relay(loop::Loop& loop, StreamPtr one, StreamPtr other, OnEnded on_ended);
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    // `early`: octets of the first stream that somebody has read already.
    void start(base::ByteView early);

 private:
    void pass(size_t from, base::ByteView octets);
    void drained(size_t which);
    void closed(size_t which, CloseReason reason);
    void finish();
    void listen(size_t which);

    loop::Loop& loop_;  // outlives this
    std::array<StreamPtr, 2> ends_;
    OnEnded on_ended_;
    bool closing_ = false;
    size_t first_ = 0;  // which end closed first
    std::string why_;
    loop::HandlePtr deadline_;
};

}  // namespace net
