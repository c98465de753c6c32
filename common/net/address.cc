// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/address.h"

#include <netdb.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "common/base/free_with.h"

namespace net {

base::Result<Address> resolve(const Endpoint& endpoint) {
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const std::string port = std::to_string(endpoint.port);
    const char* host = endpoint.host.empty() ? nullptr : endpoint.host.c_str();
    if (getaddrinfo(host, port.c_str(), &hints, &found) != 0)
        return base::invalid("\"" + endpoint.host + "\" is not a numeric IP address");
    const std::unique_ptr<addrinfo, base::FreeWith<freeaddrinfo>> owned{found};
    Address address;
    std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
    address.length = found->ai_addrlen;
    return address;
}

Endpoint endpoint_of(const sockaddr* address, socklen_t length) {
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> port{};
    if (getnameinfo(address, length, host.data(), host.size(), port.data(), port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return {};
    std::string name{host.data()};
    constexpr std::string_view kMapped = "::ffff:";  // an IPv4 peer on a socket for both
    if (name.starts_with(kMapped)) name = name.substr(kMapped.size());
    return {name, static_cast<uint16_t>(std::strtoul(port.data(), nullptr, 10))};
}

std::string Endpoint::text() const {
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace net
