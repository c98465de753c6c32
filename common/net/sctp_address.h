// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Lists of addresses as SCTP's calls want them: socket addresses of either family, one after another without
// a gap. For common/net alone.
#pragma once

#include <sys/socket.h>

#include <vector>

#include "common/net/address.h"
#include "common/net/sctp.h"

namespace net {

struct PackedAddresses {
    std::vector<unsigned char> octets;
    int count = 0;
    int family = AF_INET;  // of a socket for all of them: AF_INET6 when one of them is
    sockaddr* get() { return reinterpret_cast<sockaddr*>(octets.data()); }
    int port() const;  // of the first
};

// No host: the "any" address of `family_of_any`.
base::Result<PackedAddresses> pack(const SctpEndpoint& endpoint, int family_of_any);
std::vector<Endpoint> unpack(const sockaddr* packed, int count);

inline constexpr size_t kMostAddresses = 16;  // of one side

}  // namespace net
