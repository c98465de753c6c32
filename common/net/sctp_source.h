// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Which of our addresses an IPv4 packet of libusrsctp leaves from. For common/net alone; any thread.
//
// The library knows no routes: over IPv4 it sends from one and the same address of the socket, whatever the
// destination. What is answered comes back to that address, so with its wire all paths are lost (RFC 9260
// section 5.4 wants each path probed for itself). In UDP and over IPv6 it leaves the choice to the kernel's
// routes; here that is made good for IPv4. common/module.mk has put farol_usrsctp_sendmsg in the place of
// the library's sendmsg.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <optional>
#include <span>
#include <vector>

#include "common/net/tcp.h"

namespace net {

// The addresses that a socket may send from, all with its port. What was said of the port before is
// forgotten.
void may_send_from(const std::vector<Endpoint>& local);

inline constexpr size_t kSourceOctets = 22;  // an IPv4 header without options, and the port that follows it

// Of a packet that begins so: the address that the kernel's routes prefer towards its destination, when it is
// another than the packet's and its port may send from it.
std::optional<in_addr_t> better_source(std::span<const uint8_t, kSourceOctets> packet);

}  // namespace net

extern "C" ssize_t farol_usrsctp_sendmsg(int socket, const msghdr* message, int flags);
