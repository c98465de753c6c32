// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the log's own configuration says of a node, as libraft's address string: `node@host:port/role`. So
// everybody learns names, addresses and roles from the log, and nothing of it has to be configured twice.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/replica/links.h"

namespace replica {

// A voter keeps a full copy and votes, but serves nobody: as leader it brings a member up to date and hands
// over to it.
enum class Role { kMember, kVoter };
std::string_view to_string(Role role);
base::Result<Role> role_of(std::string_view text);

struct RaftAddress {
    NodeAddress at;
    Role role = Role::kMember;

    std::string text() const;  // "vm-a@192.0.2.7:7101/member", "vm-m@[2001:db8::1]:7101/voter"
    static base::Result<RaftAddress> parse(std::string_view text);
    friend bool operator==(const RaftAddress&, const RaftAddress&) = default;
};

// "192.0.2.7:7101", "[2001:db8::1]:7101", "vm-a.example.org:7101".
base::Result<net::Endpoint> endpoint_of(std::string_view text);
// Names are [a-z0-9-]{1,32}, as in certificates.
bool is_node_name(std::string_view text);

}  // namespace replica
