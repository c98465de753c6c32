// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Listening sockets, and who is at the other end of an accepted one.
#pragma once

#include <sys/socket.h>

#include <optional>
#include <string>

#include "common/base/fd.h"
#include "common/base/result.h"
#include "common/http/message.h"
#include "common/http/server.h"

namespace http {

// `where.host` is a numeric address: no name is looked up. "::" takes IPv4 as well.
base::Result<base::Fd> listen_tcp(const Listen& where);

// Mode 0660, group `farol` if there is one and we may give it. A socket file that nobody listens on is
// replaced; anything else at `path` is refused.
base::Result<base::Fd> listen_unix_socket(const std::string& path);

// The local address of a listening socket; host "unix" for a Unix socket.
base::Result<Bound> bound_address(int fd);

// "192.0.2.7:40112" or "[2001:db8::1]:40112", and without the port.
struct Address {
    std::string text;
    std::string host;
};
Address address_of(const sockaddr* address, socklen_t length);

// Who calls on a Unix socket: role "admin" for root, for the daemon's own user and for members of `group`.
Peer unix_peer(int fd, std::optional<gid_t> group);
std::optional<gid_t> group_id(const std::string& name);

}  // namespace http
