// SPDX-License-Identifier: AGPL-3.0-or-later
#include "common/net/sctp_address.h"

#include <netinet/in.h>

#include <cstring>

namespace net {

int PackedAddresses::port() const {
    sockaddr_in first{};  // the port lies at the same place in both families
    if (octets.size() >= sizeof first) std::memcpy(&first, octets.data(), sizeof first);
    return ntohs(first.sin_port);
}

base::Result<PackedAddresses> pack(const SctpEndpoint& endpoint, int family_of_any) {
    if (endpoint.hosts.size() > kMostAddresses)
        return base::invalid("more than " + std::to_string(kMostAddresses) + " addresses of one side");
    PackedAddresses all;
    std::vector<std::string> hosts = endpoint.hosts;
    if (hosts.empty()) hosts.push_back(family_of_any == AF_INET6 ? "::" : "0.0.0.0");
    for (const std::string& host : hosts) {
        if (host.empty()) return base::invalid("an address is empty");
        const auto address = resolve({host, endpoint.port});
        if (!address) return address.error();
        if (address->storage.ss_family == AF_INET6) all.family = AF_INET6;
        const auto* from = reinterpret_cast<const unsigned char*>(&address->storage);
        all.octets.insert(all.octets.end(), from, from + address->length);
        ++all.count;
    }
    return all;
}

std::vector<Endpoint> unpack(const sockaddr* packed, int count) {
    std::vector<Endpoint> all;
    const auto* at = reinterpret_cast<const unsigned char*>(packed);
    for (int number = 0; number < count; ++number) {
        sockaddr_storage one{};
        std::memcpy(&one, at, sizeof(sockaddr));
        const size_t length = one.ss_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
        std::memcpy(&one, at, length);
        at += length;
        all.push_back(endpoint_of(reinterpret_cast<const sockaddr*>(&one), static_cast<socklen_t>(length)));
    }
    return all;
}

}  // namespace net
