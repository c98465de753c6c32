// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The block `cluster:` of a daemon's configuration. With it the daemon's state may be shared by several
// machines (`farolctl cluster init`, `join`); without it nothing listens and the state is this machine's
// alone. README.md lists the keys.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "common/config/config.h"
#include "common/net/tcp.h"
#include "common/replica/replica.h"
#include "common/tls/context.h"

namespace frame {

struct ClusterSettings {
    bool wanted = false;        // the block is there
    uint16_t port = 0;          // the daemon's own, when `listen` names none; 0: it is never replicated
    net::Endpoint listen{};     // where this node hears the others
    net::Endpoint advertise{};  // where the others reach it
    tls::Files files{};         // those of the API unless others are named
    replica::Role role = replica::Role::kMember;
    uint64_t copy_rate = uint64_t{50} << 20;  // octets a second of a copy for a node that is far behind
    std::chrono::milliseconds forward_timeout{30'000};
    replica::Timing timing{};
};

// The API's files are read already.
void read(config::Section in, const tls::Files& api, ClusterSettings& out);

// "[ca.pem, {file: government.pem, roles: [cbe]}]"
void read_trusted(config::Section& in, std::vector<tls::Trust>& out);

}  // namespace frame
