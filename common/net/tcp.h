// SPDX-License-Identifier: AGPL-3.0-or-later
//
// TCP on the loop: connect, listen, accept. Numeric addresses only, because looking a name up would block the
// loop.
//
// What waits to be sent is bounded; a peer that does not read is disconnected. Nagle's algorithm is off: our
// messages are small and wanted now.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "common/base/fd.h"
#include "common/base/result.h"
#include "common/loop/loop.h"
#include "common/net/stream.h"

namespace net {

struct Endpoint {
    std::string host;  // "192.0.2.7", "::1"
    uint16_t port = 0;
    std::string text() const;  // "192.0.2.7:48049", "[::1]:48049"
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

struct TcpLimits {
    size_t unsent_octets = 4 * 1024 * 1024;
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds send_timeout{30'000};  // for anything waiting to be taken by the peer; 0: none
    // When the peer's machine acknowledges nothing for so long the connection is over, be it idle or not
    // (TCP_USER_TIMEOUT and keep-alive). 0: as the system does it, which takes a quarter of an hour.
    std::chrono::milliseconds dead_after{0};
};

// Fails at once for an address that is not numeric; everything else is told by on_closed. loop outlives the
// stream.
base::Result<StreamPtr> connect_tcp(loop::Loop& loop, const Endpoint& peer, const TcpLimits& limits);

// A stream on a descriptor that is connected already: one end of a socket pair.
StreamPtr adopt(loop::Loop& loop, base::Fd connected, std::string name, const TcpLimits& limits);

class TcpListener {
 public:
    struct Accepted {
        StreamPtr stream;
        std::string host;  // of the peer, without its port
    };
    using OnAccept = std::function<void(Accepted)>;

    virtual ~TcpListener() = default;
    virtual const Endpoint& bound() const = 0;

    // An empty host: all addresses. Port 0: the system chooses.
    static base::Result<std::unique_ptr<TcpListener>> listen(loop::Loop& loop, const Endpoint& where,
                                                             const TcpLimits& limits, OnAccept on_accept);
};

}  // namespace net
