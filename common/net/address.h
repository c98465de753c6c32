// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Endpoints as the system wants them, and back. For common/net alone.
#pragma once

#include <sys/socket.h>

#include "common/base/result.h"
#include "common/net/tcp.h"

namespace net {

struct Address {
    sockaddr_storage storage{};
    socklen_t length = 0;
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

// Numeric addresses only. An empty host: all addresses.
base::Result<Address> resolve(const Endpoint& endpoint);
Endpoint endpoint_of(const sockaddr* address, socklen_t length);

}  // namespace net
